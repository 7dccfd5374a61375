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
    return new CountedLine(own.subProduct, own.name, quantity, price, cost, currency);
  });
}

class CountedLine implements PricedLine {
  readonly subProduct: string;
  readonly name: string;
  readonly quantity: Decimal;
  readonly unitPrice: Decimal | null;
  readonly unitCost: Decimal | null;
  readonly currency: string | null;

  constructor(
    subProduct: string,
    name: string,
    quantity: Decimal,
    unitPrice: Decimal | null,
    unitCost: Decimal | null,
    currency: string | null,
  ) {
    this.subProduct = subProduct;
    this.name = name;
    this.quantity = quantity;
    this.unitPrice = unitPrice;
    this.unitCost = unitCost;
    this.currency = currency;
  }
  get price(): Decimal | null {
    return this.#total(this.unitPrice);
  }
  get cost(): Decimal | null {
    return this.#total(this.unitCost);
  }
  #total(unit: Decimal | null): Decimal | null {
    return unit === null || this.currency === null ? null : lineTotal(this.quantity, unit, this.currency);
  }
}
