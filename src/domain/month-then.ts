import { equals, type Decimal } from './decimal';
import type { Customer } from './marketplace';
import { priceOf, type PriceVersion } from './price';
import { priceIndex } from './priced-line';
import type { ProductStanding, Standing } from './standing';

/** What was known of one sub-product of one customer. Null is unknown; `synced` null is never. */
export interface KnownCount {
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  readonly currency: string | null;
  /** The company's name; null while none was assigned. */
  readonly company: string | null;
  readonly synced: Decimal | null;
}

/** One thing that is known otherwise now. `importedAt` is when the file came that counts it now; null where none came since. */
export type Since =
  | { readonly what: 'quantity' | 'price' | 'cost'; readonly now: Decimal | null; readonly importedAt: string | null }
  | { readonly what: 'company'; readonly now: string | null }
  | { readonly what: 'synced'; readonly now: Decimal | null }
  | { readonly what: 'gone' };

/**
 * A sub-product of a customer as it was known then (null: nobody knew of it), and what is known otherwise now: of what nobody knew
 * its count, company and synced quantity.
 */
export interface ThenRow {
  readonly key: string;
  readonly customer: Customer;
  readonly product: string;
  readonly subProduct: string;
  readonly name: string;
  readonly then: KnownCount | null;
  readonly currency: string | null;
  readonly since: readonly Since[];
}

/** Standings of a month with the prices that they rest on. */
export interface KnownMonth {
  readonly products: readonly ProductStanding[];
  readonly prices: readonly PriceVersion[];
}

/** A month as it was known, row by row in the order of customers, beside how it is known now. `later` has the imports since, by their id. */
export function thenRows(then: KnownMonth, now: KnownMonth, later: ReadonlyMap<string, string>): ThenRow[] {
  const before = knownIn(then);
  const after = knownIn(now);
  const keys = new Set([...before.keys(), ...after.keys()]);
  const rows = [...keys].flatMap((key): ThenRow[] => {
    const was = before.get(key) ?? null;
    const is = after.get(key) ?? null;
    const place = was ?? is;
    if (place === null) return [];
    const { customer, product, subProduct, name } = place;
    const currency = was?.known.currency ?? is?.known.currency ?? null;
    return [{ ...{ key, customer, product, subProduct, name, currency }, then: was?.known ?? null, since: sinceOf(was, is, later) }];
  });
  return rows.sort(
    (left, right) => order(left.customer.site, right.customer.site) || order(left.product, right.product) || order(left.name, right.name),
  );
}

interface Known {
  readonly customer: Customer;
  readonly product: string;
  readonly subProduct: string;
  readonly name: string;
  readonly known: KnownCount;
  /** Imports that the customer's counts rest on. */
  readonly imports: readonly string[];
}

function knownIn({ products, prices }: KnownMonth): Map<string, Known> {
  const found = new Map<string, Known>();
  const listed = priceIndex(prices);
  for (const { name: product, standings } of products)
    for (const standing of standings)
      for (const { subProduct, name, current, synced } of standing.movements) {
        const { customer, company, count } = standing;
        const own = count.counts.find((one) => one.subProduct === subProduct);
        const priced = own === undefined ? NOTHING : priceOf(own, company?.id ?? null, listed.get(subProduct) ?? [], standing.period);
        const { price, cost, currency } = priced;
        found.set(`${standing.key}\u001f${subProduct}`, {
          ...{ customer, product, subProduct, name, imports: importsOf(standing) },
          known: { quantity: current, price, cost, currency, company: company?.name ?? null, synced },
        });
      }
  return found;
}

const NOTHING = { price: null, cost: null, currency: null } as const;

function importsOf({ count }: Standing): string[] {
  return count.counts.flatMap(({ evidence }) => evidence.map(({ importId }) => importId));
}

function sinceOf(was: Known | null, is: Known | null, later: ReadonlyMap<string, string>): Since[] {
  if (is === null) return [{ what: 'gone' }];
  const importedAt =
    is.imports
      .flatMap((id) => later.get(id) ?? [])
      .sort()
      .at(-1) ?? null;
  const before = was?.known;
  const { known } = is;
  const numbers = (['quantity', 'price', 'cost'] as const).flatMap((what): Since[] =>
    (before === undefined ? what !== 'quantity' : equals(before[what], known[what])) ? [] : [{ what, now: known[what], importedAt }],
  );
  const company: Since[] = known.company === (before?.company ?? null) ? [] : [{ what: 'company', now: known.company }];
  const synced: Since[] = equals(before?.synced ?? null, known.synced) ? [] : [{ what: 'synced', now: known.synced }];
  return [...numbers, ...company, ...synced];
}

function order(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
