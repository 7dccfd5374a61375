import type { AutomationMode, QueueItem } from '../../domain/automation';
import { add, ZERO, type Decimal } from '../../domain/decimal';
import { formatMoney, plural } from '../format';
import { paths } from '../paths';
import { connectionPath, deliveryPath } from './places';

/** What a product does by itself, as the partner chooses it. */
export const MODES: Readonly<Record<AutomationMode, string>> = {
  off: 'Off',
  prepare: 'Prepare plans for my approval',
  send: 'Send by itself',
};

/** What auto-sync would do with a customer, in text, shape and colour. */
export function verdictOf({ stopped, mode }: QueueItem) {
  if (stopped !== null) return { text: 'Waits', tone: 'warn', shape: 'alert' } as const;
  return mode === 'send'
    ? ({ text: 'Would send', tone: 'good', shape: 'check' } as const)
    : ({ text: 'Waits for approval', tone: 'note', shape: 'dot' } as const);
}

/** Where what stopped a customer is solved; null where that is on this very screen. */
export function remedyOf({ stopped, customer, connection }: QueueItem): { readonly label: string; readonly path: string } | null {
  const at = connection ?? '';
  switch (stopped?.code) {
    case undefined:
    case 'auto-sync is paused':
      return null;
    case 'no company assigned':
      return { label: 'Assign Company', path: paths.product(customer.product) };
    case 'customer is ignored':
      return { label: 'Unsynced', path: paths.unsynced };
    case 'no usage reported':
    case 'usage has no customer yet':
      return { label: 'Import usage', path: paths.import };
    case 'delivery is not settled':
    case 'sync file is not marked':
      return { label: 'Open the delivery', path: deliveryPath(stopped.plan) };
    case 'sub-products have no product':
    case 'no product bound':
      return { label: 'Manage Products', path: connectionPath(at, 'products') };
    case 'company is not linked':
      return { label: 'Link the company', path: connectionPath(at, 'companies') };
    case 'credentials are missing':
    case 'credentials were refused':
    case 'secret is locked':
    case 'endpoint is unreachable':
      return { label: 'Open the connection', path: connectionPath(at) };
    default:
      return { label: 'Open its sync', path: paths.sync(customer) };
  }
}

/** `3 customers ($120.00 and €15.00)`; currencies are never added. */
export function sumInWords(items: readonly QueueItem[]): string {
  const sums = new Map<string | null, Decimal>();
  for (const { money, currency } of items) if (money !== null) sums.set(currency, add(sums.get(currency) ?? ZERO, money));
  const money = [...sums].map(([currency, sum]) => formatMoney(sum, currency)).join(' and ');
  return `${plural(items.length, 'customer')}${money === '' ? '' : ` (${money})`}`;
}
