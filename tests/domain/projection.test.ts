import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, compare, decimalOf, lineTotal, subtract, ZERO, type Decimal } from '../../src/domain/decimal';
import type { MonthFigures } from '../../src/domain/month-figures';
import { billsOf, projectedRows, spreadsOf, type ProjectedRow } from '../../src/domain/projection';
import type { ProjectedLine, WhatIf } from '../../src/domain/what-if';

const line = (own: Partial<ProjectedLine> = {}): ProjectedLine => ({
  ...{ product: 'proofpoint', productName: 'Proofpoint', subProduct: 'business', name: 'Business', currency: 'USD' },
  ...{ quantity: decimalOf(15), unitPrice: decimalOf(3), unitCost: decimalOf('2.44') },
  ...own,
});
const money = ({ quantity, cost, price, margin, unknown }: ProjectedRow) => [quantity, cost, price, margin, unknown];
const months = (product: string, ...counts: (number | null)[]): MonthFigures[] =>
  counts.map((count, at) => ({
    ...{ period: `2020-0${String(at + 1)}`, money: [], unknown: 0 },
    subProducts: count === null ? [] : [{ product, subProduct: 'business', name: 'Business', quantity: decimalOf(count) }],
  }));

const unitPrice = fc.integer({ min: 0, max: 1_000_000 }).map((units) => decimalOf(units / 10_000));
const anyLine = fc.record({
  ...{
    product: fc.constantFrom('a', 'b'),
    productName: fc.constant('A'),
    subProduct: fc.constantFrom('x', 'y', 'z'),
    name: fc.constant('N'),
  },
  quantity: fc.integer({ min: 1, max: 100_000 }).map((units) => decimalOf(units / 4)),
  unitPrice: fc.option(unitPrice, { freq: 8 }),
  unitCost: fc.option(unitPrice, { freq: 8 }),
  currency: fc.option(fc.constantFrom('USD', 'EUR', 'JPY'), { freq: 8 }),
});
const anyLines = fc.array(anyLine, { maxLength: 30 });
const target = { product: fc.option(fc.constantFrom('a', 'b')), subProduct: fc.option(fc.constantFrom('x', 'y', 'z')) };
const signed = fc.integer({ min: -30_000, max: 30_000 }).map((units) => decimalOf(units / 100));
const anyWhatIf: fc.Arbitrary<WhatIf> = fc.oneof(
  fc.record({
    ...target,
    kind: fc.constantFrom('price' as const, 'cost' as const),
    unit: fc.constantFrom('percent' as const, 'amount' as const),
    by: signed,
  }),
  fc.record({ ...target, kind: fc.constant('minimum' as const), by: fc.integer({ min: 0, max: 50_000 }).map(decimalOf) }),
);

describe('the projected rows', () => {
  test('are the sums of the rounded lines of each sub-product in each currency', () => {
    const rows = projectedRows([
      line(),
      line({ quantity: decimalOf('0.5'), unitPrice: decimalOf('0.333') }),
      line({ currency: 'EUR' }),
      line({ subProduct: 'pro', name: 'Pro', unitCost: null }),
      line({ subProduct: 'pro', name: 'Pro', currency: null }),
    ]);
    expect(rows.map(({ name, currency, ...row }) => [name, currency, ...money({ name, currency, ...row })])).toEqual([
      ['Business', 'EUR', '15', '36.6', '45', '8.4', 0],
      ['Business', 'USD', '15.5', '37.82', '45.17', '7.35', 0],
      ['Pro', null, '15', '0', '0', '0', 1],
      ['Pro', 'USD', '15', '0', '45', '0', 1],
    ]);
  });

  test('with a what-if that changes nothing are the projection', () => {
    fc.assert(
      fc.property(anyLines, fc.constantFrom('percent' as const, 'amount' as const), (lines, unit) => {
        const none: WhatIf[] = [
          { product: null, subProduct: null, kind: 'price', unit, by: ZERO },
          { product: null, subProduct: null, kind: 'cost', unit, by: ZERO },
          { product: null, subProduct: null, kind: 'minimum', by: ZERO },
        ];
        expect(projectedRows(lines, none)).toEqual(projectedRows(lines));
      }),
    );
  });

  test('add up: margins are price less cost where all is known, and every line is in one row', () => {
    fc.assert(
      fc.property(anyLines, fc.array(anyWhatIf, { maxLength: 4 }), (lines, whatIfs) => {
        const rows = projectedRows(lines, whatIfs);
        const sum = (values: readonly Decimal[]) => add(ZERO, ...values);
        expect(sum(rows.map(({ quantity }) => quantity))).toBe(sum(lines.map(({ quantity }) => quantity)));
        for (const row of rows) {
          if (row.unknown === 0) expect(row.margin).toBe(subtract(row.price, row.cost));
          expect([compare(row.price, ZERO), compare(row.cost, ZERO)]).not.toContain(-1);
        }
        expect(rows.reduce((count, { unknown }) => count + unknown, 0)).toBe(
          lines.filter((one) => one.currency === null || one.unitPrice === null || one.unitCost === null).length,
        );
      }),
    );
  });

  test('leave what the what-if is not about as it is', () => {
    fc.assert(
      fc.property(anyLines, anyWhatIf, (lines, whatIf) => {
        const others = (rows: readonly ProjectedRow[]) => rows.filter(({ subProduct }) => subProduct !== 'x');
        expect(others(projectedRows(lines, [{ ...whatIf, subProduct: 'x' }]))).toEqual(others(projectedRows(lines)));
      }),
    );
  });
});

describe('a what-if', () => {
  const all = { product: null, subProduct: null };
  test.each<[string, WhatIf, readonly string[]]>([
    ['a price by percent, exactly', { ...all, kind: 'price', unit: 'percent', by: decimalOf('3.5') }, ['36.6', '46.58', '9.98']],
    ['a price by an amount', { ...all, kind: 'price', unit: 'amount', by: decimalOf('-0.25') }, ['36.6', '41.25', '4.65']],
    ['a price never below 0', { ...all, kind: 'price', unit: 'percent', by: decimalOf(-150) }, ['36.6', '0', '-36.6']],
    ['a cost by percent', { ...all, kind: 'cost', unit: 'percent', by: decimalOf(50) }, ['54.9', '45', '-9.9']],
    ['a minimum above the count', { ...all, kind: 'minimum', by: decimalOf(20) }, ['36.6', '60', '23.4']],
    ['a minimum below the count', { ...all, kind: 'minimum', by: decimalOf(10) }, ['36.6', '45', '8.4']],
    ['another product', { product: 'other', subProduct: null, kind: 'price', unit: 'percent', by: decimalOf(9) }, ['36.6', '45', '8.4']],
  ])('changes %s', (_, whatIf, expected) => {
    expect(projectedRows([line()], [whatIf]).map(({ cost, price, margin }) => [cost, price, margin])).toEqual([expected]);
  });

  test('a price that nobody knows stays unknown', () => {
    const whatIf: WhatIf = { ...all, kind: 'price', unit: 'amount', by: decimalOf(5) };
    expect(projectedRows([line({ unitPrice: null })], [whatIf]).map(money)).toEqual([['15', '36.6', '0', '0', 1]]);
  });

  test('follows the one before it', () => {
    const by = (amount: number, unit: 'percent' | 'amount'): WhatIf => ({ ...all, kind: 'price', unit, by: decimalOf(amount) });
    expect(projectedRows([line()], [by(1, 'amount'), by(50, 'percent')])[0]?.price).toBe('90');
    expect(projectedRows([line()], [by(50, 'percent'), by(1, 'amount')])[0]?.price).toBe('82.5');
  });
});

describe('the range', () => {
  test('is the smallest and the largest change of the product, no change always among them', () => {
    expect([...spreadsOf(months('a', 100, 110, 99, 99))]).toEqual([['a', { low: '0.9', high: '1.1', changes: 3 }]]);
    expect([...spreadsOf(months('a', 100, 110, 121, 132))]).toEqual([['a', { low: '1', high: '1.1', changes: 3 }]]);
  });

  test('needs three changes: a month without usage breaks the row', () => {
    expect([...spreadsOf(months('a', 100, 110, 120))]).toEqual([]);
    expect([...spreadsOf(months('a', 100, null, 120, 130, 140))]).toEqual([]);
    expect([...spreadsOf(months('a', 100, null, 120, 132, 132, 120))].map(([, { changes }]) => changes)).toEqual([3]);
  });

  test('of a bill is every product’s money times its own changes, rounded', () => {
    const rows = projectedRows([line(), line({ product: 'b', productName: 'B', subProduct: 'y', name: 'Y', quantity: decimalOf(10) })]);
    const spreads = new Map([
      ['proofpoint', { low: decimalOf('0.9'), high: decimalOf('1.1'), changes: 3 }],
      ['b', { low: decimalOf(1), high: decimalOf('1.333333'), changes: 5 }],
    ]);
    expect(billsOf(rows, spreads)).toEqual([
      {
        ...{ currency: 'USD', cost: '61', price: '75', margin: '14', unknown: 0, short: [] },
        range: { low: { cost: '57.34', price: '70.5', margin: '13.16' }, high: { cost: '72.79', price: '89.5', margin: '16.71' } },
      },
    ]);
  });

  test('is none where the history of one product is too short, and says of which', () => {
    const rows = projectedRows([line(), line({ product: 'b', productName: 'B', subProduct: 'y' }), line({ currency: 'EUR' })]);
    const spreads = spreadsOf(months('proofpoint', 1, 1, 1, 1));
    expect(billsOf(rows, spreads).map(({ currency, range, short }) => [currency, range === null, short])).toEqual([
      ['EUR', false, []],
      ['USD', true, ['B']],
    ]);
  });

  test('holds the projection between its ends', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(anyLines, counts, counts, (lines, first, second) => {
        const history = first.map((count, at): MonthFigures => {
          const [month] = months('a', count);
          const [other] = months('b', second[at] ?? count);
          return { period: '2020-01', money: [], unknown: 0, subProducts: [...(month?.subProducts ?? []), ...(other?.subProducts ?? [])] };
        });
        for (const { price, cost, range, unknown } of billsOf(projectedRows(lines), spreadsOf(history))) {
          expect(range).not.toBeNull();
          if (range === null) return;
          for (const end of unknown === 0 ? [range.low, range.high] : []) expect(end.margin).toBe(subtract(end.price, end.cost));
          expect([compare(range.low.price, price), compare(range.low.cost, cost)]).not.toContain(1);
          expect([compare(range.high.price, price), compare(range.high.cost, cost)]).not.toContain(-1);
        }
      }),
    );
  });
});

test('a line is worth what an invoice would say', () => {
  fc.assert(
    fc.property(anyLine, (one) => {
      fc.pre(one.unitPrice !== null && one.currency !== null);
      expect(projectedRows([one])[0]?.price).toBe(lineTotal(one.quantity, one.unitPrice, one.currency));
    }),
  );
});
