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
function flip({ buffer }: ArrayBufferView): void {
  const view = new Uint8Array(buffer);
  view[0] = (view[0] ?? 0) ^ 4;
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
      const [chunk] = pack([edge, 0, 0].map((quantity) => ({ ...line, quantity: decimalOf(quantity) })));
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

  test('a column that is a run keeps no bytes, and any other keeps its own', () => {
    const quantities = ['1', '2', '4', '5'] as const;
    const [chunk] = pack(quantities.map((quantity, index) => ({ ...line, quantity: decimalOf(quantity), row: index * 2 })));
    expect([
      chunk!.days,
      chunk!.row,
      chunk!.numbers.quantity.values,
      chunk!.numbers.unitCost.values,
      chunk!.numbers.licences.values,
    ]).toEqual([
      { first: 18615, step: 0 },
      { first: 0, step: 2 },
      Int16Array.of(1, 2, 4, 5),
      { first: 244, step: 0 },
      { first: 0, step: 0 },
    ]);
  });

  /** Written by the packer of format 1, checksum and sums included. */
  test('a chunk of format 1 is read as it was written', () => {
    const nothing = { words: [], index: Int8Array.of(-1, -1) };
    const always = (word: string) => ({ words: [word], index: Int8Array.of(0, 0) });
    const both = (value: number, scale = 0) => ({ scale, values: Int16Array.of(value, value), valid: Uint8Array.of(3) });
    const old: UsageChunk = {
      ...{ format: 1, importId: 'import', slice: 0, rows: 2, days: Int32Array.of(18615, 18615), row: Int32Array.of(2, 3) },
      trial: Uint8Array.of(0),
      texts: {
        ...{ summary: nothing, account: nothing, company: nothing, subProductId: nothing },
        site: { words: ['1stwestinsurance.com', 'other.example'], index: Int8Array.of(0, 1) },
        ...{ product: always('Proofpoint'), subProductName: always('Proofpoint Essentials - Business') },
        ...{ unit: always('User'), currency: always('USD'), file: always('usage.csv') },
      },
      numbers: {
        quantity: { scale: 0, values: Int16Array.of(15, 0), valid: Uint8Array.of(1) },
        ...{ unitPrice: both(3), unitCost: both(244, 2), total: both(45) },
        licences: { scale: 0, values: Int16Array.of(0, 0), valid: Uint8Array.of(0) },
      },
      sums: { quantity: decimalOf(15), unitPrice: decimalOf(6), unitCost: decimalOf('4.88'), total: decimalOf(90), licences: ZERO },
      checksum: '922b58df21315c0a',
    };
    const lines = [line, { ...line, site: 'other.example', quantity: null, row: 3 }];
    expect(unpack([verifyChunk(old)])).toEqual(lines);
    expect(unpack(pack(lines))).toEqual(lines);
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
      if ('first' in array) (array as { step: number }).step += 4;
      else flip(array);
      expect(() => verifyChunk(damaged)).toThrow('record is damaged');
    }
    expect(() => verifyChunk({ ...chunk!, texts: { ...chunk!.texts, site: { ...chunk!.texts.site, words: ['a', 'b'] } } })).toThrow(
      'record is damaged',
    );
    expect(() => verifyChunk({ ...chunk!, rows: 1 })).toThrow('record is damaged');
  });
});
