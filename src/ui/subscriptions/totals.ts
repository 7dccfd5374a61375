import { add, divide, type Decimal } from '../../domain/decimal';
import type { ProductStanding } from '../../domain/standing';

export interface Totals {
  readonly currency: string;
  readonly cost: Decimal | null;
  readonly price: Decimal | null;
  readonly margin: Decimal | null;
}

/** The money of several products, or null when they are in several currencies: those are never added. */
export function totalsOf(products: readonly ProductStanding[]): Totals | null {
  const billed = products.filter(({ currency, price, cost }) => currency !== null || price !== null || cost !== null);
  const currency = billed[0]?.currency ?? null;
  if (currency === null || products.some((product) => product.currency !== currency)) return null;
  const sum = (read: (product: ProductStanding) => Decimal | null): Decimal | null => {
    const values = products.map(read);
    return values.every((value) => value !== null) ? add(...values) : null;
  };
  return { currency, cost: sum(({ cost }) => cost), price: sum(({ price }) => price), margin: sum(({ margin }) => margin) };
}

/** The margin as a share of the price, or null where either is unknown or the price is 0. */
export function marginShare(margin: Decimal | null, price: Decimal | null): number | null {
  const share = margin === null || price === null ? null : divide(margin, price, 4);
  return share === null ? null : Number(share);
}
