import Papa from 'papaparse';
import { isPeriod, type Period } from '../domain/calendar';
import { isNegative, parseDecimal, type Decimal } from '../domain/decimal';
import type { Company, SubProduct } from '../domain/marketplace';
import type { PriceVersion } from '../domain/price';

/** Columns of a price list, in this order; `company` and `from` may be empty: every company, every month. */
export const PRICE_COLUMNS = ['sub-product', 'company', 'price', 'cost', 'currency', 'from'] as const;
type Column = (typeof PRICE_COLUMNS)[number];

/** Why a row was left out. `row` counts as a spreadsheet does: the header is row 1. */
export interface PriceRowProblem {
  readonly row: number;
  readonly column: Column;
  readonly value: string;
  readonly reason:
    'column is missing' | 'not known' | 'not a number' | 'not a currency' | 'not a month' | 'nothing is priced' | 'several fit';
}

export interface PriceListRead {
  readonly prices: readonly Omit<PriceVersion, 'seq'>[];
  readonly problems: readonly PriceRowProblem[];
}

/** What names in a price list may mean. */
export interface PriceNames {
  readonly subProducts: readonly SubProduct[];
  readonly companies: readonly Company[];
}

/** Reads a price list: good rows, and every problem of the others. Numbers as `1234.56`; sub-products and companies by key or name. */
export function readPriceList(text: string, names: PriceNames): PriceListRead {
  const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy' });
  const [header = [], ...rows] = data;
  const at = new Map(header.map((name, index) => [name.trim().toLowerCase(), index]));
  const missing = (['sub-product', 'price', 'currency'] as const).filter((column) => !at.has(column));
  if (missing.length > 0) {
    return { prices: [], problems: missing.map((column) => ({ row: 1, column, value: '', reason: 'column is missing' })) };
  }
  const prices: Omit<PriceVersion, 'seq'>[] = [];
  const problems: PriceRowProblem[] = [];
  for (const [index, cells] of rows.entries()) {
    const cell = (column: Column) => (cells[at.get(column) ?? -1] ?? '').trim();
    const found: PriceRowProblem[] = [];
    const price = readRow(cell, names, (column, reason) => found.push({ row: index + 2, column, value: cell(column), reason }));
    if (found.length === 0) prices.push(price);
    else problems.push(...found);
  }
  return { prices, problems };
}

/** The price list as a spreadsheet opens it: UTF-8 with BOM, keys in the first two columns. */
export function writePriceList(prices: readonly PriceVersion[]): string {
  const rows = prices.map(({ subProduct, company, price, cost, currency, from }) => [
    guarded(subProduct),
    guarded(company ?? ''),
    price ?? '',
    cost ?? '',
    currency,
    from ?? '',
  ]);
  return `\uFEFF${Papa.unparse({ fields: [...PRICE_COLUMNS], data: rows })}\r\n`;
}

type Note = (column: Column, reason: PriceRowProblem['reason']) => void;

function readRow(cell: (column: Column) => string, names: PriceNames, note: Note): Omit<PriceVersion, 'seq'> {
  const subProduct = named(
    cell('sub-product'),
    names.subProducts.map(({ key, name }) => ({ key, name })),
    'sub-product',
    note,
  );
  const wanted = cell('company');
  const company =
    wanted === ''
      ? null
      : named(
          wanted,
          names.companies.map(({ id, name }) => ({ key: id, name })),
          'company',
          note,
        );
  const price = amount(cell('price'), 'price', note);
  const cost = amount(cell('cost'), 'cost', note);
  if (price === null && cost === null && cell('price') === '' && cell('cost') === '') note('price', 'nothing is priced');
  const currency = cell('currency').toUpperCase();
  if (!/^[A-Z]{3}$/.test(currency)) note('currency', 'not a currency');
  const from: Period | null = cell('from') === '' ? null : cell('from');
  if (from !== null && !isPeriod(from)) note('from', 'not a month');
  return { subProduct, company, price, cost, currency, from, until: null };
}

function named(text: string, known: readonly { readonly key: string; readonly name: string }[], column: Column, note: Note): string {
  const plain = text.replace(/^'/, '');
  if (known.some(({ key }) => key === plain)) return plain;
  const [first, ...others] = known.filter(({ name }) => name.toLowerCase() === plain.toLowerCase());
  if (first === undefined || others.length > 0) note(column, first === undefined ? 'not known' : 'several fit');
  return first?.key ?? '';
}

function amount(text: string, column: Column, note: Note): Decimal | null {
  if (text === '') return null;
  const read = parseDecimal(text);
  if (read.ok && !isNegative(read.value)) return read.value;
  note(column, 'not a number');
  return null;
}

/** A spreadsheet would run a text that begins like a formula. */
function guarded(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
