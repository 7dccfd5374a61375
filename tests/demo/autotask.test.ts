import { expect, test } from 'vitest';
import type { Customer } from '../../src/domain/marketplace';
import { planSetFor } from '../../src/domain/sync';
import { NO_CHOICES, type SyncChoices } from '../../src/domain/sync-choices';
import type { SyncFacts } from '../../src/domain/sync-facts';
import { gridFor } from '../../src/domain/sync-grid';
import { send, type DeliverMeans } from '../../src/machines/deliver-actors';
import { readIntoMirror } from '../../src/machines/read-psa-actors';
import { autotask } from '../../src/psa/autotask';
import type { SandboxState } from '../../src/sandbox/sandbox';
import { assignCompany } from '../../src/storage/assignments';
import type { Database } from '../../src/storage/db';
import { gridFacts } from '../../src/storage/grid';
import { mirrorOf } from '../../src/storage/mirrors';
import { confirmPlans } from '../../src/storage/plans';
import { codes, december, demo, january, mail, NOW, seeded } from './demo';

const CONNECTION = 'demo-autotask';
const FIRST = mail('1stwestinsurance.com');

test('what the partner last read is there: every list, and the lines of each contract', async () => {
  const db = await demo();
  const counts = await Promise.all(
    (['companies', 'agreements', 'products', 'categories', 'types', 'rules'] as const).map(
      async (kind) => (await db.mirrors.get([CONNECTION, kind, '']))?.rows.length,
    ),
  );
  expect(counts).toEqual([27, 28, 6, 2, 3, 31]);
  const lines = await db.mirrors.get([CONNECTION, 'lines', '2903']);
  expect(lines?.rows).toMatchObject([{ description: 'Managed workstation', quantity: '10', postedThrough: '2020-12-31', key: null }]);
});

test.each([
  ['Quarrystone Supply', ['agreement is ended']],
  ['Riverbend Farms', ['agreement is inactive']],
  ['Summit Outdoors', ['agreement is not monthly']],
  ['Tidewater Marine', ['agreement takes no services']],
  ['Umbra Photography', ['agreement is not monthly']],
  ['Valley Print', []],
])('the contract of %s is refused for %j', async (name, expected) => {
  const db = await demo();
  const companies = (await mirrorOf(db, CONNECTION, 'companies'))?.rows ?? [];
  const id = companies.find((company) => company.name === name)?.id;
  const contract = (await mirrorOf(db, CONNECTION, 'agreements'))?.rows.find(({ companyId }) => companyId === id);
  if (contract === undefined) throw new Error(`no contract of ${name}`);
  expect(codes(autotask.judge(contract, { ...december, currency: 'USD', option: 'multi-product' }).refusals)).toEqual(expected);
});

test('the users that somebody typed are offered for adoption', async () => {
  const { facts, choices } = await syncOf(await demo(), mail('foxhollowrealty.com'), december);
  const [line] = gridFor(facts, choices, autotask).lines;
  expect(line?.candidates.map(({ id, description }) => [id, description])).toEqual([['8002', 'Mail protection']]);
});

test('December is delivered; in January one customer is unchanged and another gets the difference, once', async () => {
  const db = await seeded();
  const company = (await db.companies.toArray()).find(({ name }) => name === '1st West Insurance');
  await assignCompany(db, NOW, { customer: FIRST, company: company?.id ?? null, from: null, evidence: 'partner' });
  const bayview = mail('bayviewdental.com');
  const before = (await stateOf(db)).ledger.length;
  expect(before).toBe(0);
  expect(await delivered(db, FIRST, december)).toEqual([
    ['create', '/V1.0/ContractServiceAdjustments', 'sent'],
    ['read', '/V1.0/ContractServices/query', 'sent'],
    ['update', '/V1.0/Contracts/2902/Services', 'sent'],
  ]);
  expect((await delivered(db, bayview, december)).map(([, , state]) => state)).toEqual(['sent', 'sent', 'sent']);
  expect(await billedOn(db, '2902')).toEqual([
    ['1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business', '15', '3', '2.44', '2021-01-01'],
  ]);

  const unchanged = await syncOf(db, FIRST, january);
  expect(gridFor(unchanged.facts, unchanged.choices, autotask).lines.map(({ status, changes }) => [status, changes])).toEqual([
    ['Unchanged', []],
  ]);
  const changed = await syncOf(db, bayview, january);
  expect(
    gridFor(changed.facts, changed.choices, autotask).lines.map(({ status, inPsa, syncedQuantity }) => [status, inPsa, syncedQuantity]),
  ).toEqual([['Updating', '22', '25']]);
  const set = planSetFor(changed.facts, changed.choices, autotask);
  const bodies = set.ok ? set.value.flatMap(({ plan }) => plan.requests.map(({ body }) => body)) : [];
  expect(bodies).toMatchObject([{ unitChange: 3, effectiveDate: '2021-02-01T00:00:00Z' }]);
  expect(await delivered(db, bayview, january)).toEqual([['update', '/V1.0/ContractServiceAdjustments', 'sent']]);
  expect((await billedOn(db, '2903')).map(([name, quantity]) => [name, quantity])).toEqual([
    ['Managed workstation', '10'],
    ['bayviewdental.com - bayviewdental.com - Proofpoint Business', '25'],
  ]);
});

type When = typeof december | typeof january;

/** The stored facts of a customer, with its first contract chosen and the services of the demo bound, as the wizard would. */
async function syncOf(db: Database, customer: Customer, when: When): Promise<{ facts: SyncFacts; choices: SyncChoices }> {
  const asked = { customer, connection: CONNECTION, psaCompany: null, ...when };
  const agreementId = (await gridFacts(db, { ...asked, agreementId: null })).agreements?.[0]?.id ?? null;
  const facts = await gridFacts(db, { ...asked, agreementId });
  const products = (await mirrorOf(db, CONNECTION, 'products'))?.rows ?? [];
  const walk = { Proofpoint: null, 'Proofpoint Business': 'proofpoint-business', 'Proofpoint Advanced': 'proofpoint-advanced' } as const;
  const bindings = Object.entries(walk).flatMap(([identifier, subProduct]) => {
    const psaProduct = products.find((product) => product.identifier === identifier);
    return psaProduct === undefined ? [] : [{ subProduct, psaProduct }];
  });
  return { facts, choices: { ...NO_CHOICES, bindings, agreementId } };
}

/** Made, confirmed and delivered through the sandbox: what became of each request. */
async function delivered(db: Database, customer: Customer, when: When) {
  const { facts, choices } = await syncOf(db, customer, when);
  const set = planSetFor(facts, choices, autotask);
  if (!set.ok) throw new Error(JSON.stringify(set.error));
  const now = new Date(`${when.today}T09:00:00.000Z`);
  await confirmPlans(db, now.toISOString(), { plans: set.value, connection: facts.connection, today: when.today });
  let ids = 0;
  const means: DeliverMeans = {
    ...{ db, now: () => now, today: () => when.today, newId: () => `read-${(ids += 1)}`, wait: () => Promise.resolve() },
    locks: { request: (_: string, __: unknown, work: () => Promise<unknown>) => work() } as unknown as LockManager,
  };
  const plans = set.value.map(({ plan }) => plan.id);
  await send(means, { connection: CONNECTION, plans }, { signal: new AbortController().signal });
  await readIntoMirror(means, CONNECTION, [{ kind: 'lines', agreementId: choices.agreementId ?? '' }], {
    signal: new AbortController().signal,
  });
  const rows = (await db.deliveries.toArray()).filter(({ plan }) => plans.includes(plan)).sort((left, right) => left.n - right.n);
  return rows.map(({ n, state }) => {
    const request = set.value[0]?.plan.requests[n];
    return [request?.operation, request?.path, state];
  });
}

async function billedOn(db: Database, agreementId: string) {
  const rows = (await mirrorOf(db, CONNECTION, 'lines', agreementId))?.rows ?? [];
  return rows.map(({ description, quantity, price, cost, effectiveDate }) => [description, quantity, price, cost, effectiveDate]);
}

async function stateOf(db: Database): Promise<SandboxState> {
  return (await db.sandboxes.get(CONNECTION))?.state as unknown as SandboxState;
}
