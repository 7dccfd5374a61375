import { describe, expect, test } from 'vitest';
import { waitFor, type Actor } from 'xstate';
import { parseDecimal, type Decimal } from '../../src/domain/decimal';
import { customerKey, type Customer } from '../../src/domain/marketplace';
import { problem } from '../../src/domain/problem';
import { isClearToLines } from '../../src/domain/sync-steps';
import { planSetFor } from '../../src/domain/sync';
import type { ChosenBinding } from '../../src/domain/sync-choices';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { resumeWizard } from '../../src/machines/resume';
import { send as deliverAll } from '../../src/machines/deliver-actors';
import { placeOf, wizard, type WizardEvent } from '../../src/machines/wizard';
import { outlook, wizardActors, type WizardMeans } from '../../src/machines/wizard-actors';
import { connectwise } from '../../src/psa/connectwise';
import { assignCompany } from '../../src/storage/assignments';
import type { Database } from '../../src/storage/db';
import { gridFacts } from '../../src/storage/grid';
import { mirrorOf } from '../../src/storage/mirrors';
import { monthStanding } from '../../src/storage/month';
import { forgetWizard, savedWizard, saveWizard } from '../../src/storage/wizards';
import { CONNECTION, devices, december, january, mail, NOW, seeded } from '../demo/demo';

const SEED = mail('1stwestinsurance.com');

describe('the seed’s customer', () => {
  test('cannot start without a company, and can once it is assigned: with the connection that was used last', async () => {
    const db = await seeded();
    const { actor } = await opened(db, SEED);
    const before = placeOf(actor.getSnapshot());
    await assignSeed(db);
    actor.send({ type: 'company assigned' });
    await rest(actor);
    expect([before, placeOf(actor.getSnapshot()), actor.getSnapshot().context.connection]).toEqual(['needs company', 'psa', CONNECTION]);
    expect(actor.getSnapshot().context.done).toEqual([]);
  });

  test('walks from the PSA to a receipt, and the sandbox holds one addition of ours', async () => {
    const db = await seeded();
    await assignSeed(db);
    const { actor } = await opened(db, SEED);
    await walkToSummary(db, actor);
    const facts = await factsOf(db, SEED, actor.getSnapshot().context.choices.agreementId);
    const plans = planSetFor(facts, actor.getSnapshot().context.choices, connectwise);
    expect(plans.ok).toBe(true);
    if (!plans.ok) return;
    actor.send({ type: 'confirm', plan: plans.value.at(-1)?.plan.id ?? '' });
    await waitFor(actor, (snapshot) => placeOf(snapshot) === 'delivering');
    const report = await delivered(db);
    const plan = plans.value[0]?.plan;
    expect([report.counts, plan?.requests.map(({ method, path, body }) => [method, path, body])]).toEqual([
      { pending: 0, sending: 0, sent: 1, refused: 0, unknown: 0 },
      [
        [
          'POST',
          `/finance/agreements/${facts.agreements?.[0]?.id ?? ''}/additions`,
          {
            product: {
              id: Number(actor.getSnapshot().context.choices.bindings.find(({ subProduct }) => subProduct !== null)?.psaProduct.id),
            },
            billCustomer: 'Billable',
            quantity: 15,
            unitPrice: 3,
            unitCost: 2.44,
            effectiveDate: '2020-07-01T00:00:00Z',
            invoiceDescription: '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business',
            serialNumber: plan?.lines[0]?.lineKey,
            prorateCurrentPeriodFlag: false,
          },
        ],
      ],
    ]);
    const standing = await standingNow(db, SEED, december);
    expect(standing?.flag).toBe('synced');
  });

  test('goes straight to the lines where nothing before them is open, with the lines of the agreement read', async () => {
    const db = await seeded();
    await assignSeed(db);
    const { actor } = await opened(db, SEED);
    actor.send({ type: 'to the lines', bindings: await bindingsOfSeed(db) });
    await rest(actor);
    const { done, choices } = actor.getSnapshot().context;
    const facts = await factsOf(db, SEED, choices.agreementId);
    expect([placeOf(actor.getSnapshot()), done, choices.agreementId, facts.psaLines]).toEqual([
      'grid',
      ['psa', 'products', 'option', 'agreement'],
      facts.agreements?.[0]?.id,
      [],
    ]);
  });

  test('stops at the products on the way to the lines while one is missing', async () => {
    const db = await seeded();
    await assignSeed(db);
    const { actor } = await opened(db, SEED);
    actor.send({ type: 'to the lines', bindings: (await bindingsOfSeed(db)).slice(0, 1) });
    await rest(actor);
    expect([placeOf(actor.getSnapshot()), actor.getSnapshot().context.done]).toEqual(['products', ['psa']]);
  });

  test('is only sent straight to the lines where no step has a question or a warning', async () => {
    const db = await seeded();
    await assignSeed(db);
    const { actor } = await opened(db, SEED);
    const { choices } = actor.getSnapshot().context;
    const ready = { ...choices, bindings: await bindingsOfSeed(db) };
    const facts = await factsOf(db, SEED, choices.agreementId);
    const elsewhere = problem('customer is synced elsewhere', { site: SEED.site, connection: 'Old one' });
    const prorated = facts.agreements?.map((agreement) => ({ ...agreement, prorates: true })) ?? [];
    const skipped = { ...ready, bindings: ready.bindings.slice(0, 1), skipped: true };
    expect([
      isClearToLines(facts, ready, connectwise),
      isClearToLines(facts, choices, connectwise),
      isClearToLines(facts, skipped, connectwise),
      isClearToLines(facts, { ...ready, agreementId: null }, connectwise),
      isClearToLines({ ...facts, agreements: prorated }, ready, connectwise),
      isClearToLines({ ...facts, count: { ...facts.count, warnings: [elsewhere] } }, ready, connectwise),
    ]).toEqual([true, false, false, false, false, false]);
  });

  test('has nothing to sync next month, and the wizard says so', async () => {
    const db = await synced();
    const { actor } = await opened(db, SEED, january);
    expect(placeOf(actor.getSnapshot())).toBe('grid');
    actor.send({ type: 'continue' });
    await rest(actor);
    expect([placeOf(actor.getSnapshot()), actor.getSnapshot().context.problems]).toEqual([
      'grid',
      [{ code: 'nothing to sync', site: '1stwestinsurance.com' }],
    ]);
  });

  test('shows the delivery that is still open instead of planning on top of it', async () => {
    const db = await seeded();
    await assignSeed(db);
    const { actor } = await opened(db, SEED);
    await walkToSummary(db, actor);
    const plan = await planOf(db, SEED, actor);
    actor.send({ type: 'confirm', plan });
    await waitFor(actor, (snapshot) => placeOf(snapshot) === 'delivering');
    actor.stop();
    const again = await opened(db, SEED);
    expect([placeOf(again.actor.getSnapshot()), again.actor.getSnapshot().context.set]).toEqual(['receipt', plan]);
  });

  test('is not confirmed when its count changed after the summary was drawn', async () => {
    const db = await seeded();
    await assignSeed(db);
    const { actor } = await opened(db, SEED);
    await walkToSummary(db, actor);
    const plan = await planOf(db, SEED, actor);
    actor.send({ type: 'back' });
    actor.send({ type: 'edit line', slot: 'proofpoint-business', edit: { price: decimal('4') } });
    actor.send({ type: 'continue' });
    await rest(actor);
    actor.send({ type: 'confirm', plan });
    await rest(actor);
    expect([placeOf(actor.getSnapshot()), await db.plans.count(), actor.getSnapshot().context.problems.map(({ code }) => code)]).toEqual([
      'grid',
      0,
      ['plan changed meanwhile'],
    ]);
  });
});

describe('cancel', () => {
  test.each(['psa', 'products', 'option', 'agreement', 'grid', 'summary'] as const)('at %s leaves nothing behind', async (stop) => {
    const db = await seeded();
    await assignSeed(db);
    const before = await dump(db);
    const { actor } = await opened(db, SEED);
    await walkToSummary(db, actor, stop);
    expect(placeOf(actor.getSnapshot())).toBe(stop);
    actor.send({ type: 'cancel' });
    await expect.poll(() => db.wizards.count()).toBe(0);
    expect(await dump(db)).toEqual(before);
  });
});

test('a customer whose count changed is Updating, and its PATCH pushes only the quantity', async () => {
  const db = await seeded();
  const customer = devices('Cedar Ridge Law');
  const { actor } = await opened(db, customer);
  expect([placeOf(actor.getSnapshot()), actor.getSnapshot().context.done]).toEqual(['grid', ['psa', 'products', 'option', 'agreement']]);
  const { agreementId } = actor.getSnapshot().context.choices;
  const facts = await factsOf(db, customer, agreementId);
  const plans = planSetFor(facts, actor.getSnapshot().context.choices, connectwise);
  const requests = plans.ok ? plans.value.flatMap(({ plan }) => plan.requests) : [];
  expect(requests.map(({ method, body }) => [method, body])).toEqual([['PATCH', [{ op: 'replace', path: 'quantity', value: 22 }]]]);
});

test('lines that were read long ago are read again before a plan is made of them', async () => {
  const db = await seeded();
  const customer = devices('Cedar Ridge Law');
  const { actor } = await opened(db, customer);
  const scope = actor.getSnapshot().context.choices.agreementId ?? '';
  const known = await mirrorOf(db, CONNECTION, 'lines', scope);
  const rows = (known?.rows ?? []).map((line) => ({ ...line, quantity: decimal('22') }));
  await db.mirrors.put({ connection: CONNECTION, kind: 'lines', scope, readAt: '2020-11-03T09:00:00.000Z', rows });
  actor.send({ type: 'continue' });
  await rest(actor);
  expect([placeOf(actor.getSnapshot()), (await mirrorOf(db, CONNECTION, 'lines', scope))?.rows]).toEqual(['summary', known?.rows]);
});

test('a reload at the lines finds the same edits', async () => {
  const db = await seeded();
  const customer = devices('Cedar Ridge Law');
  const first = await opened(db, customer);
  first.actor.send({ type: 'edit line', slot: 'northvault-workstation', edit: { name: 'Backup of workstations' } });
  await expect.poll(async () => JSON.stringify(await savedWizard(db, customerKey(customer)))).toContain('Backup of workstations');
  first.actor.stop();
  const { actor } = await opened(db, customer);
  expect([placeOf(actor.getSnapshot()), actor.getSnapshot().context.choices.edits]).toEqual([
    'grid',
    { 'northvault-workstation': { name: 'Backup of workstations' } },
  ]);
});

async function assignSeed(db: Database): Promise<void> {
  const company = (await db.companies.toArray()).find(({ name }) => name === '1st West Insurance');
  await assignCompany(db, NOW, { customer: SEED, company: company?.id ?? '', from: null, evidence: 'partner' });
}

async function synced(): Promise<Database> {
  const db = await seeded();
  await assignSeed(db);
  const { actor } = await opened(db, SEED);
  await walkToSummary(db, actor);
  actor.send({ type: 'confirm', plan: await planOf(db, SEED, actor) });
  await waitFor(actor, (snapshot) => placeOf(snapshot) === 'delivering');
  await delivered(db);
  return db;
}

async function walkToSummary(db: Database, actor: Actor<typeof wizard>, stop?: string): Promise<void> {
  const steps: readonly (readonly WizardEvent[])[] = [
    [{ type: 'continue' }],
    [{ type: 'bind products', bindings: await bindingsOfSeed(db) }, { type: 'continue' }],
    [{ type: 'choose option', option: 'multi-product' }, { type: 'continue' }],
    [{ type: 'continue' }],
    [{ type: 'continue' }],
  ];
  for (const events of steps) {
    if (placeOf(actor.getSnapshot()) === stop) return;
    for (const event of events) actor.send(event);
    await rest(actor);
  }
  if (stop === undefined) expect(placeOf(actor.getSnapshot())).toBe('summary');
}

async function bindingsOfSeed(db: Database): Promise<ChosenBinding[]> {
  const products = (await mirrorOf(db, CONNECTION, 'products'))?.rows ?? [];
  const pick = (identifier: string) => products.find((product) => product.identifier === identifier)!;
  return [
    { subProduct: null, psaProduct: narrow(pick('PROOFPOINT')) },
    { subProduct: 'proofpoint-business', psaProduct: narrow(pick('PROOFPOINT-BUSINESS')) },
  ];
}

function narrow({
  id,
  identifier,
  description,
  taxable,
}: {
  id: string;
  identifier: string;
  description: string;
  taxable: boolean | null;
}) {
  return { id, identifier, description, taxable };
}

async function opened(db: Database, customer: Customer, when: { period: string; today: string } = december) {
  const means: WizardMeans = {
    db,
    now: () => new Date(NOW),
    newId: () => crypto.randomUUID(),
    wait: () => Promise.resolve(),
    today: () => when.today,
    stamp: () => NOW,
    calendar: DEFAULT_CALENDAR,
  };
  const key = customerKey(customer);
  const shelf = {
    load: () => savedWizard(db, key),
    save: (saved: unknown) => saveWizard(db, NOW, key, saved),
    clear: () => forgetWizard(db, NOW, key),
  };
  const chart = wizard.provide(wizardActors(means));
  const actor = await resumeWizard(chart, shelf, { ...customer, period: when.period }, (context) => outlook(means, context));
  await rest(actor as unknown as Actor<typeof wizard>);
  return { actor: actor as unknown as Actor<typeof wizard>, means };
}

async function rest(actor: Actor<typeof wizard>): Promise<void> {
  await waitFor(actor, (snapshot) => !snapshot.hasTag('busy'));
}

function factsOf(db: Database, customer: Customer, agreementId: string | null) {
  return gridFacts(db, { customer, connection: CONNECTION, agreementId, psaCompany: null, ...december });
}

async function planOf(db: Database, customer: Customer, actor: Actor<typeof wizard>): Promise<string> {
  const { choices } = actor.getSnapshot().context;
  const plans = planSetFor(await factsOf(db, customer, choices.agreementId), choices, connectwise);
  return plans.ok ? (plans.value.at(-1)?.plan.id ?? '') : '';
}

function delivered(db: Database) {
  const locks = { request: async (_: string, __: unknown, work: (lock: object) => Promise<unknown>) => work({}) } as unknown as LockManager;
  const means = {
    db,
    now: () => new Date(NOW),
    today: () => '2021-01-03',
    newId: () => crypto.randomUUID(),
    locks,
    wait: () => Promise.resolve(),
  };
  return deliverAll(means, { connection: CONNECTION, plans: [] }, { signal: new AbortController().signal });
}

async function standingNow(db: Database, customer: Customer, when: { period: string; today: string }) {
  const products = await monthStanding(db, when);
  return products.flatMap(({ standings }) => standings).find(({ key }) => key === customerKey(customer));
}

/** Everything stored but what was read of the PSA, and the book of what was done. */
async function dump(db: Database): Promise<Record<string, unknown>> {
  const tables = db.tables.filter(({ name }) => !['mirrors', 'audit', 'meta', 'ledger', 'usage', 'sandboxes'].includes(name));
  return Object.fromEntries(await Promise.all(tables.map(async (table) => [table.name, await table.toArray()] as const)));
}

function decimal(text: string): Decimal {
  const parsed = parseDecimal(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}
