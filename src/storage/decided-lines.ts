import type { Day, Period } from '../domain/calendar';
import { customerKey } from '../domain/marketplace';
import type { Database } from './db';
import { lineIgnoresOn } from './line-ignores';

/** Customers with a line that the partner accepted as the PSA has it for this month, or leaves alone: no sync of many takes them. */
export async function customersDecided(db: Database, period: Period, today: Day): Promise<ReadonlySet<string>> {
  const [synced, ignored] = await Promise.all([db.synced.toArray(), lineIgnoresOn(db, today)]);
  const accepted = synced.filter(({ lines }) => lines.some((line) => line.accepted?.period === period)).map(({ customer }) => customer);
  return new Set([...accepted, ...[...ignored.values()].map(customerKey)]);
}
