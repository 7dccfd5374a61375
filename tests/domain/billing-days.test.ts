import { describe, expect, test } from 'vitest';
import { billingDaysFrom, billingDaysOf } from '../../src/domain/billing-days';

describe('the billing days', () => {
  test('of a period come in the order counted, final, invoiced', () => {
    expect(billingDaysOf('2020-12')).toEqual([
      { kind: 'snapshot', period: '2020-12', day: '2020-12-19' },
      { kind: 'final', period: '2020-12', day: '2021-01-03' },
      { kind: 'invoice', period: '2020-12', day: '2021-01-05' },
    ]);
  });

  test('have no invoice day where none is chosen, and never one before the period is final', () => {
    expect(billingDaysOf('2020-12', { snapshotDay: 19, finalDay: 3 }).map(({ kind }) => kind)).toEqual(['snapshot', 'final']);
    expect(billingDaysOf('2020-12', { snapshotDay: 19, finalDay: 10, invoiceDay: 5 }).at(-1)?.day).toBe('2021-01-10');
  });

  test('of the next twelve months begin today, end before the same day, and have each kind twelve times', () => {
    const days = billingDaysFrom('2021-01-03', 12);
    expect(days.slice(0, 4).map(({ kind, period, day }) => [kind, period, day])).toEqual([
      ['final', '2020-12', '2021-01-03'],
      ['invoice', '2020-12', '2021-01-05'],
      ['snapshot', '2021-01', '2021-01-19'],
      ['final', '2021-01', '2021-02-03'],
    ]);
    expect(days.at(-1)).toEqual({ kind: 'snapshot', period: '2021-12', day: '2021-12-19' });
    expect(['snapshot', 'final', 'invoice'].map((kind) => days.filter((one) => one.kind === kind).length)).toEqual([12, 12, 12]);
  });

  test('from any day of a month reach a year ahead', () => {
    for (const today of ['2024-01-31', '2024-02-29', '2023-12-04', '2023-12-31']) expect(billingDaysFrom(today, 12)).toHaveLength(36);
  });
});
