import { numberOfDay, type Day } from './calendar';
import { NumberWriter } from './pack-number';
import { FIRST_ROWS, longer, TextWriter } from './pack-text';
import { checksumOf, sumOf } from './seal';
import { CHUNK_ROWS, NUMBER_COLUMNS, TEXT_COLUMNS, type UsageChunk, type UsageLine } from './usage';

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
    const shared = { nothing: new Int8Array(rows).fill(-1), same: new Int8Array(rows) };
    const zeros = new Int16Array(rows);
    const texts = Object.fromEntries(this.#texts.map(({ name, column }) => [name, column.packed(rows, shared)]));
    const numbers = Object.fromEntries(this.#numbers.map(({ name, column }) => [name, column.packed(rows, zeros)]));
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
    const sums = Object.fromEntries(NUMBER_COLUMNS.map((name) => [name, sumOf(unsealed.numbers[name])]));
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
