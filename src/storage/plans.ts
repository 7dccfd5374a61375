import type { Connection } from '../domain/agreement';
import type { Day } from '../domain/calendar';
import type { Delivery } from '../domain/delivery';
import { customerKey } from '../domain/marketplace';
import { isIntact } from '../domain/plan';
import { problem, ProblemError } from '../domain/problem';
import type { PlanSet } from '../domain/sync';
import { keepBases } from './bases';
import { write, type Database, type Writing } from './db';
import { OUTCOME_TABLES, settleRow } from './deliveries';
import type { PlanRecord } from './rows';
import { rememberDone } from './synced';
import { isLeftByHand, newsOf } from './word';

/** What one Confirm Sync makes: the plans of a set, product exports first, for one connection. */
export interface Confirmation {
  readonly plans: PlanSet;
  readonly connection: Connection;
  readonly today: Day;
}

/**
 * Freezes the plans and queues their requests in one transaction; confirmed again, the same plan stays one. Throws `sync file is not
 * marked` or `delivery is not settled` while the customer has one, `record is damaged` for a plan that is not what its id says.
 */
export async function confirmPlans(db: Database, now: string, { plans, connection, today }: Confirmation): Promise<readonly PlanRecord[]> {
  const broken = plans.find(({ plan }) => !isIntact(plan));
  if (broken !== undefined) throw new ProblemError(problem('record is damaged', { what: `plan ${broken.plan.id}` }));
  const set = plans.at(-1)?.plan.id ?? '';
  return write(db, now, [...OUTCOME_TABLES, 'bases'], async (writing) => {
    const records: PlanRecord[] = [];
    for (const [position, { plan, withheld, basis }] of plans.entries()) {
      const customer = plan.customer === null ? null : customerKey(plan.customer);
      const found = await db.plans.get(plan.id);
      if (customer !== null) await refuseWhileOpen(db, writing, now, { customer, except: plan.id });
      const seq = found?.seq ?? writing.next();
      const record: PlanRecord = found ?? {
        ...{ id: plan.id, plan, connection: connection.id, customer, period: plan.period, state: 'confirmed', set, position },
        ...{ option: plan.option, withheld, seq, confirmedAt: now, confirmedOn: today },
        ...(basis === undefined ? {} : { basis: { hash: basis.hash, known: seq - 1 } }),
      };
      records.push(found === undefined ? await addPlan(db, writing, record) : await confirmAgain(db, writing, found));
    }
    await keepBases(
      db,
      plans.flatMap(({ basis }) => basis ?? []),
    );
    return records;
  });
}

/** Plans of one confirmation, in order. */
export async function plansOfSet(db: Database, set: string): Promise<readonly PlanRecord[]> {
  return (await db.plans.where('set').equals(set).toArray()).sort((left, right) => left.position - right.position);
}

/** Exports, and ends of single lines. Those of customers, which are nearly all, are not read. */
export async function plansWithoutCustomer(db: Database): Promise<readonly PlanRecord[]> {
  const [all, ofCustomers] = await Promise.all([db.plans.toCollection().primaryKeys(), db.plans.orderBy('customer').primaryKeys()]);
  const known = new Set(ofCustomers);
  return (await db.plans.bulkGet(all.filter((id) => !known.has(id)))).filter((record) => record !== undefined);
}

/** Gives up what was never sent of a plan, so that the customer can be planned anew. */
export async function withdrawPlan(db: Database, now: string, plan: string): Promise<void> {
  await write(db, now, OUTCOME_TABLES, async (writing) => {
    const record = await db.plans.get(plan);
    if (record !== undefined && record.state !== 'downloaded') await withdraw(db, writing, now, record);
  });
}

async function addPlan(db: Database, { audit }: Writing, record: PlanRecord): Promise<PlanRecord> {
  const { plan, connection, customer, period, set } = record;
  const empty = plan.requests.length === 0;
  const kept: PlanRecord = empty ? { ...record, state: 'settled' } : record;
  await db.plans.add(kept);
  await db.deliveries.bulkAdd(plan.requests.map((_, n) => rowOf(record, n)));
  if (empty) await rememberDone(db, record);
  await audit('plan confirmed', record.id, { connection, customer, period, set, requests: plan.requests.length, price: plan.totals.price });
  return kept;
}

/** The very same plan, which is the newest now: what was refused or never applied is pending again, what is open or sent stays. */
async function confirmAgain(db: Database, { audit, next }: Writing, record: PlanRecord): Promise<PlanRecord> {
  if (record.state !== 'settled' && record.state !== 'applied' && record.state !== 'not applied') return record;
  const refused = (await db.deliveries.where('plan').equals(record.id).toArray()).filter(({ state }) => state === 'refused');
  if (refused.length === 0) return record;
  const { downloadedAt: _, ...rest } = record;
  const again: PlanRecord = { ...rest, state: 'confirmed', seq: next() };
  await db.deliveries.bulkPut(refused.map(({ n }) => rowOf(record, n)));
  await db.plans.put(again);
  await audit('plan confirmed again', record.id, { requests: refused.length });
  return again;
}

async function refuseWhileOpen(
  db: Database,
  writing: Writing,
  now: string,
  { customer, except }: { readonly customer: string; readonly except: string },
): Promise<void> {
  const others = await db.plans.where('customer').equals(customer).toArray();
  for (const record of others.filter(({ id }) => id !== except)) {
    if (record.state === 'downloaded') throw new ProblemError(problem('sync file is not marked', { plan: record.id }));
    if (record.state !== 'confirmed' && record.state !== 'delivering') continue;
    const rows = await db.deliveries.where('plan').equals(record.id).toArray();
    const waits = (row: Delivery) => row.state === 'unknown' || row.state === 'sending' || isLeftByHand(record, row);
    const stopped = rows.some(({ state }) => state === 'refused') && !rows.some(waits);
    if (!stopped) throw new ProblemError(problem('delivery is not settled', { plan: record.id }));
    await withdraw(db, writing, now, record);
  }
}

async function withdraw(db: Database, writing: Writing, now: string, record: PlanRecord): Promise<void> {
  for (const row of await db.deliveries.where('plan').equals(record.id).sortBy('n')) {
    if (row.state === 'pending') await settleRow(db, writing, now, { row, record, news: newsOf(record, { n: row.n, applied: false }) });
  }
}

function rowOf({ id, plan, connection }: PlanRecord, n: number): Delivery {
  return {
    ...{ id: `${id}/${n}`, plan: id, n, key: plan.requests[n]?.key ?? '', connection, state: 'pending', attempts: 0, resolved: null },
    ...{
      sentAt: null,
      settledAt: null,
      lineId: null,
      duplicates: [],
      countedAt: null,
      besides: [],
      forced: false,
      yielded: {},
      problem: null,
      proof: null,
    },
  };
}
