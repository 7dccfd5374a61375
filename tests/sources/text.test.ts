import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blocksOf, encodingOf, headOf } from '../../src/sources/text.ts';

/** The same bytes at an offset that no word of the processor begins at. */
function shifted(bytes: Uint8Array, by: number): Uint8Array {
  const room = new Uint8Array(bytes.length + by).fill(0xff);
  room.set(bytes, by);
  return room.subarray(by);
}

test('one byte that is no UTF-8 makes a file Windows-1252, wherever it lies', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(39), fc.nat(3), (length, at, by) => {
      const bytes = new Uint8Array(length).fill(0x61);
      expect(encodingOf(shifted(bytes, by))).toBe('utf-8');
      bytes[at % length] = 0xe9;
      expect(encodingOf(shifted(bytes, by))).toBe('windows-1252');
    }),
  );
});

test('characters that lie across the edge of a block are read whole, and every byte is counted', () => {
  for (const before of [0, 1, 2, 3]) {
    const text = 'a'.repeat(before) + '€'.repeat(60_000);
    const bytes = new TextEncoder().encode(text);
    const blocks = [...blocksOf(bytes)];
    expect(blocks.map((block) => block.text).join('') === text).toBe(true);
    expect(blocks.length).toBeGreaterThan(1);
    expect(blocks.at(-1)?.bytes).toBe(bytes.length);
  }
});

test('a beginning that ends inside a character is read in the encoding of its file, without that character', () => {
  const bytes = new TextEncoder().encode('Größe €');
  expect([3, 5, 8, 9, 10, 11].map((length) => headOf(bytes, length))).toEqual(['Gr', 'Grö', 'Größe ', 'Größe ', 'Größe ', 'Größe €']);
  expect(headOf(Uint8Array.from([0x47, 0x72, 0xf6, 0xdf, 0x65, 0x20, 0x80, 0x20]), 7)).toBe('Größe €');
});
