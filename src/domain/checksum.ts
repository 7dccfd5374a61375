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
    return this.number(known.low).number(known.high).number(values.BYTES_PER_ELEMENT).number(values.length);
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

type Column = Int8Array | Int16Array | Int32Array | Float64Array | Uint8Array;

const PRIME_1 = 0x9e3779b1 | 0;
const PRIME_2 = 0x85ebca77 | 0;
const PRIME_3 = 0xc2b2ae3d | 0;

/** The rounds of xxHash32: four lanes that a processor computes side by side. A change of one word always changes its lane. */
function digestOf(values: Column): { low: number; high: number } {
  const whole = values.byteLength >>> 2;
  const words =
    values.byteOffset % 4 === 0 ? new Int32Array(values.buffer, values.byteOffset, whole) : new Int32Array(values.slice().buffer, 0, whole);
  let one = 0x24234428;
  let two = PRIME_2;
  let three = 0;
  let four = 0x61c8864f;
  let index = 0;
  for (; index + 3 < whole; index += 4) {
    one = (one + Math.imul(words[index] ?? 0, PRIME_2)) | 0;
    two = (two + Math.imul(words[index + 1] ?? 0, PRIME_2)) | 0;
    three = (three + Math.imul(words[index + 2] ?? 0, PRIME_2)) | 0;
    four = (four + Math.imul(words[index + 3] ?? 0, PRIME_2)) | 0;
    one = Math.imul((one << 13) | (one >>> 19), PRIME_1);
    two = Math.imul((two << 13) | (two >>> 19), PRIME_1);
    three = Math.imul((three << 13) | (three >>> 19), PRIME_1);
    four = Math.imul((four << 13) | (four >>> 19), PRIME_1);
  }
  const bytes = new Uint8Array(values.buffer, values.byteOffset + index * 4, values.byteLength - index * 4);
  for (const byte of bytes) {
    one = (one + Math.imul(byte, PRIME_2)) | 0;
    one = Math.imul((one << 13) | (one >>> 19), PRIME_1);
  }
  const low = ((one << 1) | (one >>> 31)) + ((two << 7) | (two >>> 25)) + ((three << 12) | (three >>> 20)) + ((four << 18) | (four >>> 14));
  const high = Math.imul(Math.imul(Math.imul(one ^ PRIME_3, PRIME_1) ^ two, PRIME_2) ^ three, PRIME_3) ^ four;
  return { low: avalanche(low), high: avalanche(high) };
}

function avalanche(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 15), PRIME_2);
  mixed = Math.imul(mixed ^ (mixed >>> 13), PRIME_3);
  return mixed ^ (mixed >>> 16);
}
