import { cmp, type Table } from 'dexie';
import { shiftPeriod, type BillingCalendar, type Day, type Period } from '../domain/calendar';
import { catalogueOf } from '../domain/catalogue';
import type { Json } from '../domain/canonical';
import { standingsOf, type ProductStanding } from '../domain/standing';
import { billingSourcesIn } from './billing-source';
import { REMEMBERED, type Database } from './db';
import { rowBefore } from './journal';
import { committedUsage, countedFrom, type CountedMonth } from './month';

type RowOf<T> = T extends Table<infer Row, infer _> ? Row : never;

/** The remembered tables as they stood after a record. */
export type TablesThen = { readonly [Name in (typeof REMEMBERED)[number]]: readonly RowOf<Database[Name]>[] };

/** The newest record of an instant or before it; 0 where there is none. */
export async function recordAt(db: Database, instant: string): Promise<number> {
  const numbers = await db.audit.where('at').belowOrEqual(instant).primaryKeys();
  return numbers.reduce((newest, seq) => Math.max(newest, seq), 0);
}

/**
 * The tables as they stood after a record: today's rows, and for each that was touched since what the journal kept of it before the first
 * touch, back through every later one. A version whose own number is later was not there, whatever the journal knows of it.
 */
export async function tablesThen(db: Database, record: number): Promise<TablesThen> {
  const [since, now] = await db.transaction('r', ['journal', ...REMEMBERED], () =>
    Promise.all([db.journal.where('seq').above(record).sortBy('seq'), Promise.all(REMEMBERED.map((name) => placesIn(db, name)))]),
  );
  const tables = new Map(REMEMBERED.map((name, at) => [name as string, new Map(now[at]?.map((one) => [JSON.stringify(one.key), one]))]));
  for (const { rows } of since.reverse())
    for (const row of rows) {
      const places = tables.get(row.table);
      const place = JSON.stringify(row.key);
      places?.set(place, { key: row.key, row: rowBefore(row, places.get(place)?.row ?? null) });
    }
  const rowsThen = [...tables].map(([name, places]) => {
    const held = [...places.values()].filter(({ row }) => wasThere(row, record));
    return [name, held.sort((left, right) => cmp(left.key, right.key)).map(({ row }) => row)];
  });
  return Object.fromEntries(rowsThen) as TablesThen;
}

async function placesIn(db: Database, name: string): Promise<Place[]> {
  const table = db.table<Json, Json>(name);
  const [rows, keys] = await Promise.all([table.toArray(), table.toCollection().primaryKeys()]);
  return rows.map((row, at) => ({ key: keys[at] ?? null, row }));
}

/** A row by its key; null where there was none. */
interface Place {
  readonly key: Json;
  readonly row: Json;
}

function wasThere(row: Json, record: number): boolean {
  const seq = row === null ? Infinity : (row as { readonly seq?: Json }).seq;
  return typeof seq !== 'number' || seq <= record;
}

/** Which month, and after which record. `today` is the day of the one who looked. */
export interface ThenQuestion {
  readonly period: Period;
  readonly record: number;
  readonly today: Day;
  readonly calendar: BillingCalendar;
}

/** A month counted from the imports that were there after a record, by the names and sources of then. */
export async function countedThen(
  db: Database,
  tables: TablesThen,
  { period, record, calendar }: Omit<ThenQuestion, 'today'>,
): Promise<CountedMonth> {
  const imported = await committedUsage(db, [period, shiftPeriod(period, -1)]);
  const usage = imported.filter((one) => one.record.seq <= record);
  return countedFrom({ usage, names: catalogueOf(tables), billedBy: billingSourcesIn(tables.settings) }, period, calendar);
}

/** The standing of every customer in a month as it was known after a record: `monthStanding` of then, but for the PSA's agreements. */
export async function standingThen(db: Database, tables: TablesThen, asked: ThenQuestion): Promise<ProductStanding[]> {
  const { today, calendar } = asked;
  const { companies, assignments, synced, prices, rules } = tables;
  const counted = await countedThen(db, tables, asked);
  return standingsOf({ ...counted, companies, assignments, synced, prices, rules, today, calendar });
}
