import { cycleDates } from '../domain/billing-cycle';
import { problem } from '../domain/problem';
import { err, ok } from '../domain/result';
import { contracts, judge } from './autotask/contracts';
import { evidence } from './autotask/evidence';
import { fieldInfoIn } from './autotask/field-info';
import { guard, writesFrom } from './autotask/guard';
import { all, equal, fieldsOf, link, messageOf, query, reading } from './autotask/http';
import { charges, lines } from './autotask/lines';
import { lookups } from './autotask/picklists';
import { prove } from './autotask/prove';
import { recognise } from './autotask/recognise';
import { company, service } from './autotask/records';
import { limits, limitsIn } from './autotask/limits';
import { requestsOf } from './autotask/requests';
import { isRecord } from './paging';
import type { ConnectionField, PsaAdapter } from './psa';

const COMPANY_FIELDS = ['id', 'companyName', 'companyNumber', 'webAddress', 'isActive'];

const fields: readonly ConnectionField[] = [
  {
    name: 'account',
    label: 'Account',
    help: 'A name for this Autotask account, such as the part behind the @ of the API user. It is part of every line’s key: keep it.',
    secret: false,
    required: true,
    target: 'tenant',
  },
  { name: 'userName', label: 'User name', help: 'Of an API-only user.', secret: false, required: true, target: 'credentials' },
  { name: 'secret', label: 'Secret', help: 'The password of that user.', secret: true, required: true, target: 'credentials' },
  {
    name: 'integrationCode',
    label: 'Tracking identifier',
    help: 'Of the integration vendor, or a custom one; it is chosen with the API user.',
    secret: true,
    required: true,
    target: 'credentials',
  },
  {
    name: 'chargeType',
    label: 'Charge type of one-time lines (optional)',
    help: 'Its id, or its name where the choices are read. By file, save them as the Files tab says, or enter the id. Empty takes your default type.',
    secret: false,
    required: false,
    target: 'settings',
  },
  {
    name: 'billingCode',
    label: 'Billing code of one-time lines (optional)',
    help: 'Its id, or its name where the choices are read. By file, save them as the Files tab says, or enter the id. Empty takes your first material code.',
    secret: false,
    required: false,
    target: 'settings',
  },
  {
    name: 'contractType',
    label: 'Contract type that takes services (optional)',
    help: 'As your Autotask names it. Empty is Recurring Service.',
    secret: false,
    required: false,
    target: 'settings',
  },
  {
    name: 'contractStatus',
    label: 'Status of a contract in force (optional)',
    help: 'As your Autotask names it. Empty is Active.',
    secret: false,
    required: false,
    target: 'settings',
  },
  {
    name: 'monthlyPeriod',
    label: 'Period of a monthly contract (optional)',
    help: 'As your Autotask names it. Empty is Monthly.',
    secret: false,
    required: false,
    target: 'settings',
  },
];

/** Autotask PSA, REST API of 2026-08, base URL `https://webservices{n}.autotask.net/ATServicesRest`. */
export const autotask: PsaAdapter = {
  id: 'autotask',
  ids: 'number',
  words: {
    ...{ psa: 'Autotask', agreement: 'contract', agreements: 'contracts' },
    ...{ line: 'contract service', lines: 'contract services', product: 'service' },
  },
  limits,
  limitsIn,
  fields,
  productFields: { identifier: null, category: 'Billing code', type: 'Period type', unit: null },
  can: { recurring: true, change: true, oneTime: true, readBack: true },
  signIn: null,
  deltas: true,
  authorization: (_, credentials) => {
    const missing = fields.find((field) => field.target === 'credentials' && (credentials[field.name] ?? '').trim() === '');
    if (missing !== undefined) return err(problem('credentials are missing', { field: missing.name }));
    const { userName = '', secret = '', integrationCode = '' } = credentials;
    return ok({ ApiIntegrationCode: integrationCode, UserName: userName, Secret: secret });
  },
  read: {
    companies: () => reading(query('Companies', [equal('isActive', true)], COMPANY_FIELDS), [link('Companies', company)]),
    agreements: contracts,
    products: () => reading(query('Services', [equal('isActive', true)]), [link('Services', service)]),
    productsByReference: (reference, identifier) =>
      reading(
        fieldsOf('Services'),
        [
          {
            path: fieldsOf('Services').path,
            type: service,
            rowsIn: (body) => (fieldInfoIn(body) === null ? null : []),
            then: ({ body }) => {
              const field = fieldInfoIn(body)?.some(({ name }) => name === 'externalID') === true ? 'externalID' : 'description';
              return query('Services', [{ op: 'or', items: [equal(field, reference), equal('name', identifier)] }]);
            },
          },
          link('Services', service),
        ],
        (row) => row.reference === reference || row.identifier.toLowerCase() === identifier.toLowerCase(),
      ),
    lines,
    oneTimeLines: charges,
    lookups,
    test: () => ({ ...query('Companies', [all], ['id']), body: { maxRecords: 1, includeFields: ['id'], filter: [all] } }),
  },
  recognise,
  judge,
  dates: cycleDates,
  requests: requestsOf,
  removal: ({ agreementId, lineId, kind }) =>
    kind === 'recurring'
      ? null
      : { method: 'DELETE', path: `/V1.0/Contracts/${agreementId}/Charges/${lineId}`, query: {}, headers: {}, body: null },
  writesFrom,
  guard,
  evidence,
  zone: {
    field: 'userName',
    baseUrl: 'https://webservices.autotask.net/ATServicesRest',
    request: (user) => ({ method: 'GET', path: '/V1.0/ZoneInformation', query: { user }, headers: {}, body: null }),
    url: ({ status, body }) => {
      const url = status === 200 && isRecord(body) ? body['url'] : null;
      return typeof url === 'string' && /^https:\/\/[\w.-]+\.autotask\.net\//i.test(url) ? url.replace(/\/+$/, '') : null;
    },
  },
  placeholders: {
    baseUrl: 'https://webservices5.autotask.net/ATServicesRest',
    basic: null,
    headers: { ApiIntegrationCode: '{{integrationCode}}', UserName: '{{userName}}', Secret: '{{secret}}' },
  },
  message: messageOf,
  refuses: () => false,
  prove,
};
