import { LIMITS } from '../domain/limits';

/** Cells of one record. A record that cannot be trusted is in `CsvCutter.faults`. */
export type CsvRow = readonly string[];

const ROW_LIMIT = LIMITS.columns * LIMITS.cell;

/**
 * Cuts text into records, block by block: RFC 4180 with any mix of line ends, quotes doubled inside quotes. Own code and not
 * papaparse, which joins records when line ends are mixed and breaks characters at the edges of its blocks.
 */
export class CsvCutter {
  /** What is wrong with which record. */
  readonly faults = new Map<CsvRow, string>();
  /** True once nothing more can be read. */
  ended = false;
  readonly #delimiter: string;
  #carry = '';

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** The records that are complete by now; with `last` also the one that ends with the text. */
  push(block: string, last: boolean): CsvRow[] {
    const rows: CsvRow[] = [];
    const text = this.#carry === '' ? block : this.#carry + block;
    this.#carry = '';
    let at = 0;
    let lineFeed = text.indexOf('\n');
    let carriage = text.indexOf('\r');
    let quote = text.indexOf('"');
    while (at < text.length && !this.ended) {
      if (lineFeed >= 0 && lineFeed < at) lineFeed = text.indexOf('\n', at);
      if (carriage >= 0 && carriage < at) carriage = text.indexOf('\r', at);
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
      const end = nearest(lineFeed, carriage, text.length);
      if (quote >= 0 && quote < end) {
        const next = this.#quotedRow(text, at, last, rows);
        if (next === null) break;
        at = next;
        continue;
      }
      if (!last && (end === text.length || (text.charCodeAt(end) === CARRIAGE && end + 1 === text.length))) break;
      rows.push(text.slice(at, end).split(this.#delimiter));
      at = behindLineEnd(text, end);
    }
    if (at < text.length && !this.ended) this.#carry = text.slice(at);
    if (this.#carry.length > ROW_LIMIT) this.#end(rows, [this.#carry.slice(0, 80)]);
    return rows;
  }

  /** Reads a record with quotes in it and answers where the next begins; null when the block ends inside it. */
  #quotedRow(text: string, start: number, last: boolean, rows: CsvRow[]): number | null {
    const cells: string[] = [];
    let fault: string | null = null;
    let at = start;
    for (;;) {
      if (text.charCodeAt(at) === QUOTE) {
        const close = closingQuote(text, at + 1);
        if (!last && (close < 0 || close === text.length - 1)) return null;
        if (close < 0) {
          this.#end(rows, [...cells, text.slice(at, at + 80)]);
          return text.length;
        }
        cells.push(text.slice(at + 1, close).replaceAll('""', '"'));
        const stop = this.#endOfCell(text, close + 1);
        if (stop > close + 1) fault = 'There is text behind a closing quote';
        at = stop;
      } else {
        const stop = this.#endOfCell(text, at);
        cells.push(text.slice(at, stop));
        at = stop;
      }
      if (!text.startsWith(this.#delimiter, at)) break;
      at++;
    }
    if (!last && (at >= text.length || (text.charCodeAt(at) === CARRIAGE && at + 1 === text.length))) return null;
    if (fault !== null) this.faults.set(cells, fault);
    rows.push(cells);
    return behindLineEnd(text, at);
  }

  #end(rows: CsvRow[], cells: CsvRow): void {
    this.ended = true;
    this.#carry = '';
    this.faults.set(cells, 'A quote is never closed: nothing behind it was read');
    rows.push(cells);
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
