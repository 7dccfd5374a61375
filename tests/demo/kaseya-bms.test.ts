import { describe, expect, test } from 'vitest';
import type { SyncOption } from '../../src/domain/change';
import { handWorkOf } from '../../src/domain/hand-work';
import { customerKey, type Customer } from '../../src/domain/marketplace';
import type { Plan } from '../../src/domain/plan';
import { problem } from '../../src/domain/problem';
import { planSetFor } from '../../src/domain/sync';
import { NO_CHOICES, type SyncChoices } from '../../src/domain/sync-choices';
import { gridFor } from '../../src/domain/sync-grid';
import { cleanPlans } from '../../src/domain/sync-bulk';
import { stepProblems } from '../../src/domain/sync-steps';
import { send, type DeliverMeans } from '../../src/machines/deliver-actors';
import { kaseyaBms } from '../../src/psa/kaseya-bms';
import { assignCompany } from '../../src/storage/assignments';
import { bindProduct } from '../../src/storage/bindings';
import type { Database } from '../../src/storage/db';
import { deliveriesOfPlan } from '../../src/storage/deliveries';
import { gridFacts } from '../../src/storage/grid';
import { mirrorOf } from '../../src/storage/mirrors';
import { markDelivery } from '../../src/storage/marks';
import { confirmPlans } from '../../src/storage/plans';
import { ledgerOf } from '../../src/storage/sandboxes';
import { syncedOf } from '../../src/storage/synced';
import * as scene from '../delivery/scene';
import { report } from '../delivery/stage';
import { december, january, mail, NOW, seeded } from './demo';

const BMS = 'demo-kaseya-bms';
const october = { period: '2020-10', today: '2020-11-03' } as const;
const november = { period: '2020-11', today: '2020-12-03' } as const;
const WEST = mail('1stwestinsurance.com');

test('accounts, contracts and services were read, contracts with their account; no line was, and no line can be', async () => {
  const db = await seeded();
  const rows = await Promise.all(
    (['companies', 'agreements', 'products', 'categories', 'types', 'units', 'lines'] as const).map(
      async (kind) => (await mirrorOf(db, BMS, kind))?.rows.length,
    ),
  );
  expect(rows).toEqual([27, 28, 8, 2, 1, undefined, undefined]);
  const contracts = (await mirrorOf(db, BMS, 'agreements'))?.rows ?? [];
  expect(contracts.filter(({ companyId }) => companyId === '253').map(({ id, status }) => [id, status])).toEqual([
    ['503', 'active'],
    ['560', 'ended'],
  ]);
  const refused = contracts.flatMap((contract) =>
    kaseyaBms.judge(contract, { ...december, currency: 'USD', option: 'multi-product' }).refusals.map(({ code }) => [contract.id, code]),
  );
  expect(refused).toEqual([
    ['519', 'agreement is ended'],
    ['520', 'agreement is cancelled'],
    ['522', 'agreement is not monthly'],
    ['523', 'agreement is not monthly'],
    ['560', 'agreement is ended'],
  ]);
});

describe('two months of 1stwestinsurance.com', () => {
  test('the first makes its line with one request, the second has nothing to sync', async () => {
    const db = await withWest();
    const first = await sync(db, WEST, december);
    expect(first.plan.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
      [
        'POST',
        '/v2/finance/contracts/recurringservices/502/services',
        [
          {
            ServiceId: 902,
            ServiceName: 'Proofpoint Business',
            ServiceDescription: '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business',
            Units: 15,
            UnitCost: 2.44,
            UnitPrice: 3,
            EffectiveDate: '2021-01-01T00:00:00Z',
            SortOrder: 1,
          },
        ],
      ],
    ]);
    expect(await deliver(db, december.today)).toEqual(report({ sent: 1 }));
    expect(await ledgerOf(db, BMS)).toHaveLength(1);
    expect((await db.plans.get(first.plan.id))?.state).toBe('settled');
    const { facts, choices } = await factsFor(db, WEST, january);
    expect(gridFor(facts, choices, kaseyaBms).lines.map(({ status, quantity }) => [status, quantity])).toEqual([['Unchanged', '15']]);
    expect(stepProblems('grid', facts, choices, kaseyaBms)).toEqual([problem('nothing to sync', { site: WEST.site })]);
    expect(facts.psaLines).toBeNull();
  });

  test('as a single line it is the same', async () => {
    const db = await withWest();
    await sync(db, WEST, december, { option: 'single line' });
    expect(await deliver(db, december.today)).toEqual(report({ sent: 1 }));
    const { facts, choices } = await factsFor(db, WEST, january, { option: 'single line' });
    expect(gridFor(facts, choices, kaseyaBms).lines.map(({ status, quantity }) => [status, quantity])).toEqual([['Unchanged', '15']]);
  });

  test.each<SyncOption>(['one-time itemised', 'one-time single'])('%s is hand-work from the first month on', async (option) => {
    const db = await withWest();
    const { plan } = await sync(db, WEST, december, { option });
    expect(handWorkOf(plan).map(({ what, from, to, date }) => [what, from, to, date])).toEqual([
      [
        'Charge once: Proofpoint Business',
        '',
        option === 'one-time single' ? 'quantity 1, price 45, cost 36.6' : 'quantity 15, price 3, cost 2.44',
        '2021-01-01',
      ],
    ]);
    expect(await deliver(db, december.today)).toEqual(report({}));
    expect(await ledgerOf(db, BMS)).toEqual([]);
  });
});

describe('a changed customer in the second month', () => {
  const BAYVIEW = mail('bayviewdental.com');

  test('is Updating, and the update is a thing to do by hand: line, from, to and day', async () => {
    const db = await seeded();
    await sync(db, BAYVIEW, december);
    await deliver(db, december.today);
    const { plan, statuses } = await sync(db, BAYVIEW, january);
    expect(statuses).toEqual(['Updating']);
    expect(handWorkOf(plan)).toEqual([
      {
        n: 0,
        company: 'Bayview Dental',
        agreement: 'Managed Services',
        line: 'bayviewdental.com - bayviewdental.com - Proofpoint Business',
        what: 'Change the line',
        from: 'quantity 22',
        to: 'quantity 25',
        date: '2021-02-01',
        lineKey: plan.lines[0]?.lineKey,
      },
    ]);
  });

  test('is open until it is ticked off, the sender has nothing to do for it, and the tick is what is remembered', async () => {
    const db = await seeded();
    await sync(db, BAYVIEW, december);
    await deliver(db, december.today);
    const { plan } = await sync(db, BAYVIEW, january);
    expect(await deliver(db, january.today)).toEqual(report({}));
    expect(await deliver(db, january.today)).toEqual(report({}));
    expect([(await db.plans.get(plan.id))?.state, await quantities(db, BAYVIEW)]).toEqual(['confirmed', ['22']]);
    const [row] = await deliveriesOfPlan(db, plan.id);
    await markDelivery(db, NOW, row?.id ?? '', { applied: true });
    expect((await deliveriesOfPlan(db, plan.id)).map(({ state, proof, attempts }) => [state, proof, attempts])).toEqual([
      ['sent', 'marked', 0],
    ]);
    expect([(await db.plans.get(plan.id))?.state, await quantities(db, BAYVIEW)]).toEqual(['settled', ['25']]);
    const { facts, choices } = await factsFor(db, BAYVIEW, january);
    expect(stepProblems('grid', facts, choices, kaseyaBms)).toEqual([problem('nothing to sync', { site: BAYVIEW.site })]);
  });

  test('is among those that are synced all at once, although its lines were never read', async () => {
    const db = await withWest();
    const { choices } = await factsFor(db, WEST, october);
    for (const { subProduct, psaProduct } of choices.bindings) {
      const read = { ...psaProduct, price: null, cost: null, active: true, reference: null };
      await bindProduct(db, NOW, { connection: BMS, product: 'proofpoint', subProduct, from: null, psaProduct: read });
    }
    await sync(db, WEST, october);
    await deliver(db, october.today);
    const { facts } = await factsFor(db, WEST, november);
    const clean = cleanPlans(facts, { option: 'multi-product', zero: 'date', agreementId: '502' }, kaseyaBms);
    expect(clean.ok && clean.value.map(({ plan }) => plan.requests.map(({ method }) => method))).toEqual([['HAND']]);
  });
});

test('a sub-product that is counted 0 ends by hand, and its neighbour stays', async () => {
  const db = await seeded();
  const donovan = mail('donovanbrothers.com');
  await sync(db, donovan, november);
  expect(await deliver(db, november.today)).toEqual(report({ sent: 2 }));
  const { plan, statuses } = await sync(db, donovan, december);
  expect(statuses).toEqual(['Ending', 'Unchanged']);
  expect(handWorkOf(plan).map(({ what, from, to, date }) => [what, from, to, date])).toEqual([
    ['End the line', 'quantity 4', 'ended', '2020-12-31'],
  ]);
  await deliver(db, december.today);
  const [row] = await deliveriesOfPlan(db, plan.id);
  await markDelivery(db, NOW, row?.id ?? '', { applied: true });
  const lines = (await syncedOf(db, customerKey(donovan), BMS))?.lines ?? [];
  expect(lines.map(({ quantity, period, endedOn }) => [quantity, period, endedOn]).sort()).toEqual([
    ['4', '2020-12', '2020-12-31'],
    ['9', '2020-12', null],
  ]);
});

async function withWest(): Promise<Database> {
  const db = await seeded();
  const company = (await db.companies.toArray()).find(({ name }) => name === '1st West Insurance');
  await assignCompany(db, NOW, { customer: WEST, company: company?.id ?? null, from: null, evidence: 'partner' });
  return db;
}

interface When {
  readonly period: string;
  readonly today: string;
}

/** What is stored of a customer at the demo's BMS, with the contract chosen and the services bound that it has. */
async function factsFor(db: Database, customer: Customer, when: When, given: Partial<SyncChoices> = {}) {
  const asked = { customer, connection: BMS, psaCompany: null, ...when };
  const found = await gridFacts(db, { ...asked, agreementId: null });
  const agreementId = found.agreements?.find(({ status }) => status === 'active')?.id ?? null;
  const facts = await gridFacts(db, { ...asked, agreementId });
  const services = (await mirrorOf(db, BMS, 'products'))?.rows ?? [];
  const bindings = [null, 'proofpoint-business', 'proofpoint-advanced'].flatMap((subProduct, index) => {
    const psaProduct = services.find(({ id }) => id === String(901 + index));
    return psaProduct === undefined ? [] : [{ subProduct, psaProduct }];
  });
  return { facts, choices: { ...NO_CHOICES, bindings, agreementId, ...given } };
}

/** One confirmed sync. Throws where a step of the wizard would not let it through. */
async function sync(
  db: Database,
  customer: Customer,
  when: When,
  given: Partial<SyncChoices> = {},
): Promise<{ plan: Plan; statuses: string[] }> {
  const { facts, choices } = await factsFor(db, customer, when, given);
  const problems = stepProblems('summary', facts, choices, kaseyaBms);
  const set = planSetFor(facts, choices, kaseyaBms);
  const plan = set.ok ? set.value.at(-1)?.plan : undefined;
  if (problems.length > 0 || !set.ok || plan === undefined) throw new Error(JSON.stringify([problems, set]));
  await confirmPlans(db, NOW, { plans: set.value, connection: facts.connection, today: when.today });
  return { plan, statuses: plan.lines.map(({ status }) => status) };
}

function deliver(db: Database, today: string) {
  const clock = scene.createClock(`${today}T09:00:00.000Z`);
  const lock = scene.createLocks();
  const locks = { request: (name: string, _: LockOptions, work: () => Promise<unknown>) => lock(name, work) } as unknown as LockManager;
  const wait = (milliseconds: number) => {
    clock.pass(milliseconds);
    return Promise.resolve();
  };
  const means: DeliverMeans = { db, now: clock.now, today: () => today, newId: () => 'read', locks, wait };
  return send(means, { connection: BMS, plans: [] }, { signal: new AbortController().signal });
}

async function quantities(db: Database, customer: Customer) {
  return (await syncedOf(db, customerKey(customer), BMS))?.lines.map(({ quantity }) => quantity);
}
