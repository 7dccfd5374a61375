import { numberOfDay, type Day } from './calendar';
import { NumberWriter } from './pack-number';
import { FIRST_ROWS, longer, TextWriter } from './pack-text';
import { shortened } from './run';
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
  readonly #texts = columnsOf(TEXT_COLUMNS, () => new TextWriter());
  readonly #numbers = columnsOf(NUMBER_COLUMNS, () => new NumberWriter());
  readonly #dayNumbers = new Map<Day, number>();

  /** False when a number does not fit beside the others: nothing was added then. */
  add(line: UsageLine): boolean {
    const row = this.rows;
    if (!this.#putNumbers(row, line)) {
      for (const column of Object.values(this.#numbers)) column.clear(row);
      return false;
    }
    this.#putTexts(row, line);
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

  /** Column by column and not in a loop: a property under a changing name costs more than all the rest of a row. */
  #putNumbers(row: number, line: UsageLine): boolean {
    const { quantity, unitPrice, unitCost, total, licences } = this.#numbers;
    return (
      (line.quantity === null || quantity.put(row, line.quantity)) &&
      (line.unitPrice === null || unitPrice.put(row, line.unitPrice)) &&
      (line.unitCost === null || unitCost.put(row, line.unitCost)) &&
      (line.total === null || total.put(row, line.total)) &&
      (line.licences === null || licences.put(row, line.licences))
    );
  }

  #putTexts(row: number, line: UsageLine): void {
    const texts = this.#texts;
    texts.site.put(row, line.site);
    texts.summary.put(row, line.summary);
    texts.account.put(row, line.account);
    texts.company.put(row, line.company);
    texts.product.put(row, line.product);
    texts.subProductId.put(row, line.subProductId);
    texts.subProductName.put(row, line.subProductName);
    texts.unit.put(row, line.unit);
    texts.currency.put(row, line.currency);
    texts.file.put(row, line.file);
  }

  chunk(importId: string, slice: number): UsageChunk {
    const rows = this.rows;
    const shared = { nothing: new Int8Array(rows).fill(-1), same: new Int8Array(rows) };
    const texts = columnsOf(TEXT_COLUMNS, (name) => this.#texts[name].packed(rows, shared));
    const numbers = columnsOf(NUMBER_COLUMNS, (name) => this.#numbers[name].packed(rows));
    const unsealed = {
      format: 2 as const,
      importId,
      slice,
      rows,
      days: shortened(this.#days.slice(0, rows)),
      row: shortened(this.#row.slice(0, rows)),
      trial: this.#trial.slice(0, (rows + 7) >> 3),
      texts,
      numbers,
    };
    const sums = columnsOf(NUMBER_COLUMNS, (name) => sumOf(numbers[name], rows));
    return { ...unsealed, sums, checksum: checksumOf(unsealed) };
  }

  #dayNumber(day: Day): number {
    const known = this.#dayNumbers.get(day);
    if (known !== undefined) return known;
    const number = numberOfDay(day);
    this.#dayNumbers.set(day, number);
    return number;
  }
}

function columnsOf<Name extends string, Column>(names: readonly Name[], make: (name: Name) => Column): Record<Name, Column> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Column>;
}
