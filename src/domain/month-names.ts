import { customerFor, subProductKeyFor, type Catalogue } from './catalogue';
import { customerKey } from './marketplace';
import { scoreOf, type Range } from './month-date';
import { Numbering } from './numbering';
import { isConstant, numberAt, spread } from './run';
import { firstRowsOf, rowKeysOf, type RowKeys } from './row-keys';
import type { ImportRecord, PackedText, UsageChunk } from './usage';

/** A chunk of an import that touches the period; `final` when the import is final for it. */
export interface MonthPart {
  readonly chunk: UsageChunk;
  readonly record: ImportRecord;
  readonly final: boolean;
}

/** Whom and what the rows of one chunk count: `customers[who]` is below 0 for nobody's rows, `subProducts[what]` a number. */
export interface NamedRows {
  readonly who: RowKeys;
  readonly what: RowKeys;
  readonly customers: Int32Array;
  readonly subProducts: Int32Array;
}

/** Rows whose usage summary is not imported yet. */
export const ORPHAN = -2;
/** Rows of another period, or of a source that does not bill. */
export const NOBODY = -1;
const UNSEEN = -3;

/** Gives every customer and sub-product of a period its number, in the order of the rows, and every customer the date that bills. */
export class MonthNames {
  readonly customers = new Numbering();
  readonly subProducts = new Numbering();
  readonly compared = new Map<string, Set<string>>();
  readonly billing: Map<string, string>;
  /** Per customer the score of its date. */
  readonly best: number[] = [];
  /** Per customer the source that bills it. */
  readonly sources: string[] = [];
  readonly #catalogue: Catalogue;
  readonly #range: Range;

  constructor(catalogue: Catalogue, range: Range, billedBy: ReadonlyMap<string, string>) {
    this.#catalogue = catalogue;
    this.#range = range;
    this.billing = new Map(billedBy);
  }

  /** Reads one chunk. Rows of other periods name nobody here. */
  name({ chunk, record, final }: MonthPart): NamedRows {
    const { site, summary, product, subProductId, subProductName } = chunk.texts;
    const who = rowKeysOf([site, summary, product]);
    const what = rowKeysOf([subProductName, subProductId, product]);
    const scoreOn = (day: number) => scoreOf(day, final, this.#range);
    return {
      ...{ who, customers: this.#customersIn(chunk, record.source, who, scoreOn) },
      ...{ what, subProducts: this.#subProductsIn(chunk, record.source, what, scoreOn) },
    };
  }

  /** Where every row has the same day, the first row of a customer says all. */
  #customersIn(chunk: UsageChunk, source: string, who: RowKeys, scoreOn: (day: number) => number): Int32Array {
    const { index, shift, size } = who;
    const customers = new Int32Array(size).fill(UNSEEN);
    const { best } = this;
    const days = spread(chunk.days, chunk.rows);
    const firsts = isConstant(chunk.days) ? firstRowsOf(who) : null;
    const looks = firsts?.length ?? chunk.rows;
    let day = NaN;
    let score = 0;
    let last = -1;
    for (let look = 0; look < looks; look++) {
      const row = firsts === null ? look : (firsts[look] ?? 0);
      const key = (index[row] ?? 0) + shift;
      if (key === last && days[row] === day) continue;
      last = key;
      if (days[row] !== day) {
        day = days[row] ?? 0;
        score = scoreOn(day);
      }
      if (score === 0) continue;
      if (customers[key] === UNSEEN) customers[key] = this.#customer(source, chunk, row);
      const customer = customers[key] ?? UNSEEN;
      if (customer >= 0 && score > (best[customer] ?? 0)) best[customer] = score;
    }
    return customers;
  }

  /** Ends as soon as every key was seen, which is long before the last row. */
  #subProductsIn(
    chunk: UsageChunk,
    source: string,
    { index, shift, size, distinct }: RowKeys,
    scoreOn: (day: number) => number,
  ): Int32Array {
    const subProducts = new Int32Array(size).fill(UNSEEN);
    const { days, rows } = chunk;
    let seen = 0;
    for (let row = 0; row < rows && seen < distinct; row++) {
      const key = (index[row] ?? 0) + shift;
      if (subProducts[key] !== UNSEEN || scoreOn(numberAt(days, row)) === 0) continue;
      subProducts[key] = this.#subProduct(source, chunk, row);
      seen++;
    }
    return subProducts;
  }

  #customer(source: string, { texts }: UsageChunk, row: number): number {
    const named = customerFor(this.#catalogue, source, {
      site: wordOf(texts.site, row),
      summary: wordOf(texts.summary, row),
      product: wordOf(texts.product, row),
    });
    if (named === null) return ORPHAN;
    const bills = this.billing.get(named.product) ?? source;
    this.billing.set(named.product, bills);
    if (bills === source) {
      const customer = this.customers.of(customerKey(named));
      this.sources[customer] = source;
      return customer;
    }
    this.compared.set(named.product, (this.compared.get(named.product) ?? new Set<string>()).add(source));
    return NOBODY;
  }

  #subProduct(source: string, { texts }: UsageChunk, row: number): number {
    const id = wordOf(texts.subProductId, row);
    const name = wordOf(texts.subProductName, row) ?? '';
    return this.subProducts.of(subProductKeyFor(this.#catalogue, source, { id, name, product: wordOf(texts.product, row) }));
  }
}

function wordOf({ words, index }: PackedText, row: number): string | null {
  return words[index[row] ?? -1] ?? null;
}
