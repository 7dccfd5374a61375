import { describe, expect, it } from 'vitest';
import type { PsaLine, PsaProduct } from '../../src/domain/agreement';
import type { Change } from '../../src/domain/change';
import { decimalOf } from '../../src/domain/decimal';
import type { PlanRequest } from '../../src/domain/plan';
import { findLine, findProduct, lookAlikes, type Sought } from '../../src/domain/proof';
import * as scene from '../delivery/scene';

const first: Sought = { day: scene.TODAY, lineId: null, besides: null, proven: false, keyless: false };
const name = 'acme.com - acme.com - business';
const business: PsaLine = {
  ...{
    id: '7',
    agreementId: '10',
    kind: 'recurring',
    productId: '40',
    productIdentifier: 'PP-BUS',
    description: name,
    quantity: decimalOf(15),
  },
  ...{ price: decimalOf(3), cost: decimalOf(2), effectiveDate: '2026-04-01', endDate: null, lessIncluded: null, invoiced: null },
  key: scene.keyOf('business'),
};
const advanced: PsaLine = {
  ...business,
  id: '500',
  productId: '41',
  productIdentifier: 'PP-ADV',
  description: 'advanced',
  quantity: decimalOf(5),
  key: scene.keyOf('advanced'),
};
const create = requestOf(scene.createOf('business', 15));
const update = requestOf(scene.updateOf('advanced', 5, 6, '500'));
const end = requestOf(scene.endOf('advanced', 5, '500'));

describe('a new line of a product that was exported just now', () => {
  const exported = requestOf(scene.createOf('business', 15, { use: 'product:business', product: 'Business' }));
  const bare = { ...business, key: null, productId: '77', productIdentifier: null };
  const sent: Sought = { ...first, besides: [] };

  it('is told by its name where the PSA names products by ids alone', () => {
    expect(findLine(exported, [bare], sent)).toEqual({ kind: 'as wanted', id: '7', copies: [], line: bare });
    expect(lookAlikes(exported, [bare], scene.TODAY)).toEqual(['7']);
  });

  it('is not one of another name, and a line that names another product is not it', () => {
    expect(findLine(exported, [{ ...bare, description: 'another' }], sent)).toEqual({ kind: 'absent' });
    expect(findLine(exported, [{ ...bare, productIdentifier: 'PP-ADV' }], sent)).toEqual({ kind: 'absent' });
  });
});

describe('a line that is to be created', () => {
  it('is absent while only ended ones carry its key', () => {
    expect(findLine(create, [{ ...business, endDate: '2026-03-31' }], first)).toEqual({ kind: 'absent' });
  });

  it('is absent beside a line of its key that ends later than today, unless that one came after the first send', () => {
    const ending = { ...business, endDate: '2026-04-30' };
    expect(findLine(create, [ending], first)).toEqual({ kind: 'absent' });
    expect(lookAlikes(create, [ending], scene.TODAY)).toEqual(['7']);
    expect(findLine(create, [ending], { ...first, besides: ['7'] })).toEqual({ kind: 'absent' });
    const ended = { kind: 'different', id: '7', copies: [], field: 'endDate', believed: null, found: '2026-04-30' };
    expect(findLine(create, [ending], { ...first, besides: [] })).toEqual(ended);
    const ours = { ...business, id: '8' };
    expect(findLine(create, [ending, ours], first)).toEqual({ kind: 'as wanted', id: '8', copies: [], line: ours });
  });

  it('is absent while the line of its key bills another product, which it is about to replace', () => {
    expect(findLine(create, [{ ...business, productId: '41', productIdentifier: 'PP-ADV' }], first)).toEqual({ kind: 'absent' });
  });

  it('is as wanted once, with every further copy named', () => {
    const copies = [business, { ...business, id: '8' }, { ...business, id: '9' }];
    expect(findLine(create, copies, { ...first, lineId: '8' })).toEqual({
      kind: 'as wanted',
      id: '8',
      copies: ['7', '9'],
      line: copies[1],
    });
  });

  it.each([
    ['quantity', { quantity: decimalOf(14) }, '15', '14'],
    ['price', { price: decimalOf(4) }, '3', '4'],
    ['cost', { cost: decimalOf(1) }, '2', '1'],
  ])('is different in its %s', (field, change, believed, found) => {
    expect(findLine(create, [{ ...business, ...change }], first)).toEqual({
      kind: 'different',
      id: '7',
      copies: [],
      field,
      believed,
      found,
    });
  });

  it('where the PSA drops our key: a line that looks like it counts only if it came after the first send', () => {
    const bare = { ...business, key: null };
    expect(lookAlikes(create, [bare], scene.TODAY)).toEqual(['7']);
    expect(findLine(create, [bare], first)).toEqual({ kind: 'absent' });
    expect(findLine(create, [bare], { ...first, besides: ['7'] })).toEqual({ kind: 'absent' });
    expect(findLine(create, [bare], { ...first, besides: [] })).toEqual({ kind: 'as wanted', id: '7', copies: [], line: bare });
  });
});

describe('at a PSA with no field for our key', () => {
  const bare = { ...business, key: null };
  const keyless = { ...first, keyless: true };

  it('a line of the same product and name is ours, and a second one is a copy, whichever the answer named', () => {
    expect(findLine(create, [bare], keyless)).toEqual({ kind: 'as wanted', id: '7', copies: [], line: bare });
    const twice = [bare, { ...bare, id: '8' }];
    expect(findLine(create, twice, { ...keyless, besides: [], lineId: '8' })).toMatchObject({ kind: 'as wanted', id: '8', copies: ['7'] });
  });

  it('a line that was kept at 0 is not the new one of its name', () => {
    const kept = { ...bare, quantity: decimalOf(0) };
    expect(findLine(create, [kept], keyless)).toEqual({ kind: 'absent' });
    expect(findLine(create, [kept, { ...bare, id: '8' }], keyless)).toMatchObject({ kind: 'as wanted', id: '8', copies: [] });
    expect(findLine(create, [kept], { ...keyless, besides: [] })).toMatchObject({ kind: 'different', field: 'quantity', found: '0' });
  });

  it('a line without an id is not gone while an open one of its product stands', () => {
    const sought = { ...keyless, lineId: null };
    const renamed = { ...advanced, key: null, description: 'Renamed by hand' };
    expect(findLine(update, [renamed], sought)).toMatchObject({ kind: 'different', field: 'name', found: 'Renamed by hand' });
    expect(findLine(update, [], sought)).toEqual({ kind: 'absent' });
  });
});

describe('a line that is to be changed', () => {
  it('is as believed, as wanted, different or gone', () => {
    const known = { ...first, lineId: '500' };
    expect(findLine(update, [advanced], known).kind).toBe('as believed');
    expect(findLine(update, [{ ...advanced, quantity: decimalOf(6) }], known).kind).toBe('as wanted');
    const changed = { kind: 'different', id: '500', copies: [], field: 'quantity', believed: '5', found: '7' };
    expect(findLine(update, [{ ...advanced, quantity: decimalOf(7) }], known)).toEqual(changed);
    expect(findLine(update, [], known)).toEqual({ kind: 'absent' });
  });

  it('is compared in what is written, the product and the end date, and in nothing else', () => {
    const known = { ...first, lineId: '500' };
    expect(findLine(update, [{ ...advanced, price: decimalOf(99), description: 'renamed' }], known).kind).toBe('as believed');
    expect(findLine(update, [{ ...advanced, productId: '42' }], known)).toMatchObject({ kind: 'different', field: 'productId' });
    expect(findLine(update, [{ ...advanced, endDate: '2026-03-31' }], known)).toMatchObject({ kind: 'different', field: 'endDate' });
  });

  it('is found by its key where its id is not known', () => {
    expect(findLine(update, [advanced], first)).toMatchObject({ kind: 'as believed', id: '500' });
  });

  it('that is to be adopted is not done before it carries our key', () => {
    const adopt = requestOf({ ...(scene.updateOf('advanced', 5, 5, '500') as Extract<Change, { kind: 'update' }>), adopt: true });
    const known = { ...first, lineId: '500' };
    expect(findLine(adopt, [{ ...advanced, key: null }], known).kind).toBe('as believed');
    expect(findLine(adopt, [advanced], known).kind).toBe('as wanted');
    expect(findLine(adopt, [{ ...advanced, key: null }], { ...known, proven: true }).kind).toBe('as wanted');
  });

  it('that is to be ended: on our day it is done, on another day somebody else did it', () => {
    const known = { ...first, lineId: '500' };
    expect(findLine(end, [{ ...advanced, endDate: '2026-03-31' }], known).kind).toBe('as wanted');
    const other = { kind: 'different', id: '500', copies: [], field: 'endDate', believed: null, found: '2026-01-31' };
    expect(findLine(end, [{ ...advanced, endDate: '2026-01-31' }], known)).toEqual(other);
  });
});

describe('a product that is to be exported', () => {
  const request = requestOf(scene.exportOf());
  const product: PsaProduct = {
    ...{ id: '90', identifier: 'mail-shield', description: 'Mail shield', price: null, cost: null, taxable: null, active: true },
    reference: scene.EXPORTED,
  };
  it('is there under our key, or its identifier is somebody else’s', () => {
    expect(findProduct(request, [product])).toEqual({ kind: 'as wanted', id: '90', copies: [], line: null });
    const taken = { kind: 'different', id: '90', copies: [], field: 'reference', believed: scene.EXPORTED, found: null };
    expect(findProduct(request, [{ ...product, reference: null }])).toEqual(taken);
    expect(findProduct(request, [{ ...product, identifier: 'an-earlier-name' }])).toEqual({ kind: 'absent' });
    expect(findProduct(request, [])).toEqual({ kind: 'absent' });
  });
});

function requestOf(change: Change): PlanRequest {
  const request = scene.planOf([change]).requests.at(-1);
  if (request === undefined) throw new Error('the plan has a request');
  return request;
}
