import { describe, expect, test } from 'vitest';
import type { Agreement, PsaLine } from '../../src/domain/agreement';
import { problem } from '../../src/domain/problem';
import { err, ok } from '../../src/domain/result';
import { halopsa } from '../../src/psa/halopsa';
import type { PsaAnswer, Reading } from '../../src/psa/psa';
import * as scene from '../delivery/scene';
import { d, keyOf, productKey } from '../support/plans.ts';
import { invoiceRow, itemRow, lineRow, supportRow } from './fixtures/halopsa.ts';

const invoice: Agreement = {
  id: '-94',
  name: 'Managed Services',
  companyId: '17',
  type: null,
  status: 'active',
  startDate: '2020-01-01',
  endDate: null,
  cycle: 'Monthly',
  monthly: true,
  currency: 'USD',
  prorates: false,
  nextInvoiceDate: '2021-01-01',
  billsProducts: null,
};
const row = lineRow({ id: '900', key: keyOf('business'), quantity: 12, price: 3, cost: 2.44, name: 'Business', start: '2020-12-01' });
const held: PsaLine = {
  id: '900',
  agreementId: '-94',
  kind: 'recurring',
  productId: '41',
  productIdentifier: null,
  description: 'Business',
  quantity: d('12'),
  price: d('3'),
  cost: d('2.44'),
  effectiveDate: '2020-12-01',
  endDate: null,
  lessIncluded: null,
  invoiced: null,
  key: keyOf('business'),
  counted: false,
  raw: row,
};

describe('credentials', () => {
  const connection = scene.connectionOf({ psa: 'halopsa' });
  test('go with the sign-in, so no header carries them', () => {
    expect(halopsa.authorization(connection, { clientId: 'id', clientSecret: 'secret' })).toEqual(ok({}));
  });

  test.each(['clientId', 'clientSecret'])('without %s are refused', (field) => {
    expect(halopsa.authorization(connection, { clientId: 'id', clientSecret: 'secret', [field]: ' ' })).toEqual(
      err(problem('credentials are missing', { field })),
    );
  });
});

describe('a recurring invoice', () => {
  test('is read with its negative id, its cycle, currency and next creation', () => {
    expect(parsed(halopsa.read.agreements('17'), { record_count: 1, invoices: [invoiceRow()] })).toEqual(
      ok({ rows: [invoice], next: null }),
    );
  });

  test.each([
    [{ disabled: true }, { status: 'inactive' }],
    [{ enddate: '2021-06-30T00:00:00' }, { endDate: '2021-06-30' }],
    [{ enddate: '1899-12-30T00:00:00' }, { endDate: null }],
    [
      { enddate: null, startdate: '' },
      { endDate: null, startDate: null },
    ],
    [{ periodname: 'Quarterly' }, { cycle: 'Quarterly', monthly: false }],
    [{ periodname: '6 Monthly' }, { cycle: '6 Monthly', monthly: false }],
    [{ periodname: 'Bi-monthly' }, { cycle: 'Bi-monthly', monthly: false }],
    [{ periodname: '1 Month' }, { cycle: '1 Month', monthly: true }],
    [{ periodname: '' }, { cycle: null, monthly: null }],
    [
      { periodname: '', period_start_date: '2021-01-01T00:00:00', period_end_date: '2021-01-31T00:00:00' },
      { cycle: null, monthly: true },
    ],
    [
      { periodname: '', period_start_date: '2021-02-01T00:00:00', period_end_date: '2021-02-28T00:00:00' },
      { cycle: null, monthly: true },
    ],
    [
      { periodname: '', period_start_date: '2021-01-01T00:00:00', period_end_date: '2021-03-31T00:00:00' },
      { cycle: null, monthly: false },
    ],
    [
      { periodname: '', period_start_date: '2021-01-01T00:00:00', period_end_date: '2021-01-07T00:00:00' },
      { cycle: null, monthly: false },
    ],
    [{ currency_code_name: 'eur' }, { currency: 'EUR' }],
    [{ currency_code_name: 'US Dollar', currency: '' }, { currency: null }],
    [{ invoice_prorata_periods_ahead: 2 }, { prorates: true }],
    [{ invoice_prorata_periods_ahead: null }, { prorates: null }],
    [{ reference: '', name: '1st West' }, { name: '1st West' }],
    [{ reference: '', name: '' }, { name: 'Recurring invoice -94' }],
  ])('with %j is %j', (parts, expected) => {
    expect(parsed(halopsa.read.agreements(null), { invoices: [invoiceRow(parts)] })).toEqual(
      ok({ rows: [{ ...invoice, ...expected }], next: null }),
    );
  });
});

describe('a line', () => {
  test('is read with our key, and kept as it was read', () => {
    expect(linesIn([row])).toEqual(ok({ rows: [held], next: null }));
  });

  test.each([
    [{ onetimecharge: true }, { kind: 'one-time', invoiced: false }],
    [
      { onetimecharge: true, onetimechargeinvoiceid: 77 },
      { kind: 'one-time', invoiced: true },
    ],
    [{ enddate: '2020-12-31T00:00:00' }, { endDate: '2020-12-31' }],
    [{ isinactive: true }, { endDate: '1970-01-01' }],
    [{ recurring_invoice_quantity_type: 1 }, { counted: true }],
    [{ recurring_invoice_quantity_type: null }, { counted: false }],
    [{ _itemid: -1 }, { productId: null }],
    [{ item_external_reference: 'SKU-1' }, { key: null }],
    [{ item_external_reference: `item:${productKey('advanced')}` }, { key: null }],
    [
      { qty_order: null, unit_price: null, unit_cost: null },
      { quantity: null, price: null, cost: null },
    ],
    [{ a_field_of_next_year: { deep: [1, 'x', null] } }, {}],
  ])('with %j is %j', (parts, expected) => {
    const raw = { ...row, ...parts };
    expect(linesIn([raw])).toEqual(ok({ rows: [{ ...held, ...expected, raw }], next: null }));
  });

  test('of both kinds stands in one reading, so it is asked for once', () => {
    expect(halopsa.read.oneTimeAmongLines).toBe(true);
    expect(halopsa.read.oneTimeLines('-94').request).toEqual(halopsa.read.lines('-94').request);
    expect(halopsa.read.lines('-94').request).toEqual({
      ...{ method: 'GET', path: '/RecurringInvoice/-94', query: { includedetails: 'true' } },
      ...{ headers: { Accept: 'application/json' }, body: null },
    });
  });

  test('of another invoice, or with an end that cannot be read, makes the answer not understood', () => {
    expect(linesIn([supportRow({ ihid: -95 }), { ...row, enddate: 'soon' }, {}])).toEqual(
      err([
        problem('answer is not understood', { what: 'recurring invoice line', detail: 'row 1: id 800' }),
        problem('answer is not understood', { what: 'recurring invoice line', detail: 'row 2: id 900' }),
        problem('answer is not understood', { what: 'recurring invoice line', detail: 'row 3: without an id' }),
      ]),
    );
    const notOurs = err([problem('answer is not understood', { what: 'recurring invoice line list', detail: 'not a list' })]);
    expect(parsed(halopsa.read.lines('-94'), { id: -95, lines: [] })).toEqual(notOurs);
    expect(parsed(halopsa.read.lines('-94'), { id: -94 })).toEqual(notOurs);
    expect(parsed(halopsa.read.lines('-94'), [])).toEqual(notOurs);
  });
});

test('clients and items are read, an item with the price that it bills every month', () => {
  const client = { id: 17, name: '1st West', domain: '1stwest.com', website: '', accountsid: 'P-9', inactive: true };
  expect(parsed(halopsa.read.companies(), { clients: [client] })).toEqual(
    ok({
      rows: [{ id: '17', name: '1st West', identifier: null, website: '1stwest.com', externalId: 'P-9', active: false }],
      next: null,
    }),
  );
  const item = { identifier: 'Proofpoint Business', description: 'Proofpoint Business', taxable: true, active: true };
  const items = [
    itemRow({ externalreference: `item:${productKey(null)}`, baseprice: 9 }),
    itemRow({ id: 42, isrecurringitem: false, baseprice: 9, externalreference: 'SKU' }),
  ];
  expect(parsed(halopsa.read.products(), { items })).toEqual(
    ok({
      rows: [
        { ...item, id: '41', price: '3.5', cost: '2.44', reference: productKey(null) },
        { ...item, id: '42', price: '9', cost: '2.44', reference: 'SKU' },
      ],
      next: null,
    }),
  );
});

test('an item is sought by its name and by our reference, compared exactly, and counted once', () => {
  const reading = halopsa.read.productsByReference('ref', 'Mail "A"');
  const { request } = reading;
  expect(request.query).toEqual({ search: 'Mail "A"', order: 'id', pageinate: 'true', page_size: '50', page_no: '1' });
  const items = [
    itemRow({ id: 1, name: 'mail "a"' }),
    itemRow({ id: 2, name: 'Mail "A" plus' }),
    itemRow({ id: 3, externalreference: 'item:ref' }),
  ];
  const page = parsed(reading, { items });
  const second = { ...request, query: { ...request.query, search: 'ref' } };
  expect(page.ok && [page.value.rows.map(({ id }) => id), page.value.next]).toEqual([['1', '3'], second]);
  const last = reading.parse(answerOf({ items: [items[2]] }), second);
  expect(last.ok && [last.value.rows.map(({ id }) => id), last.value.next]).toEqual([['3'], null]);
  const all = page.ok && last.ok ? [...page.value.rows, ...last.value.rows] : [];
  expect(reading.join?.(all).map(({ id }) => id)).toEqual(['1', '3']);
});

test.each([
  ['the rows alone', [{ id: 3, name: 'Email' }]],
  ['the one list of an answer', { record_count: 1, itemgroups: [{ id: 3, name: 'Email' }] }],
])('item groups are read as %s', (_, body) => {
  const reading = halopsa.read.lookups().categories;
  if (reading === undefined) throw new Error('no item groups');
  expect(parsed(reading, body)).toEqual(ok({ rows: [{ id: '3', name: 'Email' }], next: null }));
});

describe('paging', () => {
  const reading = halopsa.read.companies();
  const clients = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index + 1, name: 'x' }));
  const second = { ...reading.request, query: { ...reading.request.query, page_no: '2' } };

  test('asks for 50 in the order of ids', () => {
    expect([reading.request.path, reading.request.query]).toEqual([
      '/Client',
      { includeinactive: 'true', order: 'id', pageinate: 'true', page_size: '50', page_no: '1' },
    ]);
  });

  test.each([
    [50, 51, second],
    [50, 50, null],
    [49, 99, second],
    [0, 99, null],
    [50, undefined, second],
    [49, undefined, null],
  ])('%i rows of %s records', (rows, record_count, next) => {
    expect(parsed(reading, { record_count, clients: clients(rows) })).toMatchObject({ value: { next } });
  });

  test('goes on from the page that was asked', () => {
    const page = reading.parse(answerOf({ record_count: 101, clients: clients(50) }), second);
    expect(page).toMatchObject({ value: { next: { query: { page_no: '3' } } } });
  });
});

describe('an answer that is no list', () => {
  test.each([
    [401, undefined, problem('credentials were refused', { status: 401, message: '' })],
    [400, { message: 'No' }, problem('request was refused', { status: 400, message: 'No' })],
    [400, 'Plain words', problem('request was refused', { status: 400, message: 'Plain words' })],
    [400, { error: 'a', error_description: 'b' }, problem('request was refused', { status: 400, message: 'a: b' })],
    [429, undefined, problem('rate limit', { seconds: 60 })],
    [200, undefined, problem('answer is not understood', { what: 'client list', detail: 'not a list' })],
    [200, { record_count: 0 }, problem('answer is not understood', { what: 'client list', detail: 'not a list' })],
  ])('%i %j is said as it is', (status, body, expected) => {
    const reading = halopsa.read.companies();
    expect(reading.parse({ status, headers: {}, body }, reading.request)).toEqual(err([expected]));
  });
});

describe('a saved answer', () => {
  test.each([
    ['lines', [row], [held]],
    ['agreements', { record_count: 1, invoices: [invoiceRow()] }, [invoice]],
    ['agreements', invoiceRow(), [invoice]],
  ])('of %s is recognised', (kind, saved, rows) => {
    expect(halopsa.recognise(saved)).toEqual({ kind, rows });
  });

  test('of a recurring invoice holds all its lines, and one without any says nothing: its details may be missing', () => {
    const whole = { agreementId: '-94', kinds: ['recurring', 'one-time'] };
    expect(halopsa.recognise({ id: -94, client_id: 17, lines: [row] })).toEqual({ kind: 'lines', rows: [held], whole });
    expect(halopsa.recognise({ ...invoiceRow(), lines: [] })).toBeNull();
  });

  test('of clients and items is told apart', () => {
    expect(halopsa.recognise({ clients: [{ id: 17, name: 'x', toplevel_id: 1 }] })?.kind).toBe('companies');
    expect(halopsa.recognise([itemRow()])?.kind).toBe('products');
  });

  test.each([
    [[]],
    [null],
    ['text'],
    [{ invoices: [invoiceRow({ id: 94 })] }],
    [[{ id: 1, name: 'somebody' }]],
    [[row, invoiceRow()]],
    [{ error: 'no' }],
  ])('%j is not one', (saved) => {
    expect(halopsa.recognise(saved)).toBeNull();
  });
});

test('no request removes a second copy: a person does', () => {
  expect(halopsa.removal({ agreementId: '-94', lineId: '900', kind: 'recurring' })).toBeNull();
});

function linesIn(lines: readonly unknown[]) {
  return parsed(halopsa.read.lines('-94'), { id: -94, lines });
}

function parsed<T>({ request, parse }: Reading<T>, body: unknown) {
  return parse(answerOf(body), request);
}

function answerOf(body: unknown): PsaAnswer {
  return { status: 200, headers: {}, body };
}
