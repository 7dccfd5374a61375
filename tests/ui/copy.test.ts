import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import { problem } from '../../src/domain/problem';
import type { RuleEffect } from '../../src/domain/rule';
import { FLAGS, say, sayMatch, sayShort } from '../../src/ui/copy';
import { quantityRulesInWords, ruleInWords, rulesInWords } from '../../src/ui/copy/rule';
import { rule } from '../support/rules';

describe('a problem says what happened, where, and what to do', () => {
  test('an absent site is unknown, not 0', () => {
    expect(say(problem('no usage reported', { site: 'acme.com', period: '2020-12', lastSeen: '2020-11-19' }))).toEqual({
      title: 'No usage reported',
      detail: 'acme.com is in no file for December 2020; it was last seen on Nov 19, 2020. Its count is unknown, which is not 0.',
      action: 'Import the missing file, or check whether the customer was renamed.',
    });
  });

  test('money is written in its currency', () => {
    const totals = { site: 'acme.com', subProduct: 'Pro', ours: decimalOf('15.99'), vendors: decimalOf(16), currency: 'USD' };
    expect(say(problem('totals disagree with the vendor', totals)).detail).toBe('Pro comes to $15.99; the vendor says $16.00.');
  });

  test('a rounded cost says what the line costs less or more', () => {
    const rounded = { line: 'Business', from: decimalOf('2.4449'), to: decimalOf('2.44'), money: decimalOf('-4.9'), currency: 'USD' };
    expect(say(problem('cost was rounded', rounded))).toEqual({
      title: 'Cost was rounded',
      detail: "The PSA takes 2.44 as the cost of Business instead of 2.4449: -$4.90 on the line's cost, so its margin is off by as much.",
    });
  });

  test('files that do not belong together are named by group, with the one to begin with', () => {
    const groups = [
      { source: 'Pax8 Partner API', header: null, files: ['companies.json', 'lines.json'] },
      { source: 'CSV', header: null, files: ['usage.csv'] },
    ];
    expect(say(problem('files do not belong together', { groups }))).toEqual({
      title: 'These files do not belong together',
      detail:
        'One import takes the files of one source and, if they are tables, with the same columns. Nothing was read. Pax8 Partner API: companies.json and lines.json. CSV: usage.csv.',
      action: 'Pick only companies.json and lines.json, import that, then pick the rest.',
    });
    const tables = [
      { source: 'CSV', header: ['Domain', '', 'Plan', 'Date', 'Users', 'Price'], files: ['a.csv', 'b.csv', 'c.csv', 'd.csv'] },
      { source: 'CSV', header: ['Site', 'Seats'], files: ['e.csv'] },
      { source: 'CSV', header: ['Client', 'Seats'], files: Array.from({ length: 12 }, (_, n) => `${n}.csv`) },
    ];
    const copy = say(problem('files do not belong together', { groups: tables }));
    expect(copy.detail).toContain(
      'CSV with the columns Domain, Plan, Date, Users, and 1 more: a.csv, b.csv, c.csv, and d.csv. CSV with the columns Site and Seats: e.csv.',
    );
    expect(copy.detail).toContain('8.csv, 9.csv, and 2 more.');
    expect(copy.action).toBe(
      'Pick only the files of CSV with the columns Domain, Plan, Date, Users, and 1 more, import that, then pick each other group.',
    );
  });

  test('on one line for a table', () => {
    expect(sayShort(problem('file is empty', { file: 'a.csv' }))).toBe('File is empty. a.csv holds no rows.');
  });

  test('an unexpected failure keeps its own words', () => {
    expect(say(problem('unexpected', { message: 'boom' }))).toEqual({
      title: 'Something unexpected happened',
      detail: 'boom',
      action: 'Reload the page; what was saved is still there.',
    });
  });
});

test('a suggestion says its reason', () => {
  expect(sayMatch({ kind: 'same domain', domain: 'acme.com' })).toBe('Same domain as acme.com');
  expect(sayMatch({ kind: 'name against evidence', own: 'a.com', theirs: 'b.com' })).toBe(
    'Only the name is alike: a.com here, b.com in the PSA',
  );
  expect(sayMatch({ kind: 'similar name', left: 'acme', right: 'Acme Ltd' })).toBe('Similar name: “acme” and “Acme Ltd”');
});

test('no two flags share a text or a shape', () => {
  const flags = Object.values(FLAGS);
  expect([new Set(flags.map(({ text }) => text)).size, new Set(flags.map(({ shape }) => shape)).size]).toEqual([6, 6]);
});

describe('a rule in words', () => {
  const step = (effect: RuleEffect, before: number | null, reason = '') => ({
    ...{ rule: rule(effect, { reason }), before: before === null ? null : decimalOf(before), after: decimalOf(1) },
  });
  const usd = { overCost: decimalOf('0.5'), least: decimalOf(3), currency: 'USD' };

  test('says what it made of what was counted, step by step', () => {
    const applied = [
      step({ kind: 'included', quantity: decimalOf(5) }, 12),
      step({ kind: 'minimum', quantity: decimalOf(10) }, 7, 'Contract'),
      step({ kind: 'markup', percent: decimalOf(20), ...usd }, null),
      step({ kind: 'price rounding', places: null, currency: null }, 3.456),
    ];
    expect(rulesInWords(applied)).toEqual([
      '5.00 included (counted 12.00)',
      'Minimum 10.00 (was 7.00): Contract',
      'Markup 20% on cost, at least cost plus 0.50 USD, at least 3.00 USD (was unknown)',
      'Price rounded to the smallest coin (was 3.456)',
    ]);
    expect(quantityRulesInWords(applied)).toEqual(['5.00 included (counted 12.00)', 'Minimum 10.00 (was 7.00)']);
  });

  test.each<[RuleEffect, string]>([
    [{ kind: 'exclusion' }, 'Excluded'],
    [{ kind: 'override', quantity: decimalOf(4) }, 'Fixed at 4.00'],
    [{ kind: 'free', quantity: decimalOf(2) }, '2.00 free'],
    [{ kind: 'free', quantity: null }, 'All free'],
    [{ kind: 'whole units', how: 'up' }, 'Whole units, rounded up'],
    [{ kind: 'whole units', how: 'half away from zero' }, 'Whole units, rounded half away from zero'],
    [{ kind: 'markup', percent: decimalOf('12.5'), overCost: null, least: null, currency: 'EUR' }, 'Markup 12.5% on cost, in EUR'],
    [{ kind: 'price rounding', places: 3, currency: 'EUR' }, 'Price rounded to 3 digits in EUR'],
  ])('%o is %s', (effect, expected) => {
    expect(ruleInWords(rule(effect))).toBe(expected);
  });

  test('that is in another currency says so, with both', () => {
    const found = { subProduct: 'Pro', kind: 'markup', expected: 'EUR', found: 'USD' } as const;
    expect(sayShort(problem('rule is in another currency', found))).toBe(
      'A rule is in another currency. Markup on cost is for prices in EUR; Pro is in USD, so it is not applied.',
    );
  });
});
