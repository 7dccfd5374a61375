import { expect, test } from 'vitest';
import type { DatedQuantity } from '../../src/domain/agreement';
import { laterThan, standingOn } from '../../src/domain/dated-quantity';
import { decimalOf } from '../../src/domain/decimal';
import { psaLine } from '../support/grid.ts';

const held = (from: string, quantity: number, until: string | null = null): DatedQuantity => ({
  from,
  until,
  quantity: decimalOf(quantity),
});

const PLANNED = [held('2020-12-01', 12), held('2021-03-01', 15)];
const GAP = [held('2020-12-01', 12, '2020-12-31'), held('2021-03-01', 15)];

test.each([
  ['before the first of them, as it starts', PLANNED, '2020-06-01', '12'],
  ['on the first day', PLANNED, '2020-12-01', '12'],
  ['on the last day before the next', PLANNED, '2021-02-28', '12'],
  ['on the day of the next', PLANNED, '2021-03-01', '15'],
  ['on the last day of one that ends', GAP, '2020-12-31', '12'],
  ['in a gap, where nothing is known', GAP, '2021-01-01', null],
  ['behind a gap', GAP, '2021-03-01', '15'],
  ['two of one day, the last of them', [held('2021-01-01', 15), held('2021-01-01', 16)], '2021-01-01', '16'],
])('a line stands %s', (_, quantities, day, quantity) => {
  const line = psaLine({ quantity: decimalOf(99), quantities });
  expect(standingOn([line], day)).toEqual([{ ...line, quantity }]);
});

test('a line without days, and one whose quantities were never told, stand as they are', () => {
  const lines = [psaLine(), psaLine({ quantities: [], quantity: null })];
  expect(standingOn(lines, '2021-01-01')).toEqual(lines);
});

test.each([
  ['the next of another quantity', PLANNED, '2021-01-01', 12, held('2021-03-01', 15)],
  ['none of the same', PLANNED, '2021-01-01', 15, null],
  ['none of the day itself or before', PLANNED, '2021-03-01', 12, null],
  ['not the first, on which a line starts', PLANNED, '2020-06-01', 12, held('2021-03-01', 15)],
  ['not the first of all', [held('2021-03-01', 15)], '2021-01-01', 12, null],
])('later than a day is %s', (_, quantities, day, quantity, found) => {
  expect(laterThan(psaLine({ quantities }), day, decimalOf(quantity))).toEqual(found);
});
