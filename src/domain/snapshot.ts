import { dayOf, type Day, type Period } from './calendar';
import type { Catalogue } from './catalogue';
import { add, compare, divide, isNegative, isZero, lineTotal, multiply, ZERO, type Decimal } from './decimal';
import { customerOf } from './marketplace';
import type { MonthCount } from './month';
import { HOW } from './month-date';
import { partOfRow } from './month-entries';
import { problem, type Problem } from './problem';
import type { Ruled } from './rule';
import { numberAt } from './run';
import { decimalOfRow } from './unpack';
import { isValid, type NumberColumn, type TextColumn, type UsageChunk } from './usage';

/** Where a count comes from: the file and the row that the partner can open. */
export interface Evidence {
  readonly importId: string;
  readonly file: string;
  readonly row: number;
}

/** What one sub-product of one site counts for the period. `quantity` is paid usage only; null is unknown, never 0. */
export interface SubProductCount {
  readonly subProduct: string;
  readonly name: string;
  readonly quantity: Decimal | null;
  readonly trialQuantity: Decimal;
  readonly unit: string | null;
  readonly currency: string | null;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  /** The vendor's own charge for it, to compare with ours. */
  readonly vendorTotal: Decimal | null;
  readonly licences: Decimal | null;
  readonly evidence: readonly Evidence[];
  /** What rules changed; absent where none did. `quantity` and `price` above are then those that bill. */
  readonly ruled?: Ruled;
}

/**
 * What one site reports of one product for one period, all from one date. `how`: the snapshot day, a file that is final for the
 * period, an earlier date (`stale`), only later dates (`late`), or nothing (`unknown`, which is never 0).
 */
export interface SiteCount {
  readonly product: string;
  readonly site: string;
  readonly period: Period;
  readonly account: string;
  readonly how: 'snapshot' | 'final' | 'stale' | 'late' | 'unknown';
  readonly date: Day | null;
  readonly source: string | null;
  readonly subscription: string | null;
  /** The company that the usage itself names, as evidence for the assignment. */
  readonly namedCompany: string | null;
  readonly counts: readonly SubProductCount[];
  /** `blocks` stop the customer; `warnings` are shown. */
  readonly blocks: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const HOW_WORDS = Object.fromEntries(Object.entries(HOW).map(([word, number]) => [number, word as SiteCount['how']]));

/** The counts of one customer (its number in `month.customers`) with prices, evidence and everything that is wrong with them. */
export function siteCountOf(month: MonthCount, customer: number, entries: readonly number[], catalogue: Catalogue): SiteCount {
  const { product, site } = customerOf(month.customers[customer] ?? '');
  const how = HOW_WORDS[month.how[customer] ?? 0] ?? 'unknown';
  const date = how === 'unknown' ? null : dayOf(month.day[customer] ?? 0);
  const blocks: Problem[] = [];
  const warnings: Problem[] = [];
  const rows = entries.map((entry) => rowsOf(month, entry));
  const counts = entries.map((entry, index) =>
    countOf(month.subProducts[month.entries.subProduct[entry] ?? 0] ?? '', rows[index] ?? [], site, catalogue, blocks, warnings),
  );
  const source = month.source[customer] ?? null;
  if (source !== null && month.orphanSources.has(source)) warnings.push(problem('usage has no customer yet', { rows: month.orphans }));
  if (how === 'late' && date !== null) blocks.push(problem('count is late', { site, period: month.period, date }));
  if (how === 'stale' && date !== null) warnings.push(problem('count is stale', { site, period: month.period, date }));
  const all = rows.flat();
  const summary = firstOf(all, (row) => catalogue.summaries.get(textOf(row, 'summary') ?? ''));
  return {
    product,
    site,
    period: month.period,
    account: firstText(all, 'account') ?? firstText(all, 'site') ?? summary?.resourceGroup ?? site,
    how,
    date,
    source,
    subscription: summary?.subscriptionId ?? null,
    namedCompany: summary?.companyId ?? firstText(all, 'company'),
    counts: counts.sort((left, right) => (left.name < right.name ? -1 : 1)),
    blocks,
    warnings,
  };
}

/** The count of a site that reported nothing in the period: unknown, never 0. */
export function unknownCount(customer: { product: string; site: string }, period: Period, lastSeen: Day | null): SiteCount {
  const { product, site } = customer;
  return {
    product,
    site,
    period,
    account: site,
    how: 'unknown',
    date: null,
    source: null,
    subscription: null,
    namedCompany: null,
    counts: [],
    blocks: [problem('no usage reported', { site, period, lastSeen })],
    warnings: [],
  };
}

/** The entries of every customer, by its number. */
export function entriesByCustomer(month: MonthCount): readonly (readonly number[])[] {
  const lists: number[][] = month.customers.map(() => []);
  for (let entry = 0; entry < month.entries.length; entry++) lists[month.entries.customer[entry] ?? 0]?.push(entry);
  return lists;
}

/** What bills: a paid quantity above zero. Trials and true zeros create nothing. */
export function bills(count: SubProductCount): boolean {
  return count.quantity !== null && !isZero(count.quantity) && !isNegative(count.quantity);
}

interface Row {
  readonly chunk: UsageChunk;
  readonly row: number;
}

function rowsOf({ entries, rows, chunks }: MonthCount, entry: number): Row[] {
  const found: Row[] = [];
  for (let row = entries.first[entry] ?? -1; row >= 0; row = rows.next[row] ?? -1) {
    const part = partOfRow(rows.starts, row);
    const chunk = chunks[part]?.chunk;
    if (chunk) found.unshift({ chunk, row: row - (rows.starts[part] ?? 0) });
  }
  return found;
}

function textOf({ chunk, row }: Row, column: TextColumn): string | null {
  const { words, index } = chunk.texts[column];
  return words[index[row] ?? -1] ?? null;
}

function numberOf({ chunk, row }: Row, column: NumberColumn): Decimal | null {
  return decimalOfRow(chunk.numbers[column], row);
}

function firstText(rows: readonly Row[], column: TextColumn): string | null {
  return firstOf(rows, (row) => textOf(row, column)) ?? null;
}

function firstOf<T>(rows: readonly Row[], read: (row: Row) => T | null | undefined): T | undefined {
  for (const row of rows) {
    const found = read(row);
    if (found !== null && found !== undefined) return found;
  }
  return undefined;
}

function countOf(
  key: string,
  rows: readonly Row[],
  site: string,
  catalogue: Catalogue,
  blocks: Problem[],
  warnings: Problem[],
): SubProductCount {
  const name = catalogue.subProducts.get(key)?.name ?? firstText(rows, 'subProductName') ?? key;
  const trial = rows.filter((row) => isValid(row.chunk.trial, row.row));
  const paid = trial.length === 0 ? rows : rows.filter((row) => !trial.includes(row));
  const quantities = paid.map((row) => numberOf(row, 'quantity'));
  const quantity = quantities.every((value) => value !== null) ? add(...quantities) : null;
  const trialQuantity = add(...trial.map((row) => numberOf(row, 'quantity') ?? ZERO));
  const prices = distinct(paid.map((row) => numberOf(row, 'unitPrice')));
  const currencies = distinct(paid.map((row) => textOf(row, 'currency')));
  const totals = paid.map((row) => numberOf(row, 'total'));
  const vendorTotal = totals.length > 0 && totals.every((value) => value !== null) ? add(...totals) : null;
  const licences = firstOf(paid, (row) => numberOf(row, 'licences')) ?? null;
  const currency = currencies.length === 1 ? (currencies[0] ?? null) : null;
  const price = prices.length === 1 ? (prices[0] ?? null) : null;
  const missing = paid.find((_, index) => quantities[index] === null);
  if (missing)
    blocks.push(
      problem('quantity is missing', {
        site,
        subProduct: name,
        file: textOf(missing, 'file') ?? '',
        row: numberAt(missing.chunk.row, missing.row),
      }),
    );
  const negative = quantities.find((value) => value !== null && isNegative(value));
  if (negative) blocks.push(problem('quantity is negative', { site, subProduct: name, quantity: negative }));
  if (prices.length > 1)
    blocks.push(problem('prices differ within the count', { site, subProduct: name, prices: prices.map((value) => value ?? ZERO) }));
  if (currencies.length > 1)
    blocks.push(
      problem('currencies differ within the count', { site, subProduct: name, currencies: currencies.map((value) => value ?? '?') }),
    );
  if (trial.length > 0) warnings.push(problem('trial usage is not billed', { site, subProduct: name, quantity: trialQuantity }));
  if (licences !== null && quantity !== null && compare(licences, quantity) !== 0)
    warnings.push(problem('licences differ', { site, subProduct: name, quantity, licences }));
  if (price !== null && quantity !== null && currency !== null && vendorTotal !== null) {
    const ours = lineTotal(quantity, price, currency);
    if (compare(ours, vendorTotal) !== 0)
      warnings.push(problem('totals disagree with the vendor', { site, subProduct: name, ours, vendors: vendorTotal, currency }));
  }
  return {
    subProduct: key,
    name,
    quantity,
    trialQuantity,
    unit: firstText(rows, 'unit'),
    currency,
    price,
    cost: costOf(paid, quantities, quantity),
    vendorTotal,
    licences,
    evidence: rows.map((row) => ({ importId: row.chunk.importId, file: textOf(row, 'file') ?? '', row: numberAt(row.chunk.row, row.row) })),
  };
}

/** The partner's unit cost; where rows differ, their average by quantity to six places. */
function costOf(paid: readonly Row[], quantities: readonly (Decimal | null)[], quantity: Decimal | null): Decimal | null {
  const costs = paid.map((row) => numberOf(row, 'unitCost'));
  if (distinct(costs).length <= 1) return costs[0] ?? null;
  if (quantity === null || costs.some((cost) => cost === null)) return null;
  return divide(add(...costs.map((cost, index) => multiply(cost ?? ZERO, quantities[index] ?? ZERO))), quantity, 6);
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return values.length < 2 ? values : [...new Set(values)];
}
