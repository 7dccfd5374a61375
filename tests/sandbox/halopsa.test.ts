import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/domain/canonical';
import type { PsaRequest } from '../../src/psa/psa';
import { answer } from '../../src/sandbox';
import type { SandboxState } from '../../src/sandbox/sandbox';
import { fixture, haloSandbox, lineRow, supportRow } from '../psa/fixtures/halopsa.ts';
import { heldLine, keyFor } from '../psa/journeys.ts';

const key = keyFor(fixture);
const own = lineRow(heldLine(fixture));
const support = supportRow();
const start = haloSandbox([own]);
const line = {
  ...{ _itemid: 41, item_shortdescription: 'New', item_longdescription: 'New', qty_order: 2, unit_price: 3, unit_cost: 1 },
  ...{ startdate: '2021-01-01T00:00:00Z', recurring_invoice_quantity_type: 0, item_external_reference: key },
};

describe('signing in', () => {
  const form = { grant_type: 'client_credentials', client_id: 'id', client_secret: 'secret', scope: 'all' };
  const known = haloSandbox([], { applications: [{ client_id: 'id', client_secret: 'secret' }] });

  test('gives a token to a known application, and to any while none is named', () => {
    const token = { status: 200, body: { access_token: 'sandbox-token', token_type: 'Bearer', expires_in: 3600 } };
    expect([post(known, '/auth/token', form).answer, post(start, '/auth/token', form).answer]).toMatchObject([token, token]);
  });

  test.each([{ ...form, client_secret: 'other' }, { ...form, grant_type: 'password' }, { ...form, scope: '' }, null])(
    '%j is refused',
    (body) => {
      expect(post(known, '/auth/token', body).answer).toMatchObject({ status: 400, body: { error: 'invalid_client' } });
    },
  );

  test.each([{}, { Authorization: 'Basic eDp5' }, { Authorization: 'Bearer ' }])('no list without a token (%j)', (headers) => {
    expect(ask(start, { path: '/Client', headers }).answer?.status).toBe(401);
  });
});

describe('a list', () => {
  const clients = Array.from({ length: 7 }, (_, index) => ({
    id: index + 1,
    name: index === 3 ? 'Acme' : `Client ${index}`,
    inactive: index === 6,
  }));
  const many = haloSandbox([], { clients });
  const ids = (query: Readonly<Record<string, string>>) => {
    const body = ask(many, { path: '/Client', query }).answer?.body as { record_count: number; clients: readonly { id: number }[] };
    return [body.record_count, body.clients.map(({ id }) => id)];
  };

  test('comes in pages and says how many there are', () => {
    expect(ids({ pageinate: 'true', page_size: '3', page_no: '3' })).toEqual([7, [7]]);
    expect(ids({ pageinate: 'true', page_size: '3', page_no: '4' })).toEqual([7, []]);
    expect(ids({})).toEqual([7, [1, 2, 3, 4, 5, 6, 7]]);
  });

  test('is searched by name, and leaves out the inactive where that is asked for', () => {
    expect(ids({ search: 'acme' })).toEqual([1, [4]]);
    expect(ids({ includeinactive: 'false' })).toEqual([6, [1, 2, 3, 4, 5, 6]]);
  });

  test('of recurring invoices is that of a client, and one invoice has its lines', () => {
    expect(ask(start, { path: '/RecurringInvoice', query: { client_id: '18' } }).answer?.body).toEqual({ record_count: 0, invoices: [] });
    expect(ask(start, { path: '/RecurringInvoice/-94' }).answer?.body).toMatchObject({ id: -94, lines: [support, own] });
    expect(ask(start, { path: '/RecurringInvoice/-95' }).answer?.status).toBe(404);
  });
});

describe('the lines of a recurring invoice', () => {
  test('are created, changed and lost by one write, each with an entry in the ledger', () => {
    const { state, answer: answered } = write(start, [{ ...own, qty_order: 15 }, line]);
    expect(answered?.body).toMatchObject({
      id: -94,
      lines: [
        { id: 900, qty_order: 15, net_amount: 45 },
        { id: 901, ihid: -94, net_amount: 6 },
      ],
    });
    expect(state.ledger.map(({ effect, id, key: own }) => [effect, id, own])).toEqual([
      ['changed', 900, key],
      ['created', 901, key],
      ['removed', 800, ''],
    ]);
    expect(state.nextId).toBe(902);
  });

  test('that come back as they were read change nothing and leave no entry', () => {
    const { state, answer: answered } = write(start, [support, own]);
    expect([answered?.status, state]).toEqual([200, start]);
  });

  test('show their item\u2019s reference where the switch is on', () => {
    const { state } = write(haloSandbox([], { settings: [{ referenceIsCopied: true }] }), [support, line]);
    expect(state.tables['lines']?.map((row) => row['item_external_reference'])).toEqual(['', '']);
  });

  test('keep a quantity that HaloPSA counts', () => {
    const counted = { ...own, recurring_invoice_quantity_type: 2 };
    const { state } = write(haloSandbox([counted]), [support, { ...counted, qty_order: 15 }]);
    expect([state.ledger, state.tables['lines']?.[1]?.['qty_order']]).toEqual([[], 12]);
  });

  test.each<[string, Json]>([
    ['no list', { id: -94, lines: [] }],
    ['two headers', [{ id: -94 }, { id: -94 }]],
    ['an invoice that is not there', [{ id: -95, lines: [support, own] }]],
    ['a header field', [{ id: -94, client_id: 18, lines: [support, own] }]],
    ['a line of another invoice', [{ id: -94, lines: [support, { ...own, id: 999 }] }]],
    ['an item that is not there', [{ id: -94, lines: [support, own, { ...line, _itemid: 42 }] }]],
    ['a misspelt field', [{ id: -94, lines: [support, own, { ...line, quantity: 2 }] }]],
    ['a quantity as text', [{ id: -94, lines: [support, { ...own, qty_order: '15' }] }]],
    ['a bare date', [{ id: -94, lines: [support, { ...own, enddate: '2020-12-31' }] }]],
    ['a field that nobody writes', [{ id: -94, lines: [support, { ...own, tax_code: '9' }] }]],
  ])('are refused with %s, and stay as they were', (_, body) => {
    const { state, answer: answered } = post(start, '/RecurringInvoice', body);
    expect([answered?.status, state]).toEqual([400, start]);
  });
});

describe('an item', () => {
  const item = { name: 'Mail', assetgroup_id: 3, isrecurringitem: true, recurringprice: 2 };

  test('is created in a group', () => {
    const { state, answer: answered } = post(start, '/Item', [item]);
    expect([answered?.body, state.ledger.map(({ effect, table }) => [effect, table])]).toEqual([
      { ...item, id: 901 },
      [['created', 'items']],
    ]);
  });

  test.each([
    [{ ...item, name: '' }],
    [{ ...item, assetgroup_id: 9 }],
    [{ ...item, recurringprice: '2' }],
    [{ ...item, update_recurring_invoice_price: true }],
  ])('%j is refused', (body) => {
    expect(post(start, '/Item', [body])).toMatchObject({ state: start, answer: { status: 400 } });
  });
});

test('other paths and methods are not there', () => {
  expect(post(start, '/RecurringInvoice/Lines', [line]).answer?.status).toBe(404);
  expect(ask(start, { path: '/Invoice' }).answer?.status).toBe(404);
  expect(ask(start, { path: '/RecurringInvoice/-94', method: 'DELETE' }).answer?.status).toBe(405);
});

function write(state: SandboxState, lines: readonly Json[]) {
  return post(state, '/RecurringInvoice', [{ id: -94, lines }]);
}

function post(state: SandboxState, path: string, body: Json) {
  return ask(state, { method: 'POST', path, body });
}

function ask(state: SandboxState, parts: Partial<PsaRequest>) {
  const request = { method: 'GET', path: '', query: {}, headers: { authorization: 'Bearer x' }, body: null, ...parts } as const;
  return answer(state, request);
}
