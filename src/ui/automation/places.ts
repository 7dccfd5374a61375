import { paths } from '../paths';

/** The tabs of a connection, in their order; the key stands in the address. */
export const TABS = [
  { key: 'connection', label: 'Connection' },
  { key: 'companies', label: 'Companies' },
  { key: 'agreements', label: 'Agreements' },
  { key: 'products', label: 'Manage Products' },
  { key: 'export', label: 'Export Product' },
  { key: 'files', label: 'Files' },
  { key: 'auto-sync', label: 'Auto-sync' },
] as const;
export type Tab = (typeof TABS)[number]['key'];

export function tabIn(text: string | null | undefined): Tab {
  return TABS.find(({ key }) => key === text)?.key ?? 'connection';
}

export function connectionPath(connection: string, tab?: Tab): string {
  return `${paths.businessAutomation}/${encodeURIComponent(connection)}${tab === undefined ? '' : `/${tab}`}`;
}

/** Where a confirmed plan is delivered or downloaded. */
export function deliveryPath(plan: string): string {
  return `/delivery/${encodeURIComponent(plan)}`;
}

/** The address of a new connection in the list. */
export const NEW = 'new';
