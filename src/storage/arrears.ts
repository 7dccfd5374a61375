import type { ArrearsFacts } from '../domain/arrears';
import type { Connection } from '../domain/agreement';
import type { Day, Period } from '../domain/calendar';
import type { Database } from './db';
import { customersDecided } from './decided-lines';
import { ignoresOn } from './ignores';
import { thresholdFor, thresholds, type Thresholds } from './thresholds';

/** What Arrears Subscriptions shows beside the standings. */
export interface StoredArrears extends ArrearsFacts {
  readonly thresholds: Thresholds;
  readonly connections: readonly Connection[];
}

/** Ignores of a day, thresholds, and where each customer was synced last, or is about to be. */
export async function arrearsFacts(db: Database, today: Day, period: Period): Promise<StoredArrears> {
  const [ignores, limits, connections, choices, decided] = await Promise.all([
    ignoresOn(db, today),
    thresholds(db),
    db.connections.toArray(),
    db.choices.toArray(),
    customersDecided(db, period, today),
  ]);
  const known = new Set(connections.map(({ id }) => id));
  const newest = new Map<string, { readonly connection: string; readonly at: string }>();
  for (const { customer, connection, at } of choices) {
    if (known.has(connection) && (newest.get(customer)?.at ?? '') <= at) newest.set(customer, { connection, at });
  }
  return {
    ignores,
    thresholds: limits,
    thresholdOf: (product) => thresholdFor(limits, product),
    connectionOf: (customer) => newest.get(customer)?.connection ?? null,
    connections,
    decided,
  };
}
