import { scoreOf, type Range } from './month-date';
import { NOBODY, ORPHAN, type MonthNames, type MonthPart, type NamedRows } from './month-names';
import { spread } from './run';
import { isValid, type UsageChunk } from './usage';

/**
 * For each customer and sub-product of the date that bills the paid quantity (`quantity / 10^scale`, NaN where the source reported
 * none) and its rows: `first`, then `rows.next` of that, until -1 or nothing. They are numbered through all chunks; `rows.starts` has each
 * chunk's first. `at` finds an entry: `at[customer * sub-products + subProduct]` is its number + 1, 0 is none.
 */
export interface MonthEntries {
  readonly entries: {
    readonly length: number;
    readonly customer: Int32Array;
    readonly subProduct: Int32Array;
    readonly quantity: Float64Array;
    readonly first: Int32Array;
    readonly at: Int32Array;
  };
  readonly rows: { readonly starts: readonly number[]; readonly next: Int32Array };
  readonly scale: number;
  /** Rows whose usage summary is not imported yet: they belong to nobody until it is. */
  readonly orphans: number;
  /** The sources of those rows. */
  readonly orphanSources: ReadonlySet<string>;
}

/** Collects the rows that bill. Where imports overlap, the newer one's sub-products win; a `complete` one replaces all of its sites' counts. */
export function collectEntries(parts: readonly MonthPart[], named: readonly NamedRows[], names: MonthNames, range: Range): MonthEntries {
  const total = parts.reduce((sum, { chunk }) => sum + chunk.rows, 0);
  const at = new Int32Array(names.customers.size * names.subProducts.size);
  const most = Math.min(total, at.length);
  const book: Book = {
    ...{ parts, starts: [], length: 0, at, width: names.subProducts.size },
    ...{ customer: new Int32Array(most), subProduct: new Int32Array(most), quantity: new Float64Array(most), first: new Int32Array(most) },
    ...{ total, next: new Int32Array(0) },
    scale: parts.reduce((finest, { chunk }) => Math.max(finest, chunk.numbers.quantity.scale), 0),
    completeSeq: new Float64Array(names.customers.size),
  };
  let start = 0;
  let orphans = 0;
  const orphanSources = new Set<string>();
  for (const [index, part] of parts.entries()) {
    const rows = named[index];
    if (rows === undefined) continue;
    book.starts.push(start);
    const own = collect(book, part, rows, start, names.best, range);
    if (own > 0) orphanSources.add(part.record.source);
    orphans += own;
    start += part.chunk.rows;
  }
  if (parts.some(({ record }) => record.complete)) dropReplaced(book);
  const { length, customer, subProduct, quantity, first, starts, next, scale } = book;
  const cut = <A extends Int32Array | Float64Array>(column: A) => column.subarray(0, length) as A;
  return {
    entries: { length, customer: cut(customer), subProduct: cut(subProduct), quantity: cut(quantity), first: cut(first), at },
    rows: { starts, next },
    ...{ scale, orphans, orphanSources },
  };
}

interface Book {
  readonly parts: readonly MonthPart[];
  readonly starts: number[];
  readonly at: Int32Array;
  readonly width: number;
  readonly customer: Int32Array;
  readonly subProduct: Int32Array;
  readonly quantity: Float64Array;
  readonly first: Int32Array;
  /** Made when the first entry has a second row. */
  next: Int32Array;
  readonly total: number;
  readonly scale: number;
  /** Per customer the newest complete import that has rows of its date. */
  readonly completeSeq: Float64Array;
  length: number;
}

/** Enters the rows of one chunk that lie on their customer's date; answers how many of the period's rows are orphans. */
function collect(book: Book, part: MonthPart, named: NamedRows, start: number, best: readonly number[], range: Range): number {
  const { chunk, record, final } = part;
  const { customers, subProducts } = named;
  const { index: who, shift: whoShift } = named.who;
  const { index: what, shift: whatShift } = named.what;
  const { at, width, customer, subProduct, quantity, first } = book;
  const { rows, trial } = chunk;
  const { valid, scale } = chunk.numbers.quantity;
  const days = spread(chunk.days, rows);
  const values = spread(chunk.numbers.quantity.values, rows);
  const { complete, seq } = record;
  const factor = 10 ** (book.scale - scale);
  const plain = everyRowPays(chunk);
  let orphans = 0;
  let day = NaN;
  let score = 0;
  let last = -1;
  let whom = NOBODY;
  let counts = false;
  let length = book.length;
  for (let row = 0; row < rows; row++) {
    const key = (who[row] ?? 0) + whoShift;
    if (key !== last || days[row] !== day) {
      if (days[row] !== day) {
        day = days[row] ?? 0;
        score = scoreOf(day, final, range);
      }
      last = key;
      whom = score === 0 ? NOBODY : (customers[key] ?? NOBODY);
      counts = whom >= 0 && score === best[whom];
      if (counts && complete) book.completeSeq[whom] = seq;
    }
    if (!counts) {
      if (whom === ORPHAN) orphans++;
      continue;
    }
    const thing = subProducts[(what[row] ?? 0) + whatShift] ?? 0;
    const slot = whom * width + thing;
    let entry = (at[slot] ?? 0) - 1;
    if (entry < 0) {
      entry = length++;
      at[slot] = length;
      customer[entry] = whom;
      subProduct[entry] = thing;
      first[entry] = start + row;
      if (plain) quantity[entry] = (values[row] ?? NaN) * factor;
    } else {
      chain(book, entry, start + row, seq);
      if (plain) quantity[entry] = (quantity[entry] ?? NaN) + (values[row] ?? NaN) * factor;
    }
    if (plain || isValid(trial, row)) continue;
    quantity[entry] = isValid(valid, row) ? (quantity[entry] ?? NaN) + (values[row] ?? NaN) * factor : NaN;
  }
  book.length = length;
  return orphans;
}

/** Puts a row before the others of its entry; a newer import's row replaces them. */
function chain(book: Book, entry: number, row: number, seq: number): void {
  const { parts, starts, total, quantity, first } = book;
  const before = first[entry] ?? -1;
  first[entry] = row;
  if (seq > seqOfRow(parts, starts, before)) {
    quantity[entry] = 0;
    return;
  }
  if (book.next.length === 0) book.next = new Int32Array(total).fill(-1);
  book.next[row] = before;
}

function seqOfRow(parts: readonly MonthPart[], starts: readonly number[], row: number): number {
  return parts[partOfRow(starts, row)]?.record.seq ?? 0;
}

/** The chunk in which a row of a month lies. */
export function partOfRow(starts: readonly number[], row: number): number {
  let part = starts.length - 1;
  while (part > 0 && (starts[part] ?? 0) > row) part--;
  return part;
}

/** No trial and no missing quantity: the usual chunk, whose bits need no second look. */
function everyRowPays({ rows, trial, numbers }: UsageChunk): boolean {
  if (trial.some((bits) => bits !== 0)) return false;
  const { valid } = numbers.quantity;
  const whole = rows >> 3;
  for (let at = 0; at < whole; at++) if (valid[at] !== 0xff) return false;
  for (let row = whole << 3; row < rows; row++) if (!isValid(valid, row)) return false;
  return true;
}

/** A complete import says that its sites reported nothing else on that date: older counts beside it are true zeros. */
function dropReplaced(book: Book): void {
  const { parts, starts, at, width, customer, subProduct, quantity, first, completeSeq } = book;
  let kept = 0;
  for (let entry = 0; entry < book.length; entry++) {
    const whom = customer[entry] ?? 0;
    const thing = subProduct[entry] ?? 0;
    const row = first[entry] ?? 0;
    const replaced = seqOfRow(parts, starts, row) < (completeSeq[whom] ?? 0);
    at[whom * width + thing] = replaced ? 0 : kept + 1;
    if (replaced) continue;
    customer[kept] = whom;
    subProduct[kept] = thing;
    quantity[kept] = quantity[entry] ?? 0;
    first[kept] = row;
    kept++;
  }
  book.length = kept;
}
