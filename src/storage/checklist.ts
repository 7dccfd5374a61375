import type { Day, Period } from '../domain/calendar';
import type { ChecklistFacts } from '../domain/checklist';
import type { DeliveryState } from '../domain/delivery';
import { versionFor } from '../domain/marketplace';
import { outcomesOf, type PlanOutcome } from '../domain/plan-outcome';
import { priceIndex } from '../domain/priced-line';
import { isSplit } from '../domain/split-plan';
import type { BoundFacts } from '../domain/unbound';
import { arrearsFacts } from './arrears';
import type { Database } from './db';
import { grouped } from './stored';

/** Everything stored that the checklist of a period rests on beside the standings, and whether anything was ever imported or connected. */
export interface MonthFactsOfChecklist extends Pick<ChecklistFacts, 'prices' | 'arrears' | 'bound' | 'outcomes'> {
  readonly imports: number;
  readonly connections: number;
}

export async function checklistFacts(db: Database, { period, today }: { period: Period; today: Day }): Promise<MonthFactsOfChecklist> {
  const [prices, arrears, bound, outcomes, imports, connections] = await Promise.all([
    db.prices.toArray(),
    arrearsFacts(db, today, period),
    boundFacts(db, period),
    planOutcomes(db, period),
    db.imports.where('state').equals('committed').count(),
    db.connections.count(),
  ]);
  return {
    ...{ prices: priceIndex(prices), arrears, bound, imports, connections },
    outcomes: [...outcomes.values()],
  };
}

/** What became of each plan that was confirmed for a period, by its id. */
export async function planOutcomes(db: Database, period: Period): Promise<ReadonlyMap<string, PlanOutcome>> {
  const plans = await db.plans.filter((record) => record.period === period).toArray();
  const rows = await db.deliveries
    .where('plan')
    .anyOf(plans.map(({ id }) => id))
    .toArray();
  const states = new Map<string, DeliveryState[]>();
  for (const { plan, state } of rows) states.set(plan, [...(states.get(plan) ?? []), state]);
  return outcomesOf(plans.map((record) => ({ ...record, requests: states.get(record.id) ?? [], splits: isSplit(record.plan) })));
}

/** The connection that each customer used last, the usual one of all, and every binding that holds in a period. */
async function boundFacts(db: Database, period: Period): Promise<BoundFacts> {
  const [connections, choices, synced, versions] = await Promise.all([
    db.connections.toArray(),
    db.choices.toArray(),
    db.synced.toArray(),
    db.bindings.toArray(),
  ]);
  const known = new Set(connections.map(({ id }) => id));
  const used = choices.filter(({ connection }) => known.has(connection)).sort((left, right) => (left.at < right.at ? -1 : 1));
  const live = synced.filter(({ connection, lines }) => known.has(connection) && lines.some(({ endedOn }) => endedOn === null));
  const usual = connections.length === 1 ? connections[0]?.id : used.at(-1)?.connection;
  const places = grouped(versions, ({ connection, product, subProduct }) => [connection, product, subProduct ?? ''].join('\u001f'));
  return {
    usedBy: new Map([...live, ...used].map(({ customer, connection }) => [customer, connection])),
    usual: usual ?? null,
    bindings: [...places.values()].flatMap((own) => versionFor(own, period) ?? []),
  };
}
