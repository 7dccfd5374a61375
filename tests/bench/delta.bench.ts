import { deltaOf } from '../../src/domain/month';
import { openDatabase } from '../../src/storage/db';
import { countedMonth } from '../../src/storage/month';
import type { Bench } from './bench.ts';
import { subProducts, usageOfTwoMonths } from './month.ts';

const CUSTOMERS = 2_000;
const SUBS = 50;
const LINES = CUSTOMERS * SUBS;

export const bench: Bench = {
  name: 'Month-over-month delta of 100,000 lines: read, counted and joined',
  limits: [
    { kind: 'ms', max: 50 },
    { kind: 'faster', than: 'rows in string maps', min: 1 },
  ],
  contenders: {
    ours: async ({ watch }) => {
      const db = await openDatabase(`bench-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
      await usageOfTwoMonths(db, CUSTOMERS, subProducts(SUBS));
      const { value, ms, longestBlock } = await watch(async () => {
        const { month, previous } = await countedMonth(db, '2020-12');
        return deltaOf(previous, month);
      });
      await db.delete();
      if (value.length !== LINES) throw new Error(`${String(value.length)} of ${String(LINES)} lines were compared.`);
      return { ms, longestBlock };
    },
    'rows in string maps': async ({ watch }) => {
      const rows = (extra: number) =>
        Array.from({ length: LINES }, (_, at) => ({
          site: `customer-${String(at)}`,
          sub: `sub-${String(at % 3)}`,
          quantity: 5 + (at % 40) + extra,
        }));
      const [before, after] = [rows(0), rows(1)];
      const { ms } = await watch(() => {
        const known = new Map(before.map(({ site, sub, quantity }) => [`${site} ${sub}`, quantity]));
        const changes = after.map(({ site, sub, quantity }) => quantity - (known.get(`${site} ${sub}`) ?? 0));
        return Promise.resolve(changes.length);
      });
      return ms;
    },
  },
};
