import { add, divide, lineTotal, minorDigits, multiply, ONE, compare, isZero, round, subtract, ZERO, type Decimal } from './decimal';
import type { MonthFigures } from './month-figures';
import { applied, type ProjectedLine, type WhatIf } from './what-if';

/** Money of some lines in one currency. `margin` is over the lines whose price and cost are both known; the `unknown` ones lack either. */
export interface ProjectedMoney {
  readonly cost: Decimal;
  readonly price: Decimal;
  readonly margin: Decimal;
  readonly unknown: number;
}

/** One sub-product in one currency; a line without a currency is unknown money under none. */
export interface ProjectedRow extends ProjectedMoney {
  readonly key: string;
  readonly product: string;
  readonly productName: string;
  readonly subProduct: string;
  readonly name: string;
  readonly currency: string | null;
  readonly quantity: Decimal;
}

/** By how much a product's count moved from month to month, at the least and at the most, as factors around 1; `changes` is of how many. */
export interface Spread {
  readonly low: Decimal;
  readonly high: Decimal;
  readonly changes: number;
}

/** The projected bill in one currency. */
export interface ProjectedBill extends ProjectedMoney {
  readonly currency: string;
  /** Null where a product's history is too short to say. */
  readonly range: { readonly low: Range; readonly high: Range } | null;
  /** The products without a range. */
  readonly short: readonly string[];
}
type Range = Pick<ProjectedMoney, 'cost' | 'price' | 'margin'>;

/** Fewer changes than these say nothing about the next one. */
export const LEAST_CHANGES = 3;

/** What the lines bill, by sub-product, with every what-if applied in order; with none, as it is. */
export function projectedRows(lines: readonly ProjectedLine[], whatIfs: readonly WhatIf[] = []): ProjectedRow[] {
  const rows = new Map<string, ProjectedRow>();
  for (const line of lines) {
    const key = `${line.subProduct}\u001f${line.currency ?? ''}`;
    rows.set(key, withLine(rows.get(key) ?? emptyRow(key, line), line, whatIfs));
  }
  return [...rows.values()].sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
}

/**
 * The smallest and largest change of each product's count between two months that follow each other, 1 always among them. A product with
 * fewer than three changes has none.
 */
export function spreadsOf(months: readonly MonthFigures[]): ReadonlyMap<string, Spread> {
  const totals = months.map(({ subProducts }) => {
    const sums = new Map<string, Decimal>();
    for (const { product, quantity } of subProducts) sums.set(product, add(sums.get(product) ?? ZERO, quantity));
    return sums;
  });
  const products = new Set(totals.flatMap((sums) => [...sums.keys()]));
  return new Map(
    [...products].flatMap((product) => {
      const changes = totals.slice(1).flatMap((sums, at) => changeOf(totals[at]?.get(product), sums.get(product)));
      if (changes.length < LEAST_CHANGES) return [];
      const most = (sign: 1 | -1) => changes.reduce((found, change) => (compare(change, found) === sign ? change : found), ONE);
      return [[product, { low: most(-1), high: most(1), changes: changes.length }] as const];
    }),
  );
}

/** The bill of each currency with its range: every product's money times its smallest and its largest change. */
export function billsOf(rows: readonly ProjectedRow[], spreads: ReadonlyMap<string, Spread>): ProjectedBill[] {
  const currencies = [...new Set(rows.flatMap(({ currency }) => currency ?? []))].sort();
  return currencies.map((currency) => {
    const own = rows.filter((row) => row.currency === currency);
    const without = own.filter(({ product, price, cost }) => !spreads.has(product) && !(isZero(price) && isZero(cost)));
    const edge = (read: (spread: Spread) => Decimal) => sumOf(own.map((row) => scaled(row, currency, spreads.get(row.product), read)));
    const low = edge((spread) => spread.low);
    const high = edge((spread) => spread.high);
    return {
      ...{ currency, ...sumOf(own), unknown: own.reduce((sum, { unknown }) => sum + unknown, 0) },
      range: without.length > 0 ? null : { low, high },
      short: [...new Set(without.map(({ productName }) => productName))].sort(),
    };
  });
}

function emptyRow(key: string, { product, productName, subProduct, name, currency }: ProjectedLine): ProjectedRow {
  return {
    ...{ key, product, productName, subProduct, name, currency },
    ...{ quantity: ZERO, cost: ZERO, price: ZERO, margin: ZERO, unknown: 0 },
  };
}

function withLine(row: ProjectedRow, line: ProjectedLine, whatIfs: readonly WhatIf[]): ProjectedRow {
  const { quantity, billed, unitPrice, unitCost } = applied(line, whatIfs);
  const total = (of: Decimal, unit: Decimal | null) =>
    unit === null || line.currency === null ? null : lineTotal(of, unit, line.currency);
  const price = total(billed, unitPrice);
  const cost = total(quantity, unitCost);
  return {
    ...row,
    quantity: add(row.quantity, quantity),
    price: add(row.price, price ?? ZERO),
    cost: add(row.cost, cost ?? ZERO),
    margin: price === null || cost === null ? row.margin : add(row.margin, subtract(price, cost)),
    unknown: row.unknown + (price === null || cost === null ? 1 : 0),
  };
}

function changeOf(before: Decimal | undefined, after: Decimal | undefined): Decimal[] {
  if (before === undefined || after === undefined) return [];
  const factor = divide(after, before, 6);
  return factor === null ? [] : [factor];
}

function scaled(row: ProjectedRow, currency: string, spread: Spread | undefined, read: (spread: Spread) => Decimal): Range {
  const factor = spread === undefined ? ONE : read(spread);
  const of = (value: Decimal) => round(multiply(value, factor), minorDigits(currency));
  const [cost, price] = [of(row.cost), of(row.price)];
  return { cost, price, margin: row.unknown === 0 ? subtract(price, cost) : of(row.margin) };
}

function sumOf(parts: readonly Range[]): Range {
  const sum = (read: keyof Range) => add(ZERO, ...parts.map((part) => part[read]));
  return { cost: sum('cost'), price: sum('price'), margin: sum('margin') };
}

function nameOf({ productName, name, currency }: ProjectedRow): string {
  return [productName, name, currency ?? ''].join('\u001f');
}
