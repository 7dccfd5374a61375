import { handWorkFileOf, syncFileOf } from '../delivery/sync-file';
import { problem, ProblemError } from '../domain/problem';
import { adapterOf } from '../psa';
import type { PsaAdapter } from '../psa/psa';
import { connectionOf } from '../storage/connections';
import type { Database } from '../storage/db';
import { plansOfSet } from '../storage/plans';
import type { PlanRecord } from '../storage/rows';

/** The sync file of a confirmed plan set, exports first. Throws `record is damaged` for a set or PSA that is not known. */
export async function syncFileOfSet(db: Database, set: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const { records, first, adapter } = await setOf(db, set);
  const connection = await connectionOf(db, first.connection);
  return syncFileOf(
    records.map(({ plan }) => plan),
    adapter,
    connection ?? null,
  );
}

/** What a confirmed plan set leaves to a person, as CSV. Throws `record is damaged` for a set or PSA that is not known. */
export async function handWorkFileOfSet(db: Database, set: string): Promise<{ readonly name: string; readonly text: string }> {
  const { records, first, adapter } = await setOf(db, set);
  const text = await handWorkFileOf(
    records.map(({ plan }) => plan),
    adapter,
  );
  return { name: `tallyline-hand-work-${first.period}-${set.slice(0, 8)}.csv`, text };
}

async function setOf(
  db: Database,
  set: string,
): Promise<{ readonly records: readonly PlanRecord[]; readonly first: PlanRecord; readonly adapter: PsaAdapter }> {
  const records = await plansOfSet(db, set);
  const [first] = records;
  const adapter = first === undefined ? undefined : adapterOf(first.plan.psa);
  if (first === undefined || adapter === undefined) throw new ProblemError(problem('record is damaged', { what: `plan ${set}` }));
  return { records, first, adapter };
}
