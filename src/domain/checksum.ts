/**
 * A fast 64-bit checksum of typed arrays and words, as 16 hex digits. It finds damage, not forgery: whoever wants the latter hashes
 * bytes with SHA-256.
 */
export class Checksum {
  #low = 0x811c9dc5;
  #high = 0x9e3779b9;
  readonly #read = new Map<Column, { readonly low: number; readonly high: number }>();

  /** Columns that are one array, as a structured clone keeps them, are read once. */
  array(values: Column): this {
    const known = this.#read.get(values) ?? digestOf(values);
    this.#read.set(values, known);
    return this.number(known.low).number(known.high).number(values.length);
  }

  text(text: string): this {
    let low = this.#low;
    for (let index = 0; index < text.length; index++) low = Math.imul(low ^ text.charCodeAt(index), 0x01000193);
    this.#low = low;
    return this.number(text.length);
  }

  number(value: number): this {
    this.#low = Math.imul(this.#low ^ value, 0x01000193);
    this.#high = Math.imul(this.#high ^ value ^ this.#low, 0x85ebca6b);
    return this;
  }

  get hex(): string {
    return [this.#low, this.#high].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

type Column = Int32Array | Float64Array | Uint8Array;

function digestOf(values: Column): { low: number; high: number } {
  const whole = values.byteLength >>> 2;
  const words =
    values.byteOffset % 4 === 0
      ? new Uint32Array(values.buffer, values.byteOffset, whole)
      : new Uint32Array(values.slice().buffer, 0, whole);
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let index = 0; index < whole; index++) {
    const word = words[index] ?? 0;
    low = Math.imul(low ^ word, 0x01000193);
    high = Math.imul((high ^ word) + index, 0x85ebca6b);
    high ^= high >>> 15;
  }
  const bytes = new Uint8Array(values.buffer, values.byteOffset + whole * 4, values.byteLength - whole * 4);
  for (const byte of bytes) low = Math.imul(low ^ byte, 0x01000193);
  return { low, high };
}
