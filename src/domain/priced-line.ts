import { lineTotal, ZERO, type Decimal } from './decimal';
import { priceOf, type PriceVersion } from './price';
import { bills, type SiteCount } from './snapshot';

/** One count that bills, with what it costs and sells for. Totals are made when they are read, and null where the unit price, unit cost or currency is unknown. */
export interface PricedLine {
  readonly subProduct: string;
  readonly name: string;
  readonly quantity: Decimal;
  readonly unitPrice: Decimal | null;
  readonly unitCost: Decimal | null;
  readonly currency: string | null;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
}

/** Price versions by sub-product. */
export type PriceIndex = ReadonlyMap<string, readonly PriceVersion[]>;

export function priceIndex(prices: readonly PriceVersion[]): PriceIndex {
  const index = new Map<string, PriceVersion[]>();
  for (const version of prices) index.set(version.subProduct, [...(index.get(version.subProduct) ?? []), version]);
  return index;
}

/** What a site's count bills, line by line, as its company pays for it. */
export function pricedLines(count: SiteCount, company: string | null, prices: PriceIndex): PricedLine[] {
  return count.counts.filter(bills).map((own) => {
    const quantity = own.quantity ?? ZERO;
    const { price, cost, currency } = priceOf(own, company, prices.get(own.subProduct) ?? [], count.period);
    const total = (unit: Decimal | null) => (unit === null || currency === null ? null : lineTotal(quantity, unit, currency));
    return {
      subProduct: own.subProduct,
      name: own.name,
      quantity,
      unitPrice: price,
      unitCost: cost,
      currency,
      get price() {
        return total(price);
      },
      get cost() {
        return total(cost);
      },
    };
  });
}
