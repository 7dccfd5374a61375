import { DEFAULT_CALENDAR, type BillingCalendar, type Period } from './calendar';
import type { Catalogue } from './catalogue';
import { dayOfScore, howOf, rangeOf, type Range } from './month-date';
import { collectEntries, type MonthEntries } from './month-entries';
import { MonthNames, type MonthPart, type NamedRows } from './month-names';
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

/** How a period is counted where it is not the usual way. */
export interface CountOptions {
  readonly calendar?: BillingCalendar;
  readonly billedBy?: ReadonlyMap<string, string>;
}

/**
 * Counts a period. Of each customer only the product's billing source counts (`billedBy`, else the source that was imported first);
 * of that source the date: a file final for the period, else the snapshot day, else the newest earlier date, else the earliest later one.
 * Where imports overlap on that date, the newer one's sub-products win; a `complete` one replaces all of its sites' counts.
 */
export function countMonth(imports: readonly UsageImport[], catalogue: Catalogue, period: Period, options: CountOptions = {}): MonthCount {
  const counter = new MonthCounter(catalogue, period, options);
  for (const usage of imports) counter.add(usage);
  return counter.count();
}

/** The same for imports that come one after another, in the order of `record.seq`: the next is read while one is taken in. */
export class MonthCounter {
  readonly #period: Period;
  readonly #range: Range;
  readonly #names: MonthNames;
  readonly #parts: MonthPart[] = [];
  readonly #named: NamedRows[] = [];

  constructor(catalogue: Catalogue, period: Period, { calendar = DEFAULT_CALENDAR, billedBy = new Map<string, string>() }: CountOptions) {
    this.#period = period;
    this.#range = rangeOf(period, calendar);
    this.#names = new MonthNames(catalogue, this.#range, billedBy);
  }

  /** Takes in what touches the period. */
  add({ record, chunks }: UsageImport): void {
    if (!record.periods.includes(this.#period)) return;
    for (const chunk of chunks) {
      const part = { chunk, record, final: record.final === this.#period };
      this.#parts.push(part);
      this.#named.push(this.#names.name(part));
    }
  }

  count(): MonthCount {
    const names = this.#names;
    const customers = names.customers.words;
    const how = new Uint8Array(customers.length);
    const day = new Int32Array(customers.length);
    for (let customer = 0; customer < customers.length; customer++) {
      const score = names.best[customer] ?? 0;
      how[customer] = howOf(score, this.#range);
      day[customer] = dayOfScore(score);
    }
    return {
      ...{ period: this.#period, customers, how, day, source: names.sources, subProducts: names.subProducts.words, chunks: this.#parts },
      ...{ billedBy: names.billing, compared: names.compared },
      ...collectEntries(this.#parts, this.#named, names, this.#range),
    };
  }
}
