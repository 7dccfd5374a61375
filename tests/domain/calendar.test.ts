import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dayOf,
  finalDayOf,
  isDay,
  isPeriod,
  lastDayOf,
  newestFinalPeriod,
  numberOfDay,
  periodOf,
  periodState,
  shiftDay,
  shiftPeriod,
  snapshotDayOf,
} from '../../src/domain/calendar';

const period = fc
  .tuple(fc.integer({ min: 1990, max: 2090 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, month]) => `${String(year)}-${String(month).padStart(2, '0')}`);

describe('the billing calendar', () => {
  test('March is counted on the 19th of March and final on the 3rd of April', () => {
    expect([snapshotDayOf('2026-03'), finalDayOf('2026-03')]).toEqual(['2026-03-19', '2026-04-03']);
    expect(['2026-03-18', '2026-03-19', '2026-04-02', '2026-04-03'].map((today) => periodState('2026-03', today))).toEqual([
      'open',
      'counted',
      'counted',
      'final',
    ]);
  });

  test('December 2020 is what the wizard offers on the demo date, and November the day before', () => {
    expect([newestFinalPeriod('2021-01-03'), newestFinalPeriod('2021-01-02')]).toEqual(['2020-12', '2020-11']);
  });

  test('a snapshot day that a month does not have is its last day', () => {
    expect(snapshotDayOf('2023-02', { snapshotDay: 31, finalDay: 3 })).toBe('2023-02-28');
    expect(finalDayOf('2024-01', { snapshotDay: 19, finalDay: 30 })).toBe('2024-02-29');
  });

  test('days and their numbers are the same day in every year', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000, max: 60_000 }), (number) => {
        const day = dayOf(number);
        expect(numberOfDay(day)).toBe(number);
        expect(isDay(day)).toBe(true);
        expect(shiftDay(day, 1)).toBe(dayOf(number + 1));
      }),
    );
  });

  test('shifting a period forth and back is no shift, and its last day lies before the next period', () => {
    fc.assert(
      fc.property(period, fc.integer({ min: -600, max: 600 }), (start, months) => {
        expect(shiftPeriod(shiftPeriod(start, months), -months)).toBe(start);
        expect(periodOf(lastDayOf(start))).toBe(start);
        expect(periodOf(shiftDay(lastDayOf(start), 1))).toBe(shiftPeriod(start, 1));
      }),
    );
  });

  test('what is no day or period is refused', () => {
    expect(['2026-02-29', '2026-2-9', '2026-13-01', '', 'today', '2026-04-31'].map(isDay)).toEqual(Array(6).fill(false));
    expect(['2026-00', '2026-13', '202-01', '2026-1'].map(isPeriod)).toEqual(Array(4).fill(false));
    expect([isDay('2024-02-29'), isPeriod('2026-12')]).toEqual([true, true]);
  });
});
