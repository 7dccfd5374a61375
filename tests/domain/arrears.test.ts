import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrearsOf, isForBulk, moneyOf, type ArrearsFacts, type ArrearsView } from '../../src/domain/arrears';
import { filtered, groupsOf, GROUPINGS, ordered, type ArrearsFilter } from '../../src/domain/arrears-rows';
import { decimalOf } from '../../src/domain/decimal';
import type { Ignore } from '../../src/domain/ignore';
import type { Standing } from '../../src/domain/standing';
import { company, movement, product, standing, unknownStanding } from '../ui/support/standings';

const changed = standing('b.com', {
  flag: 'changed',
  movements: [
    movement('Business', { current: 5, previous: 4, synced: 4, reason: 'quantity changed', money: '3' }),
    movement('Pro', { current: 2, previous: 2, synced: 2 }),
    movement('Advanced', { current: 0, previous: 2, synced: 2, reason: 'gone', money: '-8' }),
  ],
});
const fresh = standing('new.com', {
  flag: 'never synced',
  company: company('c2', 'Fresh Ltd'),
  movements: [movement('Business', { current: 40, previous: null, synced: null, reason: 'new', money: '120' })],
});
const doubled = standing('jump.com', {
  flag: 'changed',
  movements: [movement('Business', { current: 31, previous: 15, synced: 15, reason: 'quantity changed', money: '48' })],
});
const dearer = standing('price.com', {
  movements: [movement('Business', { current: 15, previous: 15, synced: 15, reason: 'price changed', money: '0' })],
});
const left = standing('left.com', { flag: 'changed' });
const ALL: readonly Standing[] = [standing('a.com'), changed, fresh, doubled, dearer, left, unknownStanding('gone.com')];
const ignored: Ignore = { ...changed.customer, reason: 'test tenant', until: null, lifted: false, seq: 1, at: '2021-01-03T08:00:00.000Z' };
const facts = (given: Partial<ArrearsFacts> = {}): ArrearsFacts => ({
  ignores: new Map(),
  thresholdOf: () => ({ percent: 100, amount: null }),
  decided: new Set(),
  connectionOf: (customer) => (customer === changed.key ? 'cw' : null),
  ...given,
});
const of = (given: Partial<ArrearsFacts> = {}) => arrearsOf([product(ALL)], facts(given));
const NOTHING: ArrearsFilter = { view: 'all', text: '', product: null, connection: null };
const sites = (given: Partial<ArrearsFilter>, own: Partial<ArrearsFacts> = {}) =>
  filtered(of(own).customers, { ...NOTHING, ...given }).map(({ standing: { customer } }) => customer.site);

describe('who is listed', () => {
  test('is everybody who needs a sync or a look, with the lines that differ', () => {
    const { customers, ...counts } = of();
    expect(counts).toEqual({ all: 7, compared: 6, changed: 4 });
    expect(customers.map(({ standing: { customer }, lines }) => [customer.site, lines.map(({ name, reason }) => [name, reason])])).toEqual([
      [
        'b.com',
        [
          ['Business', 'quantity changed'],
          ['Advanced', 'gone'],
        ],
      ],
      ['new.com', [['Business', 'new']]],
      ['jump.com', [['Business', 'quantity changed']]],
      ['price.com', [['Business', 'price changed']]],
      ['left.com', [['Proofpoint Business', null]]],
      ['gone.com', []],
    ]);
  });

  test.each<[ArrearsView, string[]]>([
    ['all', ['b.com', 'new.com', 'jump.com', 'price.com', 'left.com', 'gone.com']],
    ['new', ['new.com']],
    ['changed', ['b.com', 'jump.com', 'left.com']],
    ['gone', ['b.com']],
    ['price', ['price.com']],
    ['unusual', ['jump.com']],
    ['needs-look', ['gone.com']],
    ['ignored', []],
  ])('in the view %s', (view, expected) => {
    expect(sites({ view })).toEqual(expected);
  });

  test('an ignored customer is in its own view and nowhere else', () => {
    const ignores = new Map([[changed.key, ignored]]);
    expect([sites({ view: 'ignored' }, { ignores }), sites({}, { ignores }), sites({ view: 'changed' }, { ignores })]).toEqual([
      ['b.com'],
      ['new.com', 'jump.com', 'price.com', 'left.com', 'gone.com'],
      ['jump.com', 'left.com'],
    ]);
  });

  test('a bulk sync takes what has something to sync, is not ignored and not unusual', () => {
    const bulk = of({ ignores: new Map([[changed.key, ignored]]) }).customers.filter(isForBulk);
    expect(bulk.map(({ standing: { customer } }) => customer.site)).toEqual(['new.com', 'left.com']);
  });
});

test.each<[string, Partial<ArrearsFilter>, string[]]>([
  ['a part of the site', { text: 'ju' }, ['jump.com']],
  ['the company', { text: 'FRESH' }, ['new.com']],
  ['words in any place', { text: 'business new' }, ['new.com']],
  ['nothing', { text: 'nobody' }, []],
  ['the product', { product: 'other' }, []],
  ['the connection', { connection: 'cw' }, ['b.com']],
])('a search finds by %s', (_, filter, expected) => {
  expect(sites(filter)).toEqual(expected);
});

describe('order and groups', () => {
  const customers = () => of().customers;
  const names = (key: 'customer' | 'delta' | 'money', descending: boolean) =>
    ordered(customers(), { key, descending }).map(({ standing: { customer } }) => customer.site);

  test('customers stand by their largest change, those without one last in either direction', () => {
    expect([
      names('customer', true)[0],
      names('money', true).slice(0, 2),
      names('money', false).slice(-1),
      names('delta', true).slice(-1),
    ]).toEqual(['price.com', ['new.com', 'jump.com'], ['gone.com'], ['gone.com']]);
  });

  test('a customer with two reasons is in the group of each, with its name in both', () => {
    const groups = groupsOf(customers(), 'reason').map(({ value, lines }) => [value, lines.map(({ of: { key }, first }) => [key, first])]);
    expect(groups.slice(0, 2)).toEqual([
      [
        'quantity changed',
        [
          [changed.key, true],
          [doubled.key, true],
        ],
      ],
      ['gone', [[changed.key, true]]],
    ]);
  });

  test('no grouping loses or repeats a line', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...ALL]), fc.constantFrom(...GROUPINGS), (some, grouping) => {
        const listed = arrearsOf([product(some)], facts()).customers;
        const lines = groupsOf(listed, grouping).flatMap((group) =>
          group.lines.map(({ of: own, movement: { subProduct } }) => `${own.key} ${subProduct}`),
        );
        const all = listed.flatMap((own) => own.lines.map(({ subProduct }) => `${own.key} ${subProduct}`));
        expect(lines.toSorted()).toEqual(all.toSorted());
      }),
    );
  });
});

test('money is summed by currency, and what is unknown is counted apart', () => {
  const lines = [
    movement('A', { current: 1, previous: 0, synced: 0, money: '3.10' }),
    movement('B', { current: 1, previous: 0, synced: 0, money: '-1.05' }),
    { ...movement('C', { current: 1, previous: 0, synced: 0, money: '7' }), currency: 'EUR' },
    movement('D', { current: 1, previous: 0, synced: 0 }),
  ];
  expect(moneyOf(lines)).toEqual({
    sums: new Map([
      ['USD', decimalOf('2.05')],
      ['EUR', decimalOf(7)],
    ]),
    unknown: 1,
  });
});
