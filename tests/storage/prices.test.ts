import { expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal.ts';
import type { Database } from '../../src/storage/db.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { priceList, pricesFor, setPrice, setPrices, type PriceDraft } from '../../src/storage/prices.ts';

const NOW = '2026-04-03T08:00:00.000Z';
const business: PriceDraft = {
  subProduct: 'business',
  company: null,
  price: decimalOf(3),
  cost: decimalOf(2.44),
  currency: 'USD',
  from: '2026-01',
  until: null,
};

test('a price is a new version, and the old one stays', async () => {
  const db = await database();
  await setPrice(db, NOW, business);
  await setPrice(db, NOW, { ...business, price: decimalOf(3.5), from: '2026-03' });
  expect(await pricesFor(db, ['business'])).toEqual([
    { ...business, seq: 1 },
    { ...business, price: '3.5', from: '2026-03', seq: 3 },
  ]);
});

test('the same list twice changes nothing', async () => {
  const db = await database();
  const list = [business, { ...business, company: 'c1', price: decimalOf(2.9) }];
  expect([await setPrices(db, NOW, list), await setPrices(db, NOW, list)]).toEqual([2, 0]);
  expect(await db.prices.count()).toBe(2);
});

test('a price that comes back after another one counts as new', async () => {
  const db = await database();
  await setPrice(db, NOW, business);
  await setPrice(db, NOW, { ...business, price: decimalOf(4) });
  await setPrice(db, NOW, business);
  expect((await priceList(db)).map(({ price }) => price)).toEqual(['3', '4', '3']);
});

test('only the named sub-products are answered', async () => {
  const db = await database();
  await setPrices(db, NOW, [business, { ...business, subProduct: 'pro' }]);
  expect((await pricesFor(db, ['pro'])).map(({ subProduct }) => subProduct)).toEqual(['pro']);
});

function database(): Promise<Database> {
  return openDatabase(`prices-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
}
