import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import type { PlanAnswer, PlanCall } from '../../src/workers/plan.worker';
import type { Bench } from './bench.ts';
import { partnerWith, siteOf } from './month.ts';

const CUSTOMERS = 2_000;

export const bench: Bench = {
  name: 'Plans and hashes for 2,000 customers with three lines each, in a worker, from the database to the answer',
  limits: [{ kind: 'ms', max: 1000 }],
  contenders: {
    ours: async ({ watch }) => {
      const db = await partnerWith(CUSTOMERS);
      const call: PlanCall = {
        database: db.name,
        customers: Array.from({ length: CUSTOMERS }, (_, at) => ({ product: 'proofpoint', site: siteOf(at) })),
        ...{ period: '2020-12', today: '2021-01-03', calendar: DEFAULT_CALENDAR },
      };
      const { value, ms, longestBlock } = await watch(() => planned(call));
      await db.delete();
      const clean = value.ok ? value.items.filter(({ problems }) => problems.length === 0).length : 0;
      if (clean !== CUSTOMERS) throw new Error(`${String(clean)} of ${String(CUSTOMERS)} customers have plans.`);
      return { ms, longestBlock };
    },
  },
};

function planned(call: PlanCall): Promise<PlanAnswer> {
  const worker = new Worker(new URL('../../src/workers/plan.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<PlanAnswer>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<PlanAnswer>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(call);
  }).finally(() => worker.terminate());
}
