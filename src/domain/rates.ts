import type { MonthCount } from './month';
import { partOfRow } from './month-entries';
import { numberAt } from './run';
import { isValid, type UsageChunk } from './usage';

/** What the usage of a month said a sub-product of a customer sells for and costs; null where it did not say. */
export interface Rate {
  readonly price: number | null;
  readonly cost: number | null;
}

/**
 * The rates of a counted month, to be told apart and never to be computed with: equal decimals are equal doubles. A count of several rows
 * has none of its own.
 */
export function ratesOf(month: MonthCount): (customer: string, subProduct: string) => Rate | null {
  const customers = new Map(month.customers.map((key, at) => [key, at]));
  const subProducts = new Map(month.subProducts.map((key, at) => [key, at]));
  return (customer, subProduct) => {
    const slot = (customers.get(customer) ?? NaN) * month.subProducts.length + (subProducts.get(subProduct) ?? NaN);
    const row = month.entries.first[(month.entries.at[slot] ?? 0) - 1];
    if (row === undefined || (month.rows.next[row] ?? -1) >= 0) return null;
    const part = partOfRow(month.rows.starts, row);
    const chunk = month.chunks[part]?.chunk;
    return chunk === undefined ? null : rateAt(chunk, row - (month.rows.starts[part] ?? 0));
  };
}

function rateAt({ numbers }: UsageChunk, row: number): Rate {
  const of = ({ scale, values, valid }: UsageChunk['numbers']['unitPrice']) =>
    isValid(valid, row) ? numberAt(values, row) / 10 ** scale : null;
  return { price: of(numbers.unitPrice), cost: of(numbers.unitCost) };
}
