import { describe, expect, test } from 'vitest';
import { isRecurring, SYNC_OPTIONS } from '../../src/domain/change';
import { ZERO } from '../../src/domain/decimal';
import type { Delivery } from '../../src/domain/delivery';
import { delivered } from '../psa/deliver.ts';
import { billing, journeysOf, keyFor, linesIn } from '../psa/journeys.ts';
import type { PsaFixture } from '../psa/fixture.ts';
import type { EndpointFault } from '../support/endpoint';
import { december } from '../support/grid.ts';
import { everyFixture, everyPsa, lastMonth, lookAt, syncAt, under } from './customer.ts';

const FAULTS: readonly (EndpointFault | null)[] = [
  ...[null, 'reset before', 'reset after', '500 before', '500 after', 'html', 'empty', 'truncated', 'hang after', '429', 'wrong id'],
] as const;

/** What a first answer that goes wrong leaves at a PSA where nothing can be looked at: whether the write ran, and where the row rests. */
const ONCE: Readonly<Record<string, readonly [runs: number, applied: boolean, state: Delivery['state']]>> = {
  null: [1, true, 'sent'],
  'reset before': [1, false, 'unknown'],
  'reset after': [1, true, 'unknown'],
  '500 before': [1, false, 'unknown'],
  '500 after': [1, true, 'unknown'],
  html: [1, true, 'unknown'],
  empty: [1, true, 'unknown'],
  truncated: [1, true, 'unknown'],
  'hang after': [1, true, 'unknown'],
  429: [2, true, 'sent'],
  'wrong id': [1, true, 'sent'],
};

describe.each(everyFixture.filter(({ adapter }) => !adapter.can.readBack).map((fixture) => [fixture.adapter.id, fixture] as const))(
  '%s, which nobody can read back',
  (_, fixture) => {
    const journey = journeysOf(fixture).find(({ name }) => name === 'a new line');

    test.each(FAULTS)('a write whose first answer goes wrong (%s) never goes again by itself', async (fault) => {
      if (journey === undefined) throw new Error('a PSA makes new lines');
      const [runs, applied, state] = ONCE[String(fault)] ?? [0, false, 'pending'];
      const { rows, writes, state: after } = await delivered(fixture, journey, fault);
      expect([writes.length, rows.map((row) => row.state), billing(fixture, after)]).toEqual([runs, [state], applied ? journey.bills : []]);
    });

    test.each(journeysOf(fixture).map((each) => [each.name, each] as const))(
      '%s, confirmed again after it was delivered, is the same plan and sends nothing',
      async (_name, each) => {
        const { rows, writes, state } = await delivered(fixture, each, null, { again: true });
        expect(rows.map((row) => [row.state, row.proof, row.attempts])).toEqual(rows.map(() => ['sent', 'answered', 1]));
        expect(writes.length).toBe(rows.length);
        expect(billing(fixture, state)).toEqual(each.bills);
      },
    );
  },
);

describe.each(everyFixture.filter(({ adapter }) => adapter.can.readBack).map((fixture) => [fixture.adapter.id, fixture] as const))(
  '%s',
  (_, fixture) => {
    const journeys = journeysOf(fixture);
    const cases = journeys.flatMap((journey) => FAULTS.map((fault) => [journey.name, fault, journey] as const));

    test.each(cases)('%s, when each first answer of a write goes wrong (%s): it is there once', async (_name, fault, journey) => {
      const { rows, state } = await delivered(fixture, journey, fault);
      expect(rows.map(({ state: outcome }) => outcome)).toEqual(rows.map(() => 'sent'));
      expect(withoutCost(billing(fixture, state), fixture)).toEqual(withoutCost(journey.bills, fixture));
    });

    test.each(journeys.map((journey) => [journey.name, journey] as const))(
      '%s, confirmed again after it was delivered, sends nothing',
      async (_name, journey) => {
        const first = await delivered(fixture, journey, null);
        const second = await delivered(fixture, journey, null, { start: first.state });
        expect(second.writes).toEqual([]);
        expect(second.state).toEqual(first.state);
      },
    );
  },
);

describe.each(
  everyFixture.filter(({ adapter: { can } }) => can.readBack && can.change).map((fixture) => [fixture.adapter.id, fixture] as const),
)('%s', (_, fixture) => {
  const takeover = journeysOf(fixture).find(({ name }) => name === 'the takeover of somebody\u2019s own line');

  test('the line that was taken over is the old one, with our key in it where the PSA has room for one', async () => {
    if (takeover === undefined) throw new Error('a PSA whose lines change can take one over');
    const { state, rows } = await delivered(fixture, takeover, null);
    const [id] = fixture.lineIds;
    const key = fixture.adapter.limits.lineKey === null || fixture.keysTakeovers === false ? null : keyFor(fixture);
    const ours = linesIn(fixture, state).filter((line) => line.id === id || line.key !== null);
    expect(ours.map((line) => [line.id, line.key])).toEqual([[id, key]]);
    expect(rows.map((row) => row.lineId)).toEqual(rows.map(() => id));
  });
});

/** As many answers of 429 to one call as the sender bears before it gives up. */
const STORM = 5;
const RETRY_AFTER = 7_000;

describe.each(everyPsa)('%s, in a storm of 429', (_, fixture) => {
  test.each(journeysOf(fixture).map((journey) => [journey.name, journey] as const))(
    '%s: each call waits as long as it was told to, and all is there once',
    async (_name, journey) => {
      const calm = await delivered(fixture, journey, null);
      const { rows, state, runs, times, writes, stopped } = await delivered(fixture, journey, null, { storm: STORM });
      expect([stopped, rows.map((row) => row.state)]).toEqual([null, rows.map(() => 'sent')]);
      expect(state).toEqual(calm.state);
      expect(writes.filter(({ fault }) => fault === null).length).toBe(calm.writes.length);
      const waited = runs.flatMap(({ fault }, n) => (fault === '429' ? [(times[n + 1] ?? Infinity) - (times[n] ?? 0)] : []));
      expect(waited.length).toBe((runs.length / (STORM + 1)) * STORM);
      expect(waited.filter((wait) => wait !== RETRY_AFTER)).toEqual([]);
    },
  );

  test.each(
    journeysOf(fixture)
      .filter(({ held }) => held.length === 0)
      .map((journey) => [journey.name, journey] as const),
  )('%s: a storm that outlasts the sender ends the run, and sent on later all is there once', async (_name, journey) => {
    const calm = await delivered(fixture, journey, null);
    const { rows, state, stopped, writes } = await delivered(fixture, journey, null, { storm: STORM + 2 });
    expect([stopped?.code, rows.map((row) => row.state)]).toEqual(['rate limit', rows.map(() => 'sent')]);
    expect(state).toEqual(calm.state);
    expect(writes.filter(({ fault }) => fault === null).length).toBe(calm.writes.length);
  });
});

const FIFTEEN = december({});
const NOBODY = december({ quantity: ZERO });
const RECURRING = SYNC_OPTIONS.filter(isRecurring);

describe.each(everyPsa)('%s, the same plan once more', (_, fixture) => {
  const { can } = fixture.adapter;
  const cases = [
    ...under([['a new line', FIFTEEN, 'date', false] as const]),
    ...under(
      [
        ['another quantity', FIFTEEN, 'date', true] as const,
        ['an end by date', NOBODY, 'date', true] as const,
        ['an end by quantity', NOBODY, 'zero', true] as const,
      ],
      RECURRING,
    ),
  ];

  test.each(cases)(
    '%s, %s: nothing is sent, nothing changes in the PSA, and nothing is left to sync',
    async (option, _name, count, zero, held) => {
      const before = held ? lastMonth(fixture, option) : { state: fixture.sandbox(), synced: null };
      const once = await syncAt(fixture, option, { count }, before, { zero });
      const same = { held: [], plans: () => [once.plan] };
      const twice = await delivered(fixture, same, null, { start: before.state, memory: before.synced, again: true });
      expect([twice.writes, twice.state]).toEqual([once.writes, once.state]);
      if (once.plan.requests.some(({ method }) => method === 'HAND')) {
        expect([can.readBack, once.writes]).toEqual([false, []]);
        return;
      }
      expect(once.writes.length).toBeGreaterThan(0);
      const { grid, problems } = lookAt(fixture, option, { count }, once, { zero });
      expect([problems.map(({ code }) => code), grid.lines.flatMap(({ changes }) => changes)]).toEqual([['nothing to sync'], []]);
      if (!can.readBack) return;
      const elsewhere = await delivered(fixture, same, null, { start: once.state });
      expect([elsewhere.writes, elsewhere.state]).toEqual([[], once.state]);
    },
  );
});

/** A PSA whose lines have no cost is not asked for one. */
function withoutCost<T extends { readonly cost: string | null }>(lines: readonly T[], { adapter }: PsaFixture): readonly T[] {
  return adapter.limits.keepsCost ? lines : lines.map((line) => ({ ...line, cost: null }));
}
