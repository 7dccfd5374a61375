import { expect, test } from 'vitest';
import { channels } from '../../src/delivery';
import { deliver } from '../../src/delivery/outbox';
import type { Customer } from '../../src/domain/marketplace';
import { planSetFor, type PlanSet } from '../../src/domain/sync';
import { NO_CHOICES } from '../../src/domain/sync-choices';
import type { PsaRequest, Reading } from '../../src/psa/psa';
import { superops } from '../../src/psa/superops';
import { answer } from '../../src/sandbox';
import type { SandboxState } from '../../src/sandbox/sandbox';
import { assignCompany } from '../../src/storage/assignments';
import type { Database } from '../../src/storage/db';
import { gridFacts } from '../../src/storage/grid';
import { mirrorOf, saveMirrors } from '../../src/storage/mirrors';
import { confirmPlans } from '../../src/storage/plans';
import { changeSandbox } from '../../src/storage/sandboxes';
import * as scene from '../delivery/scene.ts';
import { december, demo, january, mail, NOW, seeded } from './demo.ts';

const CONNECTION = 'demo-superops';

test('what the partner last read of SuperOps is there', async () => {
  const db = await demo();
  const counts = await Promise.all(
    (['companies', 'agreements', 'products', 'categories'] as const).map(
      async (kind) => (await mirrorOf(db, CONNECTION, kind))?.rows.length,
    ),
  );
  expect(counts).toEqual([27, 27, 6, 2]);
  const agreements = (await mirrorOf(db, CONNECTION, 'agreements'))?.rows ?? [];
  expect(agreements.filter(({ status }) => status !== 'active').map(({ name }) => name)).toEqual(['Client contracts of Riverbend Farms']);
  const lines = await Promise.all(agreements.map(async ({ id }) => (await mirrorOf(db, CONNECTION, 'lines', id))?.rows ?? []));
  expect(lines.flat().map(({ description, quantity, endDate, key }) => [description, quantity, endDate, key])).toEqual([
    ['Managed workstation', '9', null, null],
    ['Managed workstation', null, null, null],
    ['Managed server', '1', '2020-10-31', null],
    ['Managed server (every 1 year)', '1', null, null],
  ]);
});

test('the seed customer is created in the first month and has nothing to do in the second', async () => {
  const db = await seeded();
  const company = (await db.companies.toArray()).find(({ name }) => name === '1st West Insurance');
  await assignCompany(db, NOW, { customer: mail('1stwestinsurance.com'), company: company?.id ?? null, from: null, evidence: 'partner' });
  const customer = mail('1stwestinsurance.com');
  expect(await sync(db, customer, december)).toEqual([['Proofpoint Business', 'Creating', '15', 'create sent']]);
  expect(await billed(db, customer)).toEqual([['Proofpoint Business', '15', '3', '2021-01-01']]);
  expect(await sync(db, customer, january)).toEqual([['Proofpoint Business', 'Unchanged', '15', '']]);
  expect(await billed(db, customer)).toEqual([['Proofpoint Business', '15', '3', '2021-01-01']]);
});

test('a changed customer is updated in the second month: one contract, with its new quantity', async () => {
  const db = await seeded();
  const customer = mail('bayviewdental.com');
  expect(await sync(db, customer, december)).toEqual([['Proofpoint Business', 'Creating', '22', 'create sent']]);
  expect(await sync(db, customer, january)).toEqual([['Proofpoint Business', 'Updating', '25', 'update sent']]);
  expect(await billed(db, customer)).toEqual([['Proofpoint Business', '25', '3', '2021-01-01']]);
});

type Changed = ReturnType<Parameters<typeof changeSandbox>[3]>;

/** One month's sync as the wizard makes it, delivered through the sandbox: every line with its status and what became of its request. */
async function sync(db: Database, customer: Customer, when: typeof december | typeof january): Promise<readonly string[][]> {
  const { facts, agreementId } = await factsOf(db, customer, when);
  const products = (await mirrorOf(db, CONNECTION, 'products'))?.rows ?? [];
  const bound = { Proofpoint: null, 'Proofpoint Business': 'proofpoint-business' } as const;
  const bindings = Object.entries(bound).flatMap(([name, subProduct]) => {
    const psaProduct = products.find(({ identifier }) => identifier === name);
    return psaProduct === undefined ? [] : [{ subProduct, psaProduct }];
  });
  const set = planSetFor(facts, { ...NO_CHOICES, bindings, option: 'multi-product', agreementId }, superops);
  if (!set.ok) throw new Error(JSON.stringify(set.error));
  const states = await delivered(db, set.value, when.today);
  return set.value.flatMap(({ plan }) =>
    plan.lines.map((line) => [line.name, line.status, line.syncedQuantity ?? '', states.get(line.lineKey) ?? '']),
  );
}

async function delivered(db: Database, plans: PlanSet, today: string): Promise<ReadonlyMap<string, string>> {
  const connection = await connectionIn(db);
  const clock = scene.createClock(`${today}T09:00:00.000Z`);
  await confirmPlans(db, clock.now().toISOString(), { plans, connection, today });
  const credentials = { subdomain: 'demo', apiToken: 'demo' };
  const means = scene.meansOf({ db, connection, clock, fetch, adapter: superops, today, credentials });
  const authorized = superops.authorization(connection, credentials);
  const channel = channels.sandbox.open({
    ...{ connection, credentials, authorization: authorized.ok ? authorized.value : {}, signIn: null, fetch, now: clock.now },
    ...{
      timeout: 1000,
      sandbox: (change) => changeSandbox(db, clock.now().toISOString(), CONNECTION, (state) => change(state) as Changed),
    },
  });
  await deliver({ ...means, channel });
  for (const { plan } of plans) await readAgain(db, plan.agreement?.id ?? '', clock.now().toISOString());
  const rows = await Promise.all(plans.map(async ({ plan }) => db.deliveries.where('plan').equals(plan.id).sortBy('n')));
  return new Map(
    plans.flatMap(({ plan }, at) =>
      plan.requests.map(({ line, operation }, n) => [line.lineKey, `${operation} ${rows[at]?.[n]?.state ?? ''}`] as const),
    ),
  );
}

async function factsOf(db: Database, customer: Customer, when: typeof december | typeof january) {
  const asked = { customer, connection: CONNECTION, psaCompany: null, ...when };
  const agreementId = (await gridFacts(db, { ...asked, agreementId: null })).agreements?.[0]?.id ?? null;
  return { facts: await gridFacts(db, { ...asked, agreementId }), agreementId };
}

async function billed(db: Database, customer: Customer): Promise<readonly unknown[]> {
  const { agreementId } = await factsOf(db, customer, january);
  const lines = (await mirrorOf(db, CONNECTION, 'lines', agreementId ?? ''))?.rows ?? [];
  return lines
    .filter(({ key }) => key !== null)
    .map(({ description, quantity, price, effectiveDate }) => [description, quantity, price, effectiveDate]);
}

async function readAgain(db: Database, agreementId: string, now: string): Promise<void> {
  const state = (await db.sandboxes.get(CONNECTION))?.state as unknown as SandboxState;
  const rows = [...rowsOf(state, superops.read.lines(agreementId)), ...rowsOf(state, superops.read.oneTimeLines(agreementId))];
  await saveMirrors(db, now, [{ connection: CONNECTION, kind: 'lines', scope: agreementId, readAt: now, rows }]);
}

function rowsOf<T>(state: SandboxState, reading: Reading<T>): readonly T[] {
  const rows: T[] = [];
  for (let next: PsaRequest | null = reading.request; next !== null;) {
    const asked: PsaRequest = next;
    const headers = { Authorization: 'Bearer demo', CustomerSubDomain: 'demo' };
    const { answer: answered } = answer(state, { ...asked, headers });
    const page = answered === null ? null : reading.parse(answered, asked);
    if (page?.ok !== true) throw new Error(`no answer to ${asked.path}`);
    rows.push(...page.value.rows);
    next = page.value.next;
  }
  return rows;
}

async function connectionIn(db: Database) {
  const connection = await db.connections.get(CONNECTION);
  if (connection === undefined) throw new Error('no SuperOps in the demo');
  return connection;
}
