import { problem, ProblemError } from '../domain/problem';
import { write, type Database } from './db';
import type { PlanRecord } from './rows';

/**
 * A refused request goes again; `forced` sends it although the line no longer holds what the plan believed. Throws `newer plan has the
 * line` when the customer's sub-products were planned anew since, and that plan is not refused as a whole.
 */
export async function sendAgain(db: Database, now: string, id: string, forced: boolean): Promise<void> {
  await write(db, now, ['deliveries', 'plans'], async ({ audit }) => {
    const row = await db.deliveries.get(id);
    const record = row === undefined ? undefined : await db.plans.get(row.plan);
    if (row?.state !== 'refused' || record?.state === 'downloaded' || record === undefined) return;
    await refuseWhenPlannedAnew(db, record, row.n);
    await db.deliveries.put({ ...row, state: 'pending', attempts: 0, resolved: null, settledAt: null, problem: null, proof: null, forced });
    await db.plans.put({ ...record, state: 'delivering' });
    await audit(forced ? 'sent anyway' : 'sent again', id, null);
  });
}

async function refuseWhenPlannedAnew(db: Database, { customer, seq, plan }: PlanRecord, n: number): Promise<void> {
  const line = plan.requests[n]?.line;
  if (customer === null || line === undefined) return;
  const isAbout = (other: { readonly lineKey: string; readonly subProducts: readonly string[] }) =>
    other.lineKey === line.lineKey || other.subProducts.some((key) => line.subProducts.includes(key));
  const newer = (await db.plans.where('customer').equals(customer).toArray()).filter((record) => record.seq > seq);
  for (const { id, plan: other } of newer) {
    if (![...other.lines, ...other.requests.map((request) => request.line)].some(isAbout)) continue;
    const rows = await db.deliveries.where('plan').equals(id).toArray();
    const own = rows.filter((row) => other.requests.some((request, at) => at === row.n && isAbout(request.line)));
    if (own.length === 0 || own.some(({ state }) => state !== 'refused'))
      throw new ProblemError(problem('newer plan has the line', { line: line.name, plan: id }));
  }
}
