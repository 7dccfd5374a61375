import type { Decimal } from './decimal';
import { FIRST_ROWS, longer } from './pack-text';
import { shortened } from './run';
import { powerOfTen, readScaled, scaled } from './scaled';
import { CHUNK_ROWS, isValid, type PackedNumber } from './usage';

/** Takes the numbers of one column, row by row, at the smallest scale that keeps all of them exactly. */
export class NumberWriter {
  #values = new Float64Array(FIRST_ROWS);
  readonly #valid = new Uint8Array((CHUNK_ROWS + 7) >> 3);
  #filled = 0;
  #scale = 0;
  #largest = 0;

  /** False when the number does not fit beside the others: nothing was put then. */
  put(row: number, value: Decimal): boolean {
    if (!readScaled(value)) return false;
    const scale = Math.max(this.#scale, scaled.scale);
    const own = scaled.value * powerOfTen(scale - scaled.scale);
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

  /** The column as a run, or in the narrowest array that holds it. */
  packed(rows: number): PackedNumber {
    const valid = this.#valid.slice(0, (rows + 7) >> 3);
    return { scale: this.#scale, values: this.#filled === 0 ? { first: 0, step: 0 } : shortened(this.#narrow(rows)), valid };
  }

  #narrow(rows: number): Int16Array | Int32Array | Float64Array {
    const values = this.#largest < 2 ** 15 ? new Int16Array(rows) : this.#largest < 2 ** 31 ? new Int32Array(rows) : new Float64Array(rows);
    values.set(this.#values.subarray(0, rows));
    return values;
  }

  #rescale(rows: number, scale: number): void {
    const factor = powerOfTen(scale - this.#scale);
    const filled = Math.min(rows, this.#values.length);
    for (let row = 0; row < filled; row++) this.#values[row] = (this.#values[row] ?? 0) * factor;
    this.#largest *= factor;
    this.#scale = scale;
  }
}

function capacityFor(row: number): number {
  let capacity = FIRST_ROWS;
  while (capacity <= row) capacity *= 2;
  return capacity;
}
