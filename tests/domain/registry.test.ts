import { describe, expect, test } from 'vitest';
import { mergeRegistry, type Found, type RegistryRows } from '../../src/domain/registry.ts';

const EMPTY: RegistryRows = { companies: [], products: [], subProducts: [], subscriptions: [], summaries: [] };
const NOTHING: Found = { companies: [], products: [], subscriptions: [], summaries: [], named: [] };
const summary = (id: string, productId: string, vendorName = 'Proofpoint') => ({
  id,
  companyId: null,
  productId,
  resourceGroup: `${id}.example`,
  vendorName,
  subscriptionId: null,
  currency: 'USD',
  trial: false,
});
const named = (more: object) => ({
  product: null,
  summary: 's1',
  id: 'b1',
  name: 'Proofpoint Essentials - Business',
  unit: 'User',
  ...more,
});

describe('the registry', () => {
  test('names a product after its vendor while nothing else is known, and keeps the key when its name comes', () => {
    const first = mergeRegistry(EMPTY, { ...NOTHING, summaries: [summary('s1', 'p1')] }, 'pax8');
    expect(first.products).toEqual([{ key: 'proofpoint', name: 'Proofpoint', vendor: 'Proofpoint', ids: ['pax8:p1'] }]);
    const later = mergeRegistry(
      first,
      { ...NOTHING, products: [{ id: 'p1', name: 'Proofpoint Essentials', vendor: 'Proofpoint' }] },
      'pax8',
    );
    expect(later.products).toEqual([{ key: 'proofpoint', name: 'Proofpoint Essentials', vendor: 'Proofpoint', ids: ['pax8:p1'] }]);
  });

  test('keeps two unnamed products of one vendor apart', () => {
    const { products } = mergeRegistry(
      EMPTY,
      { ...NOTHING, summaries: [summary('s1', 'aaaaaaaa-1', 'Microsoft'), summary('s2', 'bbbbbbbb-2', 'Microsoft')] },
      'pax8',
    );
    expect(products.map(({ key, ids }) => [key, ids])).toEqual([
      ['microsoft', ['pax8:aaaaaaaa-1']],
      ['microsoft-bbbbbbbb', ['pax8:bbbbbbbb-2']],
    ]);
  });

  test('meets the product of another source under the same key', () => {
    const orgs = mergeRegistry(
      EMPTY,
      { ...NOTHING, named: [named({ product: 'Proofpoint', summary: null, id: null })] },
      'proofpoint-essentials',
    );
    const both = mergeRegistry(orgs, { ...NOTHING, summaries: [summary('s1', 'p1')], named: [named({})] }, 'pax8');
    expect(both.products).toEqual([{ key: 'proofpoint', name: 'Proofpoint', vendor: 'Proofpoint', ids: ['pax8:p1'] }]);
    expect(both.subProducts).toEqual([
      {
        key: 'proofpoint-essentials-business',
        product: 'proofpoint',
        name: 'Proofpoint Essentials - Business',
        unit: 'User',
        ids: ['pax8:b1'],
      },
    ]);
  });

  test('keeps the key of a sub-product that was renamed at its source', () => {
    const before = mergeRegistry(EMPTY, { ...NOTHING, summaries: [summary('s1', 'p1')], named: [named({})] }, 'pax8');
    const after = mergeRegistry(before, { ...NOTHING, named: [named({ name: 'Proofpoint Core - Business', unit: null })] }, 'pax8');
    expect(after.subProducts).toEqual([
      { key: 'proofpoint-essentials-business', product: 'proofpoint', name: 'Proofpoint Core - Business', unit: 'User', ids: ['pax8:b1'] },
    ]);
  });
});
