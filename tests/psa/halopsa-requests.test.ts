import { describe, expect, test } from 'vitest';
import type { PsaLine } from '../../src/domain/agreement';
import type { Json } from '../../src/domain/canonical';
import { ALONE, type Around, type Change } from '../../src/domain/change';
import { problem } from '../../src/domain/problem';
import { err } from '../../src/domain/result';
import { halopsa } from '../../src/psa/halopsa';
import type { Row } from '../../src/sandbox/sandbox';
import { chargeChange, createChange, d, endChange, exportChange, NOTHING, planOf, productKey, updateChange } from '../support/plans.ts';
import { fixture, lineRow, supportRow } from './fixtures/halopsa.ts';
import { keyFor } from './journeys.ts';

const key = keyFor(fixture);
const name = 'Proofpoint Business of 1st West';
const here = { agreementId: '-94', lineKey: key, name, product: fixture.product };
const support = supportRow({ linked_item: { id: 41 }, taxRuleResult: [] });
const own = lineRow({ id: '900', key, quantity: 12, price: 3, cost: 2.44, name, start: '2020-12-01' });
const { net_amount: _sum, ...ownWithoutSum } = own;
const create = createChange({ ...here, after: { ...createChange().after, name } });
const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
const added = {
  _itemid: 41,
  item_shortdescription: name,
  item_longdescription: name,
  qty_order: 15,
  unit_price: 3,
  unit_cost: 2.44,
  startdate: '2021-01-01T00:00:00Z',
  recurring_invoice_quantity_type: 0,
  item_external_reference: key,
};

describe('a new line', () => {
  test('goes with every line as it was read, and yields its id', () => {
    expect(halopsa.requests(create, around([support, own]))).toEqual({
      ok: true,
      value: [
        {
          operation: 'create',
          method: 'POST',
          path: '/RecurringInvoice',
          query: {},
          headers,
          body: [{ id: -94, lines: [support, own, added] }],
          expects: {
            status: [200, 201],
            yields: { [`line-${key}`]: { field: 'id', where: { field: 'item_external_reference', equals: key } } },
          },
          uses: [],
        },
      ],
    });
  });

  test('that bills once says so, and has no start', () => {
    const charge = chargeChange({ ...here, after: { ...chargeChange().after, name } });
    const { startdate: _, ...once } = added;
    expect(bodyOf(charge)).toEqual([{ id: -94, lines: [{ ...once, onetimecharge: true }] }]);
    expect(bodyOf({ ...charge, after: { ...charge.after, quantity: d('-3'), price: d('-1') } })).toMatchObject([
      { lines: [{ qty_order: -3, unit_price: -1 }] },
    ]);
  });

  test('leaves an unknown cost to the item, and uses the id that an export yields', () => {
    const made = halopsa.requests(
      { ...create, product: { id: null, identifier: 'x', use: 'product:x' }, after: { ...create.after, cost: null } },
      around([]),
    );
    const { unit_cost: _, ...line } = added;
    expect(made).toMatchObject({
      value: [{ uses: ['product:x'], body: [{ id: -94, lines: [{ ...line, _itemid: { $use: 'product:x' } }] }] }],
    });
    expect(JSON.stringify(made)).not.toContain('unit_cost');
  });

  test('is refused while the lines were never read, or were kept by a version that did not keep them whole', () => {
    const refused = err([problem('lines of the agreement were never read', { agreement: '-94' })]);
    expect(halopsa.requests(create, ALONE)).toEqual(refused);
    const [line] = linesOf([own]);
    if (line === undefined) throw new Error('no line');
    const { raw: _raw, ...bare } = line;
    expect(halopsa.requests(create, { ...ALONE, linesOf: () => [bare] })).toEqual(refused);
  });

  test('is refused without a quantity, a price, a date or an item that is known by its id', () => {
    const product = { id: null, identifier: 'Proofpoint Business', use: null };
    expect(halopsa.requests({ ...create, product, after: { ...NOTHING, name } }, around([]))).toEqual(
      err([
        problem('number is not accepted', { field: 'product', value: '' }),
        problem('number is not accepted', { field: 'quantity', value: '' }),
        problem('number is not accepted', { field: 'price', value: '' }),
        problem('text is missing', { field: 'effective date' }),
      ]),
    );
  });
});

describe('a change of a line', () => {
  test('changes its own fields in the whole list; sums that no longer fit are left to HaloPSA', () => {
    expect(bodyOf(updateChange(here), [support, own])).toEqual([{ id: -94, lines: [support, { ...ownWithoutSum, qty_order: 15 }] }]);
  });

  test('writes price, cost, name and key where they are asked for, and the longer text where it repeated the name', () => {
    const after = { ...NOTHING, quantity: d('15'), price: d('3.5'), cost: d('2.5'), name: 'New' };
    const body = bodyOf(updateChange({ ...here, adopt: true, after }), [{ ...own, item_external_reference: '' }]);
    expect(body).toEqual([
      {
        id: -94,
        lines: [
          {
            ...ownWithoutSum,
            ...{ qty_order: 15, unit_price: 3.5, unit_cost: 2.5, item_shortdescription: 'New', item_longdescription: 'New' },
            item_external_reference: key,
          },
        ],
      },
    ]);
    expect(bodyOf(updateChange({ ...here, after: { ...NOTHING, name: 'New' } }), [{ ...own, item_longdescription: 'Long' }])).toEqual([
      { id: -94, lines: [{ ...own, item_shortdescription: 'New', item_longdescription: 'Long' }] },
    ]);
  });

  test('finds the line by its key where its id is not known, and the open one beside an ended one', () => {
    const ended = { ...own, id: 899, enddate: '2020-11-30T00:00:00' };
    expect(bodyOf(updateChange({ ...here, lineId: null }), [ended, own])).toEqual([
      { id: -94, lines: [ended, { ...ownWithoutSum, qty_order: 15 }] },
    ]);
  });

  test('is refused where the line is gone, or is there twice', () => {
    expect(halopsa.requests(updateChange(here), around([support]))).toEqual(err([problem('line is gone', { line: name })]));
    expect(halopsa.requests(updateChange({ ...here, lineId: null }), around([own, { ...own, id: 901 }]))).toEqual(
      err([problem('line exists more than once', { line: name, ids: ['900', '901'] })]),
    );
  });

  test('that writes nothing makes no request', () => {
    expect(halopsa.requests(updateChange({ ...here, after: NOTHING }), ALONE)).toEqual({ ok: true, value: [] });
  });
});

describe('the end of a line', () => {
  test('is its last day, or quantity 0', () => {
    expect(bodyOf(endChange(here), [own])).toEqual([{ id: -94, lines: [{ ...own, enddate: '2020-12-31T00:00:00Z' }] }]);
    expect(bodyOf(endChange({ ...here, how: 'zero', after: { ...NOTHING, quantity: d('0') } }), [own])).toEqual([
      { id: -94, lines: [{ ...ownWithoutSum, qty_order: 0 }] },
    ]);
  });

  test('of a line that is gone leaves the others as they are', () => {
    expect(bodyOf(endChange(here), [support])).toEqual([{ id: -94, lines: [support] }]);
  });

  test('by date needs the date', () => {
    expect(halopsa.requests(endChange({ ...here, after: NOTHING }), around([own]))).toEqual(
      err([problem('text is missing', { field: 'end date' })]),
    );
  });
});

test('each request of a plan holds what the ones before it did, on the same invoice alone', () => {
  const pro = createChange({
    ...here,
    lineKey: keyFor(fixture, 'multi-product', 'pro'),
    name: 'Pro',
    after: { ...create.after, name: 'Pro' },
  });
  const elsewhere = endChange({ ...here, agreementId: '-95', lineId: '777' });
  const changes = [elsewhere, updateChange(here), create, pro];
  const plan = planOf(
    changes,
    halopsa,
    { ...ALONE, linesOf: (agreement) => linesOf(agreement === '-94' ? [support, own] : [{ ...own, id: 777, ihid: -95 }]) },
    { tenant: 'acme', agreementId: '-94', companyId: '17' },
  );
  const changed = { ...ownWithoutSum, qty_order: 15 };
  expect(plan.requests.map(({ body, uses }) => [body, uses])).toEqual([
    [[{ id: -95, lines: [{ ...own, id: 777, ihid: -95, enddate: '2020-12-31T00:00:00Z' }] }], []],
    [[{ id: -94, lines: [support, changed] }], []],
    [[{ id: -94, lines: [support, changed, added] }], []],
    [
      [
        {
          id: -94,
          lines: [
            support,
            changed,
            { ...added, id: { $use: `line-${key}` } },
            {
              ...added,
              ...{ item_shortdescription: 'Pro', item_longdescription: 'Pro' },
              item_external_reference: pro.lineKey,
            },
          ],
        },
      ],
      [`line-${key}`],
    ],
  ]);
});

describe('an exported item', () => {
  const change = exportChange({ product: { ...exportChange().product, identifier: 'Mail Shield Advanced' } });

  test('is one item of a group, with our reference told from that of a line; it pushes no price into other invoices', () => {
    expect(halopsa.requests(change, ALONE)).toEqual({
      ok: true,
      value: [
        {
          ...{ operation: 'export', method: 'POST', path: '/Item', query: {}, headers },
          body: [
            {
              name: 'Mail Shield Advanced',
              description: 'Mail filtering, the advanced package',
              assetgroup_id: 3,
              isrecurringitem: true,
              baseprice: 4.25,
              recurringprice: 4.25,
              costprice: 3.1,
              recurringcost: 3.1,
              taxable: true,
              externalreference: `item:${productKey('advanced')}`,
            },
          ],
          expects: {
            status: [200, 201],
            yields: { 'product-advanced': { field: 'id', where: { field: 'name', equals: 'Mail Shield Advanced' } } },
          },
          uses: [],
        },
      ],
    });
  });

  test('for one time has no monthly price, and an unknown price is none', () => {
    const once = { ...change, product: { ...change.product, term: 'one time', cost: null } } as const;
    expect(bodyOf(once)).toEqual([
      {
        ...{ name: 'Mail Shield Advanced', description: 'Mail filtering, the advanced package', assetgroup_id: 3 },
        ...{ isrecurringitem: false, baseprice: 4.25, taxable: true, externalreference: `item:${productKey('advanced')}` },
      },
    ]);
  });
});

describe('limits', () => {
  const long = (length: number) => 'x'.repeat(length);
  test.each([
    ['a name', createWith({ name: long(255) }), createWith({ name: long(256) }), 'text is too long'],
    ['an item\u2019s name', exportWith({ name: long(255) }), exportWith({ name: long(256) }), 'text is too long'],
    ['a line key', createWith({}, long(50)), createWith({}, long(51)), 'text is too long'],
    ['a reference', { ...exportChange(), reference: long(45) }, { ...exportChange(), reference: long(46) }, 'text is too long'],
    ['an item group', exportWith({ category: '2147483647' }), exportWith({ category: '2147483648' }), 'number is not accepted'],
    ['a quantity', createWith({ quantity: d('0') }), createWith({ quantity: d('-1') }), 'number is not accepted'],
    [
      'the digits of a price',
      createWith({ price: d('0.0000001') }),
      createWith({ price: d('0.12345678901234567891') }),
      'number is not accepted',
    ],
    [
      'an invoice\u2019s id',
      { ...create, agreementId: '-2147483647' },
      { ...create, agreementId: '-2147483648' },
      'number is not accepted',
    ],
  ] as const)('%s is taken up to its limit and refused behind it', (_, inside, outside, code) => {
    expect(halopsa.requests(inside, around([])).ok).toBe(true);
    const refused = halopsa.requests(outside, around([]));
    expect(refused.ok ? [] : refused.error.map((found) => found.code)).toEqual([code]);
  });

  test('90 requests a minute are 450 in five', () => {
    expect([halopsa.limits.requestsPerMinute * 5, halopsa.limits.pageSize]).toEqual([450, 50]);
  });

  function createWith(parts: Partial<typeof create.after>, lineKey = key): Change {
    return { ...create, lineKey, after: { ...create.after, ...parts } };
  }
  function exportWith(parts: Partial<ReturnType<typeof exportChange>['product']>): Change {
    return exportChange({ product: { ...exportChange().product, ...parts } });
  }
});

function around(rows: readonly Row[]): Around {
  return { ...ALONE, linesOf: () => linesOf(rows) };
}

function linesOf(rows: readonly Row[]): readonly PsaLine[] {
  return rows.map((raw) => {
    const id = JSON.stringify(raw['ihid']);
    const { request, parse } = halopsa.read.lines(id);
    const page = parse({ status: 200, headers: {}, body: { id: Number(id), lines: [raw] } }, request);
    const [line] = page.ok ? page.value.rows : [];
    if (line === undefined) throw new Error('not a line');
    return line;
  });
}

function bodyOf(change: Change, rows: readonly Row[] = []): Json {
  const made = halopsa.requests(change, around(rows));
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  expect(made.value.length).toBe(1);
  return made.value[0]?.body ?? null;
}
