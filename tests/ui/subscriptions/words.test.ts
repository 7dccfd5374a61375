import { describe, expect, test } from 'vitest';
import { DEFAULT_CALENDAR } from '../../../src/domain/calendar';
import { decimalOf } from '../../../src/domain/decimal';
import { unsyncedOf } from '../../../src/ui/subscriptions/counts';
import { countInWords, monthInWords, renamedTo } from '../../../src/ui/subscriptions/count-in-words';
import { marginShare, totalsOf } from '../../../src/ui/subscriptions/totals';
import { company, movement, product, standing, unknownStanding } from '../support/standings';

const plain = standing('acme.com');
const counted = (how: 'snapshot' | 'stale' | 'late' | 'final', state: 'open' | 'counted' | 'final', date = '2020-12-19') =>
  countInWords({ ...plain, periodState: state, count: { ...plain.count, how, date } }, DEFAULT_CALENDAR);

describe('a count says where it comes from', () => {
  test.each([
    ['final month', counted('snapshot', 'final'), { text: 'Final since Jan 3, 2021', tone: 'plain' }],
    ['counted month', counted('snapshot', 'counted'), { text: 'Counted on Dec 19, 2020', tone: 'plain' }],
    ['open month', counted('snapshot', 'open', '2020-12-10'), { text: 'Open: counted so far on Dec 10, 2020', tone: 'plain' }],
    ['final file', counted('final', 'open'), { text: 'Final for December 2020', tone: 'plain' }],
    ['stale count', counted('stale', 'final', '2020-12-12'), { text: 'Stale: last counted on Dec 12, 2020', tone: 'warn' }],
    ['late count', counted('late', 'final', '2020-12-22'), { text: 'Late: first counted on Dec 22, 2020', tone: 'bad' }],
    [
      'absent site',
      countInWords(unknownStanding('a.com'), DEFAULT_CALENDAR),
      { text: 'Not reported for December 2020: unknown', tone: 'bad' },
    ],
  ])('%s', (_, said, expected) => {
    expect(said).toEqual(expected);
  });

  test('and a panel says where its month stands', () => {
    expect([monthInWords(plain, DEFAULT_CALENDAR), monthInWords({ ...plain, periodState: 'counted' }, DEFAULT_CALENDAR)]).toEqual([
      'December 2020 is final since Jan 3, 2021',
      'December 2020 is counted, final on Jan 3, 2021',
    ]);
  });
});

describe('a site that is missing', () => {
  const missing = unknownStanding('old.com');
  const fresh = standing('new.com', { movements: [movement('Proofpoint Business', { current: 4, previous: null, synced: null })] });

  test('may be a new site of the same company', () => {
    expect(renamedTo(missing, [missing, fresh])).toBe(fresh);
  });
  test('is not a new site of another company, nor one that was there before', () => {
    expect(renamedTo(missing, [missing, { ...fresh, company: company('c2', 'Other') }, standing('other.com')])).toBeNull();
  });
});

test('the navigation counts what a sync would change', () => {
  const changed = standing('b.com', { flag: 'changed' });
  const without = standing('c.com', { company: null, flag: 'needs company' });
  const all = [product([standing('a.com'), changed, without])];
  expect([unsyncedOf(all, new Set()), unsyncedOf(all, new Set([changed.key]))]).toEqual([1, 0]);
});

describe('totals', () => {
  test('add what is in one currency', () => {
    expect(totalsOf([product([]), product([])])).toEqual({ currency: 'USD', cost: '146.4', price: '180', margin: '33.6' });
  });
  test('never mix currencies', () => {
    expect(totalsOf([product([]), product([], { currency: 'EUR' })])).toBeNull();
  });
  test('stay unknown when a part is', () => {
    expect(totalsOf([product([]), product([], { cost: null, margin: null })])).toEqual({
      currency: 'USD',
      cost: null,
      price: '180',
      margin: null,
    });
  });
  test('a share of a price of 0 is unknown', () => {
    expect([
      marginShare(decimalOf('8.4'), decimalOf(45)),
      marginShare(decimalOf(0), decimalOf(0)),
      marginShare(null, decimalOf(1)),
    ]).toEqual([0.1867, null, null]);
  });
});
