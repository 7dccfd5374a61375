import { describe, expect, test } from 'vitest';
import { customersOf, indexed, matching } from '../../../src/ui/subscriptions/filter';
import { company, product, standing } from '../support/standings';

const proofpoint = product([
  standing('acme.com', { company: company('c1', 'Zenith Holdings') }),
  standing('1stwestinsurance.com', { company: null, flag: 'needs company' }),
]);
const backup = product([standing('Acme Bakery', { flag: 'changed' })], {
  product: 'backup',
  name: 'Northvault Backup',
  vendor: 'Northvault',
});
const index = indexed([proofpoint, backup]);
const names = (text: string, view: Parameters<typeof matching>[2] = 'all') =>
  matching(index, text, view).map((entry) => entry.product.name);

describe('the search', () => {
  test.each([
    ['product', 'proofp', ['Proofpoint']],
    ['vendor', 'NORTHVAULT', ['Northvault Backup']],
    ['site', '1stwest', ['Proofpoint']],
    ['company', 'zenith', ['Proofpoint']],
    ['several words in any order', 'bakery backup', ['Northvault Backup']],
    ['nothing typed', '  ', ['Proofpoint', 'Northvault Backup']],
    ['no match', 'nobody', []],
  ])('finds by %s', (_, text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  test('that means the product keeps all its customers', () => {
    expect(customersOf(index[0]!, 'proofpoint', 'all').map(({ customer }) => customer.site)).toEqual(['acme.com', '1stwestinsurance.com']);
  });

  test('that means a customer narrows the panel to it', () => {
    expect(customersOf(index[0]!, '1stwest', 'all').map(({ customer }) => customer.site)).toEqual(['1stwestinsurance.com']);
  });
});

test('a status tab keeps products with such a customer', () => {
  expect([names('', 'needs-company'), names('', 'changed'), names('', 'never-synced')]).toEqual([
    ['Proofpoint'],
    ['Northvault Backup'],
    [],
  ]);
});

test('a search in 5,000 customers is quick, when nobody else takes the processor', async () => {
  const many = indexed([product(Array.from({ length: 5000 }, (_, n) => standing(`site-${String(n)}.example.com`)))]);
  const search = () => {
    const start = performance.now();
    expect(customersOf(many[0]!, 'site-4999', 'all')).toHaveLength(1);
    return performance.now() - start;
  };
  await expect.poll(search).toBeLessThan(100);
});
