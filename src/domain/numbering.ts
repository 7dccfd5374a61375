/** Numbers words in the order of their first appearance. */
export class Numbering {
  readonly words: string[] = [];
  readonly #known = new Map<string, number>();

  get size(): number {
    return this.words.length;
  }

  of(word: string): number {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    this.#known.set(word, this.words.length);
    return this.words.push(word) - 1;
  }
}
