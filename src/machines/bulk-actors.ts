import { createActor, fromPromise } from 'xstate';
import type { BillingCalendar, Day, Period } from '../domain/calendar';
import type { Customer } from '../domain/marketplace';
import { problem, ProblemError } from '../domain/problem';
import type { BulkItem } from '../domain/sync-bulk';
import { connectionOf } from '../storage/connections';
import type { Database } from '../storage/db';
import { confirmPlans } from '../storage/plans';
import type { PlanCall } from '../workers/plan.worker';
import { bulk, type Bulk } from './bulk';
import { planInWorkers } from './plan-worker-actors';

export interface BulkMeans {
  readonly db: Database;
  readonly now: () => string;
  readonly today: () => Day;
  readonly period: () => Period;
  readonly calendar: BillingCalendar;
  /** Receives the plans as soon as they are made. */
  readonly found: (items: readonly BulkItem[]) => void;
  /** Plans without a worker, for surroundings that have none. */
  readonly plan?: (call: PlanCall, signal: AbortSignal) => Promise<readonly BulkItem[]>;
}

/** The sync of all clean customers, started and idle. */
export function startBulk(means: BulkMeans): Bulk {
  let items: readonly BulkItem[] = [];
  let effectiveDate: Day | null = null;
  const plan = means.plan ?? planInWorkers;
  const machine = bulk.provide({
    actors: {
      plan: fromPromise(async ({ input, signal }) => {
        effectiveDate = input.effectiveDate;
        items = await plan(callOf(means, input.customers, effectiveDate), signal);
        means.found(items);
        const clean = items.filter(({ problems }) => problems.length === 0).length;
        return { clean, left: items.length - clean };
      }),
      confirm: fromPromise(async ({ signal }) => {
        const clean = items.filter(({ problems }) => problems.length === 0).map(({ customer }) => customer);
        const again = await plan({ ...callOf(means, clean, effectiveDate), withBases: true }, signal);
        const shown = new Set(plansOf(items));
        const same = plansOf(again).length === shown.size && plansOf(again).every((id) => shown.has(id));
        if (same) return confirmAll(means, again);
        items = [...again, ...items.filter(({ problems }) => problems.length > 0)];
        means.found(items);
        throw new ProblemError(problem('plan changed meanwhile', {}));
      }),
    },
  });
  return createActor(machine).start();
}

/** The plans that would be confirmed, by their ids. */
function plansOf(items: readonly BulkItem[]): string[] {
  return items.filter(({ problems }) => problems.length === 0).flatMap(({ plans }) => plans.map(({ plan }) => plan.id));
}

function callOf({ db, today, period, calendar }: BulkMeans, customers: readonly Customer[], effectiveDate: Day | null): PlanCall {
  return { database: db.name, customers, period: period(), today: today(), calendar, effectiveDate };
}

/** One plan set for each connection, each in its own transaction. */
async function confirmAll({ db, now, today }: BulkMeans, items: readonly BulkItem[]): Promise<readonly string[]> {
  const sets: string[] = [];
  for (const id of new Set(items.map((item) => item.connection))) {
    const plans = items.filter((item) => item.connection === id && item.problems.length === 0).flatMap((item) => item.plans);
    const connection = id === null ? undefined : await connectionOf(db, id);
    if (connection === undefined || plans.length === 0) continue;
    const records = await confirmPlans(db, now(), { plans, connection, today: today() });
    sets.push(records.at(-1)?.set ?? '');
  }
  return sets;
}
