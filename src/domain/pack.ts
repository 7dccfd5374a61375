import { dayOf, numberOfDay, type Day } from './calendar';
import { Checksum } from './checksum';
import { fromScaled, type Decimal } from './decimal';
import { problem, ProblemError } from './problem';
import {
  CHUNK_ROWS,
  isValid,
  NUMBER_COLUMNS,
  TEXT_COLUMNS,
  type NumberColumn,
  type PackedNumber,
  type PackedText,
  type TextColumn,
  type UsageChunk,
  type UsageLine,
} from './usage';

/**
 * Packs usage lines into chunks, in order. `add` answers a chunk whenever one is full (50,000 rows, or earlier when a number could
 * no longer share an exact scale with the others), `finish` the last one. Throws on a number that is not `isPackable`.
 */
export class UsagePacker {
  readonly #importId: string;
  #slice = 0;
  #columns = new Columns();

  constructor(importId: string) {
    this.#importId = importId;
  }

  /** Slices that are full by now. */
  get slices(): number {
    return this.#slice;
  }

  add(line: UsageLine): UsageChunk | null {
    if (this.#columns.rows < CHUNK_ROWS && this.#columns.add(line)) return null;
    const full = this.#seal();
    if (!this.#columns.add(line)) throw new RangeError('a usage line holds a number that cannot be kept exactly');
    return full;
  }

  finish(): UsageChunk | null {
    return this.#columns.rows === 0 ? null : this.#seal();
  }

  #seal(): UsageChunk {
    const chunk = this.#columns.chunk(this.#importId, this.#slice++);
    this.#columns = new Columns();
    return chunk;
  }
}

/** True when a number can be kept exactly: a whole number of at most 2^53 at its own scale, with at most 15 digits behind the point. */
export function isPackable(value: Decimal): boolean {
  return readScaled(value);
}

/** The usage line of a row, exactly as it was packed. */
export function unpackLine(chunk: UsageChunk, row: number): UsageLine {
  const text = (column: TextColumn) => wordOf(chunk.texts[column], row);
  const number = (column: NumberColumn) => decimalOfRow(chunk.numbers[column], row);
  return {
    date: dayOf(chunk.days[row] ?? 0),
    site: text('site'),
    summary: text('summary'),
    account: text('account'),
    company: text('company'),
    product: text('product'),
    subProductId: text('subProductId'),
    subProductName: text('subProductName') ?? '',
    unit: text('unit'),
    currency: text('currency'),
    quantity: number('quantity'),
    unitPrice: number('unitPrice'),
    unitCost: number('unitCost'),
    total: number('total'),
    licences: number('licences'),
    trial: isValid(chunk.trial, row),
    file: text('file') ?? '',
    row: chunk.row[row] ?? 0,
  };
}

/** Throws `record is damaged` unless the columns are as long as they say, and checksum and sums are what was packed. */
export function verifyChunk(chunk: UsageChunk): UsageChunk {
  const whole =
    (chunk.format as number) === 1 &&
    [
      chunk.days,
      chunk.row,
      ...TEXT_COLUMNS.map((name) => chunk.texts[name].index),
      ...NUMBER_COLUMNS.map((name) => chunk.numbers[name].values),
    ].every((column) => column.length === chunk.rows) &&
    checksumOf(chunk) === chunk.checksum &&
    NUMBER_COLUMNS.every((name) => sumOf(chunk.numbers[name], chunk.rows) === chunk.sums[name]);
  if (!whole) throw new ProblemError(problem('record is damaged', { what: `usage ${chunk.importId} ${chunk.slice}` }));
  return chunk;
}

class Columns {
  rows = 0;
  #days = new Int32Array(FIRST_ROWS);
  #row = new Int32Array(FIRST_ROWS);
  readonly #trial = new Uint8Array((CHUNK_ROWS + 7) >> 3);
  readonly #texts = TEXT_COLUMNS.map((name) => ({ name, column: new TextWriter() }));
  readonly #numbers = NUMBER_COLUMNS.map((name) => ({ name, column: new NumberWriter() }));
  readonly #dayNumbers = new Map<Day, number>();

  /** False when a number does not fit beside the others: nothing was added then. */
  add(line: UsageLine): boolean {
    const row = this.rows;
    for (const { name, column } of this.#numbers) {
      const value = line[name];
      if (value !== null && !column.put(row, value)) {
        for (const { column: other } of this.#numbers) other.clear(row);
        return false;
      }
    }
    for (const { name, column } of this.#texts) column.put(row, line[name]);
    if (row === this.#row.length) {
      this.#days = longer(this.#days, new Int32Array(row * 2));
      this.#row = longer(this.#row, new Int32Array(row * 2));
    }
    this.#days[row] = this.#dayNumber(line.date);
    this.#row[row] = line.row;
    if (line.trial) this.#trial[row >> 3] = (this.#trial[row >> 3] ?? 0) | (1 << (row & 7));
    this.rows++;
    return true;
  }

  chunk(importId: string, slice: number): UsageChunk {
    const rows = this.rows;
    const shared: Shared = { nothing: new Int32Array(rows).fill(-1), same: new Int32Array(rows), zeros: new Float64Array(rows) };
    const texts = Object.fromEntries(this.#texts.map(({ name, column }) => [name, column.packed(rows, shared)]));
    const numbers = Object.fromEntries(this.#numbers.map(({ name, column }) => [name, column.packed(rows, shared)]));
    const unsealed = {
      format: 1 as const,
      importId,
      slice,
      rows,
      days: this.#days.slice(0, rows),
      row: this.#row.slice(0, rows),
      trial: this.#trial.slice(0, (rows + 7) >> 3),
      texts: texts as UsageChunk['texts'],
      numbers: numbers as UsageChunk['numbers'],
    };
    const sums = Object.fromEntries(NUMBER_COLUMNS.map((name) => [name, sumOf(unsealed.numbers[name], rows)]));
    return { ...unsealed, sums: sums as UsageChunk['sums'], checksum: checksumOf(unsealed) };
  }

  #dayNumber(day: Day): number {
    const known = this.#dayNumbers.get(day);
    if (known !== undefined) return known;
    const number = numberOfDay(day);
    this.#dayNumbers.set(day, number);
    return number;
  }
}

/** Columns without any value, or with one value in every row, share an array, which a structured clone then stores once. */
interface Shared {
  readonly nothing: Int32Array;
  readonly same: Int32Array;
  readonly zeros: Float64Array;
}

class TextWriter {
  readonly #words: string[] = [];
  readonly #known = new Map<string, number>();
  #index = new Int32Array(FIRST_ROWS);
  #lastText: string | null = null;
  #last = -1;
  #nulls = 0;

  put(row: number, text: string | null): void {
    if (row === this.#index.length) this.#index = longer(this.#index, new Int32Array(row * 2));
    if (text === null) {
      this.#index[row] = -1;
      this.#nulls++;
      return;
    }
    if (text !== this.#lastText) {
      this.#last = this.#known.get(text) ?? this.#learn(text);
      this.#lastText = text;
    }
    this.#index[row] = this.#last;
  }

  packed(rows: number, shared: Shared): PackedText {
    if (this.#nulls === rows) return { words: [], index: shared.nothing };
    if (this.#nulls === 0 && this.#words.length === 1) return { words: this.#words, index: shared.same };
    return { words: this.#words, index: this.#index.slice(0, rows) };
  }

  /** A fresh copy of the word: a slice would keep the whole file's text alive. */
  #learn(text: string): number {
    const word = [...text].join('');
    this.#known.set(word, this.#words.length);
    return this.#words.push(word) - 1;
  }
}

class NumberWriter {
  #values = new Float64Array(FIRST_ROWS);
  readonly #valid = new Uint8Array((CHUNK_ROWS + 7) >> 3);
  #filled = 0;
  #scale = 0;
  #largest = 0;

  put(row: number, value: Decimal): boolean {
    if (!readScaled(value)) return false;
    const scale = Math.max(this.#scale, scaledScale);
    const own = scaledValue * powerOfTen(scale - scaledScale);
    const others = this.#largest * powerOfTen(scale - this.#scale);
    if (Math.abs(own) > Number.MAX_SAFE_INTEGER || others > Number.MAX_SAFE_INTEGER) return false;
    if (scale > this.#scale) this.#rescale(row, scale);
    if (row >= this.#values.length) this.#values = longer(this.#values, new Float64Array(capacityFor(row)));
    this.#values[row] = own;
    this.#valid[row >> 3] = (this.#valid[row >> 3] ?? 0) | (1 << (row & 7));
    this.#largest = Math.max(this.#largest, Math.abs(own));
    this.#filled++;
    return true;
  }

  /** Takes back what a refused row had put. */
  clear(row: number): void {
    if (!isValid(this.#valid, row)) return;
    this.#values[row] = 0;
    this.#valid[row >> 3] = (this.#valid[row >> 3] ?? 0) & ~(1 << (row & 7));
    this.#filled--;
  }

  packed(rows: number, shared: Shared): PackedNumber {
    const valid = this.#valid.slice(0, (rows + 7) >> 3);
    return {
      scale: this.#scale,
      values: this.#filled === 0 ? shared.zeros : longer(this.#values.subarray(0, rows), new Float64Array(rows)),
      valid,
    };
  }

  #rescale(rows: number, scale: number): void {
    const factor = powerOfTen(scale - this.#scale);
    const filled = Math.min(rows, this.#values.length);
    for (let row = 0; row < filled; row++) this.#values[row] = (this.#values[row] ?? 0) * factor;
    this.#largest *= factor;
    this.#scale = scale;
  }
}

/** Columns begin small and double: most imports are small. */
const FIRST_ROWS = 512;

function capacityFor(row: number): number {
  let capacity = FIRST_ROWS;
  while (capacity <= row) capacity *= 2;
  return capacity;
}

function longer<A extends Int32Array | Float64Array>(short: A, long: A): A {
  long.set(short);
  return long;
}

const POWERS = Array.from({ length: 16 }, (_, power) => 10 ** power);

function powerOfTen(power: number): number {
  return POWERS[power] ?? Infinity;
}

let scaledValue = 0;
let scaledScale = 0;

/** Reads a canonical decimal into `scaledValue / 10^scaledScale`, without a new object for each of a million numbers. */
function readScaled(decimal: Decimal): boolean {
  let value = 0;
  let scale = -1;
  const negative = decimal.charCodeAt(0) === MINUS;
  for (let at = negative ? 1 : 0; at < decimal.length; at++) {
    const code = decimal.charCodeAt(at);
    if (code === POINT) scale = 0;
    else {
      value = value * 10 + (code - ZERO_CODE);
      if (scale >= 0) scale++;
      if (value > Number.MAX_SAFE_INTEGER) return false;
    }
  }
  scaledValue = negative ? -value : value;
  scaledScale = Math.max(scale, 0);
  return scaledScale <= 15;
}

const MINUS = 45;
const POINT = 46;
const ZERO_CODE = 48;

function wordOf({ words, index }: PackedText, row: number): string | null {
  return words[index[row] ?? -1] ?? null;
}

function decimalOfRow({ scale, values, valid }: PackedNumber, row: number): Decimal | null {
  return isValid(valid, row) ? fromScaled(values[row] ?? 0, scale) : null;
}

/** Adds in doubles as long as that is exact, else in BigInt. Rows without a value hold 0. */
function sumOf({ scale, values }: PackedNumber, rows: number): Decimal {
  let whole = 0n;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const value = values[row] ?? 0;
    if (Math.abs(sum) + Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      whole += BigInt(sum);
      sum = 0;
    }
    sum += value;
  }
  whole += BigInt(sum);
  return scaledBigInt(whole, scale);
}

function scaledBigInt(value: bigint, scale: number): Decimal {
  const small = Number(value);
  if (Number.isSafeInteger(small)) return fromScaled(small, scale);
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const fraction = scale === 0 ? '' : digits.slice(-scale).replace(/0+$/, '');
  const whole = scale === 0 ? digits : digits.slice(0, -scale);
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}` as Decimal;
}

function checksumOf(chunk: Omit<UsageChunk, 'sums' | 'checksum'>): string {
  const sum = new Checksum()
    .text(chunk.importId)
    .number(chunk.slice)
    .number(chunk.rows)
    .array(chunk.days)
    .array(chunk.row)
    .array(chunk.trial);
  for (const name of TEXT_COLUMNS) {
    const { words, index } = chunk.texts[name];
    for (const word of words) sum.text(word);
    sum.array(index);
  }
  for (const name of NUMBER_COLUMNS) {
    const { scale, values, valid } = chunk.numbers[name];
    sum.number(scale).array(values).array(valid);
  }
  return sum.hex;
}
