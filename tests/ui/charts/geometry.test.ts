import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labelStep, linePath, stackedBars, ticksOf, xOf, yOf, type Frame } from '../../../src/ui/charts/geometry';

const frame: Frame = { width: 250, height: 130, left: 50, bottom: 20, top: 10, ticks: [0, 50, 100] };

/** Quantities and money as charts have them, to a ten-thousandth. */
const amount = fc.integer({ min: -1e12, max: 1e12 }).map((units) => units / 10_000);

describe('the ticks of an axis', () => {
  test.each([
    [[], [0, 1]],
    [
      [0, 0],
      [0, 1],
    ],
    [[632], [0, 200, 400, 600, 800]],
    [
      [3, 4],
      [0, 1, 2, 3, 4],
    ],
    [
      [-30, 100],
      [-50, 0, 50, 100],
    ],
    [[0.3], [0, 0.1, 0.2, 0.3]],
  ])('of %j are %j', (values, ticks) => {
    expect(ticksOf(values)).toEqual(ticks);
  });

  test('hold 0 and every value, rise evenly and are few', () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 12 }), (values) => {
        const ticks = ticksOf(values);
        const spare = Math.abs((ticks.at(-1) ?? 0) - (ticks[0] ?? 0)) * 1e-6;
        expect(ticks.length).toBeLessThanOrEqual(7);
        expect(ticks.some((tick) => Math.abs(tick) <= spare)).toBe(true);
        for (const value of values) expect((ticks[0] ?? 0) - spare <= value && value <= (ticks.at(-1) ?? 0) + spare).toBe(true);
      }),
    );
  });
});

test('a value stands between the lowest tick at the foot and the highest at the top', () => {
  expect([0, 50, 100].map((value) => yOf(value, frame))).toEqual([110, 60, 10]);
  expect([0, 1, 2, 3].map((month) => xOf(month, 4, frame))).toEqual([75, 125, 175, 225]);
});

test('bars stand on each other; what is 0 or not known draws nothing', () => {
  const bars = stackedBars(
    [
      [20, null, 0, 10],
      [30, null, 40, 0],
    ],
    4,
    frame,
  );
  expect(bars).toEqual([
    { month: 0, series: 0, x: 57.5, y: 90, width: 35, height: 20 },
    { month: 0, series: 1, x: 57.5, y: 60, width: 35, height: 30 },
    { month: 2, series: 1, x: 157.5, y: 70, width: 35, height: 40 },
    { month: 3, series: 0, x: 207.5, y: 100, width: 35, height: 10 },
  ]);
});

test('a line breaks where a value is not known', () => {
  expect(linePath([0, 50, null, 100], frame)).toBe('M75 110 L125 60 M225 10');
  expect(linePath([null, null], frame)).toBe('');
});

test('every month has its word where there is room, else every second or third', () => {
  expect([labelStep(3, frame, 60), labelStep(4, frame, 60), labelStep(12, frame, 60)]).toEqual([1, 2, 4]);
});
