import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstRowsOf, rowKeysOf } from '../../src/domain/row-keys';
import { TextWriter } from '../../src/domain/pack-text';
import type { PackedText } from '../../src/domain/usage';

function packed(texts: readonly (string | null)[]): PackedText {
  const writer = new TextWriter();
  texts.forEach((text, row) => writer.put(row, text));
  return writer.packed(texts.length, { nothing: new Int8Array(texts.length).fill(-1), same: new Int8Array(texts.length) });
}

function keysOf(rows: readonly (readonly [string | null, string | null, string | null])[]): number[] {
  const [one, two, three] = [0, 1, 2].map((column) => packed(rows.map((row) => row[column] ?? null)));
  const { index, shift, size, distinct } = rowKeysOf([one!, two!, three!]);
  const keys = Array.from(index, (number) => number + shift);
  expect(keys.filter((key) => key < 0 || key >= size)).toEqual([]);
  expect(new Set(keys).size).toBeLessThanOrEqual(distinct);
  return keys;
}

test('rows have the same key exactly when their texts are the same, missing ones too', () => {
  const text = fc.constantFrom(null, '', 'a', 'b', 'c');
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 30 }), (rows) => {
      const keys = keysOf(rows);
      const first = keys.map((key) => keys.indexOf(key));
      const names = rows.map((row) => JSON.stringify(row));
      expect(first).toEqual(names.map((name) => names.indexOf(name)));
    }),
  );
});

test('the first row of each key is found without reading all of them where one column varies', () => {
  const text = fc.constantFrom(null, 'a', 'b', 'c', 'd');
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 30 }), (texts) => {
      const keys = rowKeysOf([packed(texts), packed(texts.map(() => 'same'))]);
      const firsts = texts.flatMap((each, row) => (texts.indexOf(each) === row ? [row] : []));
      expect(firstRowsOf(keys)).toEqual(firsts);
    }),
  );
  expect(firstRowsOf(rowKeysOf([packed(['a', 'b']), packed(['c', 'd'])]))).toBeNull();
});

test('more combinations than a table holds are numbered as they come', () => {
  const rows = Array.from({ length: 3000 }, (_, row) => [`a${String(row % 1500)}`, `b${String(row % 1500)}`, null] as const);
  const once = Array.from({ length: 1500 }, (_, row) => row);
  expect(keysOf(rows)).toEqual([...once, ...once]);
});
