import type { Day } from '../domain/calendar';
import { ignoreOn, type Ignore } from '../domain/ignore';
import type { ReconciledLine } from '../domain/reconcile';
import { write, type Database } from './db';

/** The ignores of single lines that hold on a day, by the key of the reconciled line. */
export async function lineIgnoresOn(db: Database, today: Day): Promise<ReadonlyMap<string, Ignore>> {
  const versions = new Map<string, Ignore[]>();
  for (const version of await db.ignores.toArray()) {
    if (version.line === undefined) continue;
    versions.set(version.line, [...(versions.get(version.line) ?? []), version]);
  }
  return new Map(
    [...versions].flatMap(([line, own]) => {
      const holds = ignoreOn(own, today);
      return holds === null ? [] : [[line, holds] as const];
    }),
  );
}

/** Leaves one line alone until the partner takes it back. */
export function ignoreLine(db: Database, now: string, { key, customer, name }: ReconciledLine, reason: string): Promise<void> {
  return write(db, now, ['ignores'], async ({ next, audit }) => {
    await db.ignores.add({ ...(customer ?? NOBODY), line: key, reason, until: null, lifted: false, seq: next(), at: now });
    await audit('line ignored', key, { name, reason });
  });
}

/** Takes it back. */
export function liftLineIgnore(db: Database, now: string, { key, customer, name }: ReconciledLine): Promise<void> {
  return write(db, now, ['ignores'], async ({ next, audit }) => {
    await db.ignores.add({ ...(customer ?? NOBODY), line: key, reason: '', until: null, lifted: true, seq: next(), at: now });
    await audit('ignore of a line taken back', key, { name });
  });
}

/** A line that nobody remembers belongs to no customer yet. */
const NOBODY = { product: '', site: '' } as const;
