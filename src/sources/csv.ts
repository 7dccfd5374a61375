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
    try {
      const cutter = new CsvCutter(profile.delimiter);
      for (const { text, bytes } of blocksOf(file.bytes)) {
        for (const cells of cutter.push(text, bytes === file.bytes.length)) {
          const read = reader.read(cells, cutter.faults.get(cells) ?? null, bytes);
          if (read !== null) yield read;
        }
        if (cutter.ended) break;
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      yield unreadable(file);
      return;
    }
    if (!reader.started) yield noHeader(file, profile);
  },
};

const TOTAL = /^(?:grand\s+|sub-?)?totals?:?$/i;
const YES = new Set(['yes', 'true', '1', 'y', 'x', 'trial']);
const NO = new Set(['', 'no', 'false', '0', 'n', 'paid']);

const NO_PROBLEMS: readonly RowProblem[] = [];

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
  read(cells: CsvRow, fault: string | null, bytes: number): SourceRow | null {
    const { header } = this.#profile;
    this.#row++;
    if (!this.started) {
      this.started = this.#row <= HEADER_WITHIN && sameHeader(cells, header);
      return null;
    }
    this.#problems = [];
    this.#failed = false;
    const line = fault === null && cells.length === header.length && !hasLongCell(cells) ? this.#line(cells) : this.#odd(cells, fault);
    const record = line === null ? null : ({ kind: 'usage', line } as const);
    return { row: this.#row, record, problems: this.#problems.length === 0 ? NO_PROBLEMS : this.#problems, bytes };
  }

  /** A row that does not fit the header: blank, or refused as a whole. */
  #odd(cells: CsvRow, fault: string | null): null {
    if (fault === null && cells.every((cell) => cell.trim() === '')) return null;
    const long = hasLongCell(cells) ? `A cell is longer than ${LIMITS.cell} characters` : null;
    const reason = fault ?? long ?? `This row has ${cells.length} columns and the header has ${this.#profile.header.length}`;
    const value = cells.join(this.#profile.delimiter).slice(0, 120);
    this.#problems.push({ file: this.#file, row: this.#row, column: null, value, reason, severity: 'error' });
    return null;
  }

  #line(cells: CsvRow): UsageLine | null {
    const { constants, columns } = this.#profile;
    const site = this.#text(cells, columns.site);
    if (site === null || TOTAL.test(site)) {
      if (cells.every((cell) => cell.trim() === '') || cells.some((cell) => TOTAL.test(cell.trim()))) return null;
      this.#error('site', '', 'The site is missing');
    }
    const product = this.#text(cells, columns.product) ?? constants.product;
    const subProductName =
      this.#text(cells, columns.subProductName) ?? constants.subProductName ?? (columns.subProductName === undefined ? product : null);
    if (product === null) this.#error('product', '', 'The product is missing');
    if (subProductName === null) this.#error('subProductName', '', 'The sub-product is missing');
    const date = columns.date === undefined ? this.#date : this.#day(cells[columns.date] ?? '');
    const quantity = this.#number(cells, 'quantity');
    const unitPrice = this.#number(cells, 'unitPrice');
    const unitCost = this.#number(cells, 'unitCost');
    const total = this.#number(cells, 'total');
    const licences = this.#number(cells, 'licences');
    const trial = this.#trial(cells);
    if (site === null || product === null || subProductName === null || date === null) return null;
    if (quantity === null && !this.#failed) this.#warning('quantity', '', 'The quantity is not reported: it stays unknown, not 0');
    if (quantity !== null && isNegative(quantity))
      this.#warning('quantity', quantity, 'A negative quantity is imported, but it cannot be billed');
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
    return this.#failed ? withoutNumbers(line) : line;
  }

  #text(cells: CsvRow, column: number | undefined): string | null {
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
    if (day === null)
      this.#error(
        'date',
        text,
        text.trim() === '' ? 'The date is missing' : `This is no date in the chosen style (${this.#profile.dates})`,
      );
    return day;
  }

  #number(cells: CsvRow, name: 'quantity' | 'unitPrice' | 'unitCost' | 'total' | 'licences'): Decimal | null {
    const column = this.#profile.columns[name];
    if (column === undefined) return null;
    const value = readNumber(cells[column] ?? '', this.#profile.decimals);
    if (value !== 'not a number') return value;
    this.#error(name, cells[column] ?? '', 'This is no number in the chosen style, or has more digits than can be kept exactly');
    return null;
  }

  #trial(cells: CsvRow): boolean {
    const column = this.#profile.columns.trial;
    if (column === undefined) return false;
    const word = (cells[column] ?? '').trim().toLowerCase();
    if (!YES.has(word) && !NO.has(word)) this.#error('trial', word, 'This is neither yes nor no');
    return YES.has(word);
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

function hasLongCell(cells: CsvRow): boolean {
  for (const cell of cells) if (cell.length > LIMITS.cell) return true;
  return false;
}

function noHeader(file: SourceFile, profile: CsvProfile): SourceRow {
  const reason = 'The header row of the profile is not among the first 20 rows';
  const value = profile.header.join(profile.delimiter).slice(0, 120);
  return {
    row: 1,
    bytes: file.bytes.length,
    record: null,
    problems: [{ file: file.name, row: 0, column: null, value, reason, severity: 'error' }],
  };
}
