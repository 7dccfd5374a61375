import { breakIn, type AuditRecord } from '../domain/audit';
import type { Period } from '../domain/calendar';
import type { Database } from './db';
import type { PlanRecord } from './rows';

/** A confirmed plan as it was, and how many of its requests the PSA refused. */
export interface PastPlan extends PlanRecord {
  readonly refused: number;
}

/** Every confirmed plan of a period, the newest first. */
export async function plansOfPeriod(db: Database, period: Period): Promise<readonly PastPlan[]> {
  const [plans, refused] = await Promise.all([
    db.plans
      .orderBy('seq')
      .reverse()
      .filter((record) => record.period === period)
      .toArray(),
    db.deliveries.where('state').equals('refused').toArray(),
  ]);
  return plans.map((record) => ({ ...record, refused: refused.filter(({ plan }) => plan === record.id).length }));
}

/** The newest confirmed plans of every period, the newest first. */
export function newestPlans(db: Database, most: number): Promise<readonly PlanRecord[]> {
  return db.plans.orderBy('seq').reverse().limit(most).toArray();
}

/** The newest audit records, and how many there are in all. */
export async function newestRecords(
  db: Database,
  most: number,
): Promise<{ readonly all: number; readonly records: readonly AuditRecord[] }> {
  const [all, records] = await Promise.all([db.audit.count(), db.audit.orderBy('seq').reverse().limit(most).toArray()]);
  return { all, records };
}

/** How many records were checked, and the first that is not what was sealed. Says nothing of records that were cut off at the end. */
export async function checkRecords(db: Database): Promise<{ readonly checked: number; readonly brokenAt: number | null }> {
  const chain = await db.audit.orderBy('seq').toArray();
  return { checked: chain.length, brokenAt: breakIn(chain) };
}
