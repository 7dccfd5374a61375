import type { ArrearsCustomer, ArrearsView } from './arrears';
import { compare, type Decimal } from './decimal';
import type { ChangeReason, Movement } from './movement';

/** What narrows the list. Null takes all. */
export interface ArrearsFilter {
  readonly view: ArrearsView;
  readonly text: string;
  readonly product: string | null;
  readonly connection: string | null;
}

export const GROUPINGS = ['customer', 'product', 'psa', 'reason'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** One line of a customer. `first` is where its customer begins: the others of it repeat the site. */
export interface ArrearsLine {
  readonly key: string;
  readonly of: ArrearsCustomer;
  readonly movement: Movement;
  readonly first: boolean;
}
export interface ArrearsGroup {
  readonly key: string;
  /** A product's or connection's key, or a reason; null has none. */
  readonly value: string | null;
  readonly lines: readonly ArrearsLine[];
}

export type SortKey = 'customer' | 'product' | 'delta' | 'money';
export interface ArrearsOrder {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** The customers that a filter means. Every word has to be found in the site, account, company, product or a sub-product. */
export function filtered(customers: readonly ArrearsCustomer[], { view, text, product, connection }: ArrearsFilter): ArrearsCustomer[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return customers.filter(
    (customer) =>
      customer.views.has(view) &&
      (product === null || customer.product.product === product) &&
      (connection === null || customer.connection === connection) &&
      (words.length === 0 || words.every((word) => wordsOf(customer).includes(word))),
  );
}

/** Customers in order, each with its lines together: by its first line's product, or the largest delta or money of its lines. */
export function ordered(customers: readonly ArrearsCustomer[], { key, descending }: ArrearsOrder): ArrearsCustomer[] {
  const factor = descending ? -1 : 1;
  if (key === 'delta' || key === 'money') {
    const of = (customer: ArrearsCustomer) => largest(customer.lines.flatMap((line) => line[key] ?? []));
    const values = new Map(customers.map((customer) => [customer.key, of(customer)]));
    return customers.toSorted((left, right) => {
      const [one, other] = [values.get(left.key) ?? null, values.get(right.key) ?? null];
      if (one === null || other === null) return Number(one === null) - Number(other === null);
      return factor * compare(one, other);
    });
  }
  const of = ({ standing, product }: ArrearsCustomer) => (key === 'customer' ? standing.customer.site : product.name).toLowerCase();
  return customers.toSorted((left, right) => factor * (of(left) < of(right) ? -1 : of(left) > of(right) ? 1 : 0));
}

/** The lines in groups; by customer they are one group without a name. A customer with several reasons has lines in several groups. */
export function groupsOf(customers: readonly ArrearsCustomer[], grouping: Grouping): ArrearsGroup[] {
  const groups = new Map<string, GrowingGroup>();
  for (const customer of customers) {
    for (const { key, value, lines } of partsOf(customer, grouping)) {
      const group: GrowingGroup = groups.get(key) ?? { key, value, lines: [] };
      groups.set(key, group);
      for (const line of lines) group.lines.push(line);
    }
  }
  return [...groups.values()];
}

interface GrowingGroup extends ArrearsGroup {
  readonly lines: ArrearsLine[];
}

/** What of one customer lies in which group: made once, for a search asks again at every key. */
function partsOf(of: ArrearsCustomer, grouping: Grouping): readonly ArrearsGroup[] {
  const known = PARTS[grouping].get(of);
  if (known !== undefined) return known;
  const parts = new Map<string, GrowingGroup>();
  for (const movement of of.lines) {
    const value = valueOf(of, movement.reason, grouping);
    const key = value ?? '';
    const part: GrowingGroup = parts.get(key) ?? { key, value, lines: [] };
    parts.set(key, part);
    const { lines } = part;
    lines.push({ key: `${key}\u001f${of.key}\u001f${movement.subProduct}`, of, movement, first: lines.length === 0 });
  }
  const made = [...parts.values()];
  PARTS[grouping].set(of, made);
  return made;
}

function valueOf({ product, connection }: ArrearsCustomer, reason: ChangeReason | null, grouping: Grouping): string | null {
  if (grouping === 'product') return product.product;
  if (grouping === 'psa') return connection;
  return grouping === 'reason' ? reason : null;
}

function largest(values: readonly Decimal[]): Decimal | null {
  return values.reduce<Decimal | null>((most, value) => (most === null || compare(value, most) > 0 ? value : most), null);
}

const PARTS = Object.fromEntries(
  GROUPINGS.map((grouping) => [grouping, new WeakMap<ArrearsCustomer, readonly ArrearsGroup[]>()]),
) as Readonly<Record<Grouping, WeakMap<ArrearsCustomer, readonly ArrearsGroup[]>>>;

/** Made once for each customer of an answer of the database: a search reads them at every key. */
const WORDS = new WeakMap<ArrearsCustomer, string>();

function wordsOf(customer: ArrearsCustomer): string {
  const known = WORDS.get(customer);
  if (known !== undefined) return known;
  const { standing, product, lines } = customer;
  const { site } = standing.customer;
  const words = [site, standing.account, standing.company?.name ?? '', product.name, product.vendor, ...lines.map(({ name }) => name)];
  const text = words.join(' ').toLowerCase();
  WORDS.set(customer, text);
  return text;
}
