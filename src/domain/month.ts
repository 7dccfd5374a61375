import { DEFAULT_CALENDAR, type BillingCalendar, type Period } from './calendar';
import type { Catalogue } from './catalogue';
import { dayOfScore, howOf, rangeOf } from './month-date';
import { collectEntries, type MonthEntries } from './month-entries';
import { MonthNames, type MonthPart } from './month-names';
import type { ImportRecord, UsageChunk } from './usage';

/** A committed import with its chunks, in the order of `record.seq`. */
export interface UsageImport {
  readonly record: ImportRecord;
  readonly chunks: readonly UsageChunk[];
}

/** The billable counts of one period in columns: for each customer the one date that bills and how it was chosen (`HOW`), with its entries. */
export interface MonthCount extends MonthEntries {
  readonly period: Period;
  readonly customers: readonly string[];
  readonly how: Uint8Array;
  readonly day: Int32Array;
  readonly source: readonly string[];
  readonly subProducts: readonly string[];
  readonly chunks: readonly MonthPart[];
  /** Per product the source that bills it. */
  readonly billedBy: ReadonlyMap<string, string>;
  /** Per product the sources that report it and do not bill it: they are compared, never added. */
  readonly compared: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Counts a period. Of each customer only the product's billing source counts (`billedBy`, else the source that was imported first);
 * of that source the date: a file final for the period, else the snapshot day, else the newest earlier date, else the earliest later one.
 * Where imports overlap on that date, the newer one's sub-products win; a `complete` one replaces all of its sites' counts.
 */
export function countMonth(
  imports: readonly UsageImport[],
  catalogue: Catalogue,
  period: Period,
  options: { calendar?: BillingCalendar; billedBy?: ReadonlyMap<string, string> } = {},
): MonthCount {
  const { calendar = DEFAULT_CALENDAR, billedBy = new Map<string, string>() } = options;
  const range = rangeOf(period, calendar);
  const chunks = imports
    .filter(({ record }) => record.periods.includes(period))
    .flatMap(({ record, chunks: own }) => own.map((chunk) => ({ chunk, record, final: record.final === period })));
  const names = new MonthNames(catalogue, range, billedBy);
  const named = chunks.map((part) => names.name(part));
  const customers = names.customers.words;
  const how = new Uint8Array(customers.length);
  const day = new Int32Array(customers.length);
  for (let customer = 0; customer < customers.length; customer++) {
    const score = names.best[customer] ?? 0;
    how[customer] = howOf(score, range);
    day[customer] = dayOfScore(score);
  }
  return {
    period,
    customers,
    how,
    day,
    source: names.sources,
    subProducts: names.subProducts.words,
    chunks,
    billedBy: names.billing,
    compared: names.compared,
    ...collectEntries(chunks, named, names, range),
  };
}
