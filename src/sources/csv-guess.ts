import type { CsvGuess, Guess } from '../domain/importing';
import { isDomain } from '../domain/marketplace';
import { CsvCutter, type CsvRow } from './csv-rows';
import { dateEvidence, decimalEvidence } from './csv-values';
import { headerName, sameHeader, type CsvColumn, type DateStyle, type DecimalStyle } from '../domain/csv-profile';
import { isJson } from './json';
import type { SourceFile } from './source';
import { blocksOf, encodingOf, headOf } from './text';

/** Guesses how a CSV is to be read; null when it is none. `chosen` overrides the header row; `styles: false` does not look for proof of number and date styles. */
export function guessCsv(file: SourceFile, chosen: { headerRow?: number; styles?: boolean } = {}): CsvGuess | null {
  const head = headOf(file.bytes);
  const delimiter = delimiterOf(head);
  if (delimiter === null) return null;
  const top = firstRows(head, delimiter, HEAD_ROWS);
  const headerRow = chosen.headerRow ?? headerRowOf(top);
  const header = (top[headerRow - 1] ?? []).map(headerName);
  const sample = top.slice(headerRow, headerRow + SAMPLE);
  const columns = columnsOf(header, sample);
  const position = (column: CsvColumn) => columns.find((guess) => guess.column === column)?.index;
  const numbers = (['quantity', 'unitPrice', 'unitCost', 'total', 'licences'] as const)
    .map(position)
    .filter((index) => index !== undefined);
  return {
    encoding: encodingOf(file.bytes),
    delimiter,
    headerRow,
    header,
    repeated: repeatedIn(header),
    columns,
    ...(chosen.styles === false ? SAVED : stylesOf(file, delimiter, headerRow, numbers, position('date'))),
    top: top.slice(0, 20).map((row) => row.slice(0, 12).map((cell) => cell.slice(0, 60))),
  };
}

const SAVED: Pick<CsvGuess, 'decimals' | 'dates'> = {
  decimals: { value: null, reason: 'As saved' },
  dates: { value: null, reason: 'As saved' },
};

function stylesOf(
  file: SourceFile,
  delimiter: string,
  headerRow: number,
  numbers: readonly number[],
  date: number | undefined,
): Pick<CsvGuess, 'decimals' | 'dates'> {
  return {
    decimals: decimalsOf(valuesOf(file, delimiter, headerRow, numbers)),
    dates: date === undefined ? { value: 'iso', reason: 'No column holds dates' } : datesOf(valuesOf(file, delimiter, headerRow, [date])),
  };
}

/** The row among the first 20 that is this header; null when none is. */
export function headerIn(file: SourceFile, delimiter: string, header: readonly string[]): number | null {
  const index = firstRows(headOf(file.bytes), delimiter, HEADER_WITHIN).findIndex((row) => sameHeader(row, header));
  return index < 0 ? null : index + 1;
}

/** The delimiter of a `sep=` line, else the one that cuts the most rows into the same number of columns; null when none does. */
export function delimiterOf(head: string): string | null {
  if (head.includes('\u0000')) return null;
  const named = /^sep=(.)\r?\n/.exec(head);
  if (named?.[1] !== undefined) return named[1];
  if (isJson(head)) return null;
  let best: string | null = null;
  let bestScore = 0;
  for (const delimiter of [',', ';', '\t', '|']) {
    const widths = firstRows(head, delimiter, 50).map((row) => row.length);
    const usual = mostFrequent(widths.filter((width) => width > 1));
    const score = widths.filter((width) => width === usual).length * (usual ?? 0);
    if (usual !== null && score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

/** A header stands in the first 20 rows, below at most one `sep=` line. */
export const HEADER_WITHIN = 21;
const HEAD_ROWS = 1000;
const SAMPLE = 200;

function firstRows(head: string, delimiter: string, count: number): CsvRow[] {
  return new CsvCutter(delimiter).push(head, true).slice(0, count);
}

/** Among the first 20 rows the one that reads most like names: as wide as the table, words and no numbers, words we know. */
function headerRowOf(top: readonly (readonly string[])[]): number {
  const width = mostFrequent(top.map((row) => row.length).filter((length) => length > 1)) ?? 1;
  let best = 1;
  let bestScore = -Infinity;
  top.slice(0, 20).forEach((row, index) => {
    if (row.length !== width) return;
    const filled = row.filter((cell) => cell.trim() !== '');
    const numeric = filled.filter((cell) => /\d/.test(cell) && !/[a-z]{2}/i.test(cell)).length;
    const known = row.filter((cell) => NAMES.some(({ pattern }) => pattern.test(plain(cell)))).length;
    const score = known * 3 + filled.length - numeric * 3;
    if (score > bestScore) [best, bestScore] = [index + 1, score];
  });
  return best;
}

const NAMES: readonly { readonly column: CsvColumn; readonly pattern: RegExp }[] = [
  { column: 'site', pattern: /^(site|site name|domain|domain name|primary domain|resource group|tenant|organi[sz]ation domain)$/ },
  {
    column: 'account',
    pattern: /^(account|account name|customer|customer name|client|client name|company|company name|organi[sz]ation|name)$/,
  },
  { column: 'company', pattern: /^(company id|customer id|client id|external id|account id)$/ },
  {
    column: 'subProductName',
    pattern:
      /^(sub ?product|sub ?product name|package|plan|edition|licen[sc]ing package|item|item name|sku name|service|license type|licence type)$/,
  },
  { column: 'product', pattern: /^(product|product name|product family|vendor product)$/ },
  { column: 'subProductId', pattern: /^(sub ?product id|product id|sku|item id|product code|code)$/ },
  { column: 'date', pattern: /^(date|usage date|day|report date|as of|snapshot|snapshot date|count date)$/ },
  { column: 'quantity', pattern: /^(quantity|qty|count|users|active users|user count|seats|endpoints|units|usage|licen[sc]es used)$/ },
  { column: 'unitPrice', pattern: /^(price|unit price|customer price|rate|sell price|retail price|customer rate|unit sell)$/ },
  { column: 'unitCost', pattern: /^(cost|unit cost|partner cost|buy rate|partner price|buy price|partner buy rate|unit buy)$/ },
  { column: 'total', pattern: /^(total|amount|charges|current charges|line total|extended price|ext price)$/ },
  { column: 'currency', pattern: /^(currency|currency code|curr)$/ },
  { column: 'unit', pattern: /^(unit|unit of measure|uom)$/ },
  { column: 'licences', pattern: /^(licen[sc]es|user licen[sc]es|licen[sc]ed|licen[sc]e count)$/ },
  { column: 'trial', pattern: /^(trial|is trial|on trial|is on trial)$/ },
];

function columnsOf(header: readonly string[], sample: readonly (readonly string[])[]): CsvGuess['columns'] {
  const guesses: { column: CsvColumn; index: number; reason: string }[] = [];
  const taken = (index: number) => guesses.some((guess) => guess.index === index);
  for (const { column, pattern } of NAMES) {
    const index = header.findIndex((cell, at) => pattern.test(plain(cell)) && !taken(at));
    if (index >= 0) guesses.push({ column, index, reason: `The column is named “${header[index] ?? ''}”` });
  }
  const without = (column: CsvColumn) => !guesses.some((guess) => guess.column === column);
  const filled = (index: number) => sample.map((row) => (row[index] ?? '').trim()).filter((cell) => cell !== '');
  if (without('site')) {
    const index = header.findIndex((_, at) => !taken(at) && share(filled(at), isDomain) >= 0.8);
    if (index >= 0) guesses.push({ column: 'site', index, reason: 'Its values are domain names' });
  }
  if (without('site')) {
    const account = guesses.findIndex((guess) => guess.column === 'account');
    const found = guesses[account];
    if (found !== undefined)
      guesses[account] = { column: 'site', index: found.index, reason: `${found.reason}, and no column holds domains` };
  }
  const product = guesses.findIndex((guess) => guess.column === 'product');
  const found = guesses[product];
  if (without('subProductName') && found !== undefined) guesses[product] = { ...found, column: 'subProductName' };
  if (without('date')) {
    const index = header.findIndex((_, at) => !taken(at) && isDates(filled(at)));
    if (index >= 0) guesses.push({ column: 'date', index, reason: 'Its values are dates' });
  }
  return guesses;
}

function isDates(values: readonly string[]): boolean {
  const evidence = dateEvidence(values);
  return values.length > 0 && !evidence.other && values.every((value) => value.length >= 6);
}

/** Values of some columns, row by row, as far as they are asked for. */
function* valuesOf(file: SourceFile, delimiter: string, headerRow: number, columns: readonly number[]): Generator<string> {
  if (columns.length === 0) return;
  const cutter = new CsvCutter(delimiter);
  let row = 0;
  for (const { text, bytes } of blocksOf(file.bytes)) {
    for (const cells of cutter.push(text, bytes === file.bytes.length)) {
      if (++row > headerRow) for (const column of columns) yield cells[column] ?? '';
    }
    if (cutter.ended) return;
  }
}

/** Reads until the style is proven, in portions, so that few files are read to their end; what differs later is a bad row. */
function decimalsOf(values: Generator<string>): Guess<DecimalStyle> {
  const seen = { point: false, comma: false, doubtful: false };
  for (const portion of portions(values)) {
    const found = decimalEvidence(portion);
    seen.point ||= found.point;
    seen.comma ||= found.comma;
    seen.doubtful ||= found.doubtful;
    if (seen.point && seen.comma) return { value: null, reason: 'Some numbers use a decimal point, others a decimal comma' };
    if (seen.point || seen.comma) break;
  }
  if (seen.point) return { value: 'point', reason: 'Numbers look like 1,234.56' };
  if (seen.comma) return { value: 'comma', reason: 'Numbers look like 1.234,56' };
  return seen.doubtful
    ? { value: null, reason: 'A number like 1,234 can be read in two ways' }
    : { value: 'point', reason: 'All numbers are whole' };
}

function datesOf(values: Generator<string>): Guess<DateStyle> {
  const seen = { iso: false, us: false, eu: false, doubtful: false };
  for (const portion of portions(values)) {
    const found = dateEvidence(portion);
    seen.iso ||= found.iso;
    seen.us ||= found.us;
    seen.eu ||= found.eu;
    seen.doubtful ||= found.doubtful;
    if (seen.us && seen.eu) return { value: null, reason: 'Some dates begin with the day, others with the month' };
    if (seen.us || seen.eu || (seen.iso && !seen.doubtful)) break;
  }
  if (seen.us) return { value: 'us', reason: 'A second number is above 12, so the month comes first' };
  if (seen.eu) return { value: 'eu', reason: 'The day comes first: a first number is above 12, or the parts are divided by points' };
  if (seen.doubtful) return { value: null, reason: 'A date like 01/02/2021 can be read in two ways' };
  return { value: 'iso', reason: 'Dates look like 2026-03-19' };
}

const PORTION = 2000;

function* portions(values: Generator<string>): Generator<string[]> {
  let portion: string[] = [];
  for (const value of values) {
    portion.push(value);
    if (portion.length < PORTION) continue;
    yield portion;
    portion = [];
  }
  yield portion;
}

function repeatedIn(header: readonly string[]): string[] {
  const named = header.filter((cell) => cell !== '');
  return [...new Set(named.filter((cell, index) => named.indexOf(cell) !== index))];
}

function plain(cell: string): string {
  return cell
    .trim()
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function share(values: readonly string[], claim: (value: string) => boolean): number {
  return values.length === 0 ? 0 : values.filter(claim).length / values.length;
}

function mostFrequent(numbers: readonly number[]): number | null {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  const [best] = [...counts].sort(([left, many], [right, more]) => more - many || right - left);
  return best?.[0] ?? null;
}
