import type { Connection } from '../../src/domain/agreement';
import type { Json } from '../../src/domain/canonical';
import type { Change, Outcome as After, SyncOption } from '../../src/domain/change';
import { decimalOf } from '../../src/domain/decimal';
import { senderLock, type DeliveryProgress, type DeliveryReport } from '../../src/domain/delivery';
import { freezePlan, lineKeyOf, productKeyOf, type Plan } from '../../src/domain/plan';
import { channels } from '../../src/delivery';
import type { Books, Means } from '../../src/delivery/means';
import { deliver } from '../../src/delivery/outbox';
import { redactor } from '../../src/delivery/vault';
import type { Day } from '../../src/domain/calendar';
import { connectwise } from '../../src/psa/connectwise';
import type { PsaAdapter } from '../../src/psa/psa';
import { createSandbox } from '../../src/sandbox';
import type { SandboxState } from '../../src/sandbox/sandbox';
import type { Database } from '../../src/storage/db';
import { openDatabase } from '../../src/storage/open';
import {
  claimDelivery,
  deliveriesOfPlan,
  openPlans,
  recordDelivery,
  recoverSending,
  uncountedDeliveries,
  yieldedIds,
} from '../../src/storage/deliveries';

export const PERIOD = '2026-03';
export const TODAY = '2026-04-03';
export const NOW = '2026-04-03T09:00:00.000Z';
export const SECRETS = { publicKey: 'publicKey-4711', privateKey: 'privateKey-0815', clientId: 'c0ffee00-0000-4000-8000-000000000000' };

const identity = { psa: 'connectwise', tenant: 'acme', agreementId: '10', vendor: 'Proofpoint', site: 'acme.com', period: PERIOD };

export function connectionOf(changes: Partial<Connection> = {}): Connection {
  return {
    ...{ id: 'cw', psa: 'connectwise', name: 'Our ConnectWise', protocol: 'psa', url: 'http://psa.test', tenant: 'acme', currency: 'USD' },
    ...{ rateLimit: 100_000, quarantineMinutes: 10, checksKeys: false, settings: {}, remember: false, ...changes },
  };
}

export function keyOf(subProduct: string, option: SyncOption = 'multi-product', agreementId = '10'): string {
  return lineKeyOf({ ...identity, agreementId, subProduct, option });
}

/** A PSA with one company, two agreements, two products, and two lines of ours on agreement 10: Advanced (id 500) and Pro (id 501). */
export function seed(
  additions: readonly Readonly<Record<string, Json>>[] = [lineOf(500, 'advanced', 5), lineOf(501, 'pro', 2)],
): SandboxState {
  const agreement = { name: 'Managed services', company: { id: 1 }, startDate: '2020-07-01T00:00:00Z', cancelledFlag: false };
  return createSandbox({
    psa: 'connectwise',
    tables: {
      companies: [{ id: 1, identifier: 'acme', name: 'Acme', deletedFlag: false }],
      agreements: [
        { id: 10, ...agreement },
        { id: 11, ...agreement },
      ],
      catalog: [
        {
          id: 40,
          identifier: 'PP-BUS',
          description: 'Proofpoint Business',
          inactiveFlag: false,
          productClass: 'Agreement',
          price: 3,
          cost: 2,
        },
        {
          id: 41,
          identifier: 'PP-ADV',
          description: 'Proofpoint Advanced',
          inactiveFlag: false,
          productClass: 'Agreement',
          price: 4,
          cost: 3,
        },
      ],
      subcategories: [{ id: 3, name: 'Cloud' }],
      types: [{ id: 4, name: 'Agreement' }],
      additions,
    },
  });
}

export function lineOf(
  id: number,
  subProduct: string,
  quantity: number,
  changes: Readonly<Record<string, Json>> = {},
): Readonly<Record<string, Json>> {
  return {
    ...{ id, agreementId: 10, product: { id: 41, identifier: 'PP-ADV' }, quantity, unitPrice: 4, unitCost: 3, billCustomer: 'Billable' },
    ...{ effectiveDate: '2025-01-01T00:00:00Z', invoiceDescription: subProduct, serialNumber: keyOf(subProduct), ...changes },
  };
}

const nothing: After = { quantity: null, price: null, cost: null, name: null, effectiveDate: null, endDate: null };
const unread = { quantity: null, price: null, cost: null, name: null, productId: null, endDate: null };

export function createOf(
  subProduct: string,
  quantity: number,
  changes: { agreementId?: string; use?: string; product?: string } = {},
): Change {
  const { agreementId = '10', use = null } = changes;
  const name = `acme.com - acme.com - ${subProduct}`;
  return {
    ...{
      kind: 'create',
      lineKey: keyOf(subProduct, 'multi-product', agreementId),
      agreementId,
      name,
      subProducts: [subProduct],
      on: '2026-04-01',
      follows: null,
    },
    product: use === null ? { id: '40', identifier: 'PP-BUS', use: null } : { id: null, identifier: changes.product ?? '', use },
    after: { ...nothing, quantity: decimalOf(quantity), price: decimalOf(3), cost: decimalOf(2), name, effectiveDate: '2026-04-01' },
  };
}

export function updateOf(subProduct: string, from: number, to: number, lineId: string | null): Change {
  return {
    ...{ kind: 'update', lineKey: keyOf(subProduct), agreementId: '10', name: subProduct, subProducts: [subProduct], lineId, adopt: false },
    on: '2026-04-01',
    product: { id: '41', identifier: 'PP-ADV', use: null },
    before: { ...unread, quantity: decimalOf(from), productId: '41' },
    after: { ...nothing, quantity: decimalOf(to) },
  };
}

export function endOf(subProduct: string, from: number, lineId: string | null): Change {
  return {
    ...{ kind: 'end', lineKey: keyOf(subProduct), agreementId: '10', name: subProduct, subProducts: [subProduct], lineId, how: 'date' },
    on: '2026-04-01',
    product: { id: '41', identifier: 'PP-ADV', use: null },
    before: { ...unread, quantity: decimalOf(from), productId: '41' },
    after: { ...nothing, endDate: '2026-03-31' },
  };
}

export function chargeOf(subProduct: string, quantity: number): Change {
  const name = `acme.com - acme.com - ${subProduct} (one-time)`;
  return {
    ...{
      kind: 'charge',
      lineKey: keyOf(subProduct, 'one-time itemised'),
      agreementId: '10',
      companyId: '1',
      follows: null,
      name,
      subProducts: [subProduct],
      on: '2026-04-01',
    },
    product: { id: '40', identifier: 'PP-BUS', use: null },
    after: { ...nothing, quantity: decimalOf(quantity), price: decimalOf(3), cost: decimalOf(2), name },
  };
}

export const EXPORTED = productKeyOf({
  psa: 'connectwise',
  tenant: 'acme',
  vendor: 'Proofpoint',
  product: 'proofpoint',
  subProduct: 'white-label',
});
export const EXPORTED_ID = `product-${EXPORTED}`;

export function exportOf(): Change {
  return {
    ...{ kind: 'export', lineKey: EXPORTED, reference: EXPORTED, yields: EXPORTED_ID },
    product: {
      ...{
        product: 'proofpoint',
        subProduct: 'white-label',
        term: 'monthly',
        name: 'Mail shield',
        description: 'Mail shield',
        identifier: 'MAIL-SHIELD',
      },
      ...{ category: '3', type: '4', unit: null, cost: decimalOf(2), price: decimalOf(3), taxable: true },
    },
  };
}

export function planOf(changes: readonly Change[], site = 'acme.com', settled = 0, lines: Plan['lines'] = []): Plan {
  const isExport = changes.every(({ kind }) => kind === 'export');
  const oneTime = changes.some(({ kind }) => kind === 'charge');
  const plan = freezePlan(
    {
      ...{
        kind: isExport ? 'export' : 'lines',
        psa: 'connectwise',
        connection: { name: 'Our ConnectWise', tenant: 'acme' },
        period: PERIOD,
      },
      company: isExport ? null : { id: 'c1', name: 'Acme', psaId: '1' },
      customer: isExport ? null : { vendor: 'Proofpoint', product: 'proofpoint', site },
      agreement: isExport ? null : { id: '10', name: 'Managed services' },
      option: isExport ? null : oneTime ? 'one-time itemised' : 'multi-product',
      ...{ currency: 'USD', inputs: { imports: [], bindings: [], prices: [] }, lines, left: [] },
      totals: { cost: null, price: '45', margin: null, before: null },
      changes: changes.map((change) => ({ change, settled })),
    },
    connectwise.requests,
  );
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value;
}

let databases = 0;
export async function freshDatabase(): Promise<Database> {
  databases += 1;
  return openDatabase(`delivery-${databases}`, { newId: () => `uuid-${databases}` });
}

/** A clock that moves only when somebody waits. */
export interface Clock {
  readonly now: () => Date;
  readonly to: (instant: string) => void;
  readonly pass: (milliseconds: number) => void;
}
export function createClock(start = NOW): Clock {
  let at = Date.parse(start);
  return {
    now: () => new Date(at),
    to: (instant) => {
      at = Math.max(at, Date.parse(instant));
    },
    pass: (milliseconds) => {
      at += milliseconds;
    },
  };
}

/** One holder at a time, first come first served, as Web Locks do. */
export function createLocks(): Means['lock'] {
  const tails = new Map<string, Promise<unknown>>();
  return <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const next = (tails.get(name) ?? Promise.resolve()).then(work);
    tails.set(
      name,
      next.catch(() => undefined),
    );
    return next;
  };
}

export function booksOf(db: Database, connection: string, now: () => Date): Books {
  const stamp = () => now().toISOString();
  return {
    openPlans: () => openPlans(db, connection),
    deliveries: (plan) => deliveriesOfPlan(db, plan),
    yielded: () => yieldedIds(db, connection),
    uncounted: (quarantine) => uncountedDeliveries(db, connection, quarantine),
    recover: async () => {
      await recoverSending(db, stamp(), connection);
    },
    claim: (delivery, out) => claimDelivery(db, stamp(), delivery, out),
    record: (delivery, news) => recordDelivery(db, stamp(), delivery, news),
  };
}

export interface Stage {
  readonly db: Database;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly lock?: Means['lock'];
  readonly books?: Books;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: DeliveryProgress) => void;
  readonly credentials?: Readonly<Record<string, string>>;
  readonly adapter?: PsaAdapter;
  readonly today?: Day;
}

export function meansOf(stage: Stage): Means {
  const { db, connection, clock } = stage;
  const credentials = stage.credentials ?? SECRETS;
  const adapter = stage.adapter ?? connectwise;
  const headers = adapter.authorization(connection, { ...SECRETS, ...credentials });
  if (!headers.ok) throw new Error(headers.error.code);
  const authorization = { ...headers.value, ...(adapter.signIn === null ? {} : { Authorization: 'Bearer signed-in' }) };
  let ids = 0;
  const open = channels[connection.protocol].open;
  const never = () => Promise.reject(new Error('there is no sandbox here'));
  return {
    ...{ connection, adapter, starts: [], books: stage.books ?? booksOf(db, connection.id, clock.now) },
    channel: open({
      ...{ connection, authorization, credentials, signIn: null, fetch: stage.fetch, now: clock.now, timeout: 30_000, sandbox: never },
    }),
    ...{ lock: stage.lock ?? createLocks(), lockName: senderLock(db.uuid, connection.id), now: clock.now },
    today: () => stage.today ?? TODAY,
    newId: () => `read-${(ids += 1)}-${String(clock.now().getTime())}`,
    wait: (milliseconds) => {
      clock.pass(milliseconds);
      return Promise.resolve();
    },
    signal: stage.signal ?? new AbortController().signal,
    redact: redactor(credentials, authorization),
    progress: stage.progress ?? (() => undefined),
  };
}

export function run(stage: Stage): Promise<DeliveryReport> {
  return deliver(meansOf(stage));
}

/** Runs again and again, each time as late as the report asks for, until nothing more can happen without a person. */
export async function drain(stage: Stage): Promise<DeliveryReport> {
  let report = await run(stage);
  for (let turns = 0; turns < 12 && (report.lookAgainAt !== null || (report.stopped !== null && report.counts.pending > 0)); turns += 1) {
    if (report.lookAgainAt !== null) stage.clock.to(report.lookAgainAt);
    stage.clock.pass(1000);
    report = await run(stage);
  }
  return report;
}
