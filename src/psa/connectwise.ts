import { cycleDates, judgeCycle } from '../domain/billing-cycle';
import type { Lookup } from '../domain/change';
import { problem } from '../domain/problem';
import { err, ok } from '../domain/result';
import { evidence } from './connectwise/evidence';
import { get, messageOf, quoted, readHeaders, reading } from './connectwise/http';
import { prove } from './connectwise/prove';
import { recognise } from './connectwise/recognise';
import { addition, oneTime } from './connectwise/lines';
import { agreement, company, lookup, product } from './connectwise/records';
import { limits } from './connectwise/limits';
import { requestsOf } from './connectwise/requests';
import type { ConnectionField, PsaAdapter, Reading } from './psa';

const COMPANY_FIELDS = 'id,identifier,name,status,website,accountNumber,deletedFlag';
const AGREEMENT_FIELDS = [
  ...['id', 'name', 'type', 'company', 'startDate', 'endDate', 'noEndingDateFlag', 'cancelledFlag', 'agreementStatus', 'oneTimeFlag'],
  ...[
    'billingCycle',
    'prorateFlag',
    'periodType',
    'currency',
    'nextInvoiceDate',
    'billProducts',
    'billableProductInvoice',
    'coverAgreementProduct',
  ],
].join(',');
const PRODUCT_FIELDS = 'id,identifier,description,price,cost,taxableFlag,inactiveFlag,productClass,integrationXRef';

const fields: readonly ConnectionField[] = [
  {
    name: 'companyId',
    label: 'Login company',
    help: 'The company id that you type when you log in.',
    secret: false,
    required: true,
    target: 'tenant',
  },
  { name: 'publicKey', label: 'Public key', help: 'Of an API member.', secret: true, required: true, target: 'credentials' },
  {
    name: 'privateKey',
    label: 'Private key',
    help: 'Shown once when the key is made.',
    secret: true,
    required: true,
    target: 'credentials',
  },
  {
    name: 'clientId',
    label: 'Client id',
    help: 'Your own, from developer.connectwise.com.',
    secret: true,
    required: true,
    target: 'credentials',
  },
];

/** ConnectWise PSA (Manage), API 2026.4, base URL `https://api-{na|eu|au}.myconnectwise.net/{codebase}/apis/3.0`. */
export const connectwise: PsaAdapter = {
  id: 'connectwise',
  ids: 'number',
  words: { psa: 'ConnectWise', agreement: 'agreement', agreements: 'agreements', line: 'addition', lines: 'additions', product: 'product' },
  limits,
  fields,
  productFields: { identifier: 'Identifier', category: 'Sub-category', type: 'Type', unit: 'Unit' },
  can: { recurring: true, change: true, oneTime: true, readBack: true },
  signIn: null,
  authorization: (connection, credentials) => {
    const missing = fields.find((field) => field.target === 'credentials' && (credentials[field.name] ?? '').trim() === '');
    if (missing !== undefined) return err(problem('credentials are missing', { field: missing.name }));
    const { publicKey = '', privateKey = '', clientId = '' } = credentials;
    return ok({ Authorization: `Basic ${base64(`${connection.tenant}+${publicKey}:${privateKey}`)}`, clientId });
  },
  read: {
    companies: () => reading(company, '/company/companies', { conditions: 'deletedFlag=False', fields: COMPANY_FIELDS, orderBy: 'id' }),
    agreements: (companyId) =>
      reading(agreement, '/finance/agreements', {
        ...(companyId === null ? {} : { conditions: `company/id=${companyId}` }),
        fields: AGREEMENT_FIELDS,
        orderBy: 'id',
      }),
    products: () => reading(product, '/procurement/catalog', { conditions: 'inactiveFlag=False', fields: PRODUCT_FIELDS, orderBy: 'id' }),
    productsByReference: (reference, identifier) =>
      reading(
        product,
        '/procurement/catalog',
        { conditions: `integrationXRef=${quoted(reference)} OR identifier=${quoted(identifier)}`, fields: PRODUCT_FIELDS, orderBy: 'id' },
        { keep: (row) => row.reference === reference || row.identifier.toLowerCase() === identifier.toLowerCase() },
      ),
    lines: (agreementId) => reading(addition, `/finance/agreements/${agreementId}/additions`, { orderBy: 'id' }, { agreementId }),
    oneTimeLines: (agreementId) => reading(oneTime, '/procurement/products', { conditions: `agreement/id=${agreementId}`, orderBy: 'id' }),
    lookups: () => ({
      categories: choices('/procurement/subcategories/'),
      types: choices('/procurement/types'),
      units: choices('/procurement/unitOfMeasures'),
    }),
    test: () => get('/company/companies', { fields: 'id', pageSize: '1', page: '1' }),
  },
  recognise,
  judge: judgeCycle,
  dates: cycleDates,
  requests: requestsOf,
  removal: ({ agreementId, lineId, kind }) => ({
    method: 'DELETE',
    path: kind === 'one-time' ? `/procurement/products/${lineId}` : `/finance/agreements/${agreementId}/additions/${lineId}`,
    query: {},
    headers: readHeaders,
    body: null,
  }),
  evidence,
  placeholders: {
    baseUrl: 'https://api-na.myconnectwise.net/v4_6_release/apis/3.0',
    basic: { username: '{{companyId}}+{{publicKey}}', password: '{{privateKey}}' },
    headers: { clientId: '{{clientId}}' },
  },
  message: messageOf,
  refuses: () => false,
  prove,
};

function choices(path: string): Reading<Lookup> {
  return reading(lookup, path, { conditions: 'inactiveFlag=False', orderBy: 'id' });
}

/** Of the UTF-8 bytes: keys are ASCII, but a login company need not be. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
