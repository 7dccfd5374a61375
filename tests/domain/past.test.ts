import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../src/domain/canonical';
import { pastOf, valueBefore } from '../../src/domain/past';

const any = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json);
const rows = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), count: fc.nat(2), note: fc.option(fc.constant('x')) }));
const records = fc.record({ name: fc.constantFrom('x', 'y'), rows, more: fc.record({ at: fc.nat(2) }, { requiredKeys: [] }) });

test.each([
  ['anything by anything', any],
  ['a record by one of its kind', records],
] as const)('%s that followed it is told whole', (_, values) => {
  fc.assert(
    fc.property(values, values, (value, next) => {
      expect(valueBefore(pastOf(value, next), next)).toEqual(value);
    }),
  );
});

test('of a record that changed in one row, only what changed is kept', () => {
  const row = (key: string, count: number) => ({ key, count, note: 'the same before and after it' });
  const before = { name: 'x', rows: [row('a', 1), row('b', 1), row('c', 1)] };
  expect(pastOf(before, { ...before, at: 'now', rows: [row('a', 1), row('b', 2), row('c', 1)] })).toEqual({
    fields: { rows: { items: [0, { at: 1, was: { fields: { count: { is: 1 } } } }, 2] } },
    without: ['at'],
  });
  expect(pastOf(before, { ...before, rows: [row('d', 9), row('a', 1), row('b', 2), row('c', 1)] })).toEqual({
    fields: { rows: { items: [1, { at: 2, was: { fields: { count: { is: 1 } } } }, 3] } },
  });
  expect(pastOf(before, before)).toEqual({ fields: {} });
});

test('what followed is not there any more: what it alone told is unknown, and nothing breaks', () => {
  const before = { name: 'x', rows: [{ key: 'a' }, { key: 'b' }] };
  const past = pastOf(before, { name: 'y', rows: [{ key: 'a' }] });
  expect(valueBefore(past, null)).toEqual({ name: 'x', rows: [null, { key: 'b' }] });
});
