/** What the one polite live region of the page says. */
export class Announcer {
  #text = $state('');
  get text(): string {
    return this.#text;
  }
  say(text: string): void {
    // The same sentence twice is only read twice when it differs.
    this.#text = text === this.#text ? `${text}\u00a0` : text;
  }
}
