import type { Period } from './calendar';
import type { Catalogue } from './catalogue';
import { add, decimalOf, multiply, subtract, ZERO, type Decimal } from './decimal';
import type { MonthCount } from './month';
import { pricedLines, type PricedLine, type PriceIndex } from './priced-line';
import { entriesByCustomer, siteCountOf, type SiteCount } from './snapshot';
import { STEP, type Steps } from './steps';

/** What one month counts and is worth over all customers. A month without usage has no sub-products and no money. */
export interface MonthFigures {
  readonly period: Period;
  readonly subProducts: readonly SubProductFigures[];
  readonly money: readonly MoneyFigures[];
  /** Counts whose quantity, price, cost or currency is not known: they are missing in what is said of them, never 0. */
  readonly unknown: number;
}

export interface SubProductFigures {
  readonly product: string;
  readonly subProduct: string;
  readonly name: string;
  readonly quantity: Decimal;
}

/** One currency's money of a month. `margin` is over the counts whose price and cost are both known. */
export interface MoneyFigures {
  readonly currency: string;
  readonly cost: Decimal;
  readonly price: Decimal;
  readonly margin: Decimal;
}

export interface FigureFacts {
  readonly catalogue: Catalogue;
  readonly prices: PriceIndex;
  /** The company of a customer (by its key) in the period. */
  readonly companyOf: (customer: string) => string | null;
  /** A count as it bills: what rules make of it. */
  readonly billed: (count: SiteCount, company: string | null) => SiteCount;
}

/**
 * Adds up a counted month. Thousands of customers have the same few counts: equal lines are counted first, and their money is computed
 * once.
 */
export function* monthFigures(month: MonthCount, { catalogue, prices, companyOf, billed }: FigureFacts): Steps<MonthFigures> {
  const equal = new Map<string, { readonly product: string; readonly line: PricedLine; count: number }>();
  const entries = entriesByCustomer(month);
  let unknown = 0;
  yield;
  for (const [customer, key] of month.customers.entries()) {
    if (customer % STEP === STEP - 1) yield;
    const company = companyOf(key);
    const count = billed(siteCountOf(month, customer, entries[customer] ?? [], catalogue), company);
    unknown += count.counts.filter(({ quantity }) => quantity === null).length;
    for (const line of pricedLines(count, company, prices)) {
      const { subProduct, quantity, unitPrice, unitCost, currency } = line;
      const name = [subProduct, quantity, unitPrice, unitCost, currency].join('\u001f');
      const found = equal.get(name);
      if (found === undefined) equal.set(name, { product: count.product, line, count: 1 });
      else found.count += 1;
    }
  }
  const subProducts = new Map<string, SubProductFigures>();
  const money = new Map<string, MoneyFigures>();
  for (const { product, line, count } of equal.values()) {
    const { subProduct, name, quantity, currency, cost, price } = line;
    const times = (value: Decimal) => multiply(value, decimalOf(count));
    const before = subProducts.get(subProduct)?.quantity ?? ZERO;
    subProducts.set(subProduct, { product, subProduct, name, quantity: add(before, times(quantity)) });
    if (price === null || cost === null) unknown += count;
    if (currency === null) continue;
    const sum = money.get(currency) ?? nothingIn(currency);
    money.set(currency, withLines(sum, cost === null ? null : times(cost), price === null ? null : times(price)));
  }
  return {
    period: month.period,
    subProducts: [...subProducts.values()].sort((left, right) => (left.name < right.name ? -1 : 1)),
    money: [...money.values()].sort((left, right) => (left.currency < right.currency ? -1 : 1)),
    unknown,
  };
}

function nothingIn(currency: string): MoneyFigures {
  return { currency, cost: ZERO, price: ZERO, margin: ZERO };
}

function withLines(sum: MoneyFigures, cost: Decimal | null, price: Decimal | null): MoneyFigures {
  return {
    currency: sum.currency,
    cost: add(sum.cost, cost ?? ZERO),
    price: add(sum.price, price ?? ZERO),
    margin: cost === null || price === null ? sum.margin : add(sum.margin, subtract(price, cost)),
  };
}
