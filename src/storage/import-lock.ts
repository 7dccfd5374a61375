import { problem, ProblemError } from '../domain/problem';
import type { Database } from './db';

/** How long a tab that was just closed, or an import that was just cancelled, may take to let go. */
const PATIENCE = 3000;

/** Runs while no other tab imports into this database; throws `another import is running` when one does. Without Web Locks it just runs. */
export async function withImportLock<T>(db: Database, work: () => Promise<T>): Promise<T> {
  const locks = lockManager();
  if (locks === null) return work();
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    return await locks.request(nameOf(db), { signal }, work);
  } catch (error) {
    const waited = error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError');
    throw waited ? new ProblemError(problem('another import is running', {})) : error;
  }
}

/** Runs unless another tab is importing; with `wait` it is given a moment to end. Answers whether it ran. */
export async function unlessImporting(db: Database, options: { wait: boolean }, work: () => Promise<void>): Promise<boolean> {
  const locks = lockManager();
  if (locks === null) {
    await work();
    return true;
  }
  if (!options.wait) {
    return locks.request(nameOf(db), { ifAvailable: true }, async (lock) => {
      if (lock !== null) await work();
      return lock !== null;
    });
  }
  try {
    await withImportLock(db, work);
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'another import is running') return false;
    throw error;
  }
}

/** Null on plain http and in old browsers. */
function lockManager(): LockManager | null {
  return ((globalThis.navigator as Navigator | undefined)?.locks as LockManager | null | undefined) ?? null;
}

function nameOf(db: Database): string {
  return `tallyline import ${db.name}`;
}
