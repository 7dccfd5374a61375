import { ARREARS_VIEWS, type ArrearsView } from '../../domain/arrears';
import { GROUPINGS, type ArrearsFilter, type ArrearsOrder, type Grouping, type SortKey } from '../../domain/arrears-rows';
import type { ChangeReason } from '../../domain/movement';
import { paths } from '../paths';

/** What the address asks of Arrears Subscriptions: bookmarks, saved views and links of other screens. */
export interface Asked extends ArrearsFilter {
  readonly group: Grouping;
  readonly order: ArrearsOrder;
}

export const VIEW_NAMES: Readonly<Record<ArrearsView, string>> = {
  all: 'All',
  new: 'Never synced',
  changed: 'Changed',
  gone: 'Gone',
  price: 'Price or cost',
  unusual: 'Unusual',
  'needs-look': 'Needs a look',
  ignored: 'Ignored',
};
export const GROUP_NAMES: Readonly<Record<Grouping, string>> = { customer: 'customer', product: 'product', psa: 'PSA', reason: 'reason' };

const SORTS: readonly SortKey[] = ['customer', 'product', 'delta', 'money'];

/** Anything that the address does not say, or says in words of no meaning here, is the usual. */
export function askedFrom(querystring: string | undefined): Asked {
  const query = new URLSearchParams(querystring ?? '');
  const sort = query.get('sort') ?? '';
  const key = sort.replace(/^-/, '');
  return {
    view: ARREARS_VIEWS.find((view) => view === query.get('view')) ?? 'all',
    text: query.get('q') ?? '',
    product: query.get('product'),
    connection: query.get('psa'),
    group: GROUPINGS.find((group) => group === query.get('group')) ?? 'customer',
    order: { key: SORTS.find((own) => own === key) ?? 'customer', descending: sort.startsWith('-') },
  };
}

/** The address that asks it; other parts of the query stay, as the month does. */
export function addressOf(asked: Asked, querystring: string | undefined): string {
  const query = new URLSearchParams(querystring ?? '');
  for (const [name, value] of Object.entries(partsOf(asked))) {
    if (value === '') query.delete(name);
    else query.set(name, value);
  }
  return query.size === 0 ? paths.unsynced : `${paths.unsynced}?${query.toString()}`;
}

/** The same as one text, without the month: what a saved view keeps. */
export function queryOf(asked: Asked): string {
  return new URLSearchParams(Object.entries(partsOf(asked)).filter(([, value]) => value !== '')).toString();
}

function partsOf({ view, text, product, connection, group, order: { key, descending } }: Asked): Record<string, string> {
  const sort = `${descending ? '-' : ''}${key}`;
  return {
    view: view === 'all' ? '' : view,
    q: text.trim(),
    product: product ?? '',
    psa: connection ?? '',
    group: group === 'customer' ? '' : group,
    sort: sort === 'customer' ? '' : sort,
  };
}

export type GroupWords = (grouping: Grouping, value: string | null) => string;

/** How the heading of a group is called. */
export function groupWords(
  products: ReadonlyMap<string, string>,
  connections: ReadonlyMap<string, string>,
  reasons: Readonly<Record<ChangeReason, string>>,
): GroupWords {
  return (grouping, value) => {
    if (grouping === 'product') return products.get(value ?? '') ?? value ?? '';
    if (grouping === 'psa') return value === null ? 'Synced nowhere yet' : (connections.get(value) ?? value);
    return value === null ? 'Left out of the last sync' : reasons[value as ChangeReason];
  };
}
