import { cycleDates, judgeCycle } from '../domain/billing-cycle';
import { problem } from '../domain/problem';
import { err, ok } from '../domain/result';
import { evidence, invoiceWithLines } from './halopsa/evidence';
import { guard, spoiled } from './halopsa/guard';
import { get, listed, listIn, messageOf, nextPage, pageOf, whole } from './halopsa/http';
import { limits } from './halopsa/limits';
import { prove } from './halopsa/prove';
import { recognise } from './halopsa/recognise';
import { agreement, company, group, line, product } from './halopsa/records';
import { requestsOf } from './halopsa/requests';
import { isRecord, pagesOf } from './paging';
import type { ConnectionField, PsaAdapter, Reading } from './psa';
import type { PsaLine, PsaProduct } from '../domain/agreement';

const fields: readonly ConnectionField[] = [
  {
    name: 'tenant',
    label: 'Tenant',
    help: 'As Configuration > Integrations > HaloPSA API shows it.',
    secret: false,
    required: true,
    target: 'tenant',
  },
  {
    name: 'clientId',
    label: 'Client ID',
    help: 'Of an application with Client ID and Secret.',
    secret: true,
    required: true,
    target: 'credentials',
  },
  {
    name: 'clientSecret',
    label: 'Client secret',
    help: 'Shown once when it is made.',
    secret: true,
    required: true,
    target: 'credentials',
  },
];

/** HaloPSA, API file of 2024-09, base URL `https://{tenant}.halopsa.com/api`. */
export const halopsa: PsaAdapter = {
  id: 'halopsa',
  ids: 'number',
  words: {
    psa: 'HaloPSA',
    agreement: 'recurring invoice',
    agreements: 'recurring invoices',
    line: 'line',
    lines: 'lines',
    product: 'item',
  },
  limits,
  fields,
  productFields: { identifier: null, category: 'Item group', type: null, unit: null },
  can: { recurring: true, change: true, oneTime: true, readBack: true },
  signIn: {
    path: '../auth/token?tenant={{tenant}}',
    encoding: 'urlencoded',
    form: { grant_type: 'client_credentials', client_id: '{{clientId}}', client_secret: '{{clientSecret}}', scope: 'all' },
    token: 'access_token',
  },
  authorization: (_, credentials) => {
    const missing = fields.find(({ name, target }) => target === 'credentials' && (credentials[name] ?? '').trim() === '');
    return missing === undefined ? ok({}) : err(problem('credentials are missing', { field: missing.name }));
  },
  read: {
    companies: () => listed(company, 'clients', '/Client', { includeinactive: 'true' }),
    agreements: (companyId) => listed(agreement, 'invoices', '/RecurringInvoice', companyId === null ? {} : { client_id: companyId }),
    products: () => listed(product, 'items', '/Item', { includeactive: 'true', includeinactive: 'false' }),
    productsByReference,
    lines,
    oneTimeLines: lines,
    oneTimeAmongLines: true,
    lookups: () => ({ categories: whole(group, get('/ItemGroup', {}), groupsIn) }),
    test: () => get('/Client', { pageinate: 'true', page_size: '1', page_no: '1' }),
  },
  recognise,
  judge: judgeCycle,
  dates: cycleDates,
  requests: requestsOf,
  removal: () => null,
  guard,
  spoiled,
  evidence,
  placeholders: { baseUrl: 'https://your-tenant.halopsa.com/api', basic: null, headers: { Authorization: 'Bearer {{token}}' } },
  message: messageOf,
  refuses: () => false,
  prove,
};

/** All lines of a recurring invoice stand in its one answer; one of another invoice is none. */
function lines(agreementId: string): Reading<PsaLine> {
  return whole(
    line,
    invoiceWithLines(agreementId),
    (body) => (isRecord(body) && String(body['id']) === agreementId ? listIn(body, 'lines') : null),
    agreementId,
  );
}

/** The search finds names; what it makes of a reference is not published, so both are searched, and compared exactly. */
function productsByReference(reference: string, name: string): Reading<PsaProduct> {
  const second = pageOf('/Item', { search: reference });
  const isOurs = (row: PsaProduct) => row.reference === reference || row.identifier.toLowerCase() === name.toLowerCase();
  const reading = pagesOf(
    product,
    pageOf('/Item', { search: name }),
    {
      rowsIn: (body) => listIn(body, 'items'),
      next: (answer, asked, rows) => nextPage(answer, asked, rows) ?? (asked.query['search'] === reference ? null : second),
      message: messageOf,
    },
    { keep: isOurs },
  );
  return { ...reading, join: (rows) => [...new Map(rows.map((row) => [row.id, row])).values()] };
}

/** The list of item groups has no published shape: the rows alone, or the one list of the answer. */
function groupsIn(body: unknown): readonly unknown[] | null {
  const found: unknown = isRecord(body) ? Object.values(body).find((value) => Array.isArray(value)) : body;
  return Array.isArray(found) ? found : null;
}
