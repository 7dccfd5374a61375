import { problem, ProblemError } from '../domain/problem';
import { Database, SCHEMA_EPOCH } from './db';
import type { MetaRecord } from './rows';

/** Keeps a database's uuid outside IndexedDB, so that an evicted database is told from a first visit. */
export interface Canary {
  read(): string | null;
  write(uuid: string): void;
}

/**
 * Opens a database by name. Throws `database is newer` when a newer build wrote it, and `database was replaced` when the canary
 * remembers one that is gone; pass `acceptReplaced` once the partner has been told.
 */
export async function openDatabase(
  name: string,
  options: { newId: () => string; canary?: Canary; acceptReplaced?: boolean },
): Promise<Database> {
  const { newId, canary, acceptReplaced = false } = options;
  const db = new Database(name);
  await db.open();
  if (db.backendDB().version > db.verno * 10) {
    db.close();
    throw new ProblemError(problem('database is newer', {}));
  }
  // Nearly always it is there, and whoever only reads need not wait for who writes.
  const meta = (await db.meta.get('database')) ?? (await firstMeta(db, newId(), acceptReplaced ? null : (canary?.read() ?? null)));
  if (meta === null || meta.schemaEpoch > SCHEMA_EPOCH) {
    db.close();
    throw new ProblemError(meta === null ? problem('database was replaced', {}) : problem('database is newer', {}));
  }
  db.uuid = meta.dbUuid;
  canary?.write(meta.dbUuid);
  return db;
}

/** Null, and nothing is written, where another database is remembered. */
function firstMeta(db: Database, dbUuid: string, remembered: string | null): Promise<MetaRecord | null> {
  return db.transaction('rw', db.meta, async () => {
    const found = await db.meta.get('database');
    if (found) return found;
    if (remembered) return null;
    const created: MetaRecord = { key: 'database', dbUuid, schemaEpoch: SCHEMA_EPOCH, lastSeq: 0 };
    await db.meta.add(created);
    return created;
  });
}
