import type { PsaLine, PsaProduct } from '../domain/agreement';
import { cycleDates, judgeCycle } from '../domain/billing-cycle';
import { problem } from '../domain/problem';
import { err, ok } from '../domain/result';
import { isRecord, pagesOf } from './paging';
import type { ConnectionField, PsaAdapter, Reading } from './psa';
import { get, messageOf, paging, post } from './syncro/http';
import { evidence, prove } from './syncro/proof';
import { category, company, lineItem, product, recognise, schedule } from './syncro/records';
import { limits } from './syncro/limits';
import { requestsOf } from './syncro/requests';

const fields: readonly ConnectionField[] = [
  {
    ...{ name: 'subdomain', label: 'Subdomain', help: 'The part before .syncromsp.com.' },
    ...{ secret: false, required: true, target: 'tenant' },
  },
  {
    ...{
      name: 'apiKey',
      label: 'API key',
      help: 'With the permissions Customers - List/Search, Products - List/Search and Create, Recurring Invoices - Edit.',
    },
    ...{ secret: true, required: true, target: 'credentials' },
  },
  {
    ...{
      name: 'mostRounding',
      label: 'Most rounding',
      help: 'How much rounding a price to cents may move the total of a line. Empty is 1.',
    },
    ...{ secret: false, required: false, target: 'settings', amount: true },
  },
];

/** Syncro MSP, API v1, base URL `https://{subdomain}.syncromsp.com/api/v1`. An agreement is a schedule: an invoice that recurs. */
export const syncro: PsaAdapter = {
  id: 'syncro',
  ids: 'number',
  words: {
    ...{ psa: 'Syncro', agreement: 'recurring invoice', agreements: 'recurring invoices', line: 'line item', lines: 'line items' },
    product: 'product',
  },
  limits,
  fields,
  productFields: { identifier: null, category: 'Category', type: null, unit: null },
  can: { recurring: true, change: true, oneTime: true, readBack: true },
  signIn: null,
  authorization: (_, { apiKey = '' }) =>
    apiKey.trim() === '' ? err(problem('credentials are missing', { field: 'apiKey' })) : ok({ Authorization: `Bearer ${apiKey.trim()}` }),
  read: {
    companies: () => pagesOf(company, get('/customers', { page: '1' }), paging('customers')),
    agreements: (companyId) =>
      pagesOf(schedule, get('/schedules', { ...(companyId === null ? {} : { customer_id: companyId }), page: '1' }), paging('schedules')),
    products: () => pagesOf(product, get('/products', { page: '1' }), paging('products')),
    productsByReference,
    lines: (agreementId) => linesOf(agreementId, 'recurring'),
    oneTimeLines: (agreementId) => linesOf(agreementId, 'one-time'),
    lookups: () => ({ categories: pagesOf(category, get('/products/categories', {}), { ...paging('categories'), next: () => null }) }),
    test: () => get('/customers', { page: '1' }),
  },
  recognise,
  judge: judgeCycle,
  dates: cycleDates,
  requests: requestsOf,
  removal: ({ agreementId, lineId }) => post(`/schedules/${agreementId}/remove_line_item`, Number(lineId)),
  guard: ({ operation, line }, lines, lineId) =>
    (operation === 'update' || operation === 'end') && lines.some(({ id, counted }) => id === lineId && counted === true)
      ? problem('line is counted by the PSA', { line: line.name })
      : null,
  evidence,
  placeholders: {
    baseUrl: 'https://{{subdomain}}.syncromsp.com/api/v1',
    basic: null,
    headers: { Authorization: 'Bearer {{apiKey}}' },
  },
  message: messageOf,
  refuses: ({ body }) => isRecord(body) && body['success'] === false,
  prove,
};

/** By the field that carries our key, then by name; both filters are loose, so the reader compares exactly. */
function productsByReference(reference: string, identifier: string): Reading<PsaProduct> {
  const keep = (row: PsaProduct) => row.reference === reference || row.identifier.toLowerCase() === identifier.toLowerCase();
  const byKey = pagesOf(product, get('/products', { upc_code: reference, page: '1' }), paging('products'), { keep });
  const byName = get('/products', { name: identifier, page: '1' });
  return {
    request: byKey.request,
    parse: (answer, asked) => {
      const page = byKey.parse(answer, asked);
      if (!page.ok || page.value.next !== null || asked.query['upc_code'] === undefined) return page;
      return ok({ rows: page.value.rows, next: byName });
    },
    join: (rows) => [...new Map(rows.map((row) => [row.id, row])).values()],
  };
}

/** A schedule is read whole; its lines of one kind are the rows. */
function linesOf(agreementId: string, kind: PsaLine['kind']): Reading<PsaLine> {
  const rowsIn = (body: unknown) => {
    const lines = isRecord(body) && isRecord(body['schedule']) ? body['schedule']['lines'] : undefined;
    return Array.isArray(lines) ? (lines as unknown[]) : null;
  };
  return pagesOf(
    lineItem,
    get(`/schedules/${agreementId}`, {}),
    { ...paging('lines'), rowsIn, next: () => null },
    { agreementId, keep: (row) => row.kind === kind },
  );
}
