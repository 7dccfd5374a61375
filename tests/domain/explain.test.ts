import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, compare, decimalOf, lineTotal, ZERO, type Decimal } from '../../src/domain/decimal';
import { explain, type Basis, type ExplainedLine } from '../../src/domain/explain';
import type { PriceVersion } from '../../src/domain/price';
import { unknownCount } from '../../src/domain/snapshot';
import type { UsageLine } from '../../src/domain/usage';
import { december } from '../support/grid';
import { usageLine } from '../support/usage';

const BUSINESS = 'proofpoint-business';
const PRO = 'proofpoint-pro';
const IMPORTED = '2021-01-03T08:00:00.000Z';
const d = decimalOf;

describe('a quantity', () => {
  test('comes from its row, the snapshot day and the source that bills', () => {
    expect(derived([{}]).quantity).toEqual([
      row({}, '15'),
      {
        what: 'date',
        value: null,
        from: { how: 'snapshot', date: '2020-12-19', period: '2020-12', snapshotDay: '2020-12-19', reason: null },
      },
      { what: 'source', value: null, from: { source: 'pax8', compared: [] } },
    ]);
  });

  test('of several rows is their sum; a trial is shown and never added', () => {
    const rows = [{}, { row: 2, quantity: d(4) }, { row: 3, quantity: d(9), trial: true }];
    expect(derived(rows, { syncedQuantity: d(19), quantity: d(19) }).quantity.slice(0, 4)).toEqual([
      row({}, '15'),
      row({ row: 2 }, '4'),
      row({ row: 3, trial: true }, '9'),
      { what: 'rows are summed', value: '19', from: { name: 'Proofpoint Business', quantities: ['15', '4'] } },
    ]);
  });

  test.each([
    ['stale', '2020-12-17', null],
    ['late', '2020-12-22', 'It was asked for'],
  ] as const)('that is %s says which day bills instead', (how, date, reason) => {
    expect(derived([{ date }], { reason: 'It was asked for' }).quantity.at(-2)).toEqual({
      ...{ what: 'date', value: null, from: { how, date, period: '2020-12', snapshotDay: '2020-12-19', reason } },
    });
  });

  test('names what other sources count, and does not add it', () => {
    const compared = [{ source: 'proofpoint-essentials', counts: new Map([[BUSINESS, d(14)]]) }];
    expect(derived([{}], {}, { compared }).quantity.at(-1)).toEqual({
      what: 'source',
      value: null,
      from: { source: 'pax8', compared: [{ source: 'proofpoint-essentials', name: 'Proofpoint Business', quantity: '14' }] },
    });
  });

  test('that nobody reported is a true 0 beside another count, and unknown without one', () => {
    const line = { subProducts: [PRO], quantity: ZERO, syncedQuantity: ZERO };
    expect(derived([{}], line).quantity[0]).toEqual({
      what: 'not reported',
      value: '0',
      from: { name: 'Proofpoint Pro', date: '2020-12-19' },
    });
    expect(derived([], { quantity: null, syncedQuantity: null }).quantity).toEqual([
      { what: 'not counted', value: null, from: { period: '2020-12' } },
    ]);
  });

  test('that the partner changed has the reason, and then the digits of the PSA', () => {
    const line = { syncedQuantity: d(13), reason: 'Two left', edit: { syncedQuantity: d('12.6'), reason: 'Two left' } };
    expect(derived([{}], line, { limits: { quantityDecimals: 0, priceDecimals: 2 } }).quantity.slice(-2)).toEqual([
      { what: 'edited', value: '12.6', from: { figure: 'quantity', before: '15', reason: 'Two left' } },
      { what: 'rounded', value: '13', from: { figure: 'quantity', before: '12.6', digits: 0 } },
    ]);
  });

  test('of a missed month is the difference to what its invoice held; below it, a credit', () => {
    const option = 'one-time itemised';
    const owed = derived([{}], { quantity: d(3), syncedQuantity: d(3) }, { option, held: new Map([[BUSINESS, d(12)]]) });
    expect(owed.quantity[1]).toEqual({ what: 'missed month', value: '3', from: { counted: '15', held: '12' } });
    const credit = { quantity: d(5), syncedQuantity: d(5), price: d(-3), cost: d('-2.44'), total: d(-15) };
    const over = derived([{}], credit, { option, held: new Map([[BUSINESS, d(20)]]) });
    expect([over.quantity[1], over.quantity.at(-1), over.price.at(-1)]).toEqual([
      { what: 'missed month', value: '-5', from: { counted: '15', held: '20' } },
      { what: 'credit', value: '5', from: { figure: 'quantity' } },
      { what: 'credit', value: '-3', from: { figure: 'price' } },
    ]);
  });

  test('of a line that ends is a true 0, or the line moves', () => {
    const ending = { status: 'Ending', subProducts: [PRO], quantity: ZERO, syncedQuantity: ZERO, total: ZERO } as const;
    const zero = derived([{}], ending);
    expect([zero.quantity[0]?.what, zero.quantity.at(-1), zero.total]).toEqual([
      'not reported',
      { what: 'line ends', value: '0', from: { moves: false, reason: null } },
      [{ what: 'line ends', value: '0', from: { moves: false, reason: null } }],
    ]);
    expect(derived([{}], { ...ending, quantity: null }).quantity).toEqual([
      { what: 'line ends', value: '0', from: { moves: true, reason: null } },
    ]);
    expect(zero.price).toEqual([{ what: 'held by the PSA', value: '3', from: { figure: 'price', ours: null } }]);
  });
});

describe('a price', () => {
  test('is the usage’s own where it has one', () => {
    expect(derived([{}]).price).toEqual([{ what: 'of the usage', value: '3', from: { figure: 'price', name: 'Proofpoint Business' } }]);
  });

  test('else the price list’s, the customer’s own entry first, with its period and version', () => {
    const prices = [listed({ seq: 7 }), listed({ seq: 9, company: 'c1', price: d('2.5'), from: '2020-11', until: '2021-02' })];
    const from = { figure: 'price', name: 'Proofpoint Business', currency: 'USD' } as const;
    expect(derived([{ unitPrice: null }], { price: d('2.5') }, { prices }).price).toEqual([
      { what: 'of the price list', value: '2.5', from: { ...from, version: 9, ofCompany: true, from: '2020-11', until: '2021-02' } },
    ]);
    expect(derived([{ unitPrice: null }], { price: d(3) }, { prices, companyId: 'c2' }).price).toEqual([
      { what: 'of the price list', value: '3', from: { ...from, version: 7, ofCompany: false, from: null, until: null } },
    ]);
  });

  test('that nobody names is unknown, never 0', () => {
    const line = { price: null, total: null };
    expect(derived([{ unitPrice: null }], line)).toMatchObject({
      price: [{ what: 'nobody says', value: null, from: { figure: 'price', name: 'Proofpoint Business' } }],
      total: [{ what: 'not multiplied', value: null, from: { missing: 'price' } }],
    });
  });

  test('of a line in the PSA stays the PSA’s unless it is pushed', () => {
    const updating = { status: 'Updating', keepsPrice: true, price: d('3.5') } as const;
    expect(derived([{}], updating).price.at(-1)).toEqual({ what: 'held by the PSA', value: '3.5', from: { figure: 'price', ours: '3' } });
    expect(derived([{}], { ...updating, price: d(3) }).price).toHaveLength(1);
  });

  test('is rounded to what the PSA takes', () => {
    const given = derived([{ unitPrice: d('3.005') }], { price: d('3.01') }, { limits: { quantityDecimals: null, priceDecimals: 2 } });
    expect(given.price.at(-1)).toEqual({ what: 'rounded', value: '3.01', from: { figure: 'price', before: '3.005', digits: 2 } });
  });

  test('of cost that differs from row to row is the average by quantity', () => {
    const rows = [
      { quantity: d(1), unitCost: d(2) },
      { row: 2, quantity: d(3), unitCost: d(4) },
    ];
    expect(derived(rows, { quantity: d(4), syncedQuantity: d(4), cost: d('3.5') }).cost).toEqual([
      { what: 'costs are averaged', value: '3.5', from: { name: 'Proofpoint Business', costs: ['2', '4'] } },
    ]);
  });
});

describe('a single line', () => {
  const rows = [{}, { row: 2, subProductName: 'Proofpoint Pro', quantity: d(5) }];
  const counts = [
    { name: 'Proofpoint Business', quantity: '15' },
    { name: 'Proofpoint Pro', quantity: '5' },
  ];
  const line = { subProducts: [BUSINESS, PRO], quantity: d(20), syncedQuantity: d(20), total: d(60) };

  test('holds the sum of the counts at the weighted price', () => {
    const { quantity, price } = derived(rows, line, { option: 'single line' });
    expect([quantity.at(-1), price.at(-1)]).toEqual([
      { what: 'counts are summed', value: '20', from: { counts } },
      { what: 'weighted', value: '3', from: { figure: 'price', quantity: '20' } },
    ]);
  });

  test('that is charged once has quantity 1 at the total', () => {
    const once = { ...line, quantity: d(1), syncedQuantity: d(1), price: d(60), cost: d('48.8') };
    const { quantity, price } = derived(rows, once, { option: 'one-time single' });
    expect([quantity.at(-1), price.at(-1)]).toEqual([
      { what: 'one for all', value: '1', from: { counts } },
      { what: 'sum of all', value: '60', from: { figure: 'price' } },
    ]);
  });
});

test('a total is quantity x price, with what rounding to the minor unit did', () => {
  expect(derived([{}]).total).toEqual([
    { what: 'multiplied', value: '45', from: { quantity: '15', price: '3', currency: 'USD', exact: '45' } },
  ]);
  const line = { price: d('3.0033'), total: d('45.05') };
  expect(derived([{ unitPrice: d('3.0033') }], line).total).toEqual([
    { what: 'multiplied', value: '45.05', from: { quantity: '15', price: '3.0033', currency: 'USD', exact: '45.0495' } },
  ]);
});

test('the mapping names the company with its evidence, and the binding with its version', () => {
  const assignment = { product: 'proofpoint', site: 'x', company: 'c1', from: '2020-11', until: null, seq: 4, evidence: 'domain' } as const;
  const binding = { identifier: 'PP-BUS', origin: 'bound', from: null, topLevel: false, version: 12 } as const;
  expect(derived([{}], {}, { company: { name: '1st West', assignment }, binding }).mapping).toEqual([
    { what: 'company', value: null, from: { name: '1st West', since: '2020-11', evidence: 'domain' } },
    { what: 'binding', value: null, from: { identifier: 'PP-BUS', topLevel: false, origin: 'bound', since: null, version: 12 } },
  ]);
  const here = { ...binding, topLevel: true, version: null };
  expect(derived([{}], {}, { company: null, binding: here }).mapping).toEqual([
    { what: 'no company', value: null, from: { site: '1stwestinsurance.com' } },
    { what: 'bound here', value: null, from: { identifier: 'PP-BUS', topLevel: true } },
  ]);
});

describe('a line of a confirmed plan', () => {
  test('whose imports are gone says so, and keeps what was frozen', () => {
    const { quantity, price } = derived([], { edit: null }, { gone: ['abc'] });
    expect([quantity, price]).toEqual([
      [
        { what: 'not counted', value: null, from: { period: '2020-12' } },
        { what: 'import is gone', value: null, from: { importId: 'abc' } },
        { what: 'frozen', value: '15', from: { figure: 'quantity', derived: null } },
      ],
      [
        { what: 'nobody says', value: null, from: { figure: 'price', name: 'Proofpoint Business' } },
        { what: 'frozen', value: '3', from: { figure: 'price', derived: null } },
      ],
    ]);
  });

  test('concludes what the partner wrote, what the PSA held and what was rounded', () => {
    const limits = { quantityDecimals: null, priceDecimals: 2 };
    const last = (given: Partial<ExplainedLine>, rows: Partial<UsageLine>[] = [{}]) => derived(rows, { edit: null, ...given }, { limits });
    expect([
      last({ syncedQuantity: d(14), reason: 'One left' }).quantity.at(-1),
      last({ price: d(4) }).price.at(-1),
      last({ price: d(4), keepsPrice: true }).price.at(-1),
      last({ price: d('3.01') }, [{ unitPrice: d('3.005') }]).price.at(-1),
    ]).toEqual([
      { what: 'edited', value: '14', from: { figure: 'quantity', before: '15', reason: 'One left' } },
      { what: 'edited', value: '4', from: { figure: 'price', before: '3', reason: null } },
      { what: 'held by the PSA', value: '4', from: { figure: 'price', ours: '3' } },
      { what: 'rounded', value: '3.01', from: { figure: 'price', before: '3.005', digits: 2 } },
    ]);
  });

  test('that ended one line by itself has the reason, and no company', () => {
    const ended = {
      edit: null,
      status: 'Ending',
      subProducts: [],
      quantity: ZERO,
      syncedQuantity: ZERO,
      total: ZERO,
      reason: 'Made twice',
    } as const;
    const count = unknownCount({ product: '', site: '' }, '2020-12', null);
    const end = { what: 'line ends', value: '0', from: { moves: false, reason: 'Made twice' } };
    expect(derived([], ended, { count, option: null })).toMatchObject({ quantity: [end], total: [end], mapping: [] });
  });

  test('that takes another plan back rests on that plan', () => {
    const { quantity } = derived([{}], { edit: null, quantity: null, reason: 'Undo of plan 0123abcd' });
    expect(quantity).toEqual([{ what: 'taken back', value: '15', from: { reason: 'Undo of plan 0123abcd' } }]);
  });
});

test('every derivation of a line that nobody changed ends at what the line holds', () => {
  const amount = fc.integer({ min: 1, max: 9999 });
  const cents = fc.integer({ min: 0, max: 999_999 });
  fc.assert(
    fc.property(fc.array(amount, { minLength: 1, maxLength: 6 }), cents, (quantities, price) => {
      const each = d(price / 10_000);
      const sum = add(...quantities.map((quantity) => d(quantity)));
      const total = lineTotal(sum, each, 'USD');
      const rows = quantities.map((quantity, index) => ({ row: index + 1, quantity: d(quantity), unitPrice: each }));
      const made = derived(rows, { quantity: sum, syncedQuantity: sum, price: each, total });
      const last = (values: readonly (Decimal | null)[]) => values.filter((value) => value !== null).at(-1) ?? ZERO;
      expect(compare(last(made.quantity.map(({ value }) => value)), sum)).toBe(0);
      expect(last(made.price.map(({ value }) => value))).toBe(each);
      expect(made.total.map(({ value }) => value)).toEqual([total]);
    }),
  );
});

function row(given: { row?: number; trial?: boolean }, value: string) {
  const from = {
    name: 'Proofpoint Business',
    file: 'usage.json',
    row: 1,
    date: '2020-12-19',
    importedAt: IMPORTED,
    trial: false,
    ...given,
  };
  return { what: 'row', value, from };
}

function listed(given: Partial<PriceVersion>): PriceVersion {
  return { subProduct: BUSINESS, company: null, price: d(3), cost: d(2), currency: 'USD', from: null, until: null, seq: 1, ...given };
}

function derived(rows: readonly Partial<UsageLine>[], line: Partial<ExplainedLine> = {}, given: Partial<Basis> = {}) {
  const count = december(...rows);
  const lines = rows.map((own) => ({ line: usageLine(own), importId: 'import', importedAt: IMPORTED }));
  const read = new Map(
    count.counts.map(({ subProduct, name }) => [subProduct, lines.filter(({ line: own }) => own.subProductName === name)]),
  );
  return explain({
    ...{ count, snapshotDay: '2020-12-19', rows: read, gone: [], compared: [], prices: [], companyId: 'c1', held: null },
    nameOf: (key) => (key === PRO ? 'Proofpoint Pro' : 'Proofpoint Business'),
    ...{ option: 'multi-product', limits: { quantityDecimals: null, priceDecimals: null }, company: null, binding: null },
    ...given,
    line: {
      ...{ status: 'Creating', subProducts: [BUSINESS], quantity: d(15), syncedQuantity: d(15), price: d(3), cost: d('2.44') },
      ...{ total: d(45), currency: 'USD', reason: null, edit: {}, keepsPrice: false },
      ...line,
    },
  });
}
