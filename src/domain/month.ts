import { DEFAULT_CALENDAR, firstDayOf, lastDayOf, numberOfDay, snapshotDayOf, type BillingCalendar, type Period } from './calendar';
import { customerFor, subProductKeyFor, type Catalogue } from './catalogue';
import { customerKey, customerOf } from './marketplace';
import { isValid, type ImportRecord, type UsageChunk } from './usage';

/** A committed import with its chunks, in the order of `record.seq`. */
export interface UsageImport {
  readonly record: ImportRecord;
  readonly chunks: readonly UsageChunk[];
}

/** How a customer's date was chosen; the numbers order the choices. */
export const HOW = { unknown: 0, late: 1, stale: 2, snapshot: 3, final: 4 } as const;

/**
 * The billable counts of one period in columns: for each customer the one date that bills, for each customer and sub-product of that
 * date the paid quantity (`quantity / 10^scale`, NaN where the source reported none). Rows stay where they are and are chained by `next`.
 */
export interface MonthCount {
  readonly period: Period;
  readonly customers: readonly string[];
  readonly how: Uint8Array;
  readonly day: Int32Array;
  readonly source: readonly string[];
  readonly subProducts: readonly string[];
  readonly entries: {
    readonly length: number;
    readonly customer: Int32Array;
    readonly subProduct: Int32Array;
    readonly quantity: Float64Array;
    readonly first: Int32Array;
  };
  readonly rows: { readonly chunk: Int32Array; readonly row: Int32Array; readonly next: Int32Array };
  readonly chunks: readonly { readonly chunk: UsageChunk; readonly record: ImportRecord }[];
  readonly scale: number;
  /** Per product the source that bills it. */
  readonly billedBy: ReadonlyMap<string, string>;
  /** Per product the sources that report it and do not bill it: they are compared, never added. */
  readonly compared: ReadonlyMap<string, ReadonlySet<string>>;
  /** Rows whose usage summary is not imported yet: they belong to nobody until it is. */
  readonly orphans: number;
  /** The sources of those rows. */
  readonly orphanSources: ReadonlySet<string>;
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
  const chunks = imports
    .filter(({ record }) => record.periods.includes(period))
    .flatMap(({ record, chunks: own }) => own.map((chunk) => ({ chunk, record })));
  const customers = new Numbering();
  const subProducts = new Numbering();
  const billing = new Map(billedBy);
  const compared = new Map<string, Set<string>>();
  const range = {
    from: numberOfDay(firstDayOf(period)),
    to: numberOfDay(lastDayOf(period)),
    snapshot: numberOfDay(snapshotDayOf(period, calendar)),
  };
  const named = chunks.map(({ chunk, record }) =>
    nameRows(chunk, record, record.final === period ? null : range, catalogue, { customers, subProducts, billing, compared }),
  );
  const chosen = chooseDates(chunks, named, customers.size, range, period);
  const collected = collectRows(chunks, named, customers.size, subProducts.size, chosen, range, period);
  const how = new Uint8Array(customers.size);
  const day = new Int32Array(customers.size);
  for (let customer = 0; customer < customers.size; customer++) {
    how[customer] = howOf(chosen.score[customer] ?? 0, range.snapshot);
    day[customer] = dayOfScore(chosen.score[customer] ?? 0);
  }
  return {
    period,
    customers: customers.words,
    how,
    day,
    source: customers.words.map((key) => billing.get(customerOf(key).product) ?? ''),
    subProducts: subProducts.words,
    billedBy: billing,
    compared,
    chunks,
    orphans: named.reduce((sum, { orphans }) => sum + orphans, 0),
    orphanSources: new Set(chunks.filter((_, index) => (named[index]?.orphans ?? 0) > 0).map(({ record }) => record.source)),
    ...collected,
  };
}

/** The quantities of two periods side by side; NaN is unknown, a sub-product that a counted customer does not report is 0. */
export interface MonthDelta {
  readonly length: number;
  /** Made when first asked for: most readers only want what changed. */
  readonly customer: readonly string[];
  readonly subProduct: readonly string[];
  readonly previous: Float64Array;
  readonly current: Float64Array;
  readonly changed: number;
}

/** Joins two counted periods over their columns; rows are those of either period, in the order of the newer one. */
export function deltaOf(before: MonthCount, after: MonthCount): MonthDelta {
  const customers = union(before.customers, after.customers);
  const subs = union(before.subProducts, after.subProducts);
  const width = subs.words.length;
  const slot = new Int32Array(customers.words.length * width);
  const size = before.entries.length + after.entries.length;
  const rowCustomer = new Int32Array(size);
  const rowSub = new Int32Array(size);
  const previous = new Float64Array(size);
  const current = new Float64Array(size);
  let length = 0;
  const fill = (month: MonthCount, mapC: Int32Array, mapS: Int32Array, into: Float64Array, factor: number) => {
    const { entries } = month;
    for (let entry = 0; entry < entries.length; entry++) {
      const customer = mapC[entries.customer[entry] ?? 0] ?? 0;
      const sub = mapS[entries.subProduct[entry] ?? 0] ?? 0;
      let row = (slot[customer * width + sub] ?? 0) - 1;
      if (row < 0) {
        row = length++;
        slot[customer * width + sub] = row + 1;
        rowCustomer[row] = customer;
        rowSub[row] = sub;
      }
      into[row] = (entries.quantity[entry] ?? NaN) * factor;
    }
  };
  const scale = Math.max(before.scale, after.scale);
  fill(after, customers.right, subs.right, current, 10 ** (scale - after.scale));
  fill(before, customers.left, subs.left, previous, 10 ** (scale - before.scale));
  const inBefore = presence(customers.words.length, customers.left);
  const inAfter = presence(customers.words.length, customers.right);
  let changed = 0;
  for (let row = 0; row < length; row++) {
    const customer = rowCustomer[row] ?? 0;
    if (inBefore[customer] === 0) previous[row] = NaN;
    if (inAfter[customer] === 0) current[row] = NaN;
    previous[row] = (previous[row] ?? NaN) / 10 ** scale;
    current[row] = (current[row] ?? NaN) / 10 ** scale;
    if (!Object.is(previous[row], current[row])) changed++;
  }
  const names = (index: Int32Array, words: readonly string[]) => Array.from({ length }, (_, row) => words[index[row] ?? 0] ?? '');
  let named: readonly string[] | null = null;
  let namedSubs: readonly string[] | null = null;
  return {
    length,
    get customer() {
      return (named ??= names(rowCustomer, customers.words));
    },
    get subProduct() {
      return (namedSubs ??= names(rowSub, subs.words));
    },
    previous,
    current,
    changed,
  };
}

interface NamedRows {
  /** Customer of each row, -1 where nobody's or another source bills; sub-product of each row. */
  readonly customer: Int32Array;
  readonly subProduct: Int32Array;
  readonly orphans: number;
}

class Numbering {
  readonly words: string[] = [];
  readonly #known = new Map<string, number>();
  get size(): number {
    return this.words.length;
  }
  of(word: string): number {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    this.#known.set(word, this.words.length);
    return this.words.push(word) - 1;
  }
}

/** Names the rows of a chunk; those outside the range (null is no range) belong to another period and to nobody here. */
function nameRows(
  chunk: UsageChunk,
  record: ImportRecord,
  range: Range | null,
  catalogue: Catalogue,
  numbering: {
    readonly customers: Numbering;
    readonly subProducts: Numbering;
    readonly billing: Map<string, string>;
    readonly compared: Map<string, Set<string>>;
  },
): NamedRows {
  const { customers, subProducts, billing, compared } = numbering;
  const { site, summary, product, subProductId, subProductName } = chunk.texts;
  const customer = new Int32Array(chunk.rows);
  const sub = new Int32Array(chunk.rows);
  const customerTable = tableOf((site.words.length + 1) * (summary.words.length + 1) * (product.words.length + 1));
  const subTable = tableOf((subProductId.words.length + 1) * (subProductName.words.length + 1) * (product.words.length + 1));
  const customerMap = new Map<number, number>();
  const subMap = new Map<number, number>();
  let lastWho = -1;
  let lastFound = UNSEEN;
  let orphans = 0;
  for (let row = 0; row < chunk.rows; row++) {
    const day = chunk.days[row] ?? 0;
    if (range !== null && (day < range.from || day > range.to)) {
      customer[row] = -1;
      continue;
    }
    const siteIndex = site.index[row] ?? -1;
    const summaryIndex = summary.index[row] ?? -1;
    const productIndex = product.index[row] ?? -1;
    const who = ((siteIndex + 1) * (summary.words.length + 1) + summaryIndex + 1) * (product.words.length + 1) + productIndex + 1;
    let found = who === lastWho ? lastFound : ((customerTable === null ? customerMap.get(who) : customerTable[who]) ?? UNSEEN);
    if (found === UNSEEN) {
      const named = customerFor(catalogue, record.source, {
        site: site.words[siteIndex] ?? null,
        summary: summary.words[summaryIndex] ?? null,
        product: product.words[productIndex] ?? null,
      });
      if (named === null) found = -2;
      else {
        if (!billing.has(named.product)) billing.set(named.product, record.source);
        const bills = billing.get(named.product) === record.source;
        if (!bills) compared.set(named.product, (compared.get(named.product) ?? new Set<string>()).add(record.source));
        found = bills ? customers.of(customerKey(named)) : -1;
      }
      if (customerTable === null) customerMap.set(who, found);
      else customerTable[who] = found;
    }
    lastWho = who;
    lastFound = found;
    if (found === -2) orphans++;
    customer[row] = found < 0 ? -1 : found;
    const idIndex = subProductId.index[row] ?? -1;
    const nameIndex = subProductName.index[row] ?? -1;
    const what = ((idIndex + 1) * (subProductName.words.length + 1) + nameIndex + 1) * (product.words.length + 1) + productIndex + 1;
    let known = (subTable === null ? subMap.get(what) : subTable[what]) ?? UNSEEN;
    if (known === UNSEEN) {
      known = subProducts.of(
        subProductKeyFor(catalogue, record.source, {
          id: subProductId.words[idIndex] ?? null,
          name: subProductName.words[nameIndex] ?? '',
          product: product.words[productIndex] ?? null,
        }),
      );
      if (subTable === null) subMap.set(what, known);
      else subTable[what] = known;
    }
    sub[row] = known;
  }
  return { customer, subProduct: sub, orphans };
}

/** Few combinations are kept in an array: a hundred thousand look-ups in a Map cost more than the counting. */
const MOST_COMBINATIONS = 4_000_000;
const UNSEEN = -0x80000000;

function tableOf(size: number): Int32Array | null {
  return size > MOST_COMBINATIONS ? null : new Int32Array(size).fill(UNSEEN);
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly snapshot: number;
}
const FINAL = 3_000_000;
const ON_TIME = 2_000_000;
const LATE = 1_000_000;

/** Rises with preference: late dates towards the snapshot day, then earlier dates towards it, then a final file. 0 is another period. */
function scoreOf(day: number, final: boolean, range: Range): number {
  if (final) return FINAL + day;
  if (day < range.from || day > range.to) return 0;
  return day <= range.snapshot ? ON_TIME + day : LATE - day + 500_000;
}

function dayOfScore(score: number): number {
  if (score >= FINAL) return score - FINAL;
  if (score >= ON_TIME) return score - ON_TIME;
  return score === 0 ? 0 : LATE + 500_000 - score;
}

function howOf(score: number, snapshot: number): number {
  if (score >= FINAL) return HOW.final;
  if (score >= ON_TIME) return dayOfScore(score) === snapshot ? HOW.snapshot : HOW.stale;
  return score === 0 ? HOW.unknown : HOW.late;
}

function chooseDates(chunks: MonthCount['chunks'], named: readonly NamedRows[], size: number, range: Range, period: Period) {
  const score = new Int32Array(size);
  for (let index = 0; index < chunks.length; index++) {
    const part = chunks[index];
    const customer = named[index]?.customer;
    if (part === undefined || customer === undefined) continue;
    const { days, rows } = part.chunk;
    const final = part.record.final === period;
    let lastDay = NaN;
    let own = 0;
    for (let row = 0; row < rows; row++) {
      const who = customer[row] ?? -1;
      if (who < 0) continue;
      const day = days[row] ?? 0;
      if (day !== lastDay) {
        lastDay = day;
        own = scoreOf(day, final, range);
      }
      if (own > (score[who] ?? 0)) score[who] = own;
    }
  }
  return { score };
}

function collectRows(
  chunks: MonthCount['chunks'],
  named: readonly NamedRows[],
  customerCount: number,
  subCount: number,
  chosen: { readonly score: Int32Array },
  range: Range,
  period: Period,
): Pick<MonthCount, 'entries' | 'rows' | 'scale'> {
  const total = chunks.reduce((sum, { chunk }) => sum + chunk.rows, 0);
  const scale = chunks.reduce((most, { chunk }) => Math.max(most, chunk.numbers.quantity.scale), 0);
  const entryOf = new Int32Array(customerCount * subCount);
  const entryCustomer = new Int32Array(total);
  const entrySub = new Int32Array(total);
  const quantity = new Float64Array(total);
  const first = new Int32Array(total);
  const seq = new Float64Array(total);
  const completeSeq = new Float64Array(customerCount);
  const rowChunk = new Int32Array(total);
  const rowIndex = new Int32Array(total);
  const next = new Int32Array(total).fill(-1);
  let entries = 0;
  let rows = 0;
  let complete = false;
  for (let index = 0; index < chunks.length; index++) {
    const part = chunks[index];
    const names = named[index];
    if (part === undefined || names === undefined) continue;
    const { chunk, record } = part;
    const { customer, subProduct } = names;
    const { days, trial } = chunk;
    const { values, valid, scale: own } = chunk.numbers.quantity;
    const final = record.final === period;
    const factor = 10 ** (scale - own);
    let lastDay = NaN;
    let score = 0;
    complete ||= record.complete;
    for (let row = 0; row < chunk.rows; row++) {
      const who = customer[row] ?? -1;
      if (who < 0) continue;
      const day = days[row] ?? 0;
      if (day !== lastDay) {
        lastDay = day;
        score = scoreOf(day, final, range);
      }
      if (score !== chosen.score[who]) continue;
      const what = subProduct[row] ?? 0;
      const slot = who * subCount + what;
      let entry = (entryOf[slot] ?? 0) - 1;
      if (entry < 0) {
        entry = entries++;
        entryOf[slot] = entry + 1;
        entryCustomer[entry] = who;
        entrySub[entry] = what;
        first[entry] = -1;
      } else if (record.seq > (seq[entry] ?? 0)) {
        first[entry] = -1;
        quantity[entry] = 0;
      }
      seq[entry] = record.seq;
      if (record.complete) completeSeq[who] = record.seq;
      rowChunk[rows] = index;
      rowIndex[rows] = row;
      next[rows] = first[entry] ?? -1;
      first[entry] = rows++;
      if (isValid(trial, row)) continue;
      quantity[entry] = isValid(valid, row) ? (quantity[entry] ?? 0) + (values[row] ?? NaN) * factor : NaN;
    }
  }
  const all = { length: entries, customer: entryCustomer, subProduct: entrySub, quantity, first };
  const kept = complete ? dropReplaced(all, seq, completeSeq) : cutTo(all, entries);
  return { entries: kept, rows: { chunk: rowChunk, row: rowIndex, next }, scale };
}

/** A complete import says that its sites reported nothing else on that date: older counts beside it are true zeros. */
function dropReplaced(
  entries: { length: number; customer: Int32Array; subProduct: Int32Array; quantity: Float64Array; first: Int32Array },
  seq: Float64Array,
  completeSeq: Float64Array,
): MonthCount['entries'] {
  let kept = 0;
  for (let entry = 0; entry < entries.length; entry++) {
    if ((seq[entry] ?? 0) < (completeSeq[entries.customer[entry] ?? 0] ?? 0)) continue;
    entries.customer[kept] = entries.customer[entry] ?? 0;
    entries.subProduct[kept] = entries.subProduct[entry] ?? 0;
    entries.quantity[kept] = entries.quantity[entry] ?? 0;
    entries.first[kept] = entries.first[entry] ?? 0;
    kept++;
  }
  return cutTo(entries, kept);
}

function cutTo({ customer, subProduct, quantity, first }: MonthCount['entries'], length: number): MonthCount['entries'] {
  return {
    length,
    customer: customer.subarray(0, length),
    subProduct: subProduct.subarray(0, length),
    quantity: quantity.subarray(0, length),
    first: first.subarray(0, length),
  };
}

function union(left: readonly string[], right: readonly string[]) {
  const words = new Numbering();
  return {
    words: words.words,
    right: Int32Array.from(right, (word) => words.of(word)),
    left: Int32Array.from(left, (word) => words.of(word)),
  };
}

function presence(size: number, index: Int32Array): Uint8Array {
  const present = new Uint8Array(size);
  for (const at of index) present[at] = 1;
  return present;
}
