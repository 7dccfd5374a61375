import type { Json } from '../domain/canonical';
import type { PsaRequest } from '../psa/psa';
import { json, text, type Handled, type Row, type Sandbox, type SandboxAnswer, type SandboxState } from './sandbox';
import { applied, numberIn, recordIn, rowsOf, textIn } from './tables';

/**
 * Syncro MSP over its own tables: `customers`, `schedules`, `lines` (each with its `schedule_id`), `products`, `categories`. It answers what
 * the adapter asks, and refuses what the contract refuses.
 */
export const syncro: Sandbox = {
  psa: 'syncro',
  tables: ['customers', 'schedules', 'lines', 'products', 'categories'],
  handle: (state, request) => {
    const found = Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
    return /^Bearer \S+$/.test(found) ? routed(state, request) : { state, answer: json(401, { error: 'Not authorized' }) };
  },
  rate: { most: 180, seconds: 60 },
  tooMany: () => json(429, { error: 'Rate limit exceeded' }),
  failure: json(500, { error: 'Something went wrong' }),
};

const PER_PAGE = 25;
const LINE_FIELDS = new Set([
  ...['product_id', 'cost_cents', 'description', 'name', 'position', 'quantity', 'retail_cents', 'one_time_charge', 'taxable', 'user_id'],
  ...['asset_type_id', 'contact_field_type_id', 'contact_field_answer_id', 'recurring_type_id', 'saved_asset_search_id'],
]);

function routed(state: SandboxState, request: PsaRequest): Handled {
  const { method, path, query } = request;
  const asked = `${method} ${path}`;
  if (asked === 'GET /customers') return { state, answer: page(rowsOf(state, 'customers'), 'customers', query) };
  if (asked === 'GET /products/categories') return { state, answer: json(200, { categories: rowsOf(state, 'categories') }) };
  if (asked === 'GET /products') return { state, answer: page(rowsOf(state, 'products').filter(meets(query)), 'products', query) };
  if (asked === 'POST /products') return createProduct(state, request);
  if (asked === 'GET /schedules') return { state, answer: page(schedulesOf(state, query['customer_id']), 'schedules', query) };
  const [, id, action] = /^\/schedules\/(\d+)(?:\/(.+))?$/.exec(path) ?? [];
  const schedule = rowsOf(state, 'schedules').find((row) => row['id'] === Number(id));
  if (id === undefined || schedule === undefined) return { state, answer: json(404, { error: 'Not found' }) };
  if (method === 'GET' && action === undefined) return { state, answer: json(200, { schedule: withLines(state, schedule) }) };
  if (method === 'POST' && action === 'add_line_item') return addLine(state, request, schedule);
  if (method === 'POST' && action === 'remove_line_item') return removeLine(state, request, schedule);
  const [, line] = /^line_items\/(\d+)$/.exec(action ?? '') ?? [];
  if (method === 'PUT' && line !== undefined) return changeLine(state, request, schedule, Number(line));
  return { state, answer: json(404, { error: 'Not found' }) };
}

function addLine(state: SandboxState, request: PsaRequest, schedule: Row): Handled {
  const body = recordIn(request.body);
  const errors = errorsOf(state, body);
  if (textIn(body['name']).trim() === '') errors.push("Name can't be blank");
  if (errors.length > 0) return { state, answer: json(422, { error: errors }) };
  const row = lineRow({ ...DEFAULTS, id: state.nextId, schedule_id: schedule['id'] ?? null, ...body });
  const next = applied(state, request, 'lines', [...rowsOf(state, 'lines'), row], 'created', row, undefined);
  return { state: { ...next, nextId: state.nextId + 1 }, answer: json(200, { schedule_line_item: row }) };
}

function changeLine(state: SandboxState, request: PsaRequest, schedule: Row, id: number): Handled {
  const row = rowsOf(state, 'lines').find((each) => each['id'] === id && each['schedule_id'] === schedule['id']);
  if (row === undefined) return { state, answer: json(404, { error: 'Not found' }) };
  const body = recordIn(request.body);
  const errors = errorsOf(state, body);
  if (body['name'] !== undefined && textIn(body['name']).trim() === '') errors.push("Name can't be blank");
  if (errors.length > 0) return { state, answer: json(422, { error: errors }) };
  const changed = lineRow({ ...row, ...body });
  if (JSON.stringify(changed) === JSON.stringify(lineRow(row))) return { state, answer: json(200, { schedule_line_item: row }) };
  const rows = rowsOf(state, 'lines').map((each) => (each === row ? changed : each));
  return {
    state: applied(state, request, 'lines', rows, 'changed', changed, undefined),
    answer: json(200, { schedule_line_item: changed }),
  };
}

/** The body is the bare id, as the contract says. */
function removeLine(state: SandboxState, request: PsaRequest, schedule: Row): Handled {
  const row = rowsOf(state, 'lines').find((each) => each['id'] === request.body && each['schedule_id'] === schedule['id']);
  if (row === undefined) return { state, answer: json(404, { error: 'Not found' }) };
  const rows = rowsOf(state, 'lines').filter((each) => each !== row);
  return { state: applied(state, request, 'lines', rows, 'removed', row, undefined), answer: text(200, '', '') };
}

function createProduct(state: SandboxState, request: PsaRequest): Handled {
  const body = recordIn(request.body);
  const missing = ['name', 'description'].filter((field) => textIn(body[field]).trim() === '');
  const message = missing.map((field) => `${field.charAt(0).toUpperCase()}${field.slice(1)} can't be blank`);
  if (message.length > 0) return { state, answer: json(422, { success: false, message, params: body }) };
  const row: Row = { disabled: false, upc_code: null, ...body, id: state.nextId };
  const next = applied(state, request, 'products', [...rowsOf(state, 'products'), row], 'created', row, body['upc_code']);
  return { state: { ...next, nextId: state.nextId + 1 }, answer: json(200, { product: row }) };
}

/** What the contract would not take: other fields, text for a number, fractions of a cent, a product that is not there. */
function errorsOf(state: SandboxState, body: Row): string[] {
  const wrong = Object.entries(body).flatMap(([name, value]) => {
    if (!LINE_FIELDS.has(name)) return [`${name} is not a field`];
    if ((name.endsWith('_cents') || name.endsWith('_id')) && !Number.isInteger(value)) return [`${name} is not an integer`];
    return name === 'quantity' && typeof value !== 'number' ? ['Quantity is not a number'] : [];
  });
  const product = body['product_id'];
  const known = product === undefined || rowsOf(state, 'products').some((row) => row['id'] === product);
  return known ? wrong : [...wrong, 'Product must exist'];
}

const DEFAULTS: Row = {
  ...{ product_id: null, cost_cents: 0, retail_cents: 0, description: '', position: 0, taxable: false },
  ...{ recurring_type_id: null, one_time_charge: false },
};

/** Quantities come back as text, money in dollars beside the cents. */
function lineRow(row: Row): Row {
  const quantity = typeof row['quantity'] === 'string' ? row['quantity'] : numberIn(row['quantity'] ?? 0).toFixed(2);
  return { ...row, quantity, price_cost: numberIn(row['cost_cents'] ?? 0) / 100, price_retail: numberIn(row['retail_cents'] ?? 0) / 100 };
}

function schedulesOf(state: SandboxState, customer: string | undefined): readonly Row[] {
  return rowsOf(state, 'schedules')
    .filter((row) => customer === undefined || row['customer_id'] === Number(customer))
    .map((row) => withLines(state, row));
}

function withLines(state: SandboxState, schedule: Row): Row {
  return { ...schedule, lines: rowsOf(state, 'lines').filter((row) => row['schedule_id'] === schedule['id']) };
}

function meets({ upc_code: key, name }: Readonly<Record<string, string>>): (row: Row) => boolean {
  return (row) =>
    (key === undefined || row['upc_code'] === key) &&
    (name === undefined || textIn(row['name']).toLowerCase().includes(name.toLowerCase()));
}

function page(rows: readonly Row[], plural: string, query: Readonly<Record<string, string>>): SandboxAnswer {
  const at = Math.max(1, Number(query['page'] ?? '1'));
  const shown: Json = rows.slice((at - 1) * PER_PAGE, at * PER_PAGE);
  return json(200, { [plural]: shown, meta: { total_pages: Math.max(1, Math.ceil(rows.length / PER_PAGE)), page: at } });
}
