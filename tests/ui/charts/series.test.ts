import { expect, test } from 'vitest';
import { decimalOf } from '../../../src/domain/decimal';
import type { MonthFigures } from '../../../src/domain/month-figures';
import { currenciesOf, drawnSeries, endpointSeries, moneySeries, totalOf } from '../../../src/ui/charts/series';

const month = (period: string, counts: Record<string, number>, money: MonthFigures['money'] = []): MonthFigures => ({
  period,
  subProducts: Object.entries(counts).map(([name, quantity]) => ({
    product: 'p',
    subProduct: name.toLowerCase(),
    name,
    quantity: decimalOf(quantity),
  })),
  money,
  unknown: 0,
});
const usd = (cost: number, price: number) => ({
  ...{ currency: 'USD', cost: decimalOf(cost), price: decimalOf(price), margin: decimalOf(price - cost) },
});

test('the sub-product with the most comes first; one that a month does not count is 0 there, a month without usage is not known', () => {
  const series = endpointSeries([month('2020-10', { Pro: 9 }), month('2020-11', {}), month('2020-12', { Pro: 2, Business: 15 })]);
  expect(series).toEqual([
    { key: 'business', name: 'Business', values: ['0', null, '15'] },
    { key: 'pro', name: 'Pro', values: ['9', null, '2'] },
  ]);
  expect([0, 1, 2].map((at) => totalOf(series, at))).toEqual(['9', null, '17']);
});

test('more than six are drawn as five and the others, whose sum they keep', () => {
  const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
  const series = endpointSeries([month('2020-12', Object.fromEntries(names.map((name, at) => [name, 10 - at])))]);
  expect(drawnSeries(series).map(({ name, values }) => [name, ...values])).toEqual([
    ...[
      ['A', '10'],
      ['B', '9'],
      ['C', '8'],
      ['D', '7'],
      ['E', '6'],
      ['3 others', '12'],
    ],
  ]);
  expect(drawnSeries(series.slice(0, 6))).toEqual(series.slice(0, 6));
});

test('money has a line for price, cost and margin in each currency', () => {
  const months = [month('2020-11', {}, [usd(2, 3)]), month('2020-12', {}, [{ ...usd(4, 6), currency: 'EUR' }])];
  expect(currenciesOf(months)).toEqual(['EUR', 'USD']);
  expect(moneySeries(months, 'USD').map(({ name, values }) => [name, ...values])).toEqual([
    ['Price', '3', null],
    ['Cost', '2', null],
    ['Margin', '1', null],
  ]);
});
