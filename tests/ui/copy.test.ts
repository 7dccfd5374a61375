import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import { problem } from '../../src/domain/problem';
import { FLAGS, say, sayMatch, sayShort } from '../../src/ui/copy';

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
