import { LIMITS } from '../domain/limits';

/** One record of a CSV. A fault makes it unreliable; `ends` says that nothing behind it can be read. */
export interface CsvRow {
  readonly cells: readonly string[];
  readonly fault: string | null;
  readonly ends: boolean;
}

const ROW_LIMIT = LIMITS.columns * LIMITS.cell;

/**
 * Cuts text into records, block by block: RFC 4180 with any mix of line ends, quotes doubled inside quotes. Own code and not
 * papaparse, which joins records when line ends are mixed and breaks characters at the edges of its blocks.
 */
export class CsvCutter {
  readonly #delimiter: string;
  #carry = '';

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** The records that are complete by now; with `last` also the one that ends with the text. */
  *push(block: string, last: boolean): Generator<CsvRow> {
    const text = this.#carry === '' ? block : this.#carry + block;
    this.#carry = '';
    let at = 0;
    let lineFeed = text.indexOf('\n');
    let carriage = text.indexOf('\r');
    let quote = text.indexOf('"');
    while (at < text.length) {
      if (lineFeed >= 0 && lineFeed < at) lineFeed = text.indexOf('\n', at);
      if (carriage >= 0 && carriage < at) carriage = text.indexOf('\r', at);
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
      const end = nearest(lineFeed, carriage, text.length);
      if (quote >= 0 && quote < end) {
        const cut = this.#quotedRow(text, at, last);
        if (cut === null) break;
        yield cut.row;
        if (cut.row.ends) return;
        at = cut.at;
        continue;
      }
      if (!last && (end === text.length || (text.charCodeAt(end) === CARRIAGE && end + 1 === text.length))) break;
      yield { cells: text.slice(at, end).split(this.#delimiter), fault: null, ends: false };
      at = behindLineEnd(text, end);
    }
    if (at >= text.length) return;
    this.#carry = text.slice(at);
    if (this.#carry.length > ROW_LIMIT) {
      yield { cells: [this.#carry.slice(0, 80)], fault: UNCLOSED, ends: true };
      this.#carry = '';
    }
  }

  /** A record with quotes in it; null when the block ends inside it. */
  #quotedRow(text: string, start: number, last: boolean): { row: CsvRow; at: number } | null {
    const cells: string[] = [];
    let fault: string | null = null;
    let at = start;
    for (;;) {
      if (text.charCodeAt(at) === QUOTE) {
        const close = closingQuote(text, at + 1);
        if (close < 0 || (close === text.length - 1 && !last)) {
          if (!last) return null;
          return { row: { cells: [...cells, text.slice(at, at + 80)], fault: UNCLOSED, ends: true }, at: text.length };
        }
        cells.push(text.slice(at + 1, close).replaceAll('""', '"'));
        at = close + 1;
        const stop = this.#endOfCell(text, at);
        if (stop > at) fault = 'There is text behind a closing quote';
        at = stop;
      } else {
        const stop = this.#endOfCell(text, at);
        cells.push(text.slice(at, stop));
        at = stop;
      }
      if (text.startsWith(this.#delimiter, at)) at++;
      else break;
    }
    if (!last && (at >= text.length || (text.charCodeAt(at) === CARRIAGE && at + 1 === text.length))) return null;
    return { row: { cells, fault, ends: false }, at: behindLineEnd(text, at) };
  }

  #endOfCell(text: string, from: number): number {
    const delimiter = this.#delimiter.charCodeAt(0);
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === delimiter || code === LINE_FEED || code === CARRIAGE) break;
    }
    return at;
  }
}

const UNCLOSED = 'A quote is never closed: nothing behind it was read';
const LINE_FEED = 10;
const CARRIAGE = 13;
const QUOTE = 34;

function nearest(lineFeed: number, carriage: number, end: number): number {
  const first = lineFeed < 0 ? end : lineFeed;
  return carriage >= 0 && carriage < first ? carriage : first;
}

function behindLineEnd(text: string, end: number): number {
  return text.charCodeAt(end) === CARRIAGE && text.charCodeAt(end + 1) === LINE_FEED ? end + 2 : end + 1;
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text.charCodeAt(at + 1) === QUOTE) at = text.indexOf('"', at + 2);
  return at;
}
