import type { Json } from '../domain/canonical';
import { decimalOf, multiply } from '../domain/decimal';
import type { PsaRequest } from '../psa/psa';
import { json, type Effect, type Handled, type Row, type Sandbox, type SandboxAnswer, type SandboxState } from './sandbox';

/**
 * Kaseya BMS (API v2) over its own tables: `accounts`, `contracts` (each with its `AccountId`), `services`, `rows` (services on a
 * contract, which nobody can read), `categories`, `incomeAccounts`. Every answer is an envelope; a refusal has status 200.
 */
export const kaseyaBms: Sandbox = {
  psa: 'kaseya-bms',
  tables: ['accounts', 'contracts', 'services', 'rows', 'categories', 'incomeAccounts'],
  handle: (state, request) => {
    if (request.path === '/v2/security/authenticate') return { state, answer: signedIn(recordIn(request.body)) };
    const token = Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
    return /^Bearer \S+$/.test(token) ? routed(state, request) : { state, answer: failed('The token is not valid.', 401) };
  },
  rate: { most: 1500, seconds: 3600, by: ({ method, path }) => `${method} ${path.replaceAll(/\d+(?=\/|$)/g, '*')}` },
  tooMany: () => failed('The number of requests an hour was exceeded.', 429),
  failure: failed('Something went wrong.', 500),
};

function routed(state: SandboxState, request: PsaRequest): Handled {
  const { method, path, query, body } = request;
  const account = /^\/v2\/crm\/accounts\/summary\/(\d+)$/.exec(path);
  const contract = /^\/v2\/finance\/contracts\/recurringservices\/(\d+)\/services$/.exec(path);
  if (method === 'POST' && contract !== null) return addRows(state, request, Number(contract[1]));
  if (method === 'POST' && path === '/v2/admin/finance/services/services') return addService(state, request);
  const answer =
    method === 'GET' || path === '/v2/admin/finance/services/search' ? listed(state, path, query, recordIn(body), account) : null;
  return { state, answer: answer ?? failed(`${method} ${path} was not found.`, 404) };
}

function listed(
  state: SandboxState,
  path: string,
  query: Readonly<Record<string, string>>,
  body: Row,
  account: RegExpExecArray | null,
): SandboxAnswer | null {
  const rows = (table: string) => state.tables[table] ?? [];
  if (account !== null) {
    const found = rows('accounts').find((row) => row['Id'] === Number(account[1]));
    return found === undefined ? failed('The account was not found.') : json(200, found);
  }
  switch (path) {
    case '/v2/crm/accounts/summary':
      return page(rows('accounts'), query);
    case '/v2/crm/accounts/lookup':
      return page(
        rows('accounts').map(({ Id = 0, AccountName = '', IsActive = true }) => ({ Id, Name: AccountName, IsActive })),
        query,
        false,
      );
    case '/v2/finance/contracts/summary': {
      const name = query['Filter.AccountName'] ?? '';
      return page(
        rows('contracts')
          .filter((row) => holds(row['AccountName'], name))
          .map(summaryOf),
        query,
      );
    }
    case '/v2/finance/contracts/lookup':
      return envelope(
        rows('contracts')
          .filter((row) => row['AccountId'] === Number(query['AccountId']))
          .map(lookupOf),
      );
    case '/v2/admin/finance/services/search': {
      const { Name = '' } = recordIn(body['Filter'] ?? null);
      return page(
        rows('services').filter((row) => holds(row['Name'], textIn(Name))),
        body,
      );
    }
    case '/v2/admin/finance/servicecategory/lookup':
      return envelope(rows('categories'));
    case '/v2/admin/finance/accountcodes/lookup':
      return page(rows('incomeAccounts'), query, false);
    default:
      return null;
  }
}

function addRows(state: SandboxState, request: PsaRequest, contractId: number): Handled {
  const refused = (message: string, errors: readonly string[] = []) => ({ state, answer: failed(message, 200, errors) });
  const contract = (state.tables['contracts'] ?? []).find((row) => row['Id'] === contractId);
  if (contract === undefined) return refused('The contract was not found.');
  const [body, ...more] = Array.isArray(request.body) ? (request.body as readonly Json[]) : [];
  if (body === undefined || more.length > 0) return refused('One service is expected.');
  const row = recordIn(body);
  const errors = errorsIn(row, SERVICE_ROW);
  const service = (state.tables['services'] ?? []).find((each) => each['Id'] === row['ServiceId']);
  if (errors.length === 0 && (service === undefined || service['IsActive'] === false)) errors.push('ServiceId: the service was not found.');
  if (errors.length === 0 && textIn(row['EffectiveDate']).slice(0, 10) < textIn(contract['StartDate']).slice(0, 10))
    errors.push('EffectiveDate: it is before the start of the contract.');
  if (errors.length > 0 || service === undefined) return refused('The service is not valid.', errors);
  const { ServiceDescription = service['Description'] ?? null, ...rest } = row;
  const [cost, price] = [row['UnitCost'] ?? 0, row['UnitPrice'] ?? 0];
  const total = (each: Json) => Number(multiply(decimalOf(Number(row['Units'])), decimalOf(Number(each))));
  const made = {
    ...rest,
    ...{ Id: state.nextId, ServiceName: service['Name'] ?? '', Description: ServiceDescription },
    ...{ ContractId: contractId, ContractName: contract['ContractName'] ?? '' },
    ...{ UnitCost: cost, UnitPrice: price, TotalCost: total(cost), TotalPrice: total(price) },
  };
  return created(state, request, 'rows', made);
}

function addService(state: SandboxState, request: PsaRequest): Handled {
  const body = recordIn(request.body);
  const errors = errorsIn(body, SERVICE);
  const has = (table: string, id: Json | undefined) => (state.tables[table] ?? []).some((row) => row['Id'] === id);
  if (errors.length === 0 && !has('categories', body['CategoryId'])) errors.push('CategoryId: it was not found.');
  if (errors.length === 0 && !has('incomeAccounts', body['IncomeAccountId'])) errors.push('IncomeAccountId: it was not found.');
  const name = textIn(body['Name']).toLowerCase();
  if ((state.tables['services'] ?? []).some((row) => textIn(row['Name']).toLowerCase() === name)) errors.push('Name: it is in use.');
  if (errors.length > 0) return { state, answer: failed('The service is not valid.', 200, errors) };
  return created(state, request, 'services', { Id: state.nextId, UnitCost: 0, UnitPrice: 0, ...body });
}

function created(state: SandboxState, { method, path, body }: PsaRequest, table: string, row: Row): Handled {
  const entry: Effect = { n: state.ledger.length + 1, effect: 'created', table, id: state.nextId, key: null, method, path, body };
  const tables = { ...state.tables, [table]: [...(state.tables[table] ?? []), row] };
  return { state: { ...state, nextId: state.nextId + 1, tables, ledger: [...state.ledger, entry] }, answer: envelope(row) };
}

type Kind = 'int' | 'money' | 'text' | 'flag' | 'instant';
type Rules = Readonly<Record<string, { readonly kind: Kind; readonly required?: true }>>;

const SERVICE_ROW: Rules = {
  ServiceId: { kind: 'int', required: true },
  ServiceName: { kind: 'text' },
  ServiceDescription: { kind: 'text' },
  Units: { kind: 'int', required: true },
  UnitCost: { kind: 'money' },
  UnitPrice: { kind: 'money', required: true },
  EffectiveDate: { kind: 'instant', required: true },
  SortOrder: { kind: 'int' },
};

const SERVICE: Rules = {
  Name: { kind: 'text', required: true },
  Description: { kind: 'text' },
  UnitCost: { kind: 'money' },
  UnitPrice: { kind: 'money' },
  CategoryId: { kind: 'int', required: true },
  IncomeAccountId: { kind: 'int', required: true },
  IsActive: { kind: 'flag' },
  IsTaxable: { kind: 'flag' },
};

function errorsIn(record: Row, rules: Rules): string[] {
  const missing = Object.entries(rules).filter(([field, { required }]) => required === true && (record[field] ?? '') === '');
  const wrong = Object.entries(record).filter(([field, value]) => rules[field] === undefined || !fits(value, rules[field].kind));
  return [...missing.map(([field]) => `${field}: it is required.`), ...wrong.map(([field]) => `${field}: it is not valid.`)];
}

function fits(value: Json, kind: Kind): boolean {
  switch (kind) {
    case 'int':
      return Number.isInteger(value) && Math.abs(Number(value)) <= 2_147_483_647;
    case 'money':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string' && value.length <= 255;
    case 'instant':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(value);
  }
}

function signedIn({ GrantType, UserName, Password, Tenant }: Row): SandboxAnswer {
  const whole = GrantType === 'password' && [UserName, Password, Tenant].every((part) => typeof part === 'string' && part !== '');
  return whole ? envelope({ AccessToken: 'sandbox-token', RefreshToken: 'sandbox-refresh' }) : failed('Invalid user name or password.');
}

function page(rows: readonly Row[], asked: Row, counted = true): SandboxAnswer {
  const size = Math.min(Number(asked['PageSize'] ?? 50), MOST_ROWS);
  const first = (Number(asked['PageNumber'] ?? 1) - 1) * size;
  return envelope(rows.slice(first, first + size), counted ? { TotalRecords: rows.length } : {});
}

const MOST_ROWS = 100;

function envelope(result: Json, more: Row = {}): SandboxAnswer {
  return json(200, { Success: true, Error: null, Result: result, ...more });
}

function failed(message: string, status = 200, errors: readonly string[] = []): SandboxAnswer {
  const error = { Code: status, Message: message, Details: null, StackStrace: null, SubErrors: errors };
  return json(status, { Success: false, Error: error, Result: null });
}

function summaryOf({ AccountId: _, ...row }: Row): Row {
  return row;
}

function lookupOf({ Id = 0, ContractName = '', Status = '', EndDate = null }: Row): Row {
  return { Id, Name: ContractName, IsActive: Status === 'Active', EndDate };
}

function holds(value: Json | undefined, part: string): boolean {
  return textIn(value).toLowerCase().includes(part.toLowerCase());
}

function recordIn(value: Json): Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : {};
}

function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
