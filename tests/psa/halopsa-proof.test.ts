import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/domain/canonical';
import type { Change } from '../../src/domain/change';
import type { PlanRequest } from '../../src/domain/plan';
import { halopsa } from '../../src/psa/halopsa';
import type { SandboxState } from '../../src/sandbox/sandbox';
import { createChange, endChange, exportChange, d, NOTHING, productKey, updateChange, UNKNOWN } from '../support/plans.ts';
import { fixture, haloSandbox, lineRow, supportRow } from './fixtures/halopsa.ts';
import { heldLine, keyFor, linesIn, plan } from './journeys.ts';

const key = keyFor(fixture);
const here = { agreementId: '-94', lineKey: key, product: fixture.product };
const held = heldLine(fixture);
const own = lineRow(held);
const start = haloSandbox([own]);
const before = { ...UNKNOWN, quantity: d('12'), productId: '41' };
const create = requestOf(createChange({ ...here, name: held.name, after: { ...createChange().after, name: held.name } }), haloSandbox());
const update = requestOf(updateChange({ ...here, before }), start);
const end = requestOf(endChange({ ...here, before }), start);
const added = { ...own, id: 901, qty_order: 15, startdate: '2021-01-01T00:00:00' };
const changed = { ...own, qty_order: 15, net_amount: 45 };
const support = supportRow();

describe('an answer proves', () => {
  test.each([
    ['a new line', create, { id: -94, lines: [support, added] }, '901'],
    ['a new line in a list of one', create, [{ id: -94, lines: [added, support] }], '901'],
    [
      'a new line that shows its item\u2019s reference',
      create,
      { id: -94, lines: [support, { ...added, item_external_reference: 'SKU' }] },
      '901',
    ],
    ['another quantity', update, { id: -94, lines: [support, changed] }, '900'],
    ['an end, in another form of the day', end, { id: -94, lines: [support, { ...own, enddate: '2020-12-31T00:00:00' }] }, '900'],
  ])('%s', (_, request, body, id) => {
    const yielded = request === create ? { [`line-${key}`]: Number(id) } : {};
    expect(halopsa.prove(request, { status: 200, headers: {}, body })).toEqual({ lineId: id, yielded });
  });

  test.each([
    ['HTML or nothing', create, undefined],
    ['a header without its lines', create, { id: -94 }],
    ['another invoice', create, { id: -95, lines: [support, added] }],
    ['two records', create, [{ id: -94, lines: [support, added] }, {}]],
    ['the lines without the new one', create, { id: -94, lines: [support] }],
    ['two new lines', create, { id: -94, lines: [support, added, { ...added, id: 902 }] }],
    ['a line that got lost', create, { id: -94, lines: [added] }],
    [
      'another line in its place',
      create,
      { id: -94, lines: [support, { ...added, item_external_reference: '', item_shortdescription: 'x' }] },
    ],
    ['another quantity', create, { id: -94, lines: [support, { ...added, qty_order: 14 }] }],
    ['another price', create, { id: -94, lines: [support, { ...added, unit_price: 4 }] }],
    ['another cost', create, { id: -94, lines: [support, { ...added, unit_cost: 4 }] }],
    ['another item', create, { id: -94, lines: [support, { ...added, _itemid: 42 }] }],
    ['a quantity as text', create, { id: -94, lines: [support, { ...added, qty_order: '15' }] }],
    ['the old quantity', update, { id: -94, lines: [support, own] }],
    ['the quantity on another line', update, { id: -94, lines: [{ ...support, qty_order: 15 }, own] }],
    ['a line without its end', end, { id: -94, lines: [support, own] }],
    ['another last day', end, { id: -94, lines: [support, { ...own, enddate: '2020-12-30T00:00:00' }] }],
  ])('nothing: %s', (_, request, body) => {
    expect(halopsa.prove(request, { status: 200, headers: {}, body })).toBeNull();
  });

  test('nothing with another status', () => {
    expect(halopsa.prove(update, { status: 500, headers: {}, body: { id: -94, lines: [support, changed] } })).toBeNull();
  });

  test('an item by its name and our reference, and nothing else', () => {
    const request = requestOf(exportChange(), haloSandbox());
    const item = { id: 77, name: 'Mail Shield Advanced', externalreference: `item:${productKey('advanced')}`, baseprice: 4.25 };
    const proofOf = (body: unknown) => halopsa.prove(request, { status: 201, headers: {}, body });
    expect(proofOf([item])).toEqual({ lineId: '77', yielded: { 'product-advanced': 77 } });
    for (const wrong of [
      { ...item, name: 'x' },
      { ...item, externalreference: '' },
      { ...item, baseprice: 4 },
      { ...item, id: 0 },
    ])
      expect(proofOf(wrong)).toBeNull();
  });
});

describe('the evidence for a sync file', () => {
  test('of a change: our line as believed, every other as it is sent back, and how many there are', () => {
    const kept = (row: Readonly<Record<string, Json>>, without: readonly string[]) =>
      Object.entries(row)
        .filter(([name]) => !['id', 'net_amount', ...without].includes(name))
        .map(([field, value]) => {
          const day = typeof value === 'string' && /^2\d{3}-\d\d-\d\dT/.test(value);
          const blank = value === '' || (typeof value === 'string' && value.startsWith('1900-01-01T'));
          return { field, equals: blank ? null : value, as: day ? 'day' : 'value' };
        });
    expect(halopsa.evidence(update)).toEqual({
      read: {
        ...{ method: 'GET', path: '/RecurringInvoice/-94', query: { includedetails: 'true' } },
        ...{ headers: { Accept: 'application/json' }, body: null },
      },
      rows: 'lines',
      id: 'id',
      where: [{ field: 'id', equals: 900, as: 'value' }],
      ended: 'enddate',
      before: [
        { field: 'qty_order', equals: 12, as: 'value' },
        { field: '_itemid', equals: 41, as: 'value' },
        ...kept(own, ['qty_order', 'item_external_reference']),
      ],
      after: [{ field: 'qty_order', equals: 15, as: 'value' }],
      others: [{ where: [{ field: 'id', equals: 800, as: 'value' }], held: kept(support, []) }],
      rowsBefore: 2,
    });
  });

  test('of a new line: its key, or its item and text where no key is kept, and that no other was added', () => {
    const found = halopsa.evidence(create);
    expect([found?.where, found?.alike, found?.ended, found?.rowsBefore, found?.after.map(({ field }) => field)]).toEqual([
      [{ field: 'item_external_reference', equals: key, as: 'value' }],
      [
        { field: '_itemid', equals: 41, as: 'value' },
        { field: 'item_shortdescription', equals: held.name, as: 'value' },
      ],
      'enddate',
      1,
      ['_itemid', 'qty_order', 'unit_price', 'unit_cost'],
    ]);
  });
});

function requestOf(change: Change, state: SandboxState): PlanRequest {
  const lines = linesIn(fixture, state);
  const [request] = plan(
    fixture,
    [change.kind === 'update' ? { ...change, after: { ...NOTHING, quantity: d('15') } } : change],
    lines,
  ).requests;
  if (request === undefined) throw new Error('no request');
  return request;
}
