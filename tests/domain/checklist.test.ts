import { describe, expect, test } from 'vitest';
import type { Binding } from '../../src/domain/agreement';
import { checklistOf, type Checklist, type ChecklistFacts } from '../../src/domain/checklist';
import { decimalOf } from '../../src/domain/decimal';
import { priceIndex } from '../../src/domain/priced-line';
import { NO_THRESHOLD } from '../../src/domain/threshold';
import { checklistFacts } from '../../src/storage/checklist';
import { ignoreCustomers } from '../../src/storage/ignores';
import { monthStanding } from '../../src/storage/month';
import { december, demo, emptyDatabase, mail, NOW, seeded } from '../demo/demo';
import { movement, product, standing, unknownStanding } from '../ui/support/standings';

const nothing: ChecklistFacts = {
  ...{ standings: [], state: 'final', prices: priceIndex([]), outcomes: [] },
  arrears: { ignores: new Map(), thresholdOf: () => NO_THRESHOLD, connectionOf: () => null, decided: new Set() },
  bound: { usedBy: new Map(), usual: null, bindings: [] },
};
const stepOf = (checklist: Checklist, key: string) => checklist.steps.find((step) => step.key === key);

/** A count of the standing's one sub-product, priced as the test says. */
function counted(site: string, own: { price?: string | null; currency?: string; quantity?: number | null } = {}) {
  const plain = standing(site);
  const { price = '3', currency = 'USD', quantity = 15 } = own;
  const count = {
    ...{ subProduct: 'proofpoint-business', name: 'Proofpoint Business', trialQuantity: decimalOf(0), unit: null, currency },
    ...{ vendorTotal: null, licences: null, evidence: [], cost: decimalOf('2.44') },
    quantity: quantity === null ? null : decimalOf(quantity),
    price: price === null ? null : decimalOf(price),
  };
  return { ...plain, count: { ...plain.count, counts: [count] } };
}

describe('the checklist of the demo in December', () => {
  test('says of every step how many of how many, what the rest is worth and where its rows are', async () => {
    const db = await demo();
    const { steps, ...rest } = checklistOf({
      ...(await checklistFacts(db, december)),
      ...{ state: 'final', standings: await monthStanding(db, december) },
    });
    const proofpoint = (view: string) => ({ at: 'customers', product: 'proofpoint', view });
    const usd = (amount: string, unknown = 0) => ({ money: [{ currency: 'USD', amount }], unknown });
    const subProducts = [
      'proofpoint-business',
      'proofpoint-advanced-plus',
      'proofpoint-advanced',
      'proofpoint-business-plus',
      'proofpoint-pro',
    ];
    const bind = (...names: string[]) => ({ at: 'products', connection: 'demo-connectwise', subProducts: names });
    expect(steps).toEqual([
      {
        ...{ key: 'usage', isDone: false, done: 39, of: 42, money: usd('22.5', 2) },
        rows: { at: 'customers', product: null, view: 'counted' },
        parts: ['stale', 'late', 'missing', 'unclear'].map((what) => ({ what, count: 1, rows: proofpoint(what) })),
      },
      {
        ...{ key: 'companies', isDone: false, done: 39, of: 42, money: usd('66'), rows: proofpoint('needs-company') },
        parts: [{ what: 'needs-company', count: 3, rows: proofpoint('needs-company') }],
      },
      {
        ...{ key: 'products', isDone: false, done: 3, of: 9, money: usd('1676.5'), rows: bind(...subProducts, 'latchkey-enterprise') },
        parts: [
          { what: 'unbound', count: 5, rows: bind(...subProducts) },
          { what: 'through the top-level product', count: 1, rows: bind('latchkey-enterprise') },
        ],
      },
      {
        ...{ key: 'changed', isDone: false, done: 15, of: 41, money: usd('1178'), rows: { at: 'unsynced', view: 'all' } },
        parts: [
          { what: 'new', count: 18, rows: { at: 'unsynced', view: 'new' } },
          { what: 'changed', count: 8, rows: { at: 'unsynced', view: 'changed' } },
          { what: 'gone', count: 2, rows: { at: 'unsynced', view: 'gone' }, within: true },
        ],
      },
      {
        ...{ key: 'synced', isDone: false, done: 9, of: 40, money: usd('2025.5', 2) },
        rows: { at: 'customers', product: null, view: 'synced' },
        parts: [{ what: 'to-sync', count: 25, rows: { at: 'customers', product: null, view: 'to-sync' } }],
      },
      { key: 'delivered', isDone: false, done: 0, of: 0, money: null, rows: { at: 'plans', outcome: null }, parts: [] },
    ]);
    expect({ ...rest, products: rest.products.map(({ name, customers, counts }) => [name, customers, Object.values(counts)]) }).toEqual({
      ...{ customers: 42, compared: 41, ignored: 0, isDone: false },
      products: [
        ['Latchkey Password Manager', 5, [5, 0, 0, 0, 0, 0, 2, 3]],
        ['Northvault Backup', 9, [9, 0, 0, 0, 0, 0, 6, 3]],
        ['Proofpoint', 28, [25, 1, 1, 1, 1, 3, 17, 3]],
      ],
    });
  });

  test('leaves ignored customers out of every number but their own', async () => {
    const db = await seeded();
    const late = [mail('harborpointcpa.com'), mail('1stwestinsurance.com')];
    await ignoreCustomers(db, NOW, { customers: late, reason: 'leaving', until: null });
    const checklist = checklistOf({
      ...(await checklistFacts(db, december)),
      ...{ state: 'final', standings: await monthStanding(db, december) },
    });
    expect([checklist.customers, checklist.ignored]).toEqual([40, 2]);
    expect(stepOf(checklist, 'usage')).toMatchObject({ done: 38, of: 40, money: { money: [], unknown: 2 } });
    expect(stepOf(checklist, 'companies')).toMatchObject({
      done: 38,
      of: 40,
      money: { money: [{ currency: 'USD', amount: '21' }], unknown: 0 },
    });
  });
});

describe('the checklist', () => {
  test('of a month without usage is not done', async () => {
    const facts = await checklistFacts(await emptyDatabase(), december);
    const checklist = checklistOf({ ...facts, standings: [], state: 'final' });
    expect([facts.imports, facts.connections, checklist.isDone, checklist.customers]).toEqual([0, 0, false, 0]);
  });

  test('is done when everything is counted, bound, synced and delivered', () => {
    const synced = counted('a.com');
    const bindings: Binding[] = [
      {
        ...{
          connection: 'cw',
          product: 'proofpoint',
          subProduct: 'proofpoint-business',
          psaProductId: '1',
          identifier: 'B',
          description: 'B',
        },
        ...{ taxable: null, origin: 'bound', exportPlan: null, from: null, until: null, seq: 1 },
      },
    ];
    const facts: ChecklistFacts = {
      ...{ ...nothing, standings: [product([synced])], outcomes: ['done', 'replaced'] },
      bound: { usedBy: new Map([[synced.key, 'cw']]), usual: null, bindings },
    };
    const checklist = checklistOf(facts);
    expect([checklist.isDone, checklist.steps.map(({ done, of }) => `${done} of ${of}`)]).toEqual([
      true,
      ['1 of 1', '1 of 1', '1 of 1', '1 of 1', '1 of 1', '1 of 1'],
    ]);
    expect(checklistOf({ ...facts, outcomes: [] }).isDone).toBe(true);
    for (const outcome of ['open', 'refused', 'unknown', 'unmarked', 'not applied'] as const) {
      const left = checklistOf({ ...facts, outcomes: ['done', outcome] });
      expect([left.isDone, stepOf(left, 'delivered')]).toEqual([
        false,
        {
          ...{ key: 'delivered', isDone: false, done: 1, of: 2, money: null, rows: { at: 'plans', outcome: 'done' } },
          parts: [{ what: outcome, count: 1, rows: { at: 'plans', outcome } }],
        },
      ]);
    }
  });

  test('of an open month is never done: its counts go on', () => {
    expect(stepOf(checklistOf({ ...nothing, state: 'open', standings: [product([counted('a.com')])] }), 'usage')).toMatchObject({
      ...{ done: 1, of: 1, isDone: false },
    });
  });

  test('keeps currencies apart and says how much money nobody knows', () => {
    const without = [
      counted('a.com'),
      counted('b.eu', { currency: 'EUR', price: '2.50' }),
      counted('c.com', { price: null }),
      counted('d.com', { quantity: null }),
      unknownStanding('e.com'),
    ].map((row) => ({ ...row, company: null, flag: 'needs company' as const }));
    expect(stepOf(checklistOf({ ...nothing, standings: [product(without)] }), 'companies')?.money).toEqual({
      money: [
        { currency: 'EUR', amount: '37.5' },
        { currency: 'USD', amount: '45' },
      ],
      unknown: 3,
    });
  });

  test('takes a price that only the price list knows, and the usual connection for a customer who never used one', () => {
    const listed = counted('a.com', { price: null });
    const entry = {
      subProduct: 'proofpoint-business',
      company: null,
      price: decimalOf(4),
      cost: null,
      currency: 'USD',
      from: null,
      until: null,
      seq: 1,
    };
    const facts = { ...nothing, standings: [product([listed])], prices: priceIndex([entry]), bound: { ...nothing.bound, usual: 'cw' } };
    expect(stepOf(checklistOf(facts), 'products')).toMatchObject({
      ...{ done: 0, of: 1, isDone: false, money: { money: [{ currency: 'USD', amount: '60' }], unknown: 0 } },
      rows: { at: 'products', connection: 'cw', subProducts: ['proofpoint-business'] },
    });
  });

  test('counts every line of a customer of whom all lines were left out of the last sync', () => {
    const left = {
      ...counted('a.com'),
      flag: 'changed' as const,
      movements: [movement('Proofpoint Business', { current: 15, previous: 15, synced: 15 })],
    };
    expect(stepOf(checklistOf({ ...nothing, standings: [product([left])] }), 'changed')).toMatchObject({
      ...{ done: 0, of: 1 },
      parts: [{ what: 'changed', count: 1, rows: { at: 'unsynced', view: 'changed' } }],
    });
  });
});
