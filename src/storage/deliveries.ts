import type { Delivery, DeliveryNews } from '../domain/delivery';
import type { Plan, PlanRequest } from '../domain/plan';
import { problem, ProblemError } from '../domain/problem';
import { write, type Database, type Writing } from './db';
import type { PlanRecord } from './rows';
import { rememberDone, rememberSent } from './synced';

/** Every table that the outcome of a request touches. */
export const OUTCOME_TABLES = ['deliveries', 'receipts', 'plans', 'synced', 'bindings'] as const;

export async function deliveriesOfPlan(db: Database, plan: string): Promise<readonly Delivery[]> {
  return (await db.deliveries.where('plan').equals(plan).toArray()).sort((left, right) => left.n - right.n);
}

/** Rows that only a look at the PSA or a person can settle, of all connections. */
export async function unknownDeliveries(db: Database): Promise<readonly Delivery[]> {
  return db.deliveries.where('state').equals('unknown').toArray();
}

/** A sent row to be counted again, and what other requests did since: both read every plan of its customer, so ask where it matters. */
export interface Uncounted {
  readonly plan: Plan;
  readonly row: Delivery;
  /** The lines that other requests made under its key. */
  readonly others: () => Promise<readonly string[]>;
  /** Whether a later plan wrote the quantity of its line. */
  readonly followed: () => Promise<boolean>;
}

/** Sent rows whose copies have not been counted since the quarantine after their sending was over, with their plans. */
export async function uncountedDeliveries(db: Database, connection: string, quarantine: number): Promise<readonly Uncounted[]> {
  const rows = await db.deliveries
    .where('connection')
    .equals(connection)
    .filter(({ state, attempts, sentAt, countedAt }) => {
      if (state !== 'sent' || attempts === 0 || sentAt === null || countedAt === null) return false;
      return Date.parse(countedAt) < Date.parse(sentAt) + quarantine;
    })
    .toArray();
  const records = await db.plans.bulkGet(rows.map(({ plan }) => plan));
  return rows.flatMap((row, index) => {
    const record = records[index];
    if (record === undefined) return [];
    return [{ plan: record.plan, row, others: () => madeByOthers(db, record, row), followed: () => isFollowed(db, record, row) }];
  });
}

/** Every line that another request of the customer made under the key of a row, as where one was taken back and made again. */
async function madeByOthers(
  db: Database,
  { customer, plan: { requests } }: PlanRecord,
  { n, lineId }: Delivery,
): Promise<readonly string[]> {
  const key = requests[n]?.line.lineKey;
  const rows = await sentUnder(
    db,
    await plansOf(db, customer),
    ({ operation, line }) => line.lineKey === key && (operation === 'create' || operation === 'charge'),
  );
  return rows.flatMap((row) => (row.lineId !== null && row.lineId !== lineId ? [row.lineId] : []));
}

async function isFollowed(db: Database, { customer, seq, plan: { requests } }: PlanRecord, { n }: Delivery): Promise<boolean> {
  const key = requests[n]?.line.lineKey;
  const later = (await plansOf(db, customer)).filter((plan) => plan.seq > seq);
  return (await sentUnder(db, later, ({ line }) => line.lineKey === key && (line.after?.quantity ?? null) !== null)).length > 0;
}

function plansOf(db: Database, customer: string | null): Promise<PlanRecord[]> {
  return db.plans
    .where('customer')
    .equals(customer ?? '')
    .toArray();
}

/** How many requests that wrote a line are settled as sent: what was split off, or ended by itself, is remembered nowhere else. */
export async function settledOfLine(db: Database, plans: readonly PlanRecord[], lineKey: string): Promise<number> {
  return (await sentUnder(db, plans, ({ operation, line }) => line.lineKey === lineKey && operation !== 'read')).length;
}

async function sentUnder(db: Database, plans: readonly PlanRecord[], is: (request: PlanRequest) => boolean): Promise<Delivery[]> {
  const ids = plans.flatMap(({ id, plan }) => plan.requests.flatMap((request, n) => (is(request) ? [`${id}/${String(n)}`] : [])));
  return (await db.deliveries.bulkGet(ids)).filter((row) => row !== undefined).filter(({ state }) => state === 'sent');
}

/** Plans of a connection with something to send or to look for, in the order they were confirmed: exports before what uses them. */
export async function openPlans(db: Database, connection: string): Promise<readonly Plan[]> {
  const rows = await db.deliveries.where('state').anyOf('pending', 'sending', 'unknown').toArray();
  const ids = new Set(rows.filter((row) => row.connection === connection).map(({ plan }) => plan));
  const records = await db.plans.bulkGet([...ids]);
  return records
    .filter((record) => record !== undefined)
    .filter(({ state }) => state === 'confirmed' || state === 'delivering')
    .sort((left, right) => left.seq - right.seq)
    .map(({ plan }) => plan);
}

/**
 * The id of each name that the newest request of the connection to yield it has yielded: an exported product serves later plans, too.
 * A name whose newest request is open or refused has none, whatever an older one yielded.
 */
export async function yieldedIds(db: Database, connection: string): Promise<Readonly<Record<string, string | number>>> {
  const rows = (await db.deliveries.where('connection').equals(connection).toArray()).filter(
    ({ state, yielded, proof }) => state !== 'sent' || proof === 'marked' || Object.keys(yielded).length > 0,
  );
  const records = new Map(
    (await db.plans.bulkGet([...new Set(rows.map(({ plan }) => plan))])).flatMap((one) => (one ? [[one.id, one]] : [])),
  );
  const seqOf = ({ plan }: Delivery) => records.get(plan)?.seq ?? 0;
  const ids = new Map<string, string | number>();
  for (const row of rows.sort((left, right) => seqOf(left) - seqOf(right) || bySettling(left, right))) {
    for (const name of Object.keys(records.get(row.plan)?.plan.requests[row.n]?.expects.yields ?? {})) ids.delete(name);
    if (row.state === 'sent') for (const [name, id] of Object.entries(row.yielded)) ids.set(name, id);
  }
  return Object.fromEntries(ids);
}

function bySettling({ settledAt: left }: Delivery, { settledAt: right }: Delivery): number {
  if (left === right) return 0;
  return left !== null && (right === null || left < right) ? -1 : 1;
}

/** Rows whose request, or the removal of whose copy, is on its way or was when its sender died; of all connections, or of one. */
export async function leftSending(db: Database, connection?: string): Promise<readonly Delivery[]> {
  const rows = await db.deliveries
    .where('state')
    .anyOf('sending', 'sent')
    .filter(({ state, removals }) => state === 'sending' || removals?.some((one) => one.state === 'sending') === true)
    .toArray();
  return rows.filter((row) => connection === undefined || row.connection === connection);
}

/** The sender that left these rows `sending` is gone. Call it only while holding the connection's sender lock. */
export async function recoverSending(db: Database, now: string, connection: string): Promise<number> {
  return write(db, now, ['deliveries'], async ({ audit }) => {
    const left = await leftSending(db, connection);
    for (const row of left) {
      const unknown = { state: 'unknown', problem: problem('outcome is unknown', { line: row.key }) } as const;
      const removals = row.removals?.map((one) => (one.state === 'sending' ? { ...one, ...unknown } : one));
      const recovered = removals === undefined ? row : { ...row, removals };
      await db.deliveries.put(row.state === 'sending' ? { ...recovered, ...unknown } : recovered);
      await audit('delivery recovered', row.id, { attempts: row.attempts });
    }
    return left.length;
  });
}

/** pending | unknown -> sending, with the exact bytes, if the row still is what the sender read; null otherwise. */
export async function claimDelivery(
  db: Database,
  now: string,
  believed: Delivery,
  out: Pick<Delivery, 'besides'> & { readonly resolved: NonNullable<Delivery['resolved']> },
): Promise<Delivery | null> {
  return write(db, now, ['deliveries', 'plans'], async () => {
    const row = await db.deliveries.get(believed.id);
    const record = await db.plans.get(believed.plan);
    const sendable = record?.state === 'confirmed' || record?.state === 'delivering';
    if (row === undefined || !isSame(row, believed) || !sendable || (row.state !== 'pending' && row.state !== 'unknown')) return null;
    const claimed: Delivery = { ...row, ...out, state: 'sending', attempts: row.attempts + 1, sentAt: now, problem: null };
    await db.deliveries.put(claimed);
    await db.plans.put({ ...record, state: 'delivering' });
    return claimed;
  });
}

/** What a call taught: the row, its receipt, the customer's synced record and the plan's state, together or not at all. */
export async function recordDelivery(db: Database, now: string, believed: Delivery, news: DeliveryNews): Promise<Delivery> {
  return write(db, now, OUTCOME_TABLES, async (writing) => {
    const row = await db.deliveries.get(believed.id);
    const record = await db.plans.get(believed.plan);
    if (row === undefined || record === undefined || !isSame(row, believed)) {
      throw new ProblemError(problem('record is damaged', { what: `delivery ${believed.id}` }));
    }
    return settleRow(db, writing, now, { row, record, news });
  });
}

/** The heart of every change of a row, inside the caller's transaction. */
export async function settleRow(
  db: Database,
  writing: Writing,
  now: string,
  { row, record, news }: { readonly row: Delivery; readonly record: PlanRecord; readonly news: DeliveryNews },
): Promise<Delivery> {
  const { answer, line = null, uncounted = false, ...changes } = news;
  const byHand = record.plan.requests[row.n]?.method === 'HAND';
  const settles = changes.state === 'sent' || changes.state === 'refused';
  const next: Delivery = { ...row, ...changes, attempts: row.attempts - (uncounted ? 1 : 0), settledAt: settles ? now : row.settledAt };
  await db.deliveries.put(next);
  if (answer !== undefined) await addReceipt(db, writing, now, next, row.attempts, answer);
  if (next.state !== row.state && next.state === 'sent') await rememberSent(db, record, next, line);
  if (next.state !== row.state && next.state !== 'pending')
    await writing.audit(`delivery ${next.state}`, next.id, { proof: next.proof, lineId: next.lineId });
  for (const { copy, state } of next.removals ?? [])
    if (row.removals?.some((one) => one.copy === copy && one.state === state) !== true)
      await writing.audit(`removal ${state}`, next.id, { copy });
  if (settles) await settlePlan(db, record, byHand);
  return next;
}

async function addReceipt(
  db: Database,
  writing: Writing,
  at: string,
  { id, plan }: Delivery,
  attempt: number,
  answer: NonNullable<DeliveryNews['answer']>,
): Promise<void> {
  await db.receipts.add({ id: `${id}/${writing.next()}`, delivery: id, plan, attempt, at, ...answer });
}

/**
 * `settled` as soon as nothing is open; the last line that was proven moves the unchanged ones on. Hand-work that is settled while
 * others are open says nothing about the requests: a file still waits for its mark.
 */
async function settlePlan(db: Database, record: PlanRecord, byHand: boolean): Promise<void> {
  const rows = await db.deliveries.where('plan').equals(record.id).toArray();
  if (rows.every(({ state }) => state === 'sent')) await rememberDone(db, record);
  const open = rows.some(({ state }) => state !== 'sent' && state !== 'refused');
  if ((record.state !== 'confirmed' && record.state !== 'delivering') || (open && byHand)) return;
  await db.plans.put({ ...record, state: open ? 'delivering' : 'settled' });
}

function isSame(row: Delivery, believed: Delivery): boolean {
  return row.state === believed.state && row.attempts === believed.attempts;
}
