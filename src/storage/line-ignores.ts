import type { Day } from '../domain/calendar';
import { ignoreOn, type Ignore } from '../domain/ignore';
import { customerKey, type Customer } from '../domain/marketplace';
import type { ReconciledLine } from '../domain/reconcile';
import type { Database } from './db';
import { decide } from './decide';

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
export function ignoreLine(db: Database, now: string, line: ReconciledLine, reason: string): Promise<void> {
  return decide(db, now, ['ignores'], async ({ next, audit }) => {
    await db.ignores.add({ ...placeOf(line), line: line.key, reason, until: null, lifted: false, seq: next(), at: now });
    await audit('line ignored', customerKey(placeOf(line)), { line: line.key, name: line.name, reason });
  });
}

/** Takes it back. */
export function liftLineIgnore(db: Database, now: string, line: ReconciledLine): Promise<void> {
  return decide(db, now, ['ignores'], async ({ next, audit }) => {
    await db.ignores.add({ ...placeOf(line), line: line.key, reason: '', until: null, lifted: true, seq: next(), at: now });
    await audit('ignore of a line taken back', customerKey(placeOf(line)), { line: line.key, name: line.name });
  });
}

/** A line that nobody remembers belongs to no customer yet: it stands for itself. */
function placeOf({ customer, key }: ReconciledLine): Customer {
  return customer ?? { product: '', site: key };
}
