import type { Day } from './calendar';
import type { Product, SubProduct, Subscription, UsageSummary } from './marketplace';
import { siteOf, slugOf, subProductSlug } from './marketplace';

/** Everything that gives a packed row its names: registry rows and summaries, indexed. */
export interface Catalogue {
  readonly products: ReadonlyMap<string, Product>;
  readonly subProducts: ReadonlyMap<string, SubProduct>;
  readonly summaries: ReadonlyMap<string, UsageSummary>;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  /** `${source}:${id}` -> key of the product or sub-product. */
  readonly productIds: ReadonlyMap<string, string>;
  readonly subProductIds: ReadonlyMap<string, string>;
}

export function catalogueOf(rows: {
  readonly products: readonly Product[];
  readonly subProducts: readonly SubProduct[];
  readonly summaries: readonly UsageSummary[];
  readonly subscriptions: readonly Subscription[];
}): Catalogue {
  return {
    products: new Map(rows.products.map((product) => [product.key, product])),
    subProducts: new Map(rows.subProducts.map((subProduct) => [subProduct.key, subProduct])),
    summaries: new Map(rows.summaries.map((summary) => [summary.id, summary])),
    subscriptions: new Map(rows.subscriptions.map((subscription) => [subscription.id, subscription])),
    productIds: new Map(rows.products.flatMap((product) => product.ids.map((id) => [id, product.key] as const))),
    subProductIds: new Map(rows.subProducts.flatMap((subProduct) => subProduct.ids.map((id) => [id, subProduct.key] as const))),
  };
}

/** The key of a top-level product that a row names: by its id at the source, else by its name, else by its vendor. */
export function productKeyFor(
  catalogue: Catalogue,
  source: string,
  named: { id: string | null; name: string | null; vendor: string | null },
): string | null {
  const known = named.id === null ? undefined : catalogue.productIds.get(`${source}:${named.id}`);
  if (known !== undefined) return known;
  const name = named.name ?? named.vendor;
  return name === null ? null : slugOf(name);
}

/** The key of a sub-product that a row names: by its id at the source, so that a rename keeps it, else by its name. */
export function subProductKeyFor(
  catalogue: Catalogue,
  source: string,
  named: { id: string | null; name: string; product: string | null },
): string {
  const known = named.id === null ? undefined : catalogue.subProductIds.get(`${source}:${named.id}`);
  const product = named.product === null ? null : slugOf(named.product);
  return known ?? subProductSlug(named.name, product, (key) => catalogue.subProducts.get(key)?.product);
}

/** The customer that a row belongs to, or null while its usage summary is not imported. */
export function customerFor(
  catalogue: Catalogue,
  source: string,
  row: { site: string | null; summary: string | null; product: string | null },
): { product: string; site: string; summary: UsageSummary | null } | null {
  const summary = row.summary === null ? null : (catalogue.summaries.get(row.summary) ?? null);
  const site = row.site ?? summary?.resourceGroup ?? null;
  const product = productKeyFor(catalogue, source, {
    id: summary?.productId ?? null,
    name: row.product,
    vendor: summary?.vendorName ?? null,
  });
  return site === null || product === null ? null : { product, site: siteOf(site), summary };
}

/** The earliest start among the product's subscriptions: the subscription as a whole, not for one customer. */
export function subscriptionStartOf(catalogue: Catalogue, product: string, subscription: string | null = null): Day | null {
  const own = subscription === null ? undefined : catalogue.subscriptions.get(subscription);
  if (own?.startDate) return own.startDate;
  const ids = new Set(catalogue.products.get(product)?.ids ?? []);
  const starts = [...catalogue.subscriptions.values()]
    .filter((row) => ids.has(`pax8:${row.productId}`))
    .flatMap(({ startDate }) => startDate ?? []);
  return starts.sort()[0] ?? null;
}
