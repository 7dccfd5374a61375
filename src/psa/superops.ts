import { cycleDates, judgeCycle } from '../domain/billing-cycle';
import { problem } from '../domain/problem';
import { err, ok } from '../domain/result';
import { isRecord } from './paging';
import type { ConnectionField, PsaAdapter, Recognised } from './psa';
import { ask, LISTS, listIn, messageOf, pageAfter, reading, readingOnce, refuses, type List } from './superops/graphql';
import { evidence, prove, writesFrom } from './superops/proof';
import { agreement, category, company, contract, invoice, product } from './superops/records';
import { limits } from './superops/limits';
import { requestsOf } from './superops/requests';

const fields: readonly ConnectionField[] = [
  {
    name: 'subdomain',
    label: 'Subdomain',
    help: 'The first part of your address: acme in acme.superops.ai.',
    secret: false,
    required: true,
    target: 'tenant',
  },
  {
    name: 'apiToken',
    label: 'API token',
    help: 'Settings > My profile > API token, of a technician who sees clients, contracts and invoices.',
    secret: true,
    required: true,
    target: 'credentials',
  },
];

/**
 * SuperOps MSP over GraphQL, base URL `https://api.superops.ai` or `https://euapi.superops.ai`. A client is its own agreement, and each
 * line is one client contract with a dated quantity.
 */
export const superops: PsaAdapter = {
  id: 'superops',
  ids: 'text',
  words: {
    ...{ psa: 'SuperOps', agreement: 'client', agreements: 'clients', line: 'client contract', lines: 'client contracts' },
    product: 'product or service',
  },
  limits,
  fields,
  productFields: { identifier: null, category: 'Category', type: null, unit: null },
  can: { recurring: true, change: true, oneTime: true, readBack: true },
  signIn: null,
  authorization: ({ tenant }, { apiToken = '' }) =>
    apiToken.trim() === ''
      ? err(problem('credentials are missing', { field: 'apiToken' }))
      : ok({ Authorization: `Bearer ${apiToken}`, CustomerSubDomain: tenant }),
  read: {
    companies: () => reading(company, 'getClientList'),
    agreements: (companyId) =>
      companyId === null ? reading(agreement, 'getClientList') : readingOnce(agreement, ask('getClient', { accountId: companyId })),
    products: () => reading(product, 'getServiceCatalogItemList'),
    productsByReference: (reference, identifier) =>
      reading(product, 'getServiceCatalogItemList', {
        keep: (row) => row.reference === reference || row.identifier.toLowerCase() === identifier.toLowerCase(),
      }),
    lines: (agreementId) => reading(contract, 'getClientContractList', { keep: (line) => line.agreementId === agreementId }),
    oneTimeLines: (agreementId) => reading(invoice, 'getInvoiceList', { keep: (line) => line.agreementId === agreementId }),
    lookups: () => ({ categories: readingOnce(category, ask('getServiceCategoryList', null)) }),
    test: () => ask('getServiceCategoryList', null),
  },
  recognise,
  judge: judgeCycle,
  dates: cycleDates,
  requests: requestsOf,
  removal: ({ lineId, kind }) => (kind === 'one-time' ? ask('updateInvoice', { invoiceId: lineId, statusEnum: 'VOID' }) : null),
  writesFrom,
  readOn: pageAfter,
  evidence,
  placeholders: {
    baseUrl: 'https://api.superops.ai',
    basic: null,
    headers: { Authorization: 'Bearer {{apiToken}}', CustomerSubDomain: '{{subdomain}}' },
  },
  message: messageOf,
  refuses,
  prove,
};

/** A whole answer, or the rows of one: told by the id that only one kind has. A client is a company and the agreement of its contracts. */
function recognise(saved: unknown): Recognised | null {
  const lists = (Object.keys(LISTS) as readonly List[]).flatMap((operation) => listIn(saved, operation) ?? []);
  const values = lists.length > 0 ? lists : Array.isArray(saved) ? (saved as readonly unknown[]) : [saved];
  const [first] = values;
  if (!isRecord(first)) return null;
  if ('accountId' in first) {
    const also = found('agreements', agreement, values);
    const companies = found('companies', company, values);
    return companies === null || also === null ? null : { ...companies, also };
  }
  if ('contract' in first) return found('lines', contract, values);
  if ('invoiceId' in first) return found('lines', invoice, values);
  return 'itemId' in first ? found('products', product, values) : null;
}

function found(
  kind: Recognised['kind'],
  { read }: { readonly read: (value: unknown, agreementId: null) => Recognised['rows'][number] | null },
  values: readonly unknown[],
): Recognised | null {
  const rows = values.map((value) => read(value, null));
  return rows.every((row) => row !== null) ? { kind, rows } : null;
}
