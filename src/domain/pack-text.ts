import type { PackedText } from './usage';

/** Columns begin small and double: most imports are small. */
export const FIRST_ROWS = 512;

/** Takes the texts of one column, row by row, into a dictionary. */
export class TextWriter {
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

  /** Columns without any text (`nothing`), or with one text in every row (`same`), share an array, which a clone then keeps once. */
  packed(rows: number, shared: { readonly nothing: Int8Array; readonly same: Int8Array }): PackedText {
    const words = this.#words;
    if (this.#nulls === rows) return { words, index: shared.nothing };
    if (this.#nulls === 0 && words.length === 1) return { words, index: shared.same };
    const index = this.#index.subarray(0, rows);
    return { words, index: words.length <= 0x80 ? new Int8Array(index) : words.length <= 0x8000 ? new Int16Array(index) : index.slice() };
  }

  /** A fresh copy of the word: a slice would keep the whole file's text alive. */
  #learn(text: string): number {
    const word = [...text].join('');
    this.#known.set(word, this.#words.length);
    return this.#words.push(word) - 1;
  }
}

export function longer<A extends Int32Array | Float64Array>(short: A, long: A): A {
  long.set(short);
  return long;
}
