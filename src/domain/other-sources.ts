import type { Catalogue } from './catalogue';
import { equals, fromScaled, ZERO, type Decimal } from './decimal';
import type { MonthCount } from './month';
import { problem, type Problem } from './problem';
import { entriesByCustomer, type SiteCount } from './snapshot';

/** A month as a source counts it that does not bill it: quantities by customer and sub-product. */
export interface OtherSource {
  readonly source: string;
  readonly counts: Quantities;
}
/** What a customer counts by sub-product, by its key; undefined for one that is not counted. */
export type Quantities = (customer: string) => ReadonlyMap<string, Decimal | null> | undefined;

/** Where a source that does not bill counts a customer differently. What it does not report at all it has no opinion on. */
export function disagreements(others: readonly OtherSource[], catalogue: Catalogue, key: string, count: SiteCount): Problem[] {
  return others.flatMap(({ source, counts }) => {
    const theirs = counts(key);
    if (theirs === undefined || count.how === 'unknown') return [];
    const ours = new Map(count.counts.map((own) => [own.subProduct, own.quantity]));
    return [...new Set([...ours.keys(), ...theirs.keys()])]
      .map((subProduct) => ({
        subProduct,
        ours: ours.get(subProduct) ?? ZERO,
        theirs: theirs.has(subProduct) ? (theirs.get(subProduct) ?? null) : ZERO,
      }))
      .filter((pair) => !equals(pair.ours, pair.theirs))
      .map((pair) =>
        problem('another source differs', {
          site: count.site,
          source,
          ...pair,
          subProduct: catalogue.subProducts.get(pair.subProduct)?.name ?? pair.subProduct,
        }),
      );
  });
}

/** The quantities of a counted month, each customer's when it is asked for; null is unknown. */
export function quantitiesOf(month: MonthCount): Quantities {
  const { customers, subProducts, entries, scale } = month;
  const at = new Map(customers.map((key, customer) => [key, customer]));
  const own = entriesByCustomer(month);
  return (key) => {
    const customer = at.get(key);
    if (customer === undefined) return undefined;
    const found = new Map<string, Decimal | null>();
    for (const entry of own[customer] ?? []) {
      const quantity = entries.quantity[entry] ?? NaN;
      found.set(subProducts[entries.subProduct[entry] ?? 0] ?? '', Number.isNaN(quantity) ? null : fromScaled(quantity, scale));
    }
    return found;
  };
}
