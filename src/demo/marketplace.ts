import type { Assignment, Company, Product, SubProduct, Subscription, UsageSummary } from '../domain/marketplace';
import { companies, companyRows, idOf, type CompanyName } from './companies';
import { subscriptionId, summaryId } from './ids';
import { products, proofpoint, type DemoProduct } from './products';
import { sites, type DemoSite } from './sites';

/** What the marketplace knows besides the counts. */
export interface Registry {
  readonly companies: readonly Company[];
  readonly products: readonly Product[];
  readonly subProducts: readonly SubProduct[];
  readonly subscriptions: readonly Subscription[];
  readonly summaries: readonly UsageSummary[];
}

export function registry(): Registry {
  return {
    companies: companyRows(),
    products: products.map(({ product }) => product),
    subProducts: products.flatMap(({ subProducts }) =>
      subProducts.map(({ key, product, name, unit, ids }) => ({ key, product, name, unit, ids })),
    ),
    subscriptions: [
      subscriptionOf(proofpoint, 'own'),
      ...sites.flatMap(({ product, company }) => (product === proofpoint || company === null ? [] : [subscriptionOf(product, company)])),
    ],
    summaries: sites.map((site, index) => ({
      id: summaryOf(index),
      companyId: namedCompany(site),
      productId: site.product.id,
      resourceGroup: site.site,
      vendorName: site.product.product.vendor,
      subscriptionId: subscriptionKey(site.product, site.product === proofpoint ? 'own' : site.company),
      currency: 'USD',
      trial: site.trial ?? false,
    })),
  };
}

/** The usage summary of the n-th site. */
export function summaryOf(index: number): string {
  return summaryId(index + 1);
}

/** Sites are assigned by exact evidence only: the domain, or the company that holds the subscription. */
export function assignments(next: () => number): readonly Assignment[] {
  return sites.flatMap(({ product, site, company }) =>
    company === null
      ? []
      : [
          {
            product: product.product.key,
            site,
            company: idOf(company),
            from: null,
            until: null,
            seq: next(),
            evidence: product === proofpoint ? ('domain' as const) : ('summary' as const),
          },
        ],
  );
}

/** Every site of the partner's own subscription names the partner, which is no evidence; a company's own subscription names it. */
function namedCompany({ product, company }: DemoSite): string | null {
  if (product === proofpoint) return idOf('own');
  return company === null ? null : idOf(company);
}

function subscriptionOf(product: DemoProduct, company: CompanyName): Subscription {
  return {
    id: subscriptionKey(product, company) ?? '',
    companyId: idOf(company),
    productId: product.id,
    productName: product.product.name,
    startDate: product.started,
    status: 'Active',
    currency: 'USD',
  };
}

function subscriptionKey(product: DemoProduct, company: CompanyName | null): string | null {
  return company === null ? null : subscriptionId(products.indexOf(product) * 100 + companies[company].n);
}
