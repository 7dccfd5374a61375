import { expect, test } from 'vitest';
import { decimalOf, type Decimal } from '../../../src/domain/decimal';
import type { SubProductCount } from '../../../src/domain/snapshot';
import type { ProductStanding } from '../../../src/domain/standing';
import { summed, unboundPlaces, usageByProduct, usualPrice } from '../../../src/ui/automation/product-usage';

const count = (subProduct: string, quantity: number | null, price: number | null, currency = 'USD'): SubProductCount =>
  ({
    ...{ subProduct, name: subProduct, quantity: quantity === null ? null : decimalOf(quantity), trialQuantity: decimalOf(0) },
    ...{ price: price === null ? null : decimalOf(price), cost: null, currency: price === null ? null : currency },
  }) as SubProductCount;
const product = (...sites: SubProductCount[][]): ProductStanding =>
  ({
    ...{ product: 'proofpoint', name: 'Proofpoint', customers: sites.length },
    standings: sites.map((counts) => ({ period: '2020-12', company: null, count: { how: 'snapshot', counts } })),
  }) as unknown as ProductStanding;
const usd = (amount: string) => [{ currency: 'USD', amount: amount as Decimal }];

test('quantities and money of a month add up over customers, and unknown is never 0', () => {
  const [usage] = usageByProduct(
    [product([count('business', 15, 3)], [count('business', 2, 3), count('pro', 4, null)], [count('pro', null, 5)])],
    [],
  );
  expect(usage).toEqual({
    top: { product: 'proofpoint', subProduct: null, name: 'Proofpoint', customers: 3, quantity: '21', money: usd('51'), unknown: 2 },
    subProducts: [
      { product: 'proofpoint', subProduct: 'business', name: 'business', customers: 2, quantity: '17', money: usd('51'), unknown: 0 },
      { product: 'proofpoint', subProduct: 'pro', name: 'pro', customers: 1, quantity: '4', money: [], unknown: 2 },
    ],
  });
});

test('currencies stand beside each other', () => {
  const [usage] = usageByProduct([product([count('business', 1, 3)], [count('business', 1, 2, 'EUR')])], []);
  expect(usage?.top.money).toEqual([
    { currency: 'EUR', amount: '2' },
    { currency: 'USD', amount: '3' },
  ]);
});

test('a price list prices what came without a price', () => {
  const list = [{ subProduct: 'pro', company: null, price: decimalOf(5), cost: null, currency: 'USD', from: null, until: null, seq: 1 }];
  const [usage] = usageByProduct([product([count('pro', 4, null)])], list);
  expect(usage?.top.money).toEqual(usd('20'));
});

test('what is counted without a binding of its own is unbound; a true zero is not', () => {
  const [usage] = usageByProduct([product([count('business', 15, 3), count('pro', 0, 5), count('advanced', 1, 4)])], []);
  const bound = [{ subProduct: 'advanced' }] as unknown as Parameters<typeof unboundPlaces>[1];
  const open = unboundPlaces(usage!, bound);
  expect([open.map(({ subProduct }) => subProduct), summed(open)]).toEqual([['business'], usd('45')]);
});

test('a price that customers do not agree on is nobody’s usual price', () => {
  const standings = [product([count('business', 1, 3), count('pro', 1, 5)], [count('business', 1, 3.5), count('pro', 1, 5)])];
  expect([usualPrice(standings, 'business'), usualPrice(standings, 'pro')]).toEqual([
    { cost: null, price: null },
    { cost: null, price: '5' },
  ]);
});
