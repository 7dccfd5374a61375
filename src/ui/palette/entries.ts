import type { Connection } from '../../domain/agreement';
import type { ProductStanding } from '../../domain/standing';
import type { PlanRecord } from '../../storage/rows';
import type { SavedView } from '../../storage/saved-views';
import { connectionPath, deliveryPath, NEW, TABS } from '../automation/places';
import { formatPeriod, plural } from '../format';
import { paths } from '../paths';
import type { Theme } from '../theme.svelte';

/** What an entry belongs to, in the order in which the palette shows them. */
export const GROUPS = ['Go to', 'Do', 'Products', 'Customers', 'Sync', 'Views', 'Connections', 'Plans'] as const;
export type Group = (typeof GROUPS)[number];

/** What picking does: go somewhere, or one of the few acts that need no screen. */
export type Aim = { readonly path: string } | { readonly theme: Theme } | { readonly calendar: true } | { readonly keys: true };

export interface Entry {
  /** Stays the same while the page is open. */
  readonly id: string;
  readonly group: Group;
  readonly label: string;
  readonly detail: string;
  /** Other words that find it. */
  readonly words?: string;
  readonly aim: Aim;
}

export interface Known {
  readonly products: readonly ProductStanding[];
  readonly connections: readonly Connection[];
  readonly plans: readonly PlanRecord[];
  readonly views: readonly SavedView[];
}

const SCREENS: readonly (readonly [label: string, path: string, words: string])[] = [
  ['Home', paths.home, 'checklist month billing days charts'],
  ['Projection', paths.projection, 'what if forecast open month'],
  ['Subscriptions', paths.subscriptions, 'products customers list'],
  ['Arrears Subscriptions', paths.unsynced, 'unsynced tools changed'],
  ['Reconciliation', paths.reconciliation, 'compare with the psa lines'],
  ['Import', paths.import, 'usage files upload'],
  ['Business Automation', paths.businessAutomation, 'tools psa connections'],
  ['History', paths.history, 'plans receipts decisions records undo audit'],
  ['The month as it was known', paths.monthThen, 'history then journal past day'],
  ['Settings', paths.settings, 'theme numbers dates storage demo'],
];

const ACTS: readonly (readonly [label: string, detail: string, aim: Aim, words?: string])[] = [
  ['Review what changed', 'Arrears Subscriptions, view Changed', { path: `${paths.unsynced}?view=changed` }, 'sync unsynced'],
  ['Assign companies', 'Subscriptions, customers without a company', { path: `${paths.subscriptions}?view=needs-company` }, 'unassigned'],
  ['Import usage', 'Files of a vendor or marketplace', { path: paths.import }, 'upload'],
  ['New connection', 'Business Automation', { path: connectionPath(NEW) }, 'psa add'],
  ['Download calendar file', 'The billing days of the next twelve months', { calendar: true }, 'ics ical'],
  ['Keyboard shortcuts', 'Every key that does something', { keys: true }, 'help hotkeys'],
  ['Light theme', 'Appearance', { theme: 'light' }],
  ['Dark theme', 'Appearance', { theme: 'dark' }],
  ['Theme of the device', 'Appearance', { theme: 'system' }],
];

/** Everything that the palette can find. */
export function entriesOf({ products, connections, plans, views }: Known): readonly Entry[] {
  return [
    ...SCREENS.map(([label, path, words]): Entry => ({ id: path, group: 'Go to', label, detail: '', words, aim: { path } })),
    ...ACTS.map(([label, detail, aim, words = '']): Entry => ({ id: label, group: 'Do', label, detail, words, aim })),
    ...products.flatMap(ofProduct),
    ...products.flatMap(({ name, standings }) => standings.flatMap((standing) => ofCustomer(standing, name))),
    ...views.map(({ name, query }) => to('Views', `${paths.unsynced}?${query}`, name, 'Arrears Subscriptions')),
    ...connections.flatMap(({ id, name }) =>
      TABS.map(({ key, label }) =>
        to('Connections', connectionPath(id, key), key === 'connection' ? name : `${label}: ${name}`, 'Connection'),
      ),
    ),
    ...plans.map(ofPlan),
  ];
}

function ofProduct({ product, name, vendor, customers }: ProductStanding): Entry[] {
  const detail = [...(vendor === '' || vendor === name ? [] : [vendor]), plural(customers, 'customer')].join(', ');
  return [
    to('Products', paths.product(product), name, detail),
    to('Products', paths.rules(product), `Rules of ${name}`, 'Where what bills differs from what is counted'),
  ];
}

function ofCustomer({ customer, company, account }: ProductStanding['standings'][number], product: string): Entry[] {
  const detail = `${company?.name ?? 'No company assigned'}, ${product}`;
  return [
    { ...to('Customers', paths.customer(customer), customer.site, detail), words: account },
    { ...to('Sync', paths.sync(customer), `Sync ${customer.site}`, detail), words: account },
  ];
}

function ofPlan({ id, plan, period }: PlanRecord): Entry {
  const site = plan.customer?.site ?? 'Products';
  return to('Plans', deliveryPath(id), `${site}, ${formatPeriod(period)}`, `Plan and receipt, ${plan.connection.name}`);
}

function to(group: Group, path: string, label: string, detail: string): Entry {
  return { id: path, group, label, detail, aim: { path } };
}
