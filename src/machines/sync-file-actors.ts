import { syncFileOf } from '../delivery/sync-file';
import { problem, ProblemError } from '../domain/problem';
import { adapterOf } from '../psa';
import { connectionOf } from '../storage/connections';
import type { Database } from '../storage/db';
import { plansOfSet } from '../storage/plans';

/** The sync file of a confirmed plan set, exports first. Throws `record is damaged` for a set or PSA that is not known. */
export async function syncFileOfSet(db: Database, set: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const records = await plansOfSet(db, set);
  const [first] = records;
  const adapter = first === undefined ? undefined : adapterOf(first.plan.psa);
  if (first === undefined || adapter === undefined) throw new ProblemError(problem('record is damaged', { what: `plan ${set}` }));
  const connection = await connectionOf(db, first.connection);
  return syncFileOf(
    records.map(({ plan }) => plan),
    adapter,
    connection ?? null,
  );
}
