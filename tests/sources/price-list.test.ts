import { expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal.ts';
import { readPriceList, writePriceList, type PriceNames } from '../../src/sources/price-list.ts';

const names: PriceNames = {
  subProducts: [
    { key: 'business', product: 'proofpoint', name: 'Proofpoint Business', unit: null, ids: [] },
    { key: 'pro', product: 'proofpoint', name: 'Pro', unit: null, ids: [] },
    { key: 'pro-2', product: 'other', name: 'Pro', unit: null, ids: [] },
  ],
  companies: [{ id: 'c1', name: 'Acme', domains: [], externalId: null, status: 'active', source: 'partner' }],
};
const entry = { company: null, price: decimalOf(3), cost: decimalOf(2.44), currency: 'USD', from: null, until: null };

test('names and keys, every company and one, every month and from one on', () => {
  const text =
    '\uFEFFSub-product,Company,Price,Cost,Currency,From\r\nProofpoint Business,,3.00,2.44,usd,\r\nbusiness,acme,2.9,,USD,2026-03\r\n';
  expect(readPriceList(text, names)).toEqual({
    prices: [
      { ...entry, subProduct: 'business' },
      { ...entry, subProduct: 'business', company: 'c1', price: '2.9', cost: null, from: '2026-03' },
    ],
    problems: [],
  });
});

test('a semicolon separates as well', () => {
  expect(readPriceList('sub-product;price;currency\nbusiness;3;USD', names).prices).toEqual([
    { ...entry, subProduct: 'business', cost: null },
  ]);
});

test('every bad value is named with its row and reason, and the good rows stay', () => {
  const rows = ['unknown,,3,,USD,', 'Pro,,3,,USD,', 'business,nobody,"3,00",-1,dollar,March', 'business,,,,USD,', 'business,,4,,USD,'];
  const read = readPriceList(`sub-product,company,price,cost,currency,from\n${rows.join('\n')}`, names);
  expect(read.prices).toEqual([{ ...entry, subProduct: 'business', price: '4', cost: null }]);
  expect(read.problems).toEqual([
    { row: 2, column: 'sub-product', value: 'unknown', reason: 'not known' },
    { row: 3, column: 'sub-product', value: 'Pro', reason: 'several fit' },
    { row: 4, column: 'company', value: 'nobody', reason: 'not known' },
    { row: 4, column: 'price', value: '3,00', reason: 'not a number' },
    { row: 4, column: 'cost', value: '-1', reason: 'not a number' },
    { row: 4, column: 'currency', value: 'dollar', reason: 'not a currency' },
    { row: 4, column: 'from', value: 'March', reason: 'not a month' },
    { row: 5, column: 'price', value: '', reason: 'nothing is priced' },
  ]);
});

test('a file without the columns says which are missing', () => {
  expect(readPriceList('a,b\n1,2', names).problems).toEqual(
    (['sub-product', 'price', 'currency'] as const).map((column) => ({ row: 1, column, value: '', reason: 'column is missing' })),
  );
});

test('what is written is read again, a key that begins like a formula included', () => {
  const formula = { subProducts: [{ key: '=2+2', product: 'p', name: 'Sum', unit: null, ids: [] }], companies: [] };
  const prices = [{ ...entry, subProduct: '=2+2', from: '2026-03', seq: 7 }];
  const { seq: _seq, ...price } = prices[0]!;
  expect(writePriceList(prices)).toBe("\uFEFFsub-product,company,price,cost,currency,from\r\n'=2+2,,3,2.44,USD,2026-03\r\n");
  expect(readPriceList(writePriceList(prices), formula)).toEqual({ prices: [price], problems: [] });
});
