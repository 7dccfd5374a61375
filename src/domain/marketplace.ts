import type { Day, Period } from './calendar';

/** A customer company of the partner, as the marketplace or the partner knows it. `id` is the marketplace's where there is one. */
export interface Company {
  readonly id: string;
  readonly name: string;
  readonly domains: readonly string[];
  readonly externalId: string | null;
  readonly status: 'active' | 'inactive';
  readonly source: string;
}

/** A top-level product. `ids` are the names by which sources know it: `pax8:<uuid>`. */
export interface Product {
  readonly key: string;
  readonly name: string;
  readonly vendor: string;
  readonly ids: readonly string[];
}

/** What is counted and priced. The set is data, never an enum. */
export interface SubProduct {
  readonly key: string;
  readonly product: string;
  readonly name: string;
  readonly unit: string | null;
  readonly ids: readonly string[];
}

/** A subscription at the marketplace; its start is the Effective Date that the grid shows. */
export interface Subscription {
  readonly id: string;
  readonly companyId: string | null;
  readonly productId: string;
  readonly productName: string | null;
  readonly startDate: Day | null;
  readonly status: string;
  readonly currency: string | null;
}

/** The marketplace's summary of one site's usage of one subscription. `resourceGroup` is the site. */
export interface UsageSummary {
  readonly id: string;
  readonly companyId: string | null;
  readonly productId: string;
  readonly resourceGroup: string;
  readonly vendorName: string;
  readonly subscriptionId: string | null;
  readonly currency: string | null;
  readonly trial: boolean;
}

/** One customer row: a site that reports usage of a product. */
export interface Customer {
  readonly product: string;
  readonly site: string;
}

/** A site is assigned to a company from a period on. `seq` orders versions; the newest that holds wins. */
export interface Assignment {
  readonly product: string;
  readonly site: string;
  readonly company: string | null;
  readonly from: Period | null;
  readonly until: Period | null;
  readonly seq: number;
  readonly evidence: 'partner' | 'summary' | 'domain' | 'external id';
}

/** Unit separator joins, so no name can forge another customer's key. */
export function customerKey(customer: Customer): string {
  return `${customer.product}\u001f${customer.site}`;
}

export function customerOf(key: string): Customer {
  const at = key.indexOf('\u001f');
  if (at < 0) return { product: key, site: '' };
  const end = key.indexOf('\u001f', at + 1);
  return { product: key.slice(0, at), site: key.slice(at + 1, end < 0 ? key.length : end) };
}

const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

export function isDomain(text: string): boolean {
  return DOMAIN.test(text);
}

/** The identity of a site: trimmed; a domain in lower case, any other name as the vendor writes it. */
export function siteOf(raw: string): string {
  const trimmed = raw.trim();
  const lower = trimmed.toLowerCase();
  return lower !== trimmed && isDomain(trimmed) ? lower : trimmed;
}

/** `Proofpoint Essentials - Business` is `proofpoint-essentials-business`; a name without letters keeps its code points. */
export function slugOf(name: string): string {
  const known = SLUGS.get(name);
  if (known !== undefined) return known;
  if (SLUGS.size > 10_000) SLUGS.clear();
  const slug = slugNow(name);
  SLUGS.set(name, slug);
  return slug;
}

/** Thousands of rows name the same few products. */
const SLUGS = new Map<string, string>();

function slugNow(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\+/g, ' plus ')
    .replace(/&/g, ' and ')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return slug === '' ? [...name].map((character) => `u${(character.codePointAt(0) ?? 0).toString(16)}`).join('-') : slug;
}

/** The key of a sub-product by its name. Two products may call different things the same: the second one's carries its product. */
export function subProductSlug(name: string, product: string | null, productOf: (key: string) => string | undefined): string {
  const slug = slugOf(name);
  const owner = productOf(slug) ?? '';
  return product === null || product === '' || owner === '' || owner === product ? slug : slugOf(`${product} ${name}`);
}

/** The version that holds in a period: the newest by `seq` among those that cover it. */
export function versionFor<T extends { readonly from: Period | null; readonly until: Period | null; readonly seq: number }>(
  versions: readonly T[],
  period: Period,
): T | undefined {
  return versions
    .filter((version) => (version.from ?? '') <= period && (version.until === null || period <= version.until))
    .sort((left, right) => right.seq - left.seq)[0];
}
