import type { Day } from '../domain/calendar';
import { isNegative, type Decimal } from '../domain/decimal';
import type { RowProblem } from '../domain/importing';
import type { UsageLine } from '../domain/usage';
import { delimiterOf, HEADER_WITHIN } from './csv-guess';
import { CsvCutter, type CsvRow } from './csv-rows';
import { readDate, readNumber } from './csv-values';
import { LIMITS } from '../domain/limits';
import { headerName, sameHeader, type CsvColumn, type CsvProfile } from '../domain/csv-profile';
import { unreadable, withoutNumbers, type Source, type SourceFile, type SourceRow } from './source';
import { blocksOf, headOf } from './text';

/** Any CSV, read by an import profile: nothing in it is guessed here. Rows are those of the file, the first line is row 1. */
export const csv: Source = {
  name: 'csv',
  label: 'CSV',
  recognise(file) {
    return delimiterOf(headOf(file.bytes)) === null ? null : { source: 'csv', kind: 'csv', undated: false };
  },
  *read(file, { profile, date }) {
    if (profile === null) return;
    const reader = new RowReader(file.name, profile, date);
    let row = 0;
    try {
      for (const { cut, bytes } of rowsOf(file, profile.delimiter)) {
        row++;
        const read = reader.read(cut, row);
        if (read !== null) yield { ...read, row, bytes };
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return yield unreadable(file);
    }
    if (!reader.started) yield noHeader(file, profile);
  },
};

/** Every record of a file with the bytes read by then. */
export function* rowsOf(file: SourceFile, delimiter: string): Generator<{ cut: CsvRow; bytes: number }> {
  const cutter = new CsvCutter(delimiter);
  for (const block of blocksOf(file.bytes)) {
    for (const cut of cutter.push(block.text, block.bytes === file.bytes.length)) {
      yield { cut, bytes: block.bytes };
      if (cut.ends) return;
    }
  }
}

const TOTAL = /^(?:grand\s+|sub-?)?totals?:?$/i;
const YES = new Set(['yes', 'true', '1', 'y', 'x', 'trial']);
const NO = new Set(['', 'no', 'false', '0', 'n', 'paid']);

interface Found {
  readonly record: { readonly kind: 'usage'; readonly line: UsageLine } | null;
  readonly problems: readonly RowProblem[];
}
const BLANK: Found = { record: null, problems: [] };

class RowReader {
  started = false;
  readonly #file: string;
  readonly #profile: CsvProfile;
  readonly #date: Day | null;
  readonly #days = new Map<string, Day | null>();
  #problems: RowProblem[] = [];
  #failed = false;
  #row = 0;

  constructor(file: string, profile: CsvProfile, date: Day | null) {
    this.#file = file;
    this.#profile = profile;
    this.#date = date;
  }

  /** Null for rows above and at the header, which are no data. */
  read(cut: CsvRow, row: number): Found | null {
    const { header } = this.#profile;
    this.#row = row;
    if (!this.started) {
      this.started = row <= HEADER_WITHIN && sameHeader(cut.cells, header);
      return null;
    }
    this.#problems = [];
    this.#failed = false;
    const { cells } = cut;
    if (cells.length === 1 && cells[0]?.trim() === '' && cut.fault === null) return BLANK;
    if (cut.fault !== null) return this.#refused(cells, cut.fault);
    if (cells.length !== header.length) {
      if (cells.every((cell) => cell.trim() === '')) return BLANK;
      return this.#refused(cells, `This row has ${cells.length} columns and the header has ${header.length}`);
    }
    if (cells.some((cell) => cell.length > LIMITS.cell)) return this.#refused(cells, `A cell is longer than ${LIMITS.cell} characters`);
    return this.#line(cells);
  }

  #line(cells: readonly string[]): Found {
    const { constants, columns } = this.#profile;
    const site = this.#text(cells, columns.site);
    if (site === null || TOTAL.test(site)) {
      if (cells.every((cell) => cell.trim() === '') || cells.some((cell) => TOTAL.test(cell.trim()))) return BLANK;
      this.#error('site', '', 'The site is missing');
    }
    const product = this.#text(cells, columns.product) ?? constants.product;
    const subProductName = this.#text(cells, columns.subProductName) ?? constants.subProductName ?? (columns.subProductName === undefined ? product : null);
    if (product === null) this.#error('product', '', 'The product is missing');
    if (subProductName === null) this.#error('subProductName', '', 'The sub-product is missing');
    const date = columns.date === undefined ? this.#date : this.#day(cells[columns.date] ?? '');
    const quantity = this.#number(cells, 'quantity');
    const unitPrice = this.#number(cells, 'unitPrice');
    const unitCost = this.#number(cells, 'unitCost');
    const total = this.#number(cells, 'total');
    const licences = this.#number(cells, 'licences');
    const trial = this.#trial(cells);
    if (site === null || product === null || subProductName === null || date === null) return { record: null, problems: this.#problems };
    if (quantity === null && !this.#failed) this.#warning('quantity', '', 'The quantity is not reported: it stays unknown, not 0');
    if (quantity !== null && isNegative(quantity)) this.#warning('quantity', quantity, 'A negative quantity is imported, but it cannot be billed');
    const line: UsageLine = {
      date,
      site,
      summary: null,
      account: this.#text(cells, columns.account),
      company: this.#text(cells, columns.company),
      product,
      subProductId: this.#text(cells, columns.subProductId),
      subProductName,
      unit: this.#text(cells, columns.unit),
      currency: this.#text(cells, columns.currency)?.toUpperCase() ?? constants.currency,
      quantity,
      unitPrice,
      unitCost,
      total,
      licences,
      trial,
      file: this.#file,
      row: this.#row,
    };
    return { record: { kind: 'usage', line: this.#failed ? withoutNumbers(line) : line }, problems: this.#problems };
  }

  #text(cells: readonly string[], column: number | undefined): string | null {
    if (column === undefined) return null;
    const text = (cells[column] ?? '').trim();
    return text === '' ? null : text;
  }

  #day(text: string): Day | null {
    let day = this.#days.get(text);
    if (day === undefined) {
      day = readDate(text, this.#profile.dates);
      this.#days.set(text, day);
    }
    if (day === null) this.#error('date', text, text.trim() === '' ? 'The date is missing' : `This is no date in the chosen style (${this.#profile.dates})`);
    return day;
  }

  #number(cells: readonly string[], name: 'quantity' | 'unitPrice' | 'unitCost' | 'total' | 'licences'): Decimal | null {
    const column = this.#profile.columns[name];
    if (column === undefined) return null;
    const value = readNumber(cells[column] ?? '', this.#profile.decimals);
    if (value !== 'not a number') return value;
    this.#error(name, cells[column] ?? '', 'This is no number in the chosen style, or has more digits than can be kept exactly');
    return null;
  }

  #trial(cells: readonly string[]): boolean {
    const column = this.#profile.columns.trial;
    if (column === undefined) return false;
    const word = (cells[column] ?? '').trim().toLowerCase();
    if (!YES.has(word) && !NO.has(word)) this.#error('trial', word, 'This is neither yes nor no');
    return YES.has(word);
  }

  #refused(cells: readonly string[], reason: string): Found {
    const value = cells.join(this.#profile.delimiter).slice(0, 120);
    return { record: null, problems: [{ file: this.#file, row: this.#row, column: null, value, reason, severity: 'error' }] };
  }

  #error(column: CsvColumn, value: string, reason: string): void {
    this.#failed = true;
    this.#note(column, value, reason, 'error');
  }

  #warning(column: CsvColumn, value: string, reason: string): void {
    this.#note(column, value, reason, 'warning');
  }

  #note(column: CsvColumn, value: string, reason: string, severity: RowProblem['severity']): void {
    const position = this.#profile.columns[column];
    const named = position === undefined ? column : headerName(this.#profile.header[position] ?? '') || `column ${position + 1}`;
    this.#problems.push({ file: this.#file, row: this.#row, column: named, value: value.slice(0, 120), reason, severity });
  }
}

function noHeader(file: SourceFile, profile: CsvProfile): SourceRow {
  const reason = 'The header row of the profile is not among the first 20 rows';
  const value = profile.header.join(profile.delimiter).slice(0, 120);
  return { row: 1, bytes: file.bytes.length, record: null, problems: [{ file: file.name, row: 0, column: null, value, reason, severity: 'error' }] };
}
