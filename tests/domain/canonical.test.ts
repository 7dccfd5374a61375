import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canonicalJson, hashOf, sha256Hex, type Json } from '../../src/domain/canonical';

describe('canonical JSON is RFC 8785', () => {
  test('the example of the RFC, section 3.2.2', () => {
    const value: Json = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('keys are sorted by UTF-16 code units, as in section 3.2.3', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji',
      '\u0080': 'Control',
      '\u00f6': 'o umlaut',
    };
    expect(Object.values(JSON.parse(canonicalJson(value)) as Record<string, string>)).toEqual([
      'One',
      'Carriage Return',
      'Control',
      'o umlaut',
      'Euro Sign',
      'Emoji',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  test('it parses back to the same value, whatever the order of keys was', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (record) => {
        const turned = Object.fromEntries(Object.entries(record).reverse());
        expect(canonicalJson(record as Json)).toBe(canonicalJson(turned as Json));
        expect(JSON.parse(canonicalJson(record as Json))).toEqual(JSON.parse(JSON.stringify(record)));
      }),
    );
  });

  test('what JSON cannot say is refused', () => {
    expect(() => canonicalJson(NaN)).toThrow('no number for NaN');
    expect(() => canonicalJson('\ud800')).toThrow('lone surrogate');
  });

  test('hashes agree with another SHA-256', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
      }),
    );
    expect(hashOf({ b: 1, a: [] })).toBe(sha256Hex('{"a":[],"b":1}'));
  });
});
