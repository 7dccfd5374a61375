import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import { ignoreOn, type Ignore } from '../../src/domain/ignore';
import { problem } from '../../src/domain/problem';
import { NO_THRESHOLD, unusualIn, type Threshold } from '../../src/domain/threshold';
import type { Movement, Standing } from '../../src/domain/standing';

function changed(given: Partial<Movement>): Standing {
  const movement: Movement = {
    ...{ subProduct: 'business', name: 'Business', previous: null, currency: 'USD', reason: 'quantity changed' },
    ...{ synced: decimalOf(10), current: decimalOf(13), delta: decimalOf(3), money: decimalOf(9) },
    ...given,
  };
  return { customer: { product: 'proofpoint', site: 'a.example' }, movements: [movement] } as unknown as Standing;
}
const by = (given: Partial<Threshold>): Threshold => ({ ...NO_THRESHOLD, ...given });
const said = (limit: string, delta = '3', before = '10') =>
  problem('change is unusual', {
    ...{ site: 'a.example', subProduct: 'Business', delta: decimalOf(delta), before: decimalOf(before), limit },
  });

test.each([
  ['no threshold', NO_THRESHOLD, {}, null],
  ['exactly the percent', by({ percent: 30 }), {}, null],
  ['above the percent', by({ percent: 29 }), {}, said('29 %')],
  ['as far below', by({ percent: 29 }), { delta: decimalOf(-3), current: decimalOf(7) }, said('29 %', '-3')],
  ['exactly the amount', by({ amount: decimalOf(9) }), {}, null],
  ['above the amount', by({ amount: decimalOf('8.99') }), {}, said('8.99 USD')],
  ['money unknown', by({ amount: decimalOf(1000) }), { money: null, currency: null }, said('1000')],
  ['never synced, against last month', by({ percent: 29 }), { synced: null, previous: decimalOf(12), delta: decimalOf(13) }, null],
  ['never counted before has no percent', by({ percent: 1 }), { synced: null, previous: null, reason: 'new' }, null],
  ['what did not change', by({ percent: 0, amount: decimalOf(0) }), { reason: null }, null],
  ['what is unknown', by({ percent: 0 }), { delta: null, current: null }, null],
] as const)('%s', (_, threshold, movement, expected) => {
  expect(unusualIn(changed(movement), threshold)).toEqual(expected);
});

test('a higher threshold never holds back what a lower one let pass', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: -500, max: 500 }),
      fc.nat(300),
      fc.nat(300),
      (synced, delta, low, more) => {
        const standing = changed({ synced: decimalOf(synced), delta: decimalOf(delta), current: decimalOf(synced + delta) });
        const held = (percent: number) => unusualIn(standing, by({ percent })) !== null;
        expect(held(low) || !held(low + more)).toBe(true);
      },
    ),
  );
});

const ignore = (given: Partial<Ignore>): Ignore => ({
  ...{
    product: 'proofpoint',
    site: 'a.example',
    reason: 'test tenant',
    until: null,
    lifted: false,
    seq: 1,
    at: '2021-01-03T08:00:00.000Z',
  },
  ...given,
});

test.each([
  ['none', [], null],
  ['until taken back', [ignore({})], 1],
  ['on its last day', [ignore({ until: '2021-01-03' })], 1],
  ['expired', [ignore({ until: '2021-01-02' })], null],
  ['taken back', [ignore({}), ignore({ seq: 2, lifted: true })], null],
  ['again, in any order', [ignore({ seq: 3 }), ignore({ seq: 2, lifted: true }), ignore({})], 3],
] as const)('an ignore: %s', (_, versions, seq) => {
  expect(ignoreOn(versions, '2021-01-03')?.seq ?? null).toBe(seq);
});
