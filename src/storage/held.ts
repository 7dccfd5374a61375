import type { Period } from '../domain/calendar';
import { isRecurring } from '../domain/change';
import type { Decimal } from '../domain/decimal';
import { rejoinsSplit } from '../domain/split-plan';
import type { Database } from './db';
import type { PlanRecord } from './rows';

/**
 * What the recurring lines held when the invoice of a missed month was made: as the newest plans of that month or before left them, null
 * where a single line held several counts as one.
 */
export async function heldAt(
  db: Database,
  plans: readonly PlanRecord[],
  connection: string,
  period: Period,
): Promise<ReadonlyMap<string, Decimal | null>> {
  const done = plans
    .filter((record) => record.connection === connection && record.period <= period)
    .filter(({ state, option }) => (state === 'settled' || state === 'applied') && option !== null)
    .sort((left, right) => (left.period === right.period ? left.seq - right.seq : left.period < right.period ? -1 : 1));
  const rows = await db.deliveries
    .where('plan')
    .anyOf(done.map(({ id }) => id))
    .toArray();
  const refused = new Set(rows.filter(({ state }) => state !== 'sent').map(({ plan, n }) => `${plan}/${String(n)}`));
  const held = new Map<string, Decimal | null>();
  for (const { id, plan, option } of done) {
    const failed = new Set(plan.requests.filter((_, n) => refused.has(`${id}/${String(n)}`)).map(({ line }) => line.lineKey));
    for (const { lineKey, status, subProducts, syncedQuantity } of rejoinsSplit(plan) ? [] : plan.lines) {
      const ends = status === 'Ending';
      if (failed.has(lineKey) || syncedQuantity === null || !(ends || (option !== null && isRecurring(option)))) continue;
      const quantity = ends || option === 'multi-product' ? (syncedQuantity as Decimal) : null;
      for (const subProduct of subProducts) held.set(subProduct, quantity);
    }
  }
  return held;
}
