import { describe, expect, test } from 'vitest';
import { ALONE, type Change } from '../../src/domain/change';
import { problem } from '../../src/domain/problem';
import { err, ok } from '../../src/domain/result';
import { syncro } from '../../src/psa/syncro';
import type { PsaAnswer, Reading } from '../../src/psa/psa';
import { answer } from '../../src/sandbox';
import { chargeChange, createChange, d, endChange, exportChange, NOTHING, planOf, sendable, updateChange } from '../support/plans.ts';
import { fixture } from './fixtures/syncro.ts';
import { heldLine, keyFor, linesIn, plan, signed } from './journeys.ts';

const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
const here = { product: fixture.product, lineKey: keyFor(fixture) };

describe('requests', () => {
  test('a new line names the product, carries our text and its money in cents', () => {
    expect(draftsOf(createChange(here))).toEqual([
      {
        ...{ operation: 'create', method: 'POST', path: '/schedules/12/add_line_item', query: {}, headers, uses: [] },
        body: {
          ...{ product_id: 41, name: 'Proofpoint Business', quantity: 15, retail_cents: 300, cost_cents: 244 },
          description: '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business',
        },
        expects: { status: [200], yields: {} },
      },
    ]);
  });

  test('a one-time line is the same, once', () => {
    expect(bodiesOf(chargeChange(here))).toEqual([
      {
        ...{ product_id: 41, name: 'Proofpoint Business', quantity: 15, retail_cents: 300, cost_cents: 244, one_time_charge: true },
        description: '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business',
      },
    ]);
  });

  test('a change writes only what it changes', () => {
    expect(draftsOf(updateChange(here)).map(({ method, path, body }) => [method, path, body])).toEqual([
      ['PUT', '/schedules/12/line_items/900', { quantity: 15 }],
    ]);
    const whole = { ...NOTHING, quantity: d('1.25'), price: d('3.05'), cost: d('0.01'), name: 'Other' };
    expect(bodiesOf(updateChange({ ...here, after: whole }))).toEqual([
      { quantity: 1.25, retail_cents: 305, cost_cents: 1, description: 'Other' },
    ]);
  });

  test('a line whose id is not known is found by its text first', () => {
    const drafts = draftsOf(updateChange({ ...here, lineId: null }));
    expect(drafts.map(({ operation, method, path, uses }) => [operation, method, path, uses])).toEqual([
      ['read', 'GET', '/schedules/12', []],
      ['update', 'PUT', `/schedules/12/line_items/{{line-${keyFor(fixture)}}}`, [`line-${keyFor(fixture)}`]],
    ]);
  });

  test('an end by date takes the line away, since a schedule has no end dates; an end by quantity keeps it at 0', () => {
    expect(draftsOf(endChange(here)).map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/schedules/12/remove_line_item', 900],
    ]);
    expect(bodiesOf(endChange({ ...here, how: 'zero', after: { ...NOTHING, quantity: d('0') } }))).toEqual([{ quantity: 0 }]);
  });

  test('an exported product carries our key in its UPC code', () => {
    const change = exportChange({ product: { ...exportChange().product, ...fixture.exported } });
    expect(bodiesOf(change)).toEqual([
      {
        ...{ name: 'Mail Shield Advanced', description: 'Mail filtering, the advanced package', price_retail: 4.25, price_cost: 3.1 },
        ...{ category_ids: [3], taxable: true, maintain_stock: false, upc_code: change.reference },
      },
    ]);
  });
});

describe('limits, from both sides', () => {
  const long = 'x'.repeat(255);
  test.each<[string, (text: string) => Change]>([
    ['name', (name) => createChange({ ...here, after: { ...createChange().after, name } })],
    ['name', (name) => updateChange({ ...here, after: { ...NOTHING, name } })],
    ['product', (identifier) => createChange({ ...here, product: { ...fixture.product, identifier } })],
    ['reference', (reference) => exportChange({ reference, product: { ...exportChange().product, ...fixture.exported } })],
  ])('%s of 255 characters is taken, one more is not', (field, change) => {
    expect(syncro.requests(change(long), ALONE).ok).toBe(true);
    expect(syncro.requests(change(`${long}x`), ALONE)).toEqual(
      err([problem('text is too long', { field, value: `${long}x`, limit: 255 })]),
    );
  });

  test.each([
    ['quantity', '1.25', '1.255'],
    ['price', '3.05', '3.055'],
    ['cost', '2.44', '2.445'],
  ] as const)('a %s of two decimals is taken, one of three is not', (field, right, wrong) => {
    const change = (value: string) => createChange({ ...here, after: { ...createChange().after, [field]: d(value) } });
    expect(syncro.requests(change(right), ALONE).ok).toBe(true);
    expect(syncro.requests(change(wrong), ALONE)).toEqual(err([problem('number is not accepted', { field, value: wrong })]));
  });

  test('a recurring quantity below zero is not taken, a credit is', () => {
    const after = { ...createChange().after, quantity: d('-1') };
    expect(syncro.requests(createChange({ ...here, after }), ALONE).ok).toBe(false);
    expect(syncro.requests(chargeChange({ ...here, after }), ALONE).ok).toBe(true);
  });
});

describe('reads', () => {
  test('pages follow meta.total_pages, and without it a page of 25 has a next one', () => {
    const { request } = syncro.read.companies();
    const many = Array.from({ length: 25 }, (_, at) => ({ id: at + 1, business_name: `C${String(at)}` }));
    expect(nextOf(syncro.read.companies(), { customers: [{ id: 1 }], meta: { total_pages: 2, page: 1 } })).toEqual('2');
    expect(nextOf(syncro.read.companies(), { customers: many, meta: { total_pages: 1, page: 1 } })).toBeNull();
    expect(nextOf(syncro.read.companies(), { customers: many })).toEqual('2');
    expect(nextOf(syncro.read.companies(), { customers: many.slice(1) })).toBeNull();
    expect(request.query).toEqual({ page: '1' });
  });

  test('a product is sought by our key, then by its name, and both are compared exactly', () => {
    const reading = syncro.read.productsByReference('tl1-x', 'Mail Shield');
    const first = reading.parse(
      answerOf({
        products: [
          { id: 1, name: 'Other', upc_code: 'tl1-x' },
          { id: 2, name: 'Y', upc_code: 'tl1-xy' },
        ],
      }),
      reading.request,
    );
    if (!first.ok || first.value.next === null) throw new Error('no second question');
    expect(first.value.next.query).toEqual({ name: 'Mail Shield', page: '1' });
    const second = reading.parse(
      answerOf({
        products: [
          { id: 3, name: 'mail shield' },
          { id: 4, name: 'Mail Shield Plus' },
        ],
      }),
      first.value.next,
    );
    expect([...first.value.rows, ...(second.ok ? second.value.rows : [])].map(({ id }) => id)).toEqual(['1', '3']);
  });

  test('a line is read in money, told by kind, and one that Syncro counts is marked', () => {
    const lines = [
      {
        id: 1,
        product_id: 41,
        description: 'Ours',
        name: 'P',
        quantity: '9.50',
        retail_cents: 305,
        cost_cents: null,
        recurring_type_id: null,
      },
      { id: 2, product_id: null, description: '', name: 'Devices', quantity: 3, retail_cents: 1, cost_cents: 1, recurring_type_id: 4 },
      { id: 3, product_id: 41, description: 'Once', name: 'P', quantity: '1.0', retail_cents: 1, cost_cents: 1, one_time_charge: true },
    ];
    const { request, parse } = syncro.read.lines('12');
    const page = parse(answerOf({ schedule: { id: 12, lines } }), request);
    expect(
      page.ok &&
        page.value.rows.map(({ id, quantity, price, cost, description, counted }) => [id, quantity, price, cost, description, counted]),
    ).toEqual([
      ['1', '9.5', '3.05', null, 'Ours', false],
      ['2', '3', '0.01', '0.01', 'Devices', true],
    ]);
    const once = syncro.read.oneTimeLines('12');
    const charges = once.parse(answerOf({ schedule: { id: 12, lines } }), once.request);
    expect(charges.ok && charges.value.rows.map(({ id, kind }) => [id, kind])).toEqual([['3', 'one-time']]);
  });

  test.each([
    [422, { error: ["Name can't be blank", 'No'] }, problem('request was refused', { status: 422, message: "Name can't be blank; No" })],
    [200, { success: false, message: ['Nope'] }, problem('request was refused', { status: 200, message: 'Nope' })],
    [401, { error: 'Not authorized' }, problem('credentials were refused', { status: 401, message: 'Not authorized' })],
    [429, {}, problem('rate limit', { seconds: 60 })],
    [200, { schedules: [] }, problem('answer is not understood', { what: 'customer list', detail: 'not a list' })],
    [200, { customers: [{ id: 0 }] }, problem('answer is not understood', { what: 'customer', detail: 'row 1: id 0' })],
  ])('an answer of %i that holds no customers says why', (status, body, why) => {
    const { request, parse } = syncro.read.companies();
    expect(parse({ ...answerOf(body), status }, request)).toEqual(err([why]));
  });

  test('a paused recurring invoice, and one that is not monthly, take no lines', () => {
    const { request, parse } = syncro.read.agreements('7');
    const schedule = (more: object) => ({
      id: 1,
      customer_id: 7,
      name: 'X',
      frequency: 'Monthly',
      next_run: '2021-02-01T00:00:00.000Z',
      ...more,
    });
    const page = parse(answerOf({ schedules: [schedule({}), schedule({ paused: true }), schedule({ frequency: 'Quarterly' })] }), request);
    const use = { period: '2020-12', today: '2021-01-03', currency: 'USD', option: 'multi-product' } as const;
    expect(page.ok && page.value.rows.map((row) => syncro.judge(row, use).refusals.map(({ code }) => code))).toEqual([
      [],
      ['agreement is inactive'],
      ['agreement is not monthly'],
    ]);
  });

  test('saved answers are told by what they hold', () => {
    expect(syncro.recognise({ customers: [{ id: 7, business_name: 'A' }] })?.kind).toBe('companies');
    expect(syncro.recognise({ schedule: { id: 12, lines: [{ id: 1, quantity: '1' }] } })?.rows).toMatchObject([
      { id: '1', agreementId: '12' },
    ]);
    const whole = { agreementId: '12', kinds: ['recurring', 'one-time'] };
    expect(syncro.recognise({ schedule: { id: 12, lines: [] } })).toEqual({ kind: 'lines', rows: [], whole });
    expect([syncro.recognise([{ id: 1 }]), syncro.recognise({ products: [{ id: 'x' }] }), syncro.recognise(null)]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test('the API key is needed and goes as a bearer token', () => {
    const connection = { id: 'x' } as never;
    expect(syncro.authorization(connection, { apiKey: ' k ' })).toEqual(ok({ Authorization: 'Bearer k' }));
    expect(syncro.authorization(connection, {})).toEqual(err(problem('credentials are missing', { field: 'apiKey' })));
  });
});

describe('proof', () => {
  const created = sendable(planOf([createChange(here)], syncro).requests[0] ?? never());
  const stored = answer(fixture.sandbox(), signed(fixture, created)).answer ?? never();
  const record = (stored.body as { schedule_line_item: Readonly<Record<string, unknown>> }).schedule_line_item;
  const proofOf = (body: unknown, status = 200) => syncro.prove(created, { status, headers: {}, body });

  test('the stored record proves it', () => {
    expect(proofOf(stored.body)).toEqual({ lineId: '42', yielded: {} });
  });

  test.each([
    ['nothing', undefined],
    ['HTML', '<html>'],
    ['a list', [record]],
    ['a record without an id', { schedule_line_item: { ...record, id: undefined } }],
    ['another schedule’s line', { schedule_line_item: { ...record, schedule_id: 13 } }],
    ['another quantity', { schedule_line_item: { ...record, quantity: '14.00' } }],
    ['another price', { schedule_line_item: { ...record, retail_cents: 301 } }],
    ['another cost', { schedule_line_item: { ...record, cost_cents: 1 } }],
    ['another product', { schedule_line_item: { ...record, product_id: 40 } }],
    ['another text', { schedule_line_item: { ...record, description: 'x' } }],
    ['a one-time line', { schedule_line_item: { ...record, one_time_charge: true } }],
  ])('%s proves nothing', (_, body) => {
    expect(proofOf(body)).toBeNull();
  });

  test('two lines of one text are no proof of which is meant', () => {
    const held = [heldLine(fixture), { ...heldLine(fixture), id: '901' }];
    const asked = sendable(
      plan(fixture, [updateChange({ ...here, lineId: null })], linesIn(fixture, fixture.sandbox(held))).requests[0] ?? never(),
    );
    const prove = (lines: typeof held) => syncro.prove(asked, answer(fixture.sandbox(lines), signed(fixture, asked)).answer ?? never());
    expect(prove(held)).toBeNull();
    expect(prove(held.slice(0, 1))).toEqual({ lineId: '900', yielded: { [`line-${keyFor(fixture)}`]: 900 } });
  });
});

function draftsOf(change: Change) {
  const made = syncro.requests(change, ALONE);
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value;
}

function bodiesOf(change: Change) {
  return draftsOf(change).map(({ body }) => body);
}

function answerOf(body: unknown): PsaAnswer {
  return { status: 200, headers: {}, body };
}

function nextOf<T>(reading: Reading<T>, body: unknown): string | null {
  const page = reading.parse(answerOf(body), reading.request);
  if (!page.ok) throw new Error(JSON.stringify(page.error));
  return page.value.next?.query['page'] ?? null;
}

function never(): never {
  throw new Error('there is nothing');
}
