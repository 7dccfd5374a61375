import { amountsOf, type Amounts } from './amounts';
import type { Binding } from './agreement';
import type { Decimal } from './decimal';
import { pricedLines, type PriceIndex } from './priced-line';
import type { Standing } from './standing-row';

/** Which connection each customer uses, and what is bound there in the period. */
export interface BoundFacts {
  /** Customer key -> connection; a customer who never used one is expected at `usual`. */
  readonly usedBy: ReadonlyMap<string, string>;
  /** The connection that was used last, or the only one there is; null while there is none. */
  readonly usual: string | null;
  readonly bindings: readonly Binding[];
}

/** A sub-product that is billed at a connection. */
export interface Place {
  readonly connection: string | null;
  readonly product: string;
  readonly subProduct: string;
}

/** The sub-products that are billed somewhere without a product of their own there. */
export interface Unbound {
  /** How many sub-products are billed, each at each connection. */
  readonly places: number;
  /** Nothing is bound for them, the top-level product neither: their lines wait. */
  readonly waiting: readonly Place[];
  /** Their lines use the top-level product and name them in the description. */
  readonly throughTop: readonly Place[];
  /** What the lines of both bill in the period. */
  readonly money: Amounts;
}

export function unboundIn(standings: readonly Standing[], prices: PriceIndex, { usedBy, usual, bindings }: BoundFacts): Unbound {
  const bound = new Set(bindings.map((binding) => keyOf(binding.connection, binding.product, binding.subProduct)));
  const places = new Map<string, Place & { readonly open: boolean }>();
  const amounts: { amount: Decimal | null; currency: string | null }[] = [];
  for (const { key, customer, count, company } of standings) {
    const connection = usedBy.get(key) ?? usual;
    for (const line of pricedLines(count, company?.id ?? null, prices)) {
      const { subProduct, currency } = line;
      const name = keyOf(connection, customer.product, subProduct);
      const place = places.get(name) ?? { connection, product: customer.product, subProduct, open: !bound.has(name) };
      places.set(name, place);
      if (place.open) amounts.push({ amount: line.price, currency });
    }
  }
  const open = [...places.values()].filter((place) => place.open);
  const hasTop = ({ connection, product }: Place) => bound.has(keyOf(connection, product, null));
  const bare = ({ connection, product, subProduct }: Place) => ({ connection, product, subProduct });
  return {
    places: places.size,
    waiting: open.filter((place) => !hasTop(place)).map(bare),
    throughTop: open.filter(hasTop).map(bare),
    money: amountsOf(amounts),
  };
}

function keyOf(connection: string | null, product: string, subProduct: string | null): string {
  return [connection ?? '', product, subProduct ?? ''].join('\u001f');
}
