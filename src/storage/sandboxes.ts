import type { Json } from '../domain/canonical';
import { problem, ProblemError } from '../domain/problem';
import { write, type Database } from './db';

/** One request to an in-page PSA: its state and what it applied are written in one transaction, so a reload finds both or neither. */
export async function changeSandbox(
  db: Database,
  now: string,
  connection: string,
  work: (state: Json) => { readonly state: Json; readonly applied: readonly Json[] },
): Promise<void> {
  await write(db, now, ['sandboxes', 'ledger'], async () => {
    const record = await db.sandboxes.get(connection);
    if (record === undefined) throw new ProblemError(problem('record is damaged', { what: `sandbox of ${connection}` }));
    const { state, applied } = work(record.state);
    const known = await db.ledger.where('connection').equals(connection).count();
    await db.ledger.bulkAdd(applied.map((entry, index) => ({ connection, n: known + index, entry })));
    if (state !== record.state) await db.sandboxes.put({ connection, state });
  });
}

/** What an in-page PSA applied so far, oldest first. */
export async function ledgerOf(db: Database, connection: string): Promise<readonly Json[]> {
  return (await db.ledger.where('connection').equals(connection).sortBy('n')).map(({ entry }) => entry);
}
