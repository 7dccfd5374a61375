import type { Day, Period } from '../domain/calendar';
import { customerKey } from '../domain/marketplace';
import type { Database } from './db';
import { lineIgnoresOn } from './line-ignores';

/**
 * Customers with a line that the partner accepted as the PSA has it for this month, or leaves alone, or left out of this month's sync: no sync
 * of many takes them.
 */
export async function customersDecided(db: Database, period: Period, today: Day): Promise<ReadonlySet<string>> {
  const [synced, ignored] = await Promise.all([db.synced.toArray(), lineIgnoresOn(db, today)]);
  const decided = synced.filter(({ lines, withheld }) => {
    const leftOut = withheld?.period === period && withheld.subProducts.length > 0;
    return leftOut || lines.some((line) => line.accepted?.period === period);
  });
  return new Set([...decided.map(({ customer }) => customer), ...[...ignored.values()].map(customerKey)]);
}
