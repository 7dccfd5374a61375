import type { PsaRequest } from '../psa/psa';
import { fieldsIn, isAbsent, rulesIn } from './autotask/fields';
import { list } from './autotask/query';
import { CHARGE, CONTRACT_SERVICE, errorsIn, SERVICE } from './autotask/rules';
import { adjust, patchService } from './autotask/services';
import { done, noted, numberIn, recordIn, refusal, rowIn, rowsOf, withRows } from './autotask/tables';
import { json, type Handled, type Sandbox, type SandboxAnswer, type SandboxState } from './sandbox';

/**
 * Autotask over its own tables: `companies`, `contracts`, `services`, `contractServices`, `contractServiceUnits`, `contractCharges`,
 * `billingCodes`, and `fields` for a tenant whose field information differs. It answers what the adapter asks, and refuses what the
 * contract refuses, with 500 as the real one does.
 */
export const autotask: Sandbox = {
  psa: 'autotask',
  tables: ['companies', 'contracts', 'services', 'contractServices', 'contractServiceUnits', 'contractCharges', 'billingCodes', 'fields'],
  handle: (state, request) => {
    if (request.path === '/V1.0/ZoneInformation') return { state, answer: zoneOf(request) };
    const denied = deniedBy(request.headers);
    return denied === null ? routed(state, request) : { state, answer: denied };
  },
  rate: { most: 10_000, seconds: 3600 },
  tooMany: () => refusal(429, 'The request threshold of the database was exceeded.'),
  failure: refusal(500, 'An internal error occurred.'),
};

/** The table of each list, and fields that its rows may have. */
const LISTS: Readonly<Record<string, { readonly table: string; readonly fields: readonly string[] }>> = {
  Companies: { table: 'companies', fields: ['companyName', 'companyNumber', 'webAddress', 'isActive'] },
  Contracts: {
    table: 'contracts',
    fields: ['contractName', 'companyID', 'startDate', 'endDate', 'contractType', 'status', 'contractPeriodType'],
  },
  Services: { table: 'services', fields: Object.keys(SERVICE) },
  ContractServices: { table: 'contractServices', fields: ['contractID', 'serviceID', ...Object.keys(CONTRACT_SERVICE)] },
  ContractServiceUnits: {
    table: 'contractServiceUnits',
    fields: ['contractServiceID', 'contractID', 'serviceID', 'units', 'startDate', 'endDate'],
  },
  ContractCharges: { table: 'contractCharges', fields: Object.keys(CHARGE) },
  BillingCodes: { table: 'billingCodes', fields: ['name', 'isActive', 'useType'] },
};

function routed(state: SandboxState, request: PsaRequest): Handled {
  const { method, path } = request;
  const [, entity = '', rest = ''] = /^\/V1\.0\/([A-Za-z]+)(\/.*)?$/.exec(path) ?? [];
  const known = Object.hasOwn(LISTS, entity) ? LISTS[entity] : undefined;
  if (known !== undefined && (rest === '/query' || rest === '/query/next')) {
    if (method !== 'POST')
      return { state, answer: json(405, { Message: `The requested resource does not support http method '${method}'.` }) };
    const fields = known.fields.filter((name) => !isAbsent(state, entity, name));
    return { state, answer: list(rowsOf(state, known.table), fields, request) };
  }
  const fields = fieldsIn(state, entity);
  if (method === 'GET' && rest === '/entityInformation/fields' && fields !== null) return { state, answer: json(200, { fields }) };
  if (method === 'POST' && entity === 'ContractServiceAdjustments' && rest === '') return adjust(state, request);
  if (method === 'POST' && entity === 'Services' && rest === '') return createService(state, request);
  const [, contract = '', part = '', id] = /^\/(\d+)\/(Services|Charges)(?:\/(\d+))?$/.exec(entity === 'Contracts' ? rest : '') ?? [];
  if (method === 'PATCH' && part === 'Services' && id === undefined) return patchService(state, request, Number(contract));
  if (method === 'POST' && part === 'Charges' && id === undefined) return createCharge(state, request, Number(contract));
  if (method === 'DELETE' && part === 'Charges' && id !== undefined) return removeCharge(state, request, Number(contract), Number(id));
  return { state, answer: refusal(404, `${method} ${path} was not found.`) };
}

function createService(state: SandboxState, request: PsaRequest): Handled {
  const body = recordIn(request.body);
  const errors = errorsIn(body, rulesIn(state, 'Services', SERVICE));
  const code = rowIn(state, 'billingCodes', body['billingCodeID']);
  if (errors.length === 0 && code?.['isActive'] !== true) errors.push('Reference value on field billingCodeID does not exist.');
  if (errors.length > 0) return { state, answer: refusal(500, ...errors) };
  const id = state.nextId;
  const rows = [...rowsOf(state, 'services'), { id, ...body }];
  const entry = { effect: 'created', table: 'services', id, key: body['externalID'] ?? body['description'] } as const;
  return done({ ...noted(withRows(state, 'services', rows), request, entry), nextId: id + 1 }, id);
}

function createCharge(state: SandboxState, request: PsaRequest, contractId: number): Handled {
  const body = recordIn(request.body);
  const errors = errorsIn(body, rulesIn(state, 'ContractCharges', CHARGE));
  if (errors.length === 0 && body['contractID'] !== contractId) errors.push('contractID must be that of the path.');
  if (errors.length === 0 && rowIn(state, 'billingCodes', body['billingCodeID']) === null)
    errors.push('Reference value on field billingCodeID does not exist.');
  if (errors.length > 0) return { state, answer: refusal(500, ...errors) };
  if (rowIn(state, 'contracts', contractId) === null) return { state, answer: refusal(404, 'No matching records found.') };
  const id = state.nextId;
  const rows = [...rowsOf(state, 'contractCharges'), { id, isBilled: false, ...body }];
  const entry = { effect: 'created', table: 'contractCharges', id, key: body['purchaseOrderNumber'] } as const;
  return done({ ...noted(withRows(state, 'contractCharges', rows), request, entry), nextId: id + 1 }, id);
}

function removeCharge(state: SandboxState, request: PsaRequest, contractId: number, id: number): Handled {
  const row = rowIn(state, 'contractCharges', id);
  if (row === null || row['contractID'] !== contractId) return { state, answer: refusal(404, 'No matching records found.') };
  if (row['isBilled'] === true) return { state, answer: refusal(500, 'The charge was billed.') };
  const rows = rowsOf(state, 'contractCharges').filter((each) => each !== row);
  const entry = { effect: 'removed', table: 'contractCharges', id: numberIn(row['id']), key: row['purchaseOrderNumber'] } as const;
  return done(noted(withRows(state, 'contractCharges', rows), request, entry), id);
}

function zoneOf({ query }: PsaRequest): SandboxAnswer {
  if (!/.+@.+/.test(query['user'] ?? '')) return refusal(500, 'The user was not found.');
  const url = 'https://webservices5.autotask.net/ATServicesRest/';
  return json(200, { zoneName: 'America East', url, webUrl: 'https://ww5.autotask.net/', ci: 100 });
}

function deniedBy(headers: Readonly<Record<string, string>>): SandboxAnswer | null {
  const found = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const missing = ['apiintegrationcode', 'username', 'secret'].find((name) => (found.get(name) ?? '').trim() === '');
  return missing === undefined ? null : refusal(401, `Authorization failed: ${missing} is missing.`);
}
