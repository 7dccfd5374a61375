import type { Catalogue } from './catalogue';
import { equals, fromScaled, ZERO, type Decimal } from './decimal';
import type { MonthCount } from './month';
import { problem, type Problem } from './problem';
import type { SiteCount } from './snapshot';

/** A month as a source counts it that does not bill it: quantities by customer and sub-product. */
export interface OtherSource {
  readonly source: string;
  readonly counts: Quantities;
}
export type Quantities = ReadonlyMap<string, ReadonlyMap<string, Decimal | null>>;

/** Where a source that does not bill counts a customer differently. What it does not report at all it has no opinion on. */
export function disagreements(others: readonly OtherSource[], catalogue: Catalogue, key: string, count: SiteCount): Problem[] {
  return others.flatMap(({ source, counts }) => {
    const theirs = counts.get(key);
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

/** The quantities of a counted month by customer and sub-product; null is unknown. */
export function quantitiesOf(month: MonthCount): Map<string, Map<string, Decimal | null>> {
  const found = new Map(month.customers.map((key) => [key, new Map<string, Decimal | null>()]));
  const { entries, scale } = month;
  for (let entry = 0; entry < entries.length; entry++) {
    const quantity = entries.quantity[entry] ?? NaN;
    found
      .get(month.customers[entries.customer[entry] ?? 0] ?? '')
      ?.set(month.subProducts[entries.subProduct[entry] ?? 0] ?? '', Number.isNaN(quantity) ? null : fromScaled(quantity, scale));
  }
  return found;
}
