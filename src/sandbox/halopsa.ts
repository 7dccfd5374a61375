import type { Json } from '../domain/canonical';
import { decimalOf, multiply } from '../domain/decimal';
import type { PsaRequest } from '../psa/psa';
import { json, type Effect, type Handled, type Row, type Sandbox, type SandboxAnswer, type SandboxState } from './sandbox';

/**
 * HaloPSA over its own tables: `clients`, `invoices` (recurring ones, without lines), `lines` (each with its `ihid`), `items`, `groups`,
 * `applications` (who may sign in; anybody while there is none) and `settings`: a row with `referenceIsCopied` makes every line show the
 * reference of its item instead of its own. Lines that a write leaves out are lost, and a counted quantity stays what it was counted to.
 */
export const halopsa: Sandbox = {
  psa: 'halopsa',
  tables: ['clients', 'invoices', 'lines', 'items', 'groups', 'applications', 'settings'],
  handle: (state, request) => {
    if (request.path === '/auth/token') return { state, answer: token(state, request) };
    const { authorization } = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
    if (!/^Bearer \S+$/.test(authorization ?? '')) return { state, answer: json(401, { error: 'The access token is not valid.' }) };
    return request.method === 'POST' ? written(state, request) : { state, answer: read(state, request) };
  },
  rate: { most: 450, seconds: 300 },
  tooMany: () => json(429, { message: 'Too many requests.' }),
  failure: json(500, { ClassName: 'System.Exception', Message: 'Something went wrong' }),
};

const LISTS = new Map([
  ['/Client', { table: 'clients', plural: 'clients' }],
  ['/RecurringInvoice', { table: 'invoices', plural: 'invoices' }],
  ['/Item', { table: 'items', plural: 'items' }],
]);

function token(state: SandboxState, { method, body }: PsaRequest): SandboxAnswer {
  const { grant_type, client_id, client_secret, scope } = recordIn(body);
  const known = rowsOf(state, 'applications');
  const full = [client_id, client_secret, scope].every((value) => typeof value === 'string' && value !== '');
  const isKnown = known.length === 0 || known.some((row) => row['client_id'] === client_id && row['client_secret'] === client_secret);
  if (method !== 'POST' || grant_type !== 'client_credentials' || !full || !isKnown)
    return json(400, { error: 'invalid_client', error_description: 'The client credentials are not valid.' });
  return json(200, { access_token: 'sandbox-token', token_type: 'Bearer', expires_in: 3600 });
}

function read(state: SandboxState, { method, path, query }: PsaRequest): SandboxAnswer {
  if (method !== 'GET') return json(405, { message: `${method} is not allowed here.` });
  if (path === '/ItemGroup') return json(200, rowsOf(state, 'groups'));
  const one = /^\/RecurringInvoice\/(-?\d+)$/.exec(path)?.[1];
  const invoice = one === undefined ? undefined : rowsOf(state, 'invoices').find(({ id }) => id === Number(one));
  if (invoice !== undefined) return json(200, withLines(state, invoice));
  const list = LISTS.get(path);
  if (list === undefined) return json(404, { message: `${path} was not found.` });
  const isWanted = (row: Row) =>
    (query['client_id'] === undefined || row['client_id'] === Number(query['client_id'])) &&
    (query['search'] === undefined || textIn(row['name']).toLowerCase().includes(query['search'].toLowerCase())) &&
    (query['includeinactive'] !== 'false' || row['inactive'] !== true);
  const found = rowsOf(state, list.table).filter(isWanted);
  const [size, page] = query['pageinate'] === 'true' ? [Number(query['page_size'] ?? 50), Number(query['page_no'] ?? 1)] : [Infinity, 1];
  const shown = size === Infinity ? found : found.slice((page - 1) * size, page * size);
  return json(200, { record_count: found.length, [list.plural]: shown });
}

/** Every POST takes a list; an element with an id updates. */
function written(state: SandboxState, request: PsaRequest): Handled {
  const { path, body } = request;
  const refuse = (message: string): Handled => ({ state, answer: json(400, { message }) });
  if (!isList(body) || body.length !== 1) return refuse('A list with one record is expected.');
  const [record] = body.map(recordIn);
  if (record === undefined) return refuse('A record is expected.');
  if (path === '/Item') return createItem(state, request, record);
  if (path === '/RecurringInvoice') return writeLines(state, request, record);
  return { state, answer: json(404, { message: `${path} was not found.` }) };
}

function createItem(state: SandboxState, request: PsaRequest, item: Row): Handled {
  const wrong = wrongIn(item, ITEM);
  const groups = rowsOf(state, 'groups').map(({ id }) => id ?? null);
  if (wrong === null && (textIn(item['name']) === '' || !groups.includes(item['assetgroup_id'] ?? 0)))
    return { state, answer: json(400, { message: 'An item needs a name and an item group.' }) };
  if (wrong !== null) return { state, answer: json(400, { message: `${wrong} is not valid.` }) };
  const row = { ...item, id: state.nextId };
  const next = { ...state, nextId: state.nextId + 1, tables: { ...state.tables, items: [...rowsOf(state, 'items'), row] } };
  return { state: noted(next, request, 'items', [['created', row]]), answer: json(200, row) };
}

function writeLines(state: SandboxState, request: PsaRequest, { id, lines, ...header }: Row): Handled {
  const refuse = (message: string): Handled => ({ state, answer: json(400, { message }) });
  const invoice = rowsOf(state, 'invoices').find((row) => row['id'] === id);
  if (invoice === undefined || Object.keys(header).length > 0) return refuse('The recurring invoice was not found.');
  if (lines === undefined || !isList(lines)) return { state, answer: json(200, withLines(state, invoice)) };
  const held = linesOf(state, invoice);
  let { nextId } = state;
  const effects: (readonly [Effect['effect'], Row])[] = [];
  const after: Row[] = [];
  for (const sent of lines.map(recordIn)) {
    const old = sent['id'] === undefined ? null : held.find((row) => row['id'] === sent['id']);
    if (old === undefined) return refuse(`Line ${JSON.stringify(sent['id'])} was not found.`);
    const wrong = wrongIn(old === null ? sent : changedIn(sent, old), LINE);
    const item = rowsOf(state, 'items').find((row) => row['id'] === (sent['_itemid'] ?? old?.['_itemid']));
    if (wrong !== null || item === undefined) return refuse(`${wrong ?? '_itemid'} is not valid.`);
    const row = stored(state, { ...old, ...sent, id: old?.['id'] ?? nextId, ihid: invoice['id'] ?? null }, old, item);
    if (old === null) nextId += 1;
    after.push(row);
    if (old === null) effects.push(['created', row]);
    else if (JSON.stringify(ordered(row)) !== JSON.stringify(ordered(old))) effects.push(['changed', row]);
  }
  effects.push(...held.filter((row) => !after.some((kept) => kept['id'] === row['id'])).map((row) => ['removed', row] as const));
  const others = rowsOf(state, 'lines').filter((row) => !held.includes(row));
  const next = {
    ...state,
    nextId,
    tables: { ...state.tables, lines: effects.length === 0 ? rowsOf(state, 'lines') : [...others, ...after] },
  };
  const done = noted(next, request, 'lines', effects);
  return { state: done, answer: json(200, withLines(done, invoice)) };
}

/** Sums are computed, a counted quantity is kept, and the reference may be the item's. */
function stored(state: SandboxState, row: Row, old: Row | null, item: Row): Row {
  const counted = old !== null && numberIn(old['recurring_invoice_quantity_type']) !== 0;
  const quantity = numberIn(counted ? old['qty_order'] : (row['qty_order'] ?? 1));
  const copied = rowsOf(state, 'settings').some(({ referenceIsCopied }) => referenceIsCopied === true);
  return {
    ...row,
    qty_order: quantity,
    ...(copied ? { item_external_reference: item['externalreference'] ?? '' } : {}),
    net_amount: Number(multiply(decimalOf(quantity), decimalOf(numberIn(row['unit_price'])))),
  };
}

type Type = 'number' | 'text' | 'flag' | 'instant';

/** The fields that a new line may have; the real one has a hundred more, and here they are mistakes of ours. */
const LINE: Readonly<Record<string, Type>> = {
  id: 'number',
  ihid: 'number',
  _itemid: 'number',
  item_shortdescription: 'text',
  item_longdescription: 'text',
  qty_order: 'number',
  unit_price: 'number',
  unit_cost: 'number',
  startdate: 'instant',
  enddate: 'instant',
  onetimecharge: 'flag',
  recurring_invoice_quantity_type: 'number',
  item_external_reference: 'text',
};

const ITEM: Readonly<Record<string, Type>> = {
  name: 'text',
  description: 'text',
  assetgroup_id: 'number',
  isrecurringitem: 'flag',
  baseprice: 'number',
  costprice: 'number',
  recurringprice: 'number',
  recurringcost: 'number',
  taxable: 'flag',
  externalreference: 'text',
};

function wrongIn(record: Row, types: Readonly<Record<string, Type>>): string | null {
  return Object.keys(record).find((name) => !Object.hasOwn(types, name) || !fits(record[name] ?? null, types[name] ?? 'text')) ?? null;
}

function fits(value: Json, type: Type): boolean {
  if (type === 'instant') return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/.test(value);
  if (type === 'number') return typeof value === 'number';
  if (type === 'flag') return typeof value === 'boolean';
  return typeof value === 'string';
}

/** A field that comes back as it was read is right whatever it is, and so is a sum, which is computed anew. */
function changedIn(sent: Row, old: Row): Row {
  const changed = Object.entries(sent).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name]));
  return Object.fromEntries(changed.filter(([name]) => name !== 'net_amount'));
}

function withLines(state: SandboxState, invoice: Row): Row {
  return { ...invoice, lines: linesOf(state, invoice) };
}

function linesOf(state: SandboxState, { id }: Row): readonly Row[] {
  return rowsOf(state, 'lines').filter(({ ihid }) => ihid === id);
}

function noted(
  state: SandboxState,
  request: PsaRequest,
  table: string,
  effects: readonly (readonly [Effect['effect'], Row])[],
): SandboxState {
  const { method, path, body } = request;
  const entries = effects.map(([effect, row], index): Effect => {
    const key = row['item_external_reference'] ?? row['externalreference'];
    return {
      n: state.ledger.length + index + 1,
      effect,
      table,
      id: numberIn(row['id']),
      key: typeof key === 'string' ? key : null,
      method,
      path,
      body,
    };
  });
  return { ...state, ledger: [...state.ledger, ...entries] };
}

function ordered(row: Row): Row {
  return Object.fromEntries(Object.entries(row).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function rowsOf(state: SandboxState, table: string): readonly Row[] {
  return state.tables[table] ?? [];
}

function recordIn(value: Json): Row {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function numberIn(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
