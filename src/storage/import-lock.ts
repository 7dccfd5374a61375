import { problem, ProblemError } from '../domain/problem';
import type { Database } from './db';
import { sweepStaged } from './imports';

/** Runs while no other tab imports into this database; throws `another import is running` when one does. Without Web Locks it just runs. */
export async function withImportLock<T>(db: Database, work: () => Promise<T>): Promise<T> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks as LockManager | undefined;
  if (locks === undefined) return work();
  return locks.request(nameOf(db), { ifAvailable: true }, async (lock) => {
    if (lock === null) throw new ProblemError(problem('another import is running', {}));
    return work();
  });
}

/** Sweeps staged imports unless another tab is importing; with `wait` as soon as it is not. At the start and after a cancel. */
export async function sweepAbandoned(db: Database, now: string, options: { wait?: boolean } = {}): Promise<void> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks as LockManager | undefined;
  if (locks === undefined) return void (await sweepStaged(db, now));
  await locks.request(nameOf(db), { ifAvailable: options.wait !== true }, async (lock) => {
    if (lock !== null) await sweepStaged(db, now);
  });
}

function nameOf(db: Database): string {
  return `tallyline import ${db.name}`;
}
