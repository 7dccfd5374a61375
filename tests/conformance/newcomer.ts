import * as z from 'zod/mini';
import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../../src/domain/agreement';
import { cycleDates, judgeCycle } from '../../src/domain/billing-cycle';
import type { Json } from '../../src/domain/canonical';
import type { Change, Outcome, RequestDraft } from '../../src/domain/change';
import { ONE } from '../../src/domain/decimal';
import type { PlanRequest } from '../../src/domain/plan';
import { problem } from '../../src/domain/problem';
import { err, ok } from '../../src/domain/result';
import { draftsOrProblems, INT32, type Checks } from '../../src/psa/checks';
import { date, dayIn, decimalIn, filled, flag, id, keyIn, number, text, type RecordType } from '../../src/psa/fields';
import { isRecord, pagesOf } from '../../src/psa/paging';
import type { PsaAdapter, PsaAnswer, PsaRequest, Reading } from '../../src/psa/psa';
import { createSandbox } from '../../src/sandbox';
import { json, type Row, type Sandbox } from '../../src/sandbox/sandbox';
import { applied, recordIn, rowsOf } from '../../src/sandbox/tables';
import type { PsaFixture } from '../psa/fixture.ts';

/**
 * A PSA that nobody makes, as a new one would be added: the adapter, a sandbox and the fixture. No registry knows it, and every suite that
 * needs no vendor's contract runs for it. A `seat` is a line of a `deal`; with `once` it bills one time.
 */
const CompanyRecord = z.looseObject({ id, name: z.string(), site: text });
const DealRecord = z.looseObject({
  ...{ id, name: z.string(), customer: id, closed: flag, starts: date, ends: date, every: text, currency: text, nextBill: date },
});
const ItemRecord = z.looseObject({ id, code: z.string(), name: z.string(), price: number, cost: number, ref: text });
const SeatRecord = z.looseObject({
  ...{ id, deal: id, item: id, text, ref: text, quantity: number, price: number, cost: number, starts: date, ends: date, once: flag },
});

function record<Schema extends z.ZodMiniType, T>(what: string, schema: Schema, fill: (row: z.infer<Schema>) => T): RecordType<T> {
  return {
    what,
    read: (value) => {
      const row = schema.safeParse(value);
      return row.success ? fill(row.data) : null;
    },
  };
}

const company = record('customer', CompanyRecord, (row): PsaCompany => {
  return { id: String(row.id), name: row.name, identifier: null, website: filled(row.site), externalId: null, active: true };
});
const deal = record('deal', DealRecord, (row): Agreement => {
  const cycle = filled(row.every);
  return {
    ...{ id: String(row.id), name: row.name, companyId: String(row.customer), type: null, prorates: false, billsProducts: true },
    ...{ status: row.closed === true ? 'inactive' : 'active', startDate: dayIn(row.starts), endDate: dayIn(row.ends), cycle },
    ...{ monthly: cycle === 'month', currency: filled(row.currency), nextInvoiceDate: dayIn(row.nextBill) },
  };
});
const item = record('item', ItemRecord, (row): PsaProduct => {
  const { name: description, code: identifier, ref } = row;
  const money = { price: decimalIn(row.price), cost: decimalIn(row.cost) };
  return { id: String(row.id), identifier, description, ...money, taxable: null, active: true, reference: filled(ref) };
});
const seat = record('seat', SeatRecord, (row): PsaLine => ({
  ...{ id: String(row.id), agreementId: String(row.deal), kind: row.once === true ? 'one-time' : 'recurring', productId: String(row.item) },
  ...{ productIdentifier: null, description: row.text ?? '', quantity: decimalIn(row.quantity), price: decimalIn(row.price) },
  ...{ cost: decimalIn(row.cost), effectiveDate: dayIn(row.starts), endDate: dayIn(row.ends), lessIncluded: null, invoiced: null },
  key: keyIn(row.ref),
}));

function get(path: string): PsaRequest {
  return { method: 'GET', path, query: {}, headers: {}, body: null };
}

function messageOf({ body }: PsaAnswer): string | null {
  return isRecord(body) && typeof body['error'] === 'string' ? body['error'] : null;
}

function listOf<T>(type: RecordType<T>, path: string, keep: (row: T) => boolean = () => true): Reading<T> {
  return pagesOf(
    type,
    get(path),
    { rowsIn: (body) => (Array.isArray(body) ? body : null), next: () => null, message: messageOf },
    { keep },
  );
}

const limits: PsaAdapter['limits'] = {
  ...{ lineName: 200, productIdentifier: 40, productDescription: 80, productReference: 50, productText: null, lineKey: 50, oneTimeKey: 50 },
  ...{ oneTimeTitle: null, id: INT32, days: 'day', pageSize: null },
  ...{ quantityDecimals: null, priceDecimals: null, requestsPerMinute: 600, productRepeats: true, negativePrices: true },
  ...{ mostRounding: ONE, datesChanges: false, keepsCost: true, writesCounted: true },
};

function draftsOf(change: Change, check: Checks): readonly RequestDraft[] {
  if (change.kind === 'export') {
    const { name, identifier, price, cost } = change.product;
    const amounts = { price: price && Number(check.price('price', price)), cost: cost && Number(check.price('cost', cost)) };
    const texts = {
      code: check.text('code', identifier, limits.productIdentifier),
      name: check.text('name', name, limits.productDescription),
      ref: check.text('reference', change.reference, limits.productReference),
    };
    const draft = draftOf('export', 'POST', '/items', { ...texts, ...amounts }, null);
    return [{ ...draft, expects: { status: [201], yields: { [change.yields]: { field: 'id', where: null } } } }];
  }
  const { after, lineKey, product } = change;
  const seats = `/deals/${check.id('deal', change.agreementId)}/seats`;
  if (change.kind === 'create' || change.kind === 'charge') {
    const name = after.name ?? change.name;
    const bound = product.use === null ? check.id('item', product.id ?? '') : { $use: product.use };
    const body = {
      item: bound,
      ref: check.text('line key', lineKey, limits.lineKey),
      once: change.kind === 'charge',
      ...written({ ...after, name }, check),
    };
    return [draftOf(change.kind, 'POST', seats, body, product.use)];
  }
  const ended: Outcome = change.kind === 'end' && change.how === 'zero' ? { ...after, endDate: null } : after;
  const body = { ...written(ended, check), ...(change.kind === 'update' && change.adopt ? { ref: lineKey } : {}) };
  if (change.lineId !== null) return [draftOf(change.kind, 'PATCH', `${seats}/${change.lineId}`, body, null)];
  const use = `seat-${lineKey}`;
  const yields = { [use]: { field: 'id', where: { field: 'ref', equals: lineKey } } };
  const read: RequestDraft = { ...get(seats), operation: 'read', expects: { status: [200], yields }, uses: [] };
  return [read, draftOf(change.kind, 'PATCH', `${seats}/{{${use}}}`, body, use)];
}

/** Only what is written. */
function written(after: Outcome, check: Checks): Readonly<Record<string, Json>> {
  return {
    ...(after.quantity === null ? {} : { quantity: Number(check.quantity('quantity', after.quantity, 'any sign')) }),
    ...(after.price === null ? {} : { price: Number(check.price('price', after.price)) }),
    ...(after.cost === null ? {} : { cost: Number(check.price('cost', after.cost)) }),
    ...(after.name === null ? {} : { text: check.text('name', after.name, limits.lineName) }),
    ...(after.effectiveDate === null ? {} : { starts: check.day('effective date', after.effectiveDate) }),
    ...(after.endDate === null ? {} : { ends: check.day('end date', after.endDate) }),
  };
}

function draftOf(operation: Change['kind'], method: 'POST' | 'PATCH', path: string, body: Json, use: string | null): RequestDraft {
  const expects = { status: [method === 'POST' ? 201 : 200], yields: {} };
  return { operation, method, path, query: {}, headers: {}, body, expects, uses: use === null ? [] : [use] };
}

/** The stored record, with all that was sent; of a read, the one seat with our key. */
function prove(request: PlanRequest, { status, body }: PsaAnswer): ReturnType<PsaAdapter['prove']> {
  if (status < 200 || status > 299) return null;
  const [name] = Object.keys(request.expects.yields);
  const rows = request.operation === 'read' ? (Array.isArray(body) ? (body as Row[]) : []) : [recordIn(body as Json)];
  const sent = request.operation === 'read' ? { ref: request.line.lineKey } : recordIn(request.body);
  const [row, ...others] = rows.filter((each) => Object.entries(sent).every(([field, value]) => isRecord(value) || each[field] === value));
  const found = row?.['id'];
  if (typeof found !== 'number' || others.length > 0) return null;
  if (request.line.lineId !== null && request.line.lineId !== String(found)) return null;
  return { lineId: String(found), yielded: name === undefined ? {} : { [name]: found } };
}

export const adapter: PsaAdapter = {
  id: 'newcomer',
  ids: 'number',
  words: { psa: 'Newcomer', agreement: 'deal', agreements: 'deals', line: 'seat', lines: 'seats', product: 'item' },
  limits,
  fields: [{ name: 'key', label: 'Key', help: '', secret: true, required: true, target: 'credentials' }],
  productFields: { identifier: 'Code', category: null, type: null, unit: null },
  can: { recurring: true, change: true, oneTime: true, readBack: true },
  signIn: null,
  authorization: (_, { key = '' }) => (key === '' ? err(problem('credentials are missing', { field: 'key' })) : ok({ 'X-Key': key })),
  read: {
    companies: () => listOf(company, '/customers'),
    agreements: (companyId) => listOf(deal, '/deals', (row) => companyId === null || row.companyId === companyId),
    products: () => listOf(item, '/items'),
    productsByReference: (reference, code) => listOf(item, '/items', (row) => row.reference === reference || row.identifier === code),
    lines: (dealId) => listOf(seat, `/deals/${dealId}/seats`),
    oneTimeLines: (dealId) => listOf(seat, `/deals/${dealId}/seats`),
    oneTimeAmongLines: true,
    lookups: () => ({}),
    test: () => get('/customers'),
  },
  recognise: () => null,
  judge: judgeCycle,
  dates: cycleDates,
  requests: (change) => draftsOrProblems(limits, (check) => draftsOf(change, check)),
  removal: ({ agreementId, lineId }) => ({ ...get(`/deals/${agreementId}/seats/${lineId}`), method: 'DELETE' }),
  evidence: () => null,
  placeholders: { baseUrl: 'https://newcomer.test', basic: null, headers: { 'X-Key': '{{key}}' } },
  message: messageOf,
  refuses: () => false,
  prove,
};

const FIELDS = new Set([...Object.keys(SeatRecord.shape), ...Object.keys(ItemRecord.shape)].filter((name) => name !== 'id'));

/** Answers what the adapter asks, and refuses a field that it does not have. */
const sandbox: Sandbox = {
  psa: 'newcomer',
  tables: ['customers', 'deals', 'items', 'seats'],
  handle: (state, request) => {
    const { method, path, headers, body } = request;
    const refused = (status: number, error: string) => ({ state, answer: json(status, { error }) });
    if (!Object.entries(headers).some(([name, value]) => name.toLowerCase() === 'x-key' && value !== '')) return refused(401, 'No key');
    const [, dealId, seatId] = /^\/deals\/(\d+)\/seats(?:\/(\d+))?$/.exec(path) ?? [];
    const table = dealId === undefined ? path.slice(1) : 'seats';
    const all = rowsOf(state, table);
    const shown = all.filter((row) => dealId === undefined || row['deal'] === Number(dealId));
    if (method === 'GET') return { state, answer: json(200, shown) };
    const sent = recordIn(body);
    const unknown = Object.keys(sent).find((name) => !FIELDS.has(name));
    if (unknown !== undefined) return refused(400, `${unknown} is not a field`);
    if (method === 'POST') {
      const row: Row = { ...(dealId === undefined ? {} : { deal: Number(dealId), ends: null }), ...sent, id: state.nextId };
      const next = applied(state, request, table, [...all, row], 'created', row, row['ref']);
      return { state: { ...next, nextId: state.nextId + 1 }, answer: json(201, row) };
    }
    const old = all.find((row) => row['id'] === Number(seatId));
    if (old === undefined) return refused(404, 'Not found');
    const row = { ...old, ...sent };
    if (JSON.stringify(row) === JSON.stringify(old)) return { state, answer: json(200, old) };
    const rows = all.map((each) => (each === old ? row : each));
    return { state: applied(state, request, table, rows, 'changed', row, row['ref']), answer: json(200, row) };
  },
  rate: { most: 600, seconds: 60 },
  tooMany: (seconds) => json(429, { error: 'Too fast' }, { 'retry-after': String(seconds) }),
  failure: json(500, { error: 'Out of order' }),
};

const DEAL: Row = {
  ...{ id: 12, name: 'Managed Services', customer: 7, closed: false, starts: '2020-01-01', ends: null, every: 'month', currency: 'USD' },
  nextBill: '2021-01-01',
};

export const fixture: PsaFixture = {
  ...{ adapter, base: '', tenant: 'acme', settings: {}, account: { key: 'key-4711' }, companyId: '7', agreementId: '12', lookups: {} },
  ...{ product: { id: '41', identifier: 'PFPT-BUS', use: null }, lineIds: ['900', '901'], someId: 41, spoils: [] },
  agreementTable: ['deals', 'id'],
  agreementStates: {
    ...{ 'not in force': { closed: true }, ended: { ends: '2020-11-30' }, 'not monthly': { every: 'year' } },
    ...{ 'not started': { starts: '2021-03-05' }, 'started late': { starts: '2020-09-15' }, 'in euros': { currency: 'EUR' } },
  },
  companyTable: ['customers', 'id'],
  exported: { identifier: 'MAIL-ADV', category: '', type: '', unit: null },
  sandboxes: [sandbox],
  sandbox: (held = []) => {
    const seats = held.map(({ id: seatId, key, name, start, quantity, price, cost }): Row => {
      return {
        ...{ id: Number(seatId), deal: 12, item: 41, text: name, ref: key, quantity, price, cost, starts: start, ends: null, once: false },
      };
    });
    const customers = [{ id: 7, name: '1st West Insurance', site: '1stwestinsurance.com' }];
    const items = [{ id: 41, code: 'PFPT-BUS', name: 'Proofpoint Business', price: 3, cost: 2.44, ref: null }];
    return createSandbox({ psa: 'newcomer', tables: { customers, deals: [DEAL], items, seats } }, [sandbox]);
  },
  writes: ({ method }) => method !== 'GET',
};
