import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recognise, sources } from '../../src/sources/index.ts';
import type { Reading, SourceFile } from '../../src/sources/source.ts';
import { FIRST_WEST, file, jsonFile, page, summary, usageLine } from '../fixtures/usage/files.ts';

const csvProfile = {
  delimiter: ',',
  header: ['Domain', 'Plan', 'Users'],
  decimals: 'point' as const,
  dates: 'iso' as const,
  columns: { site: 0, subProductName: 1, quantity: 2 },
  constants: { product: 'Proofpoint', subProductName: null, currency: null },
};
const org = { primary_domain: 'a.example', name: 'A', type: 'organization', licensing_package: 'business', active_users: 3 };
const EXAMPLES: Readonly<Record<string, readonly SourceFile[]>> = {
  pax8: [jsonFile('a', page([usageLine()])), jsonFile('b', page([summary(FIRST_WEST, 'a.example')]))],
  'proofpoint-essentials': [jsonFile('a', { orgs: [org, org] })],
  csv: [file('a', 'Domain,Plan,Users\na.example,Business,3\nb.example,Business,')],
};

describe.each(sources.map((source) => [source.name, source] as const))('the source %s', (name, source) => {
  const examples = EXAMPLES[name] ?? [];
  const reading: Reading = { date: '2020-12-19', profile: name === 'csv' ? csvProfile : null, summaries: new Set() };

  test('has examples here, and alone recognises them', () => {
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.map((example) => recognise(example)?.source)).toEqual(examples.map(() => name));
  });

  test('reads its examples without an error, rows rising, bytes never beyond the file', () => {
    for (const example of examples) {
      const rows = [...source.read(example, reading)];
      expect(rows.flatMap(({ problems }) => problems).filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(rows.map(({ row }) => row)).toEqual(rows.map(({ row }) => row).toSorted((left, right) => left - right));
      expect(rows.every(({ bytes }) => bytes <= example.bytes.length)).toBe(true);
      expect(rows.every(({ record }) => record?.kind !== 'usage' || record.line.file === example.name)).toBe(true);
    }
  });

  test('never throws, whatever bytes it is given, and answers at least one row for a broken file', () => {
    const broken = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(...examples).chain(({ bytes }) => fc.integer({ min: 1, max: bytes.length }).map((end) => bytes.subarray(0, end))),
      fc
        .constantFrom(...examples)
        .chain(({ bytes }) =>
          fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })).map(([at, value]) => bytes.with(at, value)),
        ),
    );
    fc.assert(
      fc.property(broken, (bytes) => {
        const damaged = { name: 'damaged', bytes };
        recognise(damaged);
        for (const { record, problems } of source.read(damaged, reading)) {
          expect(problems.every(({ file: where, reason }) => where === 'damaged' && reason !== '')).toBe(true);
          expect(record === null || typeof record.kind === 'string').toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
