import type { MonthCount } from './month';
import { Numbering } from './numbering';

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

/** Joins two counted periods over their columns; rows are those of the newer period, then what only the older one has. */
export function deltaOf(before: MonthCount, after: MonthCount): MonthDelta {
  const customers = joined(after.customers, before.customers);
  const subProducts = joined(after.subProducts, before.subProducts);
  const counted = after.entries.length;
  const previous = new Float64Array(counted);
  setUnknown(previous, after, customers.numbers);
  const gone = setKnown(previous, before, after, customers.numbers, subProducts.numbers);
  const length = counted + gone.length;
  const all = { previous: extended(previous, length), current: extended(quantities(after), length) };
  for (const [at, entry] of gone.entries()) {
    all.previous[counted + at] = (before.entries.quantity[entry] ?? NaN) / 10 ** before.scale;
    all.current[counted + at] = (customers.numbers[before.entries.customer[entry] ?? 0] ?? 0) < after.customers.length ? 0 : NaN;
  }
  const namesOf = (column: 'customer' | 'subProduct', { words, numbers }: Joined) => {
    const own = Array.from(after.entries[column], (number) => words[number] ?? '');
    return own.concat(gone.map((entry) => words[numbers[before.entries[column][entry] ?? 0] ?? 0] ?? ''));
  };
  let customer: readonly string[] | null = null;
  let subProduct: readonly string[] | null = null;
  return {
    length,
    get customer() {
      return (customer ??= namesOf('customer', customers));
    },
    get subProduct() {
      return (subProduct ??= namesOf('subProduct', subProducts));
    },
    ...all,
    changed: changesOf(all.previous, all.current),
  };
}

interface Joined {
  readonly words: readonly string[];
  readonly numbers: Int32Array;
}

/** The words of both months, the newer one's first and under their own numbers; `numbers` has those of the older one's words. */
function joined(after: readonly string[], before: readonly string[]): Joined {
  const numbers = new Int32Array(before.length);
  let alike = 0;
  while (alike < before.length && before[alike] === after[alike]) numbers[alike] = alike++;
  if (alike === before.length) return { words: after, numbers };
  const words = new Numbering();
  for (const word of after) words.of(word);
  for (const [at, word] of before.entries()) numbers[at] = words.of(word);
  return { words: words.words, numbers };
}

function quantities({ entries, scale }: MonthCount): Float64Array {
  if (scale === 0) return entries.quantity;
  const unit = 10 ** scale;
  return entries.quantity.map((quantity) => quantity / unit);
}

/** A customer whom nobody counted before was not 0. */
function setUnknown(previous: Float64Array, { customers, entries }: MonthCount, before: Int32Array): void {
  const known = new Uint8Array(customers.length);
  for (const number of before) known[number] = 1;
  if (!known.includes(0)) return;
  for (let row = 0; row < previous.length; row++) if (known[entries.customer[row] ?? 0] === 0) previous[row] = NaN;
}

/** Sets what the older month counted of the newer one's rows; answers its entries that the newer one has not. */
function setKnown(previous: Float64Array, before: MonthCount, after: MonthCount, customers: Int32Array, subProducts: Int32Array): number[] {
  const { length, customer, subProduct, quantity } = before.entries;
  const { at } = after.entries;
  const width = after.subProducts.length;
  const counted = after.customers.length;
  const unit = 10 ** before.scale;
  const gone: number[] = [];
  for (let entry = 0; entry < length; entry++) {
    const whom = customers[customer[entry] ?? 0] ?? 0;
    const thing = subProducts[subProduct[entry] ?? 0] ?? 0;
    const row = whom < counted && thing < width ? (at[whom * width + thing] ?? 0) - 1 : -1;
    if (row < 0) gone.push(entry);
    else previous[row] = (quantity[entry] ?? NaN) / unit;
  }
  return gone;
}

function extended(column: Float64Array, length: number): Float64Array {
  if (column.length === length) return column;
  const longer = new Float64Array(length);
  longer.set(column);
  return longer;
}

function changesOf(previous: Float64Array, current: Float64Array): number {
  let changed = 0;
  for (let row = 0; row < current.length; row++) {
    const before = previous[row] ?? NaN;
    const after = current[row] ?? NaN;
    if (before !== after && !(Number.isNaN(before) && Number.isNaN(after))) changed++;
  }
  return changed;
}
