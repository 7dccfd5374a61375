import { cycleDates, judgeCycle } from '../domain/billing-cycle';
import { problem } from '../domain/problem';
import { err, ok } from '../domain/result';
import { contractsAlone, contractsOf } from './kaseya-bms/contracts';
import { get, messageOf, paged, reading, refuses, search } from './kaseya-bms/http';
import { prove } from './kaseya-bms/prove';
import { recognise } from './kaseya-bms/recognise';
import { account, choice, placedAt, service } from './kaseya-bms/records';
import { limits } from './kaseya-bms/limits';
import { requestsOf } from './kaseya-bms/requests';
import type { ConnectionField, PsaAdapter } from './psa';

const fields: readonly ConnectionField[] = [
  {
    name: 'tenant',
    label: 'Company',
    help: 'The company name that you type when you log in.',
    secret: false,
    required: true,
    target: 'tenant',
  },
  { name: 'userName', label: 'User name', help: 'Of an API user.', secret: true, required: true, target: 'credentials' },
  { name: 'password', label: 'Password', help: 'Of the same user.', secret: true, required: true, target: 'credentials' },
];

/** Kaseya BMS and Vorex, API v2, base URL `https://api.bms.kaseya.com` (also `api.bmsemea`, `api.bmsapac`, `api.vorexlogin.com`). */
export const kaseyaBms: PsaAdapter = {
  id: 'kaseya-bms',
  ids: 'number',
  words: { psa: 'Kaseya BMS', agreement: 'contract', agreements: 'contracts', line: 'service', lines: 'services', product: 'service' },
  limits,
  fields,
  productFields: { identifier: null, category: 'Service category', type: 'Income account', unit: null },
  can: { recurring: true, change: false, oneTime: false, readBack: false },
  signIn: {
    path: 'v2/security/authenticate',
    encoding: 'multipart',
    form: { GrantType: 'password', UserName: '{{userName}}', Password: '{{password}}', Tenant: '{{tenant}}' },
    token: 'Result.AccessToken',
  },
  authorization: (_connection, credentials) => {
    const missing = fields.find(({ target, name }) => target === 'credentials' && (credentials[name] ?? '').trim() === '');
    return missing === undefined ? ok({}) : err(problem('credentials are missing', { field: missing.name }));
  },
  read: {
    companies: () => reading(account, paged('/v2/crm/accounts/summary')),
    agreements: contractsOf,
    agreementsAlone: contractsAlone,
    products: () => reading(service, search()),
    productsByReference: (_reference, identifier) =>
      reading(service, search({ Name: identifier }), (row) => row.identifier.toLowerCase() === identifier.toLowerCase()),
    lines: unreadable,
    oneTimeLines: unreadable,
    lookups: () => ({
      categories: reading(choice, get('/v2/admin/finance/servicecategory/lookup')),
      types: reading(choice, paged('/v2/admin/finance/accountcodes/lookup')),
    }),
    test: () => get('/v2/crm/accounts/lookup', { PageSize: '1', PageNumber: '1' }),
  },
  recognise,
  placed: placedAt,
  judge: judgeCycle,
  dates: cycleDates,
  requests: requestsOf,
  removal: () => null,
  evidence: () => null,
  placeholders: { baseUrl: 'https://api.bms.kaseya.com', basic: null, headers: { Authorization: 'Bearer {{token}}' } },
  message: messageOf,
  refuses,
  prove,
};

/** API v2 has no operation that answers the services of a contract. */
function unreadable(): never {
  throw new RangeError('Kaseya BMS lets nobody read the services of a contract');
}
