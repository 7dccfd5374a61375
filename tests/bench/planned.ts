import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { planInWorkers } from '../../src/machines/plan-worker-actors';
import type { PlanCall } from '../../src/workers/plan.worker';
import type { Bench } from './bench.ts';
import { partnerWith, siteOf } from './month.ts';

/** The plans of a partner's whole month in workers, from the database to the answer; `each` is how many lines a customer has. */
export function planned(customers: number, each: number): Bench['contenders'] {
  return {
    ours: async ({ watch }) => {
      const db = await partnerWith(customers, each);
      const call: PlanCall = {
        database: db.name,
        customers: Array.from({ length: customers }, (_, at) => ({ product: 'proofpoint', site: siteOf(at) })),
        ...{ period: '2020-12', today: '2021-01-03', calendar: DEFAULT_CALENDAR },
      };
      const { value, ms, longestBlock } = await watch(() => planInWorkers(call, new AbortController().signal));
      await db.delete();
      const clean = value.filter(({ problems }) => problems.length === 0).length;
      if (clean !== customers) throw new Error(`${String(clean)} of ${String(customers)} customers have plans.`);
      return { ms, longestBlock };
    },
  };
}
