import { add, subtract, ZERO, type Decimal } from '../../domain/decimal';
import type { MonthFigures } from '../../domain/month-figures';

/** One named row of values, a value for each month; null is not known or not there. */
export interface Series {
  readonly key: string;
  readonly name: string;
  readonly values: readonly (Decimal | null)[];
}

/** How many sub-products a chart tells apart; the smaller ones are drawn as one. The table names them all. */
const MOST = 6;

/** The sub-products of several months, the one with the most first. */
export function endpointSeries(months: readonly MonthFigures[]): Series[] {
  const names = new Map(months.flatMap(({ subProducts }) => subProducts.map(({ subProduct, name }) => [subProduct, name] as const)));
  return [...names]
    .map(([key, name]) => ({
      ...{ key, name },
      values: months.map(({ subProducts }) =>
        subProducts.length === 0 ? null : (subProducts.find(({ subProduct }) => subProduct === key)?.quantity ?? ZERO),
      ),
    }))
    .sort((left, right) => Number(subtract(sumOf(right), sumOf(left))) || (left.name < right.name ? -1 : 1));
}

/** What the chart draws of them. */
export function drawnSeries(series: readonly Series[]): readonly Series[] {
  if (series.length <= MOST) return series;
  const rest = series.slice(MOST - 1);
  const values = (rest[0]?.values ?? []).map((_, month) => totalOf(rest, month));
  return [...series.slice(0, MOST - 1), { key: '', name: `${rest.length} others`, values }];
}

/** The sum of a month over all series; null where the month has no usage. */
export function totalOf(series: readonly Series[], month: number): Decimal | null {
  const values = series.map(({ values: own }) => own[month] ?? null);
  return values.every((value) => value === null) ? null : add(ZERO, ...values.map((value) => value ?? ZERO));
}

/** The currencies that the months know. */
export function currenciesOf(months: readonly MonthFigures[]): string[] {
  return [...new Set(months.flatMap(({ money }) => money.map(({ currency }) => currency)))].sort();
}

/** Price, cost and margin of one currency. */
export function moneySeries(months: readonly MonthFigures[], currency: string): Series[] {
  return (['price', 'cost', 'margin'] as const).map((key) => ({
    ...{ key, name: { price: 'Price', cost: 'Cost', margin: 'Margin' }[key] },
    values: months.map(({ money }) => money.find((own) => own.currency === currency)?.[key] ?? null),
  }));
}

function sumOf({ values }: Series): Decimal {
  return add(ZERO, ...values.map((value) => value ?? ZERO));
}
