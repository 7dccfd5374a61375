import type { SyncInput } from '../../domain/plan-again';
import type { Plan } from '../../domain/plan';
import type { Since } from '../../domain/month-then';
import { formatDayOfInstant, formatMoney, formatQuantity, UNKNOWN } from '../format';

/** What is known otherwise since: `imported later: 17.00 on Jan 9, 2021`. */
export function sinceInWords(since: Since, currency: string | null): string {
  switch (since.what) {
    case 'gone':
      return 'not counted any more';
    case 'company':
      return since.now === null ? 'no company now' : `company now: ${since.now}`;
    case 'synced':
      return since.now === null ? 'not synced any more' : `synced since: ${formatQuantity(since.now)}`;
    case 'quantity':
      return `${causeOf(since, 'quantity')}: ${formatQuantity(since.now)}${dayOf(since)}`;
    default:
      return `${causeOf(since, since.what)}: ${since.now === null ? UNKNOWN : formatMoney(since.now, currency)}${dayOf(since)}`;
  }
}

function causeOf({ importedAt }: { readonly importedAt: string | null }, what: string): string {
  if (importedAt === null) return `${what} now`;
  return what === 'quantity' ? 'imported later' : `${what} imported later`;
}

function dayOf({ importedAt }: { readonly importedAt: string | null }): string {
  return importedAt === null ? '' : ` on ${formatDayOfInstant(importedAt)}`;
}

/** The parts of a plan, as a sentence names them. */
export const PLAN_PARTS: Readonly<Record<keyof Plan, string>> = {
  ...{ format: 'the format', id: 'the id', hash: 'the hash', kind: 'the kind', psa: 'the PSA', connection: 'the connection' },
  ...{ company: 'the company', customer: 'the customer', agreement: 'the agreement', period: 'the month', option: 'the sync option' },
  ...{ currency: 'the currency', inputs: 'the versions it names', lines: 'the lines', left: 'what is left to you' },
  ...{ requests: 'the requests', totals: 'the totals' },
};

/** What a sync is planned from, as a sentence names it. */
export const SYNC_INPUT_NAMES: Readonly<Record<SyncInput, string>> = {
  ...{ count: 'the count', imports: 'the imports', company: 'the company', link: 'the company in the PSA', connection: 'the connection' },
  ...{ bindings: 'the bindings', prices: 'the prices', subProducts: 'the sub-products', synced: 'what was last synced' },
  ...{ held: 'what the invoice held', vendor: 'the vendor', productName: 'the product’s name' },
  ...{ subscriptionStart: 'the start of the subscription', template: 'the names of lines' },
};
