import { CUSTOMER_VIEWS, type CustomerView } from '../../domain/customer-view';
import type { Flag, ProductStanding, Standing } from '../../domain/standing';

/** The status tabs over the list, and which customers each one means. A quiet one stands there only while the address asks for it. */
export const VIEWS = [
  { key: 'all', name: 'All', flags: null },
  { key: 'needs-company', name: 'Needs company', flags: ['needs company'] },
  { key: 'changed', name: 'Changed', flags: ['changed'] },
  { key: 'never-synced', name: 'Never synced', flags: ['never synced'] },
  { key: 'synced', name: 'Synced', flags: ['synced'] },
  { key: 'to-sync', name: 'To sync', view: 'to-sync', quiet: true },
  { key: 'counted', name: 'Counted', view: 'counted', quiet: true },
  { key: 'stale', name: 'Stale count', view: 'stale', quiet: true },
  { key: 'late', name: 'Late count', view: 'late', quiet: true },
  { key: 'missing', name: 'Not reported', view: 'missing', quiet: true },
  { key: 'unclear', name: 'Count unclear', view: 'unclear', quiet: true },
] as const satisfies readonly ({ key: string; name: string; quiet?: true } & (
  { flags: readonly Flag[] | null } | { view: CustomerView }
))[];
export type View = (typeof VIEWS)[number]['key'];

export function isView(text: string | null): text is View {
  return VIEWS.some(({ key }) => key === text);
}

/** A product with its searchable words and the customers that are not left out, made once for each answer of the database. */
export interface Indexed {
  readonly product: ProductStanding;
  readonly own: string;
  readonly customers: readonly { readonly standing: Standing; readonly words: string }[];
}

export function indexed(products: readonly ProductStanding[], without: ReadonlySet<string> = NOBODY): Indexed[] {
  return products.map((product) => ({
    product,
    own: `${product.name} ${product.vendor}`.toLowerCase(),
    customers: product.standings.flatMap((standing) => (without.has(standing.key) ? [] : [{ standing, words: wordsOf(standing) }])),
  }));
}

const NOBODY: ReadonlySet<string> = new Set();

/** Products that match by name or vendor, or that have a customer (site, account, company) that does, within a status tab. */
export function matching(index: readonly Indexed[], text: string, view: View): Indexed[] {
  const words = wordsIn(text);
  return index.filter((entry) => {
    const named = words.every((word) => entry.own.includes(word));
    return entry.customers.some(
      ({ standing, words: own }) =>
        inView(standing, view) && (named || words.every((word) => own.includes(word) || entry.own.includes(word))),
    );
  });
}

/** The customers of a product that a search and a status tab mean: all of them when the search means the product itself. */
export function customersOf(entry: Indexed, text: string, view: View): Standing[] {
  const words = wordsIn(text);
  const named = words.every((word) => entry.own.includes(word));
  return entry.customers.flatMap(({ standing, words: own }) =>
    inView(standing, view) && (named || words.every((word) => own.includes(word) || entry.own.includes(word))) ? [standing] : [],
  );
}

function inView(standing: Standing, view: View): boolean {
  const found = VIEWS.find(({ key }) => key === view);
  if (found !== undefined && 'view' in found) return CUSTOMER_VIEWS[found.view](standing);
  const flags: readonly Flag[] | null = found?.flags ?? null;
  return flags === null || flags.includes(standing.flag);
}

function wordsOf({ customer, account, company }: Standing): string {
  return `${customer.site} ${account} ${company?.name ?? ''}`.toLowerCase();
}

function wordsIn(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}
