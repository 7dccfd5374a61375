import type { Json } from '../domain/canonical';
import type { Decision, RowImage } from '../domain/decision';
import { DECIDED, presentTransaction, write, type Database, type Writing } from './db';

/**
 * A command that the partner may take back later: `write`, and the rows that it touched as they were and as they are now. Inside a
 * larger transaction it is a part of that one, which has its own way back; inside the work of another command it is an error, as every `write`.
 */
export function decide<T>(db: Database, now: string, tables: readonly string[], work: (writing: Writing) => Promise<T>): Promise<T> {
  if (presentTransaction() !== null) return write(db, now, tables, work);
  return write(db, now, [...tables, 'undos'], async (writing) => {
    const said: Pick<Decision, 'seq' | 'kind' | 'subject'>[] = [];
    const result = await work({
      ...writing,
      audit: async (kind, subject, data) => {
        const seq = await writing.audit(kind, subject, data);
        said.push({ seq, kind, subject });
        return seq;
      },
    });
    const images: RowImage[] = [];
    for (const { table, key, before } of writing.touched.values()) {
      if (!DECIDED.some((name) => name === table)) continue;
      const after = (await db.table(table).get(key as never)) as Json | undefined;
      images.push({ table, key, before, after: after ?? null });
    }
    const [first] = said;
    if (first !== undefined && images.length > 0) await db.undos.add({ ...first, at: now, images, undone: null });
    return result;
  });
}
