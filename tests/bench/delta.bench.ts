import Dexie, { type Table } from 'dexie';
import { deltaOf } from '../../src/domain/month-delta';
import { CHUNK_ROWS } from '../../src/domain/usage';
import { openDatabase } from '../../src/storage/open';
import { countedMonth } from '../../src/storage/month';
import type { Bench } from './bench.ts';
import { siteOf, subProducts, usageOfTwoMonths } from './month.ts';

const CUSTOMERS = 2_000;
const SUBS = 50;
const LINES = CUSTOMERS * SUBS;
const CHANGED = LINES / 2;

interface Row {
  readonly site: string;
  readonly sub: string;
  readonly quantity: number;
}

/**
 * 'ours' reads, verifies, counts and joins both months from a database that this page has not read before. Its rivals join the same
 * lines, already counted, as objects in a Map with a string key: one reads them from IndexedDB first, in the way that suits objects
 * best (50,000 in one record, one getAll), the other has them in memory and reads nothing.
 */
export const bench: Bench = {
  name: 'Month-over-month delta of 100,000 lines: read, counted and joined',
  limits: [
    { kind: 'ms', max: 50 },
    { kind: 'ms', figure: 'longestBlock', max: 50 },
    { kind: 'ratio', of: 'rows read and joined in a string map', max: 0.25 },
    { kind: 'faster', than: 'rows in memory joined in a string map', min: 1 },
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
      assertJoined(value);
      return { ms, longestBlock };
    },
    'rows read and joined in a string map': async ({ watch }) => {
      const db = new Dexie('rows');
      db.version(1).stores({ months: '[month+slice], month' });
      await db.open();
      const months: Table<{ readonly month: number; readonly slice: number; readonly rows: readonly Row[] }> = db.table('months');
      for (const month of [0, 1]) {
        const rows = rowsOf(month);
        for (let slice = 0; slice * CHUNK_ROWS < LINES; slice++) {
          await months.add({ month, slice, rows: rows.slice(slice * CHUNK_ROWS, (slice + 1) * CHUNK_ROWS) });
        }
      }
      const { value, ms } = await watch(async () => {
        const read = async (month: number) => (await months.where('month').equals(month).toArray()).flatMap(({ rows }) => rows);
        const [before, after] = await Promise.all([read(0), read(1)]);
        return joined(before, after);
      });
      await db.delete();
      assertJoined(value);
      return ms;
    },
    'rows in memory joined in a string map': async ({ watch }) => {
      const [before, after] = [rowsOf(0), rowsOf(1)];
      const { value, ms } = await watch(() => Promise.resolve(joined(before, after)));
      assertJoined(value);
      return ms;
    },
  },
};

/** The lines of `usageOfTwoMonths`, one object each. */
function rowsOf(month: number): Row[] {
  return Array.from({ length: LINES }, (_, row) => {
    const at = Math.floor(row / SUBS);
    return { site: siteOf(at), sub: `proofpoint-${String(row % SUBS)}`, quantity: 5 + (row % 40) + (month === 1 && at % 2 === 0 ? 1 : 0) };
  });
}

function joined(before: readonly Row[], after: readonly Row[]): { length: number; changed: number } {
  const known = new Map(before.map(({ site, sub, quantity }) => [`${site} ${sub}`, quantity]));
  const changes = after.map(({ site, sub, quantity }) => quantity - (known.get(`${site} ${sub}`) ?? NaN));
  return { length: changes.length, changed: changes.filter((change) => change !== 0).length };
}

function assertJoined({ length, changed }: { readonly length: number; readonly changed: number }): void {
  if (length !== LINES || changed !== CHANGED) throw new Error(`${String(length)} lines were compared, ${String(changed)} changed.`);
}
