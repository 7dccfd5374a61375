import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayOf } from '../../src/domain/calendar.ts';
import { add, decimalOf, fromScaled, ZERO, type Decimal } from '../../src/domain/decimal.ts';
import { UsagePacker } from '../../src/domain/pack.ts';
import { isPackable } from '../../src/domain/scaled.ts';
import { unpackLine, verifyChunk } from '../../src/domain/unpack.ts';
import { NUMBER_COLUMNS, type UsageChunk, type UsageLine } from '../../src/domain/usage.ts';

const line: UsageLine = {
  date: '2020-12-19',
  site: '1stwestinsurance.com',
  summary: null,
  account: null,
  company: null,
  product: 'Proofpoint',
  subProductId: null,
  subProductName: 'Proofpoint Essentials - Business',
  unit: 'User',
  currency: 'USD',
  quantity: decimalOf('15'),
  unitPrice: decimalOf('3'),
  unitCost: decimalOf('2.44'),
  total: decimalOf('45'),
  licences: null,
  trial: false,
  file: 'usage.csv',
  row: 2,
};

const number = fc
  .tuple(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), fc.integer({ min: 0, max: 6 }))
  .map(([value, scale]) => fromScaled(value, scale));
const text = fc.option(fc.string({ unit: 'binary', maxLength: 12 }), { nil: null });
const anyLine: fc.Arbitrary<UsageLine> = fc.record({
  date: fc.integer({ min: 0, max: 40_000 }).map(dayOf),
  site: text,
  summary: text,
  account: text,
  company: text,
  product: text,
  subProductId: text,
  subProductName: fc.string({ maxLength: 8 }),
  unit: text,
  currency: text,
  quantity: fc.option(number, { nil: null }),
  unitPrice: fc.option(number, { nil: null }),
  unitCost: fc.option(number, { nil: null }),
  total: fc.option(number, { nil: null }),
  licences: fc.option(number, { nil: null }),
  trial: fc.boolean(),
  file: fc.string({ maxLength: 8 }),
  row: fc.integer({ min: 0, max: 2_000_000 }),
});

function pack(lines: readonly UsageLine[]): UsageChunk[] {
  const packer = new UsagePacker('import');
  return [...lines.map((each) => packer.add(each)), packer.finish()].filter((chunk) => chunk !== null);
}
function unpack(chunks: readonly UsageChunk[]): UsageLine[] {
  return chunks.flatMap((chunk) => Array.from({ length: chunk.rows }, (_, row) => unpackLine(chunk, row)));
}

describe('packing', () => {
  test('gives every line back exactly, in order, also after a structured clone', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 40 }), (lines) => {
        const chunks = structuredClone(pack(lines)).map(verifyChunk);
        expect(unpack(chunks)).toEqual(lines);
      }),
    );
  });

  test('sums are exact', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 40 }), (lines) => {
        for (const column of NUMBER_COLUMNS) {
          const values = lines.map((each) => each[column]).filter((value) => value !== null);
          expect(add(ZERO, ...pack(lines).map(({ sums }) => sums[column]))).toBe(add(ZERO, ...values));
        }
      }),
    );
  });

  test('a sum beyond what a double counts is exact', () => {
    const large = decimalOf('9007199254740991');
    const [chunk] = pack([large, large, decimalOf('1')].map((quantity) => ({ ...line, quantity })));
    expect(chunk?.sums.quantity).toBe('18014398509481983');
  });

  test('begins a new chunk at 50,000 lines', () => {
    const chunks = pack(Array.from({ length: 50_001 }, (_, row) => ({ ...line, row })));
    expect(chunks.map(({ slice, rows }) => [slice, rows])).toEqual([
      [0, 50_000],
      [1, 1],
    ]);
    chunks.forEach(verifyChunk);
  });

  test('begins a new chunk rather than round a number', () => {
    const lines = ['9007199254740991', '0.000001', '7'].map((quantity) => ({ ...line, quantity: decimalOf(quantity) }));
    const chunks = pack(lines);
    expect(chunks.map(({ rows }) => rows)).toEqual([1, 2]);
    expect(unpack(chunks.map(verifyChunk))).toEqual(lines);
  });

  test('columns are as narrow as what they hold allows, and hold it exactly', () => {
    const edges = [32_767, -32_767, 32_768, 2_147_483_647, -2_147_483_647, 2_147_483_648, 9_007_199_254_740_991];
    const kinds = edges.map((edge) => {
      const [chunk] = pack([{ ...line, quantity: decimalOf(edge) }]);
      expect(unpackLine(verifyChunk(chunk!), 0).quantity).toBe(String(edge));
      return chunk!.numbers.quantity.values.constructor.name;
    });
    expect(kinds).toEqual(['Int16Array', 'Int16Array', 'Int32Array', 'Int32Array', 'Int32Array', 'Float64Array', 'Float64Array']);
    const indexes = [128, 129, 32_768, 32_769].map((words) => {
      const lines = Array.from({ length: words }, (_, row) => ({ ...line, site: `${String(row)}.com` }));
      const [chunk] = pack(lines);
      expect(unpackLine(verifyChunk(chunk!), words - 1).site).toBe(`${String(words - 1)}.com`);
      return chunk!.texts.site.index.constructor.name;
    });
    expect(indexes).toEqual(['Int8Array', 'Int16Array', 'Int16Array', 'Int32Array']);
  });

  test('refuses a number that no scale keeps', () => {
    expect(
      ['9007199254740991', '9007199254740993', '0.1234567890123456', '-0.000000000000001'].map((value) => isPackable(value as Decimal)),
    ).toEqual([true, false, false, true]);
  });

  test('a flipped bit anywhere is found', () => {
    const [chunk] = pack([line, { ...line, site: 'other.example', quantity: null }]);
    const bytes = (damaged: UsageChunk) => [
      damaged.days,
      damaged.row,
      damaged.trial,
      ...Object.values(damaged.texts).map(({ index }) => index),
      ...Object.values(damaged.numbers).flatMap(({ values, valid }) => [values, valid]),
    ];
    const columns = bytes(chunk!).length;
    for (let column = 0; column < columns; column++) {
      const damaged = structuredClone({ ...chunk!, texts: { ...chunk!.texts } });
      const array = bytes(damaged)[column]!;
      const view = new Uint8Array(array.buffer);
      view[0] = (view[0] ?? 0) ^ 4;
      expect(() => verifyChunk(damaged)).toThrow('record is damaged');
    }
    expect(() => verifyChunk({ ...chunk!, texts: { ...chunk!.texts, site: { ...chunk!.texts.site, words: ['a', 'b'] } } })).toThrow(
      'record is damaged',
    );
    expect(() => verifyChunk({ ...chunk!, rows: 1 })).toThrow('record is damaged');
  });
});
