import type { Customer } from '../domain/marketplace';

/** Every route of the page (public: other people's scripts and bookmarks use them). Pass one to `app().navigate`, or `#` + it to a link. */
export const paths = {
  start: '/',
  home: '/home',
  projection: '/home/projection',
  subscriptions: '/subscriptions',
  unsynced: '/unsynced',
  reconciliation: '/unsynced/reconciliation',
  import: '/import',
  history: '/history',
  monthThen: '/history/month',
  businessAutomation: '/tools/business-automation',
  settings: '/settings',
  delivery: (plan: string) => `/delivery/${encodeURIComponent(plan)}`,
  product: (product: string) => `/subscriptions/${encodeURIComponent(product)}`,
  /** The panel of the product, narrowed to one customer. */
  customer: ({ product, site }: Customer) => `/subscriptions/${encodeURIComponent(product)}?search=${encodeURIComponent(site)}`,
  /** With a site, the form for a new rule is for that customer. */
  rules: (product: string, site: string | null = null) =>
    `/subscriptions/${encodeURIComponent(product)}/rules${site === null ? '' : `?site=${encodeURIComponent(site)}`}`,
  sync: ({ product, site }: Customer) => `/sync/${encodeURIComponent(product)}/${encodeURIComponent(site)}`,
} as const;
