import { modeAt, type QueueItem } from '../domain/automation';
import { newestFinalPeriod, type BillingCalendar, type Day, type Period } from '../domain/calendar';
import { customerKey, customerOf } from '../domain/marketplace';
import { pauseFor, pausesOn } from '../domain/pause';
import { ProblemError, type Problem } from '../domain/problem';
import { ALWAYS, write, type Database } from './db';
import { OUTCOME_TABLES } from './deliveries';
import { ignoresOn } from './ignores';
import { confirmPlans } from './plans';
import type { PlanRecord } from './rows';

/** What one run did for a period. `plans` are those that it confirmed. */
export interface AutoSyncRun {
  readonly period: Period;
  readonly prepared: number;
  readonly waits: number;
  readonly plans: readonly string[];
}

/**
 * Confirms what goes by itself for one customer, looking once more inside the transaction: nothing happens where it was set otherwise, paused
 * or ignored meanwhile, where anything was decided, imported or read since the queue was made (`record`), or where any tab confirmed a plan
 * of that customer and month. Answers the plans, empty where nothing went. Throws what `confirmPlans` throws.
 */
export async function confirmByItself(
  db: Database,
  now: string,
  { item, period, today, record }: { readonly item: QueueItem; readonly period: Period; readonly today: Day; readonly record: number },
): Promise<readonly string[]> {
  const { customer, plans, connection: id } = item;
  const key = customerKey(customer);
  return db.transaction('rw', [...ALWAYS, 'automations', 'pauses', 'connections', 'bases', ...OUTCOME_TABLES], async () => {
    const connection = await db.connections.get(id ?? '');
    const automation = await db.automations.get([id ?? '', customer.product]);
    if (connection === undefined || automation === undefined || modeAt(automation.mode, connection) !== 'send') return [];
    if (pauseFor(pausesOn(await db.pauses.toArray(), today), customer, id) !== null) return [];
    const since = await db.audit.where('seq').above(record).toArray();
    if (since.some(({ kind }) => !OF_DELIVERIES.has(kind))) return [];
    if (((await newestMonths(db, [key])).get(key) ?? '') >= period) return [];
    const records = await confirmPlans(db, now, { plans, connection, today });
    const confirmed = records.map((record) => record.id);
    await write(db, now, [], ({ audit }) => audit('auto-sync confirmed', key, { connection: connection.id, period, plans: confirmed }));
    return confirmed;
  });
}

/** What plans, their deliveries and runs put on record: no queue is older for it. */
const OF_DELIVERIES: ReadonlySet<string> = new Set([
  ...['auto-sync confirmed', 'auto-sync ran', 'plan confirmed', 'plan confirmed again', 'delivery recovered'],
]);

/** The newest month of each of these customers that a plan was confirmed for, or whose count a line of ours holds. */
export async function newestMonths(db: Database, customers: readonly string[]): Promise<ReadonlyMap<string, Period>> {
  const [plans, synced] = await Promise.all([
    db.plans.where('customer').anyOf(customers).toArray(),
    db.synced.where('customer').anyOf(customers).toArray(),
  ]);
  const held = synced.flatMap(({ customer, lines }) => lines.map(({ period }) => ({ customer, period })));
  const newest = new Map<string, Period>();
  for (const { customer, period } of [...plans, ...held])
    if (customer !== null && (newest.get(customer) ?? '') < period) newest.set(customer, period);
  return newest;
}

/** Puts a run on record, unless it found what the one before it for that month had found. */
export function recordRun(db: Database, now: string, { period, prepared, waits, plans }: AutoSyncRun): Promise<void> {
  return write(db, now, [], async ({ audit }) => {
    const last = await newestRun(db, period);
    if (plans.length === 0 && prepared === (last?.prepared ?? 0) && waits === (last?.waits ?? 0)) return;
    await audit('auto-sync ran', period, { period, customers: plans.length, prepared, waits, plans });
  });
}

/** What came of a month by itself: customers that went, those whose delivery is not settled, and when the last one went. */
export interface AutoSyncStatus {
  readonly period: Period;
  readonly sent: number;
  readonly open: number;
  readonly on: Day | null;
  readonly prepared: number;
  readonly waits: number;
}

/** Null where nothing ran for the month. */
export async function autoSyncStatus(db: Database, period: Period): Promise<AutoSyncStatus | null> {
  const last = await newestRun(db, period);
  const own = (await confirmations(db)).filter((one) => one.period === period);
  if (last === null && own.length === 0) return null;
  const records = (await db.plans.bulkGet(own.flatMap(({ plans }) => plans))).filter((record) => record !== undefined);
  const refused = new Set((await db.deliveries.where('state').equals('refused').toArray()).map(({ plan }) => plan));
  const sent = records.filter(({ id, state }) => state === 'settled' && !refused.has(id));
  return {
    ...{ period, sent: sent.length, open: records.length - sent.length },
    on:
      records
        .map(({ confirmedOn }) => confirmedOn)
        .sort()
        .at(-1) ?? null,
    ...{ prepared: last?.prepared ?? 0, waits: last?.waits ?? 0 },
  };
}

/**
 * Plans that went by themselves and were cut short, by connection: something of them is still to be sent or looked for. Those of a month that
 * is not the newest final one any more, and those of what was set otherwise, paused or ignored since, are the partner's to send.
 */
export async function unfinishedPlans(
  db: Database,
  { today, calendar }: { readonly today: Day; readonly calendar: BillingCalendar },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const [automations, connections, pauses, ignores] = await Promise.all([
    db.automations.toArray(),
    db.connections.toArray(),
    db.pauses.toArray(),
    ignoresOn(db, today),
  ]);
  const holding = pausesOn(pauses, today);
  const sends = new Set(
    automations.flatMap(({ connection: id, product, mode }) => {
      const connection = connections.find((one) => one.id === id);
      return connection !== undefined && modeAt(mode, connection) === 'send' ? [`${id}\u001f${product}`] : [];
    }),
  );
  const goes = ({ customer, connection, period }: PlanRecord) =>
    customer !== null &&
    period >= newestFinalPeriod(today, calendar) &&
    sends.has(`${connection}\u001f${customerOf(customer).product}`) &&
    pauseFor(holding, customerOf(customer), connection) === null &&
    !ignores.has(customer);
  const ids = (await confirmations(db)).flatMap(({ plans }) => plans);
  const open = (await db.plans.bulkGet(ids)).filter((record) => record?.state === 'confirmed' || record?.state === 'delivering');
  const left = new Map<string, string[]>();
  for (const record of open)
    if (record !== undefined && goes(record)) left.set(record.connection, [...(left.get(record.connection) ?? []), record.id]);
  return left;
}

/** Throws away what only says that somebody else was there first; another tab or a person settles it. */
export function isTaken(reason: unknown): reason is ProblemError & { readonly problem: Problem } {
  return reason instanceof ProblemError && TAKEN.has(reason.problem.code);
}

const TAKEN: ReadonlySet<Problem['code']> = new Set(['sync file is not marked', 'delivery is not settled']);

interface Confirmed {
  readonly period: Period;
  readonly plans: readonly string[];
}

async function confirmations(db: Database): Promise<readonly Confirmed[]> {
  return (await db.audit.where('kind').equals('auto-sync confirmed').toArray()).map(({ data }) => data as unknown as Confirmed);
}

async function newestRun(db: Database, period: Period): Promise<Pick<AutoSyncRun, 'prepared' | 'waits'> | null> {
  const runs = await db.audit.where('kind').equals('auto-sync ran').reverse().toArray();
  const found = runs.find(({ subject }) => subject === period)?.data;
  return found === undefined ? null : (found as unknown as Pick<AutoSyncRun, 'prepared' | 'waits'>);
}
