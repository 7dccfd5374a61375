import type { Json } from '../domain/canonical';
import type { PsaRequest } from '../psa/psa';
import { json, type Effect, type Handled, type Row, type Sandbox, type SandboxState } from './sandbox';
import { answered, projected, refused, selectionOf, type Selection } from './superops/graphql';
import { errorsIn, INPUTS } from './superops/rules';

/**
 * SuperOps over its own tables: `clients`, `categories`, `items`, `contracts`, `invoices`, each with the records of the GraphQL types. It
 * answers the selected fields of the operations that the adapter uses, and refuses what the schema refuses.
 */
export const superops: Sandbox = {
  psa: 'superops',
  tables: ['clients', 'categories', 'items', 'contracts', 'invoices'],
  handle: (state, request) => {
    if (!isSigned(request.headers)) return { state, answer: json(401, { errors: [{ message: 'Unauthorized' }] }) };
    if (request.method !== 'POST' || request.path !== '/msp') return { state, answer: json(404, { errors: [{ message: 'Not found' }] }) };
    return operated(state, request);
  },
  rate: { most: 800, seconds: 60 },
  tooMany: () => json(429, { errors: [{ message: 'Too many requests' }] }),
  failure: json(500, { data: null, errors: [{ message: 'Internal server error', extensions: { classification: 'INTERNAL_ERROR' } }] }),
};

/** A write that was understood: the record as it stands after it, or every reason why it is refused. */
type Written = { readonly errors: readonly string[] } | { readonly row: Row; readonly before: Row | null; readonly answer: Json };
type Write = (state: SandboxState, input: Row) => Written;

const LISTS: Readonly<Record<string, readonly [table: string, rows: string]>> = {
  getClientList: ['clients', 'clients'],
  getClientContractList: ['contracts', 'clientContracts'],
  getServiceCatalogItemList: ['items', 'items'],
  getInvoiceList: ['invoices', 'invoices'],
};

const WRITES: Readonly<Record<string, readonly [table: string, id: string, write: Write]>> = {
  createServiceCatalogItem: ['items', 'itemId', createItem],
  createClientContract: ['contracts', 'contractId', createContract],
  updateClientContract: ['contracts', 'contractId', updateContract],
  createInvoice: ['invoices', 'invoiceId', createInvoice],
  updateInvoice: ['invoices', 'invoiceId', updateInvoice],
};

function operated(state: SandboxState, request: PsaRequest): Handled {
  const { operationName, query, variables } = record(request.body);
  const operation = text(operationName);
  const selection = selectionOf(text(query))?.get(operation);
  const shape = INPUTS[operation];
  if (shape === undefined || selection === undefined) return { state, answer: refused(operation, [`the query has no ${operation}`]) };
  const input = record(record(variables)['input']);
  const errors = shape === null ? [] : errorsIn(record(variables)['input'] ?? null, shape, 'input');
  if (errors.length > 0) return { state, answer: refused(operation, errors) };
  const write = WRITES[operation];
  if (write !== undefined) return written(state, request, { operation, selection, input }, write);
  return { state, answer: answered(operation, projected(found(state, operation, input), selection)) };
}

function found(state: SandboxState, operation: string, input: Row): Json {
  if (operation === 'getServiceCategoryList') return rowsOf(state, 'categories');
  if (operation === 'getClient') return byId(state, 'clients', 'accountId', input['accountId']) ?? null;
  const [table = '', name = ''] = LISTS[operation] ?? [];
  const page = Number(input['page'] ?? 1);
  const pageSize = Math.min(Number(input['pageSize'] ?? MOST_ROWS), MOST_ROWS);
  const rows = rowsOf(state, table);
  const shown = rows.slice((page - 1) * pageSize, page * pageSize);
  return { [name]: shown, listInfo: { page, pageSize, hasMore: page * pageSize < rows.length, totalCount: rows.length } };
}

const MOST_ROWS = 100;

function written(
  state: SandboxState,
  request: PsaRequest,
  { operation, selection, input }: { readonly operation: string; readonly selection: Selection | null; readonly input: Row },
  [table, idName, write]: readonly [string, string, Write],
): Handled {
  const outcome = write(state, input);
  if ('errors' in outcome) return { state, answer: refused(operation, outcome.errors) };
  const { row, before } = outcome;
  const answer = answered(operation, projected(outcome.answer, selection));
  if (JSON.stringify(before) === JSON.stringify(row)) return { state, answer };
  const rows = before === null ? [...rowsOf(state, table), row] : rowsOf(state, table).map((each) => (each === before ? row : each));
  const entry: Effect = {
    ...{ n: state.ledger.length + 1, effect: before === null ? 'created' : 'changed', table, id: text(row[idName]) },
    key: /(tl1|split)-[0-9a-f]{32}/.exec(JSON.stringify(row))?.[0] ?? null,
    ...{ method: request.method, path: request.path, body: request.body },
  };
  return {
    state: { ...state, nextId: state.nextId + 2, tables: { ...state.tables, [table]: rows }, ledger: [...state.ledger, entry] },
    answer,
  };
}

function createItem(state: SandboxState, input: Row): Written {
  if (rowsOf(state, 'items').some(({ name }) => name === input['name'])) return { errors: ['name is used by another item'] };
  const wanted = record(input['category'])['categoryId'];
  const category = byId(state, 'categories', 'categoryId', wanted) ?? null;
  if (wanted !== undefined && category === null) return { errors: ['category was not found'] };
  const row: Row = { ...input, itemId: idOf(state), category, status: 'ACTIVE' };
  return { row, before: null, answer: row };
}

function createContract(state: SandboxState, input: Row): Written {
  const { client: asked, contract: wanted, startDate = null, endDate = null } = input;
  const { description = null, billableContract } = record(wanted);
  const { change, chargeItem, ...billable } = record(billableContract);
  const client = byId(state, 'clients', 'accountId', record(asked)['accountId']);
  const item = byId(state, 'items', 'itemId', record(chargeItem)['itemId']);
  if (client === undefined) return { errors: ['client was not found'] };
  if (item === undefined || item['status'] === 'INACTIVE') return { errors: ['chargeItem was not found'] };
  const dated = changedBy([], { startDate }, record(change), idOf(state, 1));
  if (!('changes' in dated)) return dated;
  if (text(endDate) !== '' && text(endDate) < text(startDate)) return { errors: ['endDate is before the start'] };
  const id = idOf(state);
  const row: Row = {
    ...{ contractId: id, client: pick(client, ['accountId', 'name']), startDate, endDate, contractStatus: 'ACTIVE' },
    contract: {
      ...{ contractId: id, name: item['name'] ?? '', description, contractType: 'USAGE' },
      billableContract: {
        ...{ ...billable, chargeItem: pick(item, ['itemId', 'name']), quantityCalculationType: 'FIXED', frequencyType: 'RECURRING' },
        changes: dated.changes,
      },
    },
  };
  return { row, before: null, answer: id };
}

function updateContract(state: SandboxState, input: Row): Written {
  const { contractId, billableContract } = record(input['contract']);
  const before = rowsOf(state, 'contracts').find(({ contract }) => record(contract)['contractId'] === contractId);
  if (before === undefined) return { errors: ['contract was not found'] };
  const contract = record(before['contract']);
  const held = record(contract['billableContract']);
  const { change, ...priced } = record(billableContract);
  const dated =
    change === undefined
      ? { changes: listOf(held['changes']) }
      : changedBy(listOf(held['changes']), before, record(change), idOf(state, 1));
  if (!('changes' in dated)) return dated;
  const endDate = input['endDate'] === undefined ? (before['endDate'] ?? null) : input['endDate'];
  if (text(endDate) !== '' && text(endDate) < text(before['startDate'])) return { errors: ['endDate is before the start'] };
  const row = { ...before, endDate, contract: { ...contract, billableContract: { ...held, ...priced, changes: dated.changes } } };
  return { row, before, answer: text(contractId) };
}

/** One change on each day: another one of the same day needs the id of the one that stands there. */
function changedBy(
  changes: readonly Row[],
  { startDate }: Row,
  change: Row,
  id: string,
): { readonly changes: readonly Row[] } | { readonly errors: readonly string[] } {
  const { changeId, ...values } = change;
  const day = text(values['effectiveDate']);
  if (day < text(startDate)) return { errors: ['change.effectiveDate is before the start'] };
  if (text(values['quantity']).startsWith('-')) return { errors: ['change.quantity is negative'] };
  const same = changes.find((each) => each['effectiveDate'] === day && each['changeId'] !== changeId);
  if (same !== undefined) return { errors: [`a change stands on ${day} already`] };
  if (changeId === undefined) return { changes: [...changes, { changeId: id, endDate: null, ...values }] };
  if (!changes.some((each) => each['changeId'] === changeId)) return { errors: ['change was not found'] };
  return { changes: changes.map((each) => (each['changeId'] === changeId ? { ...each, ...values } : each)) };
}

function createInvoice(state: SandboxState, input: Row): Written {
  const { client: asked, site, addItems, ...head } = input;
  const client = byId(state, 'clients', 'accountId', record(asked)['accountId']);
  if (client === undefined) return { errors: ['client was not found'] };
  if (record(client['hqSite'])['id'] !== record(site)['id']) return { errors: ['site was not found'] };
  const items = listOf(addItems).map((each, index) => {
    const item = byId(state, 'items', 'itemId', record(each['serviceItem'])['itemId']);
    return item === undefined ? null : { itemId: idOf(state, index + 1), ...each, serviceItem: pick(item, ['itemId', 'name']) };
  });
  if (items.length === 0 || items.includes(null)) return { errors: ['serviceItem was not found'] };
  const id = idOf(state);
  const row = {
    invoiceId: id,
    displayId: id.slice(-6),
    client: pick(client, ['accountId', 'name']),
    site: client['hqSite'] ?? null,
    ...head,
    items,
  };
  return { row, before: null, answer: row };
}

function updateInvoice(state: SandboxState, input: Row): Written {
  const before = byId(state, 'invoices', 'invoiceId', input['invoiceId']);
  if (before === undefined) return { errors: ['invoice was not found'] };
  const row = { ...before, ...input };
  return { row, before, answer: row };
}

/** 19 digits, as SuperOps gives them. */
function idOf({ nextId }: SandboxState, further = 0): string {
  return `8${String(nextId + further).padStart(18, '0')}`;
}

function isSigned(headers: Readonly<Record<string, string>>): boolean {
  const sent = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return /^Bearer \S+$/.test(sent.get('authorization') ?? '') && (sent.get('customersubdomain') ?? '') !== '';
}

function byId(state: SandboxState, table: string, name: string, id: Json | undefined): Row | undefined {
  return rowsOf(state, table).find((row) => row[name] === id);
}

function rowsOf(state: SandboxState, table: string): readonly Row[] {
  return state.tables[table] ?? [];
}

function pick(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}

function record(value: Json | undefined): Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : {};
}

function listOf(value: Json | undefined): readonly Row[] {
  return Array.isArray(value) ? (value as readonly Row[]) : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
