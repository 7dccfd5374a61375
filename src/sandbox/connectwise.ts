import type { PsaRequest } from '../psa/psa';
import { additionsOf } from './connectwise/additions';
import { createCatalogItem, createOneTime } from './connectwise/products';
import { list, projected } from './connectwise/query';
import { refusal } from './connectwise/rules';
import { remove } from './connectwise/tables';
import { rowsOf } from './tables';
import { json, type Handled, type Sandbox, type SandboxAnswer, type SandboxState } from './sandbox';

/**
 * ConnectWise PSA over its own tables: `companies`, `agreements`, `additions` (each with its `agreementId`), `catalog`, `products`
 * (one-time), `subcategories`, `types`, `units`. It answers what the adapter asks, and refuses what the contract refuses.
 */
export const connectwise: Sandbox = {
  psa: 'connectwise',
  tables: ['companies', 'agreements', 'additions', 'catalog', 'products', 'subcategories', 'types', 'units'],
  handle: (state, request) => {
    const denied = deniedBy(request.headers);
    return denied === null ? routed(state, request) : { state, answer: denied };
  },
  rate: { most: 1000, seconds: 60 },
  tooMany: (seconds) => json(429, { error: 'TooManyRequests', message: 'Too many requests.' }, { 'retry-after': String(seconds) }),
  failure: refusal(500, 'InternalServerError', 'Something went wrong.'),
};

const LISTS: Readonly<Record<string, string>> = {
  '/company/companies': 'companies',
  '/finance/agreements': 'agreements',
  '/procurement/catalog': 'catalog',
  '/procurement/products': 'products',
  '/procurement/subcategories': 'subcategories',
  '/procurement/types': 'types',
  '/procurement/unitOfMeasures': 'units',
};

function routed(state: SandboxState, request: PsaRequest): Handled {
  const path = request.path.replace(/\/$/, '');
  const additions = /^\/finance\/agreements\/(\d+)\/additions(?:\/(\d+))?$/.exec(path);
  if (additions !== null)
    return additionsOf(state, request, Number(additions[1]), additions[2] === undefined ? null : Number(additions[2]));
  const [, base = '', id] = /^(\/[a-z]+\/[a-zA-Z]+)(?:\/(\d+))?$/.exec(path) ?? [];
  const table = Object.hasOwn(LISTS, base) ? LISTS[base] : undefined;
  if (table === undefined) return { state, answer: refusal(404, 'NotFound', `${path} was not found`) };
  if (id !== undefined) return single(state, request, table, Number(id));
  if (request.method === 'GET') return { state, answer: list(rowsOf(state, table), request) };
  if (request.method === 'POST' && table === 'catalog') return createCatalogItem(state, request);
  if (request.method === 'POST' && table === 'products') return createOneTime(state, request);
  return { state, answer: refusal(405, 'MethodNotAllowed', `${request.method} is not allowed here`) };
}

function single(state: SandboxState, request: PsaRequest, table: string, id: number): Handled {
  const row = rowsOf(state, table).find((each) => each['id'] === id);
  if (row === undefined) return { state, answer: refusal(404, 'NotFound', `${table} ${id} was not found`) };
  if (request.method === 'GET') return { state, answer: json(200, projected(row, request.query['fields'])) };
  if (request.method !== 'DELETE' || table !== 'products')
    return { state, answer: refusal(405, 'MethodNotAllowed', `${request.method} is not allowed here`) };
  if (row['invoice'] !== undefined) return { state, answer: refusal(409, 'Conflict', 'The product is on an invoice.') };
  return remove(state, request, table, row);
}

function deniedBy(headers: Readonly<Record<string, string>>): SandboxAnswer | null {
  const found = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const basic = /^Basic [A-Za-z0-9+/]+={0,2}$/.test(found.get('authorization') ?? '');
  if (!basic) return refusal(401, 'Unauthorized', 'Provide valid credentials.');
  return (found.get('clientid') ?? '') === '' ? refusal(401, 'Unauthorized', 'A clientId is required.') : null;
}
