import type { Binding } from '../../domain/agreement';
import { add, isZero, lineTotal, ZERO, type Decimal } from '../../domain/decimal';
import { priceOf, type PriceVersion } from '../../domain/price';
import type { ProductStanding } from '../../domain/standing';

/** Usage of one product or sub-product in a month, over all customers. Null quantity: nobody's count is known. */
export interface PlaceUsage {
  readonly product: string;
  readonly subProduct: string | null;
  readonly name: string;
  readonly customers: number;
  readonly quantity: Decimal;
  /** By currency: they are never added to each other. */
  readonly money: readonly { readonly currency: string; readonly amount: Decimal }[];
  /** Customers whose count or price is not known, so their money is missing above. */
  readonly unknown: number;
}

export interface ProductUsage {
  readonly top: PlaceUsage;
  readonly subProducts: readonly PlaceUsage[];
}

/** Every product with its sub-products, what they count this month and what that is worth. */
export function usageByProduct(standings: readonly ProductStanding[], prices: readonly PriceVersion[]): ProductUsage[] {
  return standings.map((standing) => {
    const found = new Map<string, Tally>();
    let unknown = 0;
    for (const { count, company, period } of standing.standings) {
      if (count.how === 'unknown') unknown += 1;
      for (const own of count.counts) {
        const tally = found.get(own.subProduct) ?? emptyTally(own.name);
        found.set(own.subProduct, tally);
        if (own.quantity === null) tally.unknown += 1;
        else if (!isZero(own.quantity)) {
          const { price, currency } = priceOf(own, company?.id ?? null, prices, period);
          tally.customers += 1;
          tally.quantity = add(tally.quantity, own.quantity);
          if (price === null || currency === null) tally.unknown += 1;
          else tally.money.set(currency, add(tally.money.get(currency) ?? ZERO, lineTotal(own.quantity, price, currency)));
        }
      }
    }
    const subProducts = [...found].map(([subProduct, tally]) => placeOf(standing.product, subProduct, tally)).sort(byName);
    return { top: topOf(standing, subProducts, unknown), subProducts };
  });
}

/** Sub-products that are counted and have no binding of their own. */
export function unboundPlaces(usage: ProductUsage, bindings: readonly Binding[]): readonly PlaceUsage[] {
  const bound = new Set(bindings.map(({ subProduct }) => subProduct));
  return usage.subProducts.filter(({ subProduct, quantity }) => !bound.has(subProduct) && !isZero(quantity));
}

/** What has no product of the PSA: the top-level product, then what is counted, then the rest. */
export function openPlaces({ top, subProducts }: ProductUsage, bindings: readonly Binding[]): readonly PlaceUsage[] {
  const bound = new Set(bindings.map(({ subProduct }) => subProduct));
  const counted = ({ quantity }: PlaceUsage) => !isZero(quantity);
  const all = [top, ...subProducts.filter(counted), ...subProducts.filter((place) => !counted(place))];
  return all.filter(({ subProduct }) => !bound.has(subProduct));
}

/** Cost and price that every count of the sub-product agrees on; null where they differ or are not reported. */
export function usualPrice(
  standings: readonly ProductStanding[],
  subProduct: string | null,
): { readonly cost: Decimal | null; readonly price: Decimal | null } {
  const counts = standings
    .flatMap((product) => product.standings.flatMap(({ count }) => count.counts))
    .filter((own) => own.subProduct === subProduct);
  const single = (values: readonly (Decimal | null)[]) => (new Set(values).size === 1 ? (values[0] ?? null) : null);
  return { cost: single(counts.map(({ cost }) => cost)), price: single(counts.map(({ price }) => price)) };
}

interface Tally {
  readonly name: string;
  customers: number;
  quantity: Decimal;
  unknown: number;
  readonly money: Map<string, Decimal>;
}

function emptyTally(name: string): Tally {
  return { name, customers: 0, quantity: ZERO, unknown: 0, money: new Map() };
}

function placeOf(product: string, subProduct: string, { name, customers, quantity, unknown, money }: Tally): PlaceUsage {
  return { product, subProduct, name, customers, quantity, unknown, money: [...money].map(([currency, amount]) => ({ currency, amount })) };
}

function topOf({ product, name, customers }: ProductStanding, parts: readonly PlaceUsage[], unknown: number): PlaceUsage {
  const quantity = add(ZERO, ...parts.map((part) => part.quantity));
  return {
    product,
    subProduct: null,
    name,
    customers,
    quantity,
    money: summed(parts),
    unknown: unknown + parts.reduce((sum, part) => sum + part.unknown, 0),
  };
}

/** The money of several places, by currency. */
export function summed(parts: readonly PlaceUsage[]): PlaceUsage['money'] {
  const money = new Map<string, Decimal>();
  for (const { currency, amount } of parts.flatMap((part) => part.money)) money.set(currency, add(money.get(currency) ?? ZERO, amount));
  return [...money].map(([currency, amount]) => ({ currency, amount })).sort((left, right) => left.currency.localeCompare(right.currency));
}

function byName(left: PlaceUsage, right: PlaceUsage): number {
  return left.name.localeCompare(right.name, 'en');
}
