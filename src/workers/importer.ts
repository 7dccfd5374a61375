import type { ImporterReply } from '../domain/importing';
import { problem, ProblemError, problemOf } from '../domain/problem';
import type { Database } from '../storage/db';
import { openDatabase } from '../storage/open';
import { withImportLock } from '../storage/import-lock';
import { removeAbandoned } from '../storage/imports';
import { ImportSession } from './import-session';
import { ImporterOrder } from './messages';

/** The importer as the worker runs it: takes orders one after another and answers each; whatever goes wrong is answered too. */
export function importer(reply: (message: ImporterReply) => void): (order: unknown) => void {
  let session: ImportSession | null = null;
  let queue: Promise<void> = Promise.resolve();
  const obey = async (order: ImporterOrder): Promise<void> => {
    if (order.type === 'inspect') {
      const db = await open(order.database, order.uuid);
      await holdLock(db);
      await removeAbandoned(db, order.now);
      session = new ImportSession(db, reply);
      const files = await Promise.all(
        order.files.map(async ({ name, blob }) => ({ name, bytes: new Uint8Array(await blob.arrayBuffer()) })),
      );
      return session.inspect(files);
    }
    if (session === null) throw new ProblemError(problem('import was not started', {}));
    if (order.type === 'look again') return session.lookAgain(order.headerRow);
    if (order.type === 'stage') return session.stage(order.now, order.answers);
    return session.commit(order.now, order.complete);
  };
  return (order) => {
    queue = queue.then(async () => {
      try {
        await obey(ImporterOrder.parse(order));
      } catch (reason) {
        reply({ type: 'failed', problem: problemOf(reason) });
      }
    });
  };
}

/** Only the database that the page has open: one that was deleted meanwhile is not made anew. */
async function open(name: string, uuid: string): Promise<Database> {
  const db = await openDatabase(name, { newId: () => uuid, canary: { read: () => uuid, write: () => undefined } });
  if (db.uuid !== uuid) throw new ProblemError(problem('database was replaced', {}));
  return db;
}

/** Kept until the worker ends, so that no other tab sweeps what this one stages. */
function holdLock(db: Database): Promise<void> {
  return new Promise((resolve, reject) => {
    withImportLock(db, () => {
      resolve();
      return new Promise<never>(() => undefined);
    }).catch((reason: unknown) => reject(reason instanceof Error ? reason : new Error(String(reason))));
  });
}
