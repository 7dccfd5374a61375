import { customerKey, type Customer } from '../domain/marketplace';
import type { Day } from '../domain/calendar';
import { ignoreOn, type Ignore } from '../domain/ignore';
import type { Database } from './db';
import { decide } from './decide';

/** The ignores that hold on a day, by customer. */
export async function ignoresOn(db: Database, today: Day): Promise<ReadonlyMap<string, Ignore>> {
  const versions = new Map<string, Ignore[]>();
  for (const version of await db.ignores.toArray()) {
    if (version.line !== undefined) continue;
    const key = customerKey(version);
    versions.set(key, [...(versions.get(key) ?? []), version]);
  }
  return new Map(
    [...versions].flatMap(([key, own]) => {
      const holds = ignoreOn(own, today);
      return holds === null ? [] : [[key, holds] as const];
    }),
  );
}

/** Leaves customers alone until the end of a day; null is until the partner takes it back. */
export function ignoreCustomers(
  db: Database,
  now: string,
  { customers, reason, until }: { readonly customers: readonly Customer[]; readonly reason: string; readonly until: Day | null },
): Promise<void> {
  return decide(db, now, ['ignores'], async ({ next, audit }) => {
    for (const { product, site } of customers) {
      await db.ignores.add({ product, site, reason, until, lifted: false, seq: next(), at: now });
      await audit('customer ignored', customerKey({ product, site }), { reason, until });
    }
  });
}

/** Takes the ignores of customers back. */
export function liftIgnores(db: Database, now: string, customers: readonly Customer[]): Promise<void> {
  return decide(db, now, ['ignores'], async ({ next, audit }) => {
    for (const { product, site } of customers) {
      await db.ignores.add({ product, site, reason: '', until: null, lifted: true, seq: next(), at: now });
      await audit('ignore taken back', customerKey({ product, site }), {});
    }
  });
}
