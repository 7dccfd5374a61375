import type { Company, Product, SubProduct, Subscription, UsageSummary } from './marketplace';
import { slugOf, subProductSlug } from './marketplace';

/** The registry rows of the database. */
export interface RegistryRows {
  readonly companies: readonly Company[];
  readonly products: readonly Product[];
  readonly subProducts: readonly SubProduct[];
  readonly subscriptions: readonly Subscription[];
  readonly summaries: readonly UsageSummary[];
}

/** What one import found out about names. Ids are raw, as the source writes them. */
export interface Found {
  readonly companies: readonly Company[];
  readonly products: readonly { readonly id: string; readonly name: string; readonly vendor: string }[];
  readonly subscriptions: readonly Subscription[];
  readonly summaries: readonly UsageSummary[];
  /** Each sub-product as usage lines name it. */
  readonly named: readonly NamedSubProduct[];
}
export interface NamedSubProduct {
  readonly product: string | null;
  readonly summary: string | null;
  readonly id: string | null;
  readonly name: string;
  readonly unit: string | null;
}

/** The products whose usage an import brought, as the merged registry names them. */
export function productsBrought(merged: RegistryRows, named: readonly NamedSubProduct[], source: string): Set<string> {
  const byId = new Map(merged.subProducts.flatMap((row) => row.ids.map((id) => [id, row.product] as const)));
  const byName = new Map(merged.subProducts.map((row) => [row.key, row.product]));
  const products = named.map(({ id, name, product }) =>
    product === null ? (byId.get(`${source}:${id ?? ''}`) ?? byName.get(slugOf(name)) ?? '') : slugOf(product),
  );
  return new Set(products.filter((product) => product !== ''));
}

/**
 * The registry with what an import found: rows are recognised by their id at the source, so a rename keeps the key, else by the slug
 * of their name. A product of which only the vendor is known is named after the vendor.
 */
export function mergeRegistry(before: RegistryRows, found: Found, source: string): RegistryRows {
  const summaries = byKey([...before.summaries, ...found.summaries], ({ id }) => id);
  const subscriptions = byKey([...before.subscriptions, ...found.subscriptions], ({ id }) => id);
  const products = new ProductBook(before.products, source);
  for (const { id, name, vendor } of found.products) products.learn(id, name, vendor);
  const nameOf = new Map([...subscriptions.values()].map(({ productId, productName }) => [productId, productName]));
  for (const summary of found.summaries) products.meet(summary, nameOf.get(summary.productId) ?? null);
  const subProducts = new Map(before.subProducts.map((row) => [row.key, row]));
  const keyOfId = new Map(before.subProducts.flatMap((row) => row.ids.map((id) => [id, row.key] as const)));
  for (const named of found.named) {
    const summary = named.summary === null ? undefined : summaries.get(named.summary);
    const product = named.product === null ? products.keyOf(summary) : products.named(named.product);
    const id = named.id === null ? null : `${source}:${named.id}`;
    const key =
      (id === null ? undefined : keyOfId.get(id)) ?? subProductSlug(named.name, product ?? null, (own) => subProducts.get(own)?.product);
    const known = subProducts.get(key);
    const ids = [...new Set([...(known?.ids ?? []), ...(id === null ? [] : [id])])];
    if (id !== null) keyOfId.set(id, key);
    subProducts.set(key, { key, product: known?.product || product || '', name: named.name, unit: named.unit ?? known?.unit ?? null, ids });
  }
  return {
    companies: [...byKey([...before.companies, ...found.companies], ({ id }) => id).values()],
    products: products.rows(),
    subProducts: [...subProducts.values()],
    subscriptions: [...subscriptions.values()],
    summaries: [...summaries.values()],
  };
}

class ProductBook {
  readonly #rows: Map<string, Product>;
  readonly #keys: Map<string, string>;
  readonly #source: string;

  constructor(rows: readonly Product[], source: string) {
    this.#rows = new Map(rows.map((row) => [row.key, row]));
    this.#keys = new Map(rows.flatMap((row) => row.ids.map((id) => [id, row.key] as const)));
    this.#source = source;
  }

  rows(): Product[] {
    return [...this.#rows.values()];
  }

  /** A product whose name is known. */
  learn(rawId: string, name: string, vendor: string): void {
    const id = `${this.#source}:${rawId}`;
    this.#put(this.#keys.get(id) ?? slugOf(name), name, vendor, id);
  }

  /** A product that a usage summary mentions. Two unnamed products of one vendor stay two. */
  meet({ productId, vendorName }: UsageSummary, name: string | null): void {
    const id = `${this.#source}:${productId}`;
    if (this.#keys.has(id)) return;
    if (name !== null) {
      this.#put(slugOf(name), name, vendorName, id);
      return;
    }
    const vendor = vendorName || 'Unknown vendor';
    const taken = this.#rows.get(slugOf(vendor))?.ids.some((other) => other.startsWith(`${this.#source}:`)) ?? false;
    const shown = taken ? `${vendor} (${productId.slice(0, 8)})` : vendor;
    this.#put(slugOf(shown), shown, vendorName, id);
  }

  /** The key of a product that usage lines name by themselves. */
  named(name: string): string {
    const key = slugOf(name);
    if (!this.#rows.has(key)) this.#rows.set(key, { key, name, vendor: name, ids: [] });
    return key;
  }

  keyOf(summary: UsageSummary | undefined): string | undefined {
    return summary === undefined ? undefined : this.#keys.get(`${this.#source}:${summary.productId}`);
  }

  #put(key: string, name: string, vendor: string, id: string): void {
    const ids = new Set(this.#rows.get(key)?.ids).add(id);
    this.#rows.set(key, { key, name, vendor: vendor || (this.#rows.get(key)?.vendor ?? ''), ids: [...ids] });
    this.#keys.set(id, key);
  }
}

function byKey<T>(rows: readonly T[], key: (row: T) => string): Map<string, T> {
  return new Map(rows.map((row) => [key(row), row]));
}
