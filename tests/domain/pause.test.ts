import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pauseFor, pausesOn, type Pause, type PausePlace } from '../../src/domain/pause';

let seq = 0;
function pause(place: Partial<PausePlace>, given: Partial<Pause> = {}): Pause {
  seq += 1;
  return {
    connection: null,
    product: null,
    site: null,
    reason: `reason ${String(seq)}`,
    until: null,
    seq,
    at: '',
    lifted: false,
    ...place,
    ...given,
  };
}
const CUSTOMER = { product: 'proofpoint', site: 'acme.com' };

test('the nearest pause of a customer is the one that is said', () => {
  const own = pause({ connection: 'cw', ...CUSTOMER });
  const product = pause({ connection: 'cw', product: 'proofpoint' });
  const connection = pause({ connection: 'cw' });
  const other = pause({ connection: 'halo' });
  const holding = pausesOn([own, product, connection, other], '2021-01-03');
  expect([
    pauseFor(holding, CUSTOMER, 'cw'),
    pauseFor(holding, { ...CUSTOMER, site: 'other.com' }, 'cw'),
    pauseFor(holding, { product: 'backup', site: 'acme.com' }, 'cw'),
    pauseFor(holding, CUSTOMER, 'autotask'),
  ]).toEqual([own, product, connection, null]);
});

test('a pause holds to the end of its last day, and no longer once it is taken back', () => {
  const first = pause({ connection: 'cw' }, { until: '2021-02-02' });
  expect([pausesOn([first], '2021-02-02'), pausesOn([first], '2021-02-03')]).toEqual([[first], []]);
  expect(pausesOn([first, pause({ connection: 'cw' }, { lifted: true })], '2021-01-03')).toEqual([]);
});

test('the newest version of a place decides, in whatever order they are read', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ lifted: fc.boolean(), product: fc.constantFrom(null, 'a', 'b') }), { minLength: 1, maxLength: 8 }),
      fc.infiniteStream(fc.nat()),
      (versions, order) => {
        const all = versions.map(({ lifted, product }) => pause({ connection: 'cw', product }, { lifted }));
        const shuffled = all.map((one) => [order.next().value as number, one] as const).sort(([left], [right]) => left - right);
        const newest = [null, 'a', 'b'].flatMap((product) => all.findLast((one) => one.product === product) ?? []);
        const expected = newest.filter(({ lifted }) => !lifted).sort((left, right) => right.seq - left.seq);
        expect(
          pausesOn(
            shuffled.map(([, one]) => one),
            '2021-01-03',
          ),
        ).toEqual(expected);
      },
    ),
  );
});
