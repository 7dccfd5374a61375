import type { PackedText } from './usage';

/** Rows with the same texts in some columns have the same key: `index[row] + shift`, from 0 up to `size`. At most `distinct` occur. */
export interface RowKeys {
  readonly index: PackedText['index'];
  readonly shift: number;
  readonly size: number;
  readonly distinct: number;
}

/** The keys of a chunk's rows over some of its columns. Where only one of them varies they are that column's own numbers. */
export function rowKeysOf(columns: readonly [PackedText, ...PackedText[]]): RowKeys {
  const [first = columns[0], ...others] = columns.filter((column) => !isConstant(column));
  const { words, index } = first;
  return others.reduce<RowKeys>(paired, { index, shift: 1, size: words.length + 1, distinct: words.length + (index.includes(-1) ? 1 : 0) });
}

/**
 * The first row of each key, in order; null where only reading all rows would tell. A column learns its words in the order of its
 * rows, so that each is first found behind the one before it.
 */
export function firstRowsOf({ index, shift, size }: RowKeys): number[] | null {
  if (shift === 0) return null;
  const firsts = [index.indexOf(-1)];
  for (let word = 0, row = 0; word < size - 1; word++) firsts.push((row = index.indexOf(word, row)));
  return firsts.filter((row) => row >= 0).sort((left, right) => left - right);
}

function isConstant({ words, index }: PackedText): boolean {
  return words.length === 0 || (words.length === 1 && !index.includes(-1));
}

/** Few pairs are numbered by multiplying: a hundred thousand look-ups in a Map cost more than the counting. */
const MOST_PAIRS = 1_000_000;

function paired(left: RowKeys, right: PackedText): RowKeys {
  const width = right.words.length + 1;
  const size = left.size * width;
  const index = new Int32Array(right.index.length);
  const known = size > MOST_PAIRS ? new Map<number, number>() : null;
  for (let row = 0; row < index.length; row++) {
    const pair = ((left.index[row] ?? -1) + left.shift) * width + (right.index[row] ?? -1) + 1;
    index[row] = known === null ? pair : numberOf(known, pair);
  }
  const keys = known?.size ?? size;
  return { index, shift: 0, size: keys, distinct: keys };
}

function numberOf(known: Map<number, number>, pair: number): number {
  const number = known.get(pair) ?? known.size;
  if (number === known.size) known.set(pair, number);
  return number;
}
