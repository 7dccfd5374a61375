import type { Delivery } from '../domain/delivery';
import { isHandWork } from '../domain/hand-work';
import { write, type Database } from './db';
import { OUTCOME_TABLES, settleRow } from './deliveries';
import type { PlanRecord } from './rows';
import { forgetSent } from './synced';
import { isLeftByHand, newsOf } from './word';

/**
 * A tick was a mistake: the hand-work is to be done again, and its line is remembered as before. Only while the plan is open: when it
 * is settled, later plans may rest on it. Answers whether it was taken back.
 */
export async function takeBackTick(db: Database, now: string, id: string): Promise<boolean> {
  return write(db, now, OUTCOME_TABLES, async ({ audit }) => {
    const row = await db.deliveries.get(id);
    const record = row === undefined ? undefined : await db.plans.get(row.plan);
    const request = row === undefined ? undefined : record?.plan.requests[row.n];
    if (row?.state !== 'sent' || record === undefined || request === undefined || !isHandWork(request)) return false;
    if (!isOpenPlan(record) || row.replaced === undefined || (await isFollowed(db, record, row))) return false;
    const { replaced, ...rest } = row;
    await db.deliveries.put({ ...rest, state: 'pending', settledAt: null, lineId: null, proof: null });
    await forgetSent(db, record, request.line.lineKey, replaced);
    await audit('tick taken back', id, null);
    return true;
  });
}

/** Another request of the plan settled the same line later: what was remembered before the tick no longer holds. */
async function isFollowed(db: Database, { plan }: PlanRecord, row: Delivery): Promise<boolean> {
  const keyOf = ({ n }: Delivery) => plan.requests[n]?.line.lineKey;
  const others = await db.deliveries.where('plan').equals(row.plan).toArray();
  return others.some(
    (other) =>
      other.n !== row.n && other.state === 'sent' && keyOf(other) === keyOf(row) && (other.settledAt ?? '') >= (row.settledAt ?? ''),
  );
}

/** What is left to a person of a plan will not be done: it is settled as not applied, and what is ticked off stays so. */
export async function giveUpHandWork(db: Database, now: string, plan: string): Promise<void> {
  await write(db, now, OUTCOME_TABLES, async (writing) => {
    const record = await db.plans.get(plan);
    if (record === undefined || !isOpenPlan(record)) return;
    for (const row of await db.deliveries.where('plan').equals(plan).sortBy('n')) {
      if (isLeftByHand(record, row)) await settleRow(db, writing, now, { row, record, news: newsOf(record, { n: row.n, applied: false }) });
    }
  });
}

function isOpenPlan({ state }: PlanRecord): boolean {
  return state === 'confirmed' || state === 'delivering' || state === 'downloaded';
}
