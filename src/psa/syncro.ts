import * as z from 'zod/mini';
import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../domain/agreement';
import { cycleDates, judgeCycle } from '../domain/billing-cycle';
import type { Json } from '../domain/canonical';
import type { Change, ChargeChange, CreateChange, EndChange, ExportChange, Lookup, RequestDraft, UpdateChange } from '../domain/change';
import { decimalOf, divide, multiply, ONE, type Decimal } from '../domain/decimal';
import type { PlanRequest } from '../domain/plan';
import { problem, type Problem } from '../domain/problem';
import { err, ok } from '../domain/result';
import { checksInto, type Checks } from './checks';
import { date, dayIn, decimalIn, filled, flag, id, idIn, number, text, type RecordType } from './fields';
import { isRecord, pagesOf, type Paging } from './paging';
import type { ConnectionField, Evidence, Held, Kind, Limits, PsaAdapter, PsaAnswer, PsaRequest, Reading } from './psa';

/**
 * Money on a schedule's line is integer cents, so a price has two decimals (contract). Quantities come back as text with two decimals in the
 * contract's example. No length is stated anywhere: 255 characters are what a short text of such a system holds, and a longer one would be
 * found by the read-back. 180 requests a minute and IP address (contract). A line has no field for a key of ours.
 */
const limits: Limits = {
  ...{ lineName: 255, productIdentifier: 255, productDescription: 255, productReference: 255, lineKey: null },
  ...{ quantityDecimals: 2, priceDecimals: 2, pageSize: 25, requestsPerMinute: 180, productRepeats: true, negativePrices: true },
  ...{ mostRounding: ONE, datesChanges: false, keepsCost: true, writesCounted: false },
};

const fields: readonly ConnectionField[] = [
  {
    ...{ name: 'subdomain', label: 'Subdomain', help: 'The part before .syncromsp.com.' },
    ...{ secret: false, required: true, target: 'tenant' },
  },
  {
    ...{
      name: 'apiKey',
      label: 'API key',
      help: 'With the permissions Customers - List/Search, Products - List/Search and Create, Recurring Invoices - Edit.',
    },
    ...{ secret: true, required: true, target: 'credentials' },
  },
  {
    ...{
      name: 'mostRounding',
      label: 'Most rounding',
      help: 'How much rounding a price to cents may move the total of a line. Empty is 1.',
    },
    ...{ secret: false, required: false, target: 'settings' },
  },
];

/** Syncro MSP, API v1, base URL `https://{subdomain}.syncromsp.com/api/v1`. An agreement is a schedule: an invoice that recurs. */
export const syncro: PsaAdapter = {
  id: 'syncro',
  ids: 'number',
  words: {
    ...{ psa: 'Syncro', agreement: 'recurring invoice', agreements: 'recurring invoices', line: 'line item', lines: 'line items' },
    product: 'product',
  },
  limits,
  fields,
  productFields: { identifier: null, category: 'Category', type: null, unit: null },
  can: { recurring: true, change: true, oneTime: true, readBack: true },
  signIn: null,
  authorization: (_, { apiKey = '' }) =>
    apiKey.trim() === '' ? err(problem('credentials are missing', { field: 'apiKey' })) : ok({ Authorization: `Bearer ${apiKey.trim()}` }),
  read: {
    companies: () => pagesOf(company, get('/customers', { page: '1' }), paging('customers')),
    agreements: (companyId) =>
      pagesOf(schedule, get('/schedules', { ...(companyId === null ? {} : { customer_id: companyId }), page: '1' }), paging('schedules')),
    products: () => pagesOf(product, get('/products', { page: '1' }), paging('products')),
    productsByReference,
    lines: (agreementId) => linesOf(agreementId, 'recurring'),
    oneTimeLines: (agreementId) => linesOf(agreementId, 'one-time'),
    lookups: () => ({ categories: pagesOf(category, get('/products/categories', {}), { ...paging('categories'), next: () => null }) }),
    test: () => get('/customers', { page: '1' }),
  },
  recognise,
  judge: judgeCycle,
  dates: cycleDates,
  requests: (change) => {
    const problems: Problem[] = [];
    const drafts = draftsOf(change, checksInto(problems));
    return problems.length > 0 ? err(problems) : ok(drafts);
  },
  removal: ({ agreementId, lineId }) => post(`/schedules/${agreementId}/remove_line_item`, Number(lineId)),
  evidence,
  placeholders: {
    baseUrl: 'https://{{subdomain}}.syncromsp.com/api/v1',
    basic: null,
    headers: { Authorization: 'Bearer {{apiKey}}' },
  },
  message: messageOf,
  refuses: ({ body }) => isRecord(body) && body['success'] === false,
  prove,
};

const headers = { Accept: 'application/json' };
const writeHeaders = { ...headers, 'Content-Type': 'application/json' };

function get(path: string, query: Readonly<Record<string, string>>): PsaRequest {
  return { method: 'GET', path, query, headers, body: null };
}

function post(path: string, body: Json): PsaRequest {
  return { method: 'POST', path, query: {}, headers: writeHeaders, body };
}

/** Lists stand under their plural. `meta.total_pages` tells how many there are; where it is missing, a page of 25 or more has a next one. */
function paging(plural: string): Paging {
  return {
    rowsIn: (body) => (isRecord(body) && Array.isArray(body[plural]) ? (body[plural] as unknown[]) : null),
    next: ({ body }, asked, rows) => {
      const page = Number(asked.query['page'] ?? '1');
      const meta = isRecord(body) && isRecord(body['meta']) ? body['meta']['total_pages'] : undefined;
      const more = typeof meta === 'number' ? page < meta : rows >= limits.pageSize;
      return more ? { ...asked, query: { ...asked.query, page: String(page + 1) } } : null;
    },
    message: messageOf,
    refuses: ({ body }) => isRecord(body) && body['success'] === false,
  };
}

/** By the field that carries our key, then by name; both filters are loose, so the reader compares exactly. */
function productsByReference(reference: string, identifier: string): Reading<PsaProduct> {
  const keep = (row: PsaProduct) => row.reference === reference || row.identifier.toLowerCase() === identifier.toLowerCase();
  const byKey = pagesOf(product, get('/products', { upc_code: reference, page: '1' }), paging('products'), { keep });
  const byName = get('/products', { name: identifier, page: '1' });
  return {
    request: byKey.request,
    parse: (answer, asked) => {
      const page = byKey.parse(answer, asked);
      if (!page.ok || page.value.next !== null || asked.query['upc_code'] === undefined) return page;
      return ok({ rows: page.value.rows, next: byName });
    },
    join: (rows) => [...new Map(rows.map((row) => [row.id, row])).values()],
  };
}

/** A schedule is read whole; its lines of one kind are the rows. */
function linesOf(agreementId: string, kind: PsaLine['kind']): Reading<PsaLine> {
  const rowsIn = (body: unknown) => {
    const lines = isRecord(body) && isRecord(body['schedule']) ? body['schedule']['lines'] : undefined;
    return Array.isArray(lines) ? (lines as unknown[]) : null;
  };
  return pagesOf(
    lineItem,
    get(`/schedules/${agreementId}`, {}),
    { ...paging('lines'), rowsIn, next: () => null },
    { agreementId, keep: (row) => row.kind === kind },
  );
}

const CompanyRecord = z.looseObject({ id, business_name: text, fullname: text, business_then_name: text, email: text, disabled: flag });
const company: RecordType<PsaCompany> = {
  what: 'customer',
  read: (value) => {
    const row = CompanyRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    const domain = filled(data.email)?.split('@')[1] ?? null;
    return {
      id: String(data.id),
      name: filled(data.business_name) ?? filled(data.business_then_name) ?? filled(data.fullname) ?? '',
      ...{ identifier: null, website: domain, externalId: null, active: data.disabled !== true },
    };
  },
};

const ScheduleRecord = z.looseObject({ id, customer_id: id, name: text, frequency: text, next_run: date, paused: flag });
const schedule: RecordType<Agreement> = {
  what: 'recurring invoice',
  read: (value) => {
    const row = ScheduleRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    const cycle = filled(data.frequency);
    return {
      ...{
        id: String(data.id),
        name: filled(data.name) ?? `Recurring invoice ${String(data.id)}`,
        companyId: String(data.customer_id),
        type: null,
      },
      ...{ status: data.paused === true ? 'inactive' : 'active', startDate: null, endDate: null },
      ...{ cycle, monthly: cycle === null ? null : cycle === 'Monthly', currency: null, prorates: null },
      ...{ nextInvoiceDate: dayIn(data.next_run), billsProducts: null },
    };
  },
};

const ProductRecord = z.looseObject({
  id,
  name: z.string(),
  price_cost: number,
  price_retail: number,
  taxable: flag,
  disabled: flag,
  upc_code: text,
});
/** A product is known by its name; `upc_code` carries our key. */
const product: RecordType<PsaProduct> = {
  what: 'product',
  read: (value) => {
    const row = ProductRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    return {
      ...{
        id: String(data.id),
        identifier: data.name,
        description: data.name,
        price: decimalIn(data.price_retail),
        cost: decimalIn(data.price_cost),
      },
      ...{ taxable: data.taxable ?? null, active: data.disabled !== true, reference: filled(data.upc_code) },
    };
  },
};

const CategoryRecord = z.looseObject({ id, name: z.string(), names_depth_cache: text });
const category: RecordType<Lookup> = {
  what: 'category',
  read: (value) => {
    const row = CategoryRecord.safeParse(value);
    return row.success ? { id: String(row.data.id), name: filled(row.data.names_depth_cache) ?? row.data.name } : null;
  },
};

const LineRecord = z.looseObject({
  ...{ id, schedule_id: z.optional(z.nullable(id)), product_id: z.optional(z.nullable(id)), description: text, name: text },
  quantity: z.optional(z.nullable(z.union([z.number(), z.string().check(z.regex(/^-?\d+(\.\d+)?$/))]))),
  ...{ retail_cents: number, cost_cents: number, recurring_type_id: number, one_time_charge: flag },
});
/** Money in integer cents. A line with a `recurring_type_id` is counted by Syncro itself. */
const lineItem: RecordType<PsaLine> = {
  what: 'line item',
  read: (value, agreementId) => {
    const row = LineRecord.safeParse(value);
    const parent = row.success ? (idIn(row.data.schedule_id) ?? agreementId) : null;
    if (!row.success || parent === null) return null;
    const { data } = row;
    return {
      ...{ id: String(data.id), agreementId: parent, kind: data.one_time_charge === true ? 'one-time' : 'recurring' },
      ...{
        productId: idIn(data.product_id),
        productIdentifier: filled(data.name),
        description: filled(data.description) ?? data.name ?? '',
      },
      quantity: data.quantity === undefined || data.quantity === null ? null : decimalOf(data.quantity),
      ...{ price: fromCents(data.retail_cents), cost: fromCents(data.cost_cents), effectiveDate: null, endDate: null, lessIncluded: null },
      ...{ invoiced: null, key: null, counted: (data.recurring_type_id ?? null) !== null },
    };
  },
};

const HUNDRED = decimalOf(100);

function fromCents(cents: number | null | undefined): Decimal | null {
  return cents === undefined || cents === null ? null : divide(decimalOf(cents), HUNDRED, 2);
}

function recognise(saved: unknown): ReturnType<PsaAdapter['recognise']> {
  for (const { plural, kind, type } of SHAPES) {
    const values = isRecord(saved) ? saved[plural] : undefined;
    if (!Array.isArray(values)) continue;
    const rows = values.map((value) => type.read(value, null));
    return rows.every((row) => row !== null) ? { kind, rows } : null;
  }
  const one = isRecord(saved) && isRecord(saved['schedule']) ? saved['schedule'] : null;
  if (one === null || !Array.isArray(one['lines'])) return null;
  const rows = one['lines'].map((value) => lineItem.read(value, idIn(one['id'] as number)));
  return rows.every((row) => row !== null) ? { kind: 'lines', rows } : null;
}

const SHAPES: readonly { readonly plural: string; readonly kind: Kind; readonly type: RecordType<PsaCompany | Agreement | PsaProduct> }[] =
  [
    { plural: 'customers', kind: 'companies', type: company },
    { plural: 'schedules', kind: 'agreements', type: schedule },
    { plural: 'products', kind: 'products', type: product },
  ];

function draftsOf(change: Change, check: Checks): readonly RequestDraft[] {
  switch (change.kind) {
    case 'create':
    case 'charge':
      return [addLine(change, check)];
    case 'update':
      return changeLine(change, amounts(change, check), check);
    case 'end':
      return change.how === 'zero' ? changeLine(change, { quantity: 0 }, check) : changeLine(change, null, check);
    case 'export':
      return [addProduct(change, check)];
  }
}

/** `name` is the product's and `description` the line's text. It counts from the next run: a schedule has no effective dates. */
function addLine(change: CreateChange | ChargeChange, check: Checks): RequestDraft {
  const { after, product: bound } = change;
  const path = `/schedules/${String(check.id('recurring invoice', change.agreementId))}/add_line_item`;
  const body = {
    product_id: bound.use === null ? check.id('product', bound.id ?? '') : { $use: bound.use },
    name: check.text('product', bound.identifier, limits.productIdentifier),
    description: check.text('name', after.name ?? change.name, limits.lineName),
    quantity: check.number('quantity', after.quantity, { decimals: limits.quantityDecimals, notNegative: change.kind === 'create' }),
    retail_cents: cents('price', after.price, check),
    ...(after.cost === null ? {} : { cost_cents: cents('cost', after.cost, check) }),
    ...(change.kind === 'charge' ? { one_time_charge: true } : {}),
  };
  return write(change.kind, 'POST', path, body, bound.use);
}

/** Only what is written; what is left out stays as Syncro holds it. */
function amounts({ after }: UpdateChange, check: Checks): Json {
  return {
    ...(after.quantity === null
      ? {}
      : { quantity: check.number('quantity', after.quantity, { decimals: limits.quantityDecimals, notNegative: true }) }),
    ...(after.price === null ? {} : { retail_cents: cents('price', after.price, check) }),
    ...(after.cost === null ? {} : { cost_cents: cents('cost', after.cost, check) }),
    ...(after.name === null ? {} : { description: check.text('name', after.name, limits.lineName) }),
  };
}

/** A line whose id is not known is found by its text first. `body` null removes it: Syncro has no end date. */
function changeLine(change: UpdateChange | EndChange, body: Json, check: Checks): readonly RequestDraft[] {
  const schedulePath = `/schedules/${String(check.id('recurring invoice', change.agreementId))}`;
  const name = `line-${change.lineKey}`;
  const known = change.lineId === null ? null : check.id('line', change.lineId);
  const use = known === null ? name : null;
  const read: RequestDraft = {
    ...{ operation: 'read', method: 'GET', path: schedulePath, query: {}, headers, body: null, uses: [] },
    expects: { status: [200], yields: { [name]: { field: 'id', where: { field: 'description', equals: change.name } } } },
  };
  const request =
    body === null
      ? write('end', 'POST', `${schedulePath}/remove_line_item`, known ?? { $use: name }, use)
      : write(change.kind, 'PUT', `${schedulePath}/line_items/${known === null ? `{{${name}}}` : String(known)}`, body, use);
  return known === null ? [read, request] : [request];
}

function addProduct(change: ExportChange, check: Checks): RequestDraft {
  const { product: wanted } = change;
  const body = {
    name: check.text('name', wanted.name, limits.productDescription),
    description: wanted.description.trim() === '' ? wanted.name : wanted.description,
    ...(wanted.price === null ? {} : { price_retail: check.number('price', wanted.price, { decimals: limits.priceDecimals }) }),
    ...(wanted.cost === null ? {} : { price_cost: check.number('cost', wanted.cost, { decimals: limits.priceDecimals }) }),
    ...(wanted.category === '' ? {} : { category_ids: [check.id('category', wanted.category)] }),
    ...{ taxable: wanted.taxable, maintain_stock: false, upc_code: check.text('reference', change.reference, limits.productReference) },
  };
  const draft = write('export', 'POST', '/products', body, null);
  return { ...draft, expects: { ...draft.expects, yields: { [change.yields]: { field: 'product.id', where: null } } } };
}

function write(operation: Change['kind'], method: 'POST' | 'PUT', path: string, body: Json, use: string | null): RequestDraft {
  const expects = { status: [200], yields: {} };
  return { operation, method, path, query: {}, headers: writeHeaders, body, expects, uses: use === null ? [] : [use] };
}

function cents(field: string, value: Decimal | null, check: Checks): number {
  const amount = check.decimal(field, value, { decimals: limits.priceDecimals });
  return Number(multiply(amount, HUNDRED));
}

function evidence(request: PlanRequest): Evidence {
  const { operation, line } = request;
  const { agreementId, lineId, name, productId, after } = line;
  if (operation === 'export') {
    const { upc_code: reference = '', name: wanted = '' } = request.body as { readonly upc_code?: string; readonly name?: string };
    const read = get('/products', { upc_code: reference, page: '1' });
    return {
      read,
      rows: 'products',
      id: 'id',
      where: [held('upc_code', reference), held('name', wanted)],
      ended: null,
      before: [],
      after: [],
      others: [],
    };
  }
  const place = { read: get(`/schedules/${agreementId ?? ''}`, {}), rows: 'schedule.lines', id: 'id', ended: null, others: [] } as const;
  const isNew = operation === 'create' || operation === 'charge' || operation === 'read';
  const [use = ''] = request.uses;
  const byText = [
    held('description', name),
    ...(productId === null || operation === 'read' ? [] : [held('product_id', Number(productId))]),
  ];
  const where = isNew ? byText : [held('id', lineId === null ? { $use: use } : Number(lineId))];
  const gone = operation === 'end' && after?.endDate !== null;
  return {
    ...place,
    where,
    before: heldIn(request.before),
    after: gone || operation === 'read' ? [] : heldIn(after),
    gone,
  };
}

function heldIn(values: PlanRequest['before'] | PlanRequest['line']['after']): readonly Held[] {
  if (values === null) return [];
  const { quantity, price, cost, name } = values;
  const productId = 'productId' in values ? values.productId : null;
  return [
    ...(quantity === null ? [] : [held('quantity', Number(quantity), 'number')]),
    ...(price === null ? [] : [held('retail_cents', Number(multiply(price as Decimal, HUNDRED)))]),
    ...(cost === null ? [] : [held('cost_cents', Number(multiply(cost as Decimal, HUNDRED)))]),
    ...(name === null ? [] : [held('description', name)]),
    ...(productId === null ? [] : [held('product_id', Number(productId))]),
  ];
}

function held(field: string, equals: Json, as: Held['as'] = 'value'): Held {
  return { field, equals, as };
}

/** Texts of `error` and `message`, each a text or a list of them. */
function messageOf({ body }: PsaAnswer): string | null {
  if (!isRecord(body)) return null;
  const parts = [body['error'], body['message']].flatMap((part): unknown[] => (Array.isArray(part) ? (part as unknown[]) : [part]));
  const said = parts.filter((part): part is string => typeof part === 'string' && part.trim() !== '');
  return said.length === 0 ? null : said.join('; ');
}

/** The stored record, with an id, that holds everything we sent. A removal answers nothing: only looking proves it. */
function prove(request: PlanRequest, { status, body }: PsaAnswer): ReturnType<PsaAdapter['prove']> {
  if (status < 200 || status > 299 || !isRecord(body)) return null;
  if (request.operation === 'read') return proveRead(request, body);
  if (request.operation === 'export') {
    const found = product.read(body['product'], null);
    const sent = request.body as { readonly name?: string; readonly upc_code?: string };
    if (found === null || found.identifier !== sent.name || found.reference !== sent.upc_code) return null;
    return { lineId: found.id, yielded: Object.fromEntries(Object.keys(request.expects.yields).map((name) => [name, Number(found.id)])) };
  }
  const { line } = request;
  const found = lineItem.read(body['schedule_line_item'], line.agreementId);
  if (found === null || found.agreementId !== line.agreementId || (line.lineId !== null && found.id !== line.lineId)) return null;
  if ((request.operation === 'charge') !== (found.kind === 'one-time') && request.operation !== 'update') return null;
  const { after } = line;
  const agrees = (wanted: string | null | undefined, value: string | null) => wanted === null || wanted === undefined || wanted === value;
  const whole =
    agrees(after?.quantity, found.quantity) &&
    agrees(after?.price, found.price) &&
    agrees(after?.cost, found.cost) &&
    agrees(after?.name, found.description);
  return whole && agrees(line.productId, found.productId) ? { lineId: found.id, yielded: {} } : null;
}

/** The one line with the text that the plan knows. Several are no proof of which is meant. */
function proveRead(request: PlanRequest, body: Readonly<Record<string, unknown>>): ReturnType<PsaAdapter['prove']> {
  const lines = isRecord(body['schedule']) && Array.isArray(body['schedule']['lines']) ? (body['schedule']['lines'] as unknown[]) : null;
  const rows = lines?.map((value) => lineItem.read(value, request.line.agreementId)) ?? null;
  if (rows === null || rows.some((row) => row === null)) return null;
  const ours = rows.flatMap((row) => (row?.description === request.line.name && row.kind === 'recurring' ? [row] : []));
  const [only] = ours;
  if (only === undefined || ours.length > 1) return null;
  return { lineId: only.id, yielded: Object.fromEntries(Object.keys(request.expects.yields).map((name) => [name, Number(only.id)])) };
}
