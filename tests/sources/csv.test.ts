import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import type { CsvProfile } from '../../src/domain/csv-profile.ts';
import { fromScaled } from '../../src/domain/decimal.ts';
import { csv } from '../../src/sources/csv.ts';
import { guessCsv } from '../../src/sources/csv-guess.ts';
import { CsvCutter } from '../../src/sources/csv-rows.ts';
import { readDate, readNumber } from '../../src/sources/csv-values.ts';
import { recognise } from '../../src/sources/index.ts';
import { file } from '../fixtures/usage/files.ts';

const HEADER = ['Domain', 'Product', 'Plan', 'Date', 'Users', 'Price'];
const profile: CsvProfile = {
  delimiter: ',',
  header: HEADER,
  decimals: 'point',
  dates: 'iso',
  columns: { site: 0, product: 1, subProductName: 2, date: 3, quantity: 4, unitPrice: 5 },
  constants: { product: null, subProductName: null, currency: 'USD' },
};
const read = (text: string, how = profile) => [...csv.read(file('usage.csv', text), { date: null, profile: how, summaries: new Set() })];
const rows = (...lines: string[]) => read([HEADER.join(','), ...lines].join('\r\n'));
const usage = {
  date: '2020-12-19',
  site: '1stwestinsurance.com',
  summary: null,
  account: null,
  company: null,
  product: 'Proofpoint',
  subProductId: null,
  subProductName: 'Business',
  unit: null,
  currency: 'USD',
  quantity: '15',
  unitPrice: '3',
  unitCost: null,
  total: null,
  licences: null,
  trial: false,
  file: 'usage.csv',
  row: 2,
};
const GOOD = '1stwestinsurance.com,Proofpoint,Business,2020-12-19,15,3.00';

function cut(text: string, delimiter = ',', block = text.length): string[][] {
  const cutter = new CsvCutter(delimiter);
  const found: string[][] = [];
  for (let at = 0; at < Math.max(text.length, 1); at += Math.max(block, 1)) {
    found.push(...cutter.push(text.slice(at, at + block), at + block >= text.length).map((cells) => [...cells]));
  }
  return found;
}

describe('cutting into records', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r', ' ', ';', '1'), maxLength: 6 });
  const quoted = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

  test('is the inverse of writing, wherever the blocks break and whatever line ends are mixed', () => {
    const table = fc.array(fc.tuple(fc.array(cell, { minLength: 2, maxLength: 4 }), fc.constantFrom('\n', '\r\n', '\r')), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 9 }), (written, block) => {
        const text = written.map(([cells, end]) => cells.map(quoted).join(',') + end).join('');
        expect(cut(text, ',', block)).toEqual(written.map(([cells]) => cells));
      }),
      { numRuns: 1000 },
    );
  });

  test('agrees with papaparse on files with one kind of line end', () => {
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, (written) => {
        const text = written.map((cells) => cells.map(quoted).join(',')).join('\r\n');
        expect(cut(text)).toEqual(Papa.parse<string[]>(text, { delimiter: ',', newline: '\r\n' }).data);
      }),
    );
  });

  test('a quote that is never closed ends the file with one faulty record', () => {
    const cutter = new CsvCutter(',');
    const [good, bad] = cutter.push('a,b\nc,"d\ne,f', true);
    expect([good, cutter.faults.get(bad ?? []), cutter.ended]).toEqual([
      ['a', 'b'],
      'A quote is never closed: nothing behind it was read',
      true,
    ]);
  });

  test('text behind a closing quote is a fault of its record only', () => {
    const cutter = new CsvCutter(',');
    const found = cutter.push('"a"x,b\nc,d', true);
    expect(found.map((cells) => cutter.faults.get(cells) ?? null)).toEqual(['There is text behind a closing quote', null]);
  });
});

describe('numbers', () => {
  test.each([
    ['1,234.56', '1234.56', null],
    ['1.234,56', null, '1234.56'],
    ['1 234,56', null, '1234.56'],
    ['1\u00a0234.50', '1234.5', null],
    ["1'234.56", '1234.56', null],
    ['(5.00)', '-5', null],
    ['5-', '-5', '-5'],
    ['−5', '-5', '-5'],
    ['+7', '7', '7'],
    ['$3.00', '3', null],
    ['3,00 €', null, '3'],
    ['.5', '0.5', null],
    ['007', '7', '7'],
    ['-0', '0', '0'],
    ['0.10', '0.1', null],
    ['1,234', '1234', '1.234'],
    ['1.234', '1.234', '1234'],
    ['1,23,4', null, null],
    ['12,34.5', null, null],
    ['1.2.3', null, null],
    ['1e3', null, null],
    ['0x1F', null, null],
    ['NaN', null, null],
    ['1e309', null, null],
    ['١٢٣', null, null],
    ['--5', null, null],
    ['(5', null, null],
    ['12345678901234567', null, null],
  ])('%s', (text, point, comma) => {
    expect([readNumber(text, 'point'), readNumber(text, 'comma')]).toEqual([point ?? 'not a number', comma ?? 'not a number']);
  });

  test('an empty cell is not reported, never 0', () => {
    expect([readNumber('', 'point'), readNumber(' \u00a0', 'comma')]).toEqual([null, null]);
  });

  test('read what a BigInt oracle writes, in every style', () => {
    const grouped = (digits: string, separator: string) => digits.replace(/\B(?=(\d{3})+$)/g, separator);
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }),
        fc.integer({ min: 0, max: 6 }),
        fc.constantFrom(
          ['point', ',', '.'] as const,
          ['comma', '.', ','] as const,
          ['comma', ' ', ','] as const,
          ['point', '', '.'] as const,
        ),
        (value, scale, [style, group, separator]) => {
          const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
          const whole = scale === 0 ? digits : digits.slice(0, -scale);
          const text = `${value < 0n ? '-' : ''}${grouped(whole, group)}${scale === 0 ? '' : `${separator}${digits.slice(-scale)}`}`;
          expect(readNumber(text, style)).toBe(fromScaled(Number(value), scale));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('dates', () => {
  test.each([
    ['2020-12-19', 'iso', '2020-12-19'],
    ['2020-12-19T23:59:59Z', 'iso', '2020-12-19'],
    ['2020/12/19', 'us', '2020-12-19'],
    ['12/19/2020', 'us', '2020-12-19'],
    ['12/19/2020', 'eu', null],
    ['1/2/2021', 'us', '2021-01-02'],
    ['1/2/2021', 'eu', '2021-02-01'],
    ['01.02.2021', 'eu', '2021-02-01'],
    ['1-2-21', 'eu', '2021-02-01'],
    ['30/02/2021', 'eu', null],
    ['2021-02-30', 'iso', null],
    ['1/2-2021', 'eu', null],
    ['44197', 'iso', null],
  ] as const)('%s as %s', (text, style, day) => {
    expect(readDate(text, style)).toBe(day);
  });
});

describe('rows', () => {
  test('become usage lines', () => {
    expect(rows(GOOD).map(({ row, record, problems }) => ({ row, record, problems }))).toEqual([
      { row: 2, record: { kind: 'usage', line: usage }, problems: [] },
    ]);
  });

  test('are all accounted for: accepted, rejected or blank', () => {
    const read = rows(
      GOOD,
      '',
      ',,,,,',
      'Total,,,,15,',
      'a.example,Proofpoint,Business,2020-12-19,15',
      'b.example,Proofpoint,Pro,2020-12-19,x,3',
    );
    expect(
      read.map(({ row, record, problems }) => [
        row,
        record === null ? null : 'usage',
        problems.map(({ column, value, reason }) => [column, value, reason]),
      ]),
    ).toEqual([
      [2, 'usage', []],
      [3, null, []],
      [4, null, []],
      [5, null, []],
      [6, null, [[null, 'a.example,Proofpoint,Business,2020-12-19,15', 'This row has 5 columns and the header has 6']]],
      [7, 'usage', [['Users', 'x', 'This is no number in the chosen style, or has more digits than can be kept exactly']]],
    ]);
  });

  test('count the same rows as the file has, whatever stands in it', () => {
    const junk = fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', '\r', ';', '.', ' ', '='), maxLength: 60 });
    fc.assert(
      fc.property(junk, (text) => {
        const whole = `${HEADER.join(',')}\n${text}`;
        expect(read(whole).length).toBe(cut(whole).length - 1);
      }),
      { numRuns: 1000 },
    );
  });

  test('below a preamble and a sep= line are found by their header', () => {
    const how = { ...profile, delimiter: ';' };
    const text = ['sep=;', 'Report of December', '', HEADER.join(';'), GOOD.replaceAll(',', ';')].join('\r\n');
    expect(read(text, how).map(({ record }) => record)).toEqual([{ kind: 'usage', line: { ...usage, row: 5 } }]);
  });

  test('of a file without the header are refused', () => {
    expect(read('a,b\n1,2').map(({ problems }) => problems.map(({ reason }) => reason))).toEqual([
      ['The header row of the profile is not among the first 20 rows'],
    ]);
  });

  test('named like a prototype stay text', () => {
    const [row] = rows('__proto__,constructor,toString,2020-12-19,1,1');
    expect(row?.record).toEqual({
      kind: 'usage',
      line: { ...usage, site: '__proto__', product: 'constructor', subProductName: 'toString', quantity: '1', unitPrice: '1' },
    });
    expect(({} as Record<string, unknown>)['quantity']).toBeUndefined();
  });
});

describe('the guess', () => {
  const guess = (text: string) => guessCsv(file('usage.csv', text));

  test('names delimiter, header row, columns and styles with reasons', () => {
    const text = [
      'Usage of December;;;;;',
      '',
      'Domain;Product;Plan;Date;Users;Price',
      'a.example;Proofpoint;Business;19.12.2020;1.234;3,50',
    ].join('\n');
    const found = guess(text);
    expect([found?.delimiter, found?.headerRow, found?.header, found?.decimals.value, found?.dates.value]).toEqual([
      ';',
      3,
      ['Domain', 'Product', 'Plan', 'Date', 'Users', 'Price'],
      'comma',
      'eu',
    ]);
    expect(found?.columns.map(({ column, index }) => [column, index])).toEqual([
      ['site', 0],
      ['subProductName', 2],
      ['product', 1],
      ['date', 3],
      ['quantity', 4],
      ['unitPrice', 5],
    ]);
  });

  test('asks about dates that can be read in two ways, and about contradictions', () => {
    const dated = (...days: string[]) => guess(['Domain,Date,Users', ...days.map((day) => `a.example,${day},1`)].join('\n'))?.dates.value;
    expect([
      dated('01/02/2021', '03/04/2021'),
      dated('01/02/2021', '01/13/2021'),
      dated('13/01/2021', '01/02/2021'),
      dated('13/01/2021', '01/13/2021'),
    ]).toEqual([null, 'us', 'eu', null]);
  });

  test('asks about numbers that can be read in two ways', () => {
    const counted = (...counts: string[]) =>
      guess(['Domain\tUsers', ...counts.map((count) => `a.example\t${count}`)].join('\n'))?.decimals.value;
    expect([counted('1,234'), counted('1.234'), counted('1,234', '1,5'), counted('1,234,567'), counted('15', '7')]).toEqual([
      null,
      null,
      'comma',
      'point',
      'point',
    ]);
  });

  test('names headers that stand twice', () => {
    expect(guess('Domain,Users,Users\na.example,1,2')?.repeated).toEqual(['Users']);
  });

  test('reads the header of a long file whose beginning ends inside a character', () => {
    const bytes = new TextEncoder().encode(`Domain;Größe\n${'a.example;Größe\n'.repeat(15_000)}`);
    expect((bytes[1 << 18] ?? 0) >> 6).toBe(0b10);
    const found = guessCsv({ name: 'usage.csv', bytes });
    expect([found?.encoding, found?.header]).toEqual(['utf-8', ['Domain', 'Größe']]);
  });

  test.each(['[Usage report]', '[Usage report];;', '{Usage report};2020', '[2020-12]', '[2020];;', '[[Usage]]'])(
    'reads a table below the title %s',
    (title) => {
      const found = guess(`${title}\nDomain;Plan;Users\na.example;Business;15\nb.example;Pro;7\n`);
      expect([found?.delimiter, found?.headerRow, found?.header]).toEqual([';', 2, ['Domain', 'Plan', 'Users']]);
      expect(recognise(file('usage.csv', `${title}\nDomain,Plan,Users\na.example,Business,15\n`))?.source).toBe('csv');
    },
  );

  test('reads a header whose names stand in brackets', () => {
    expect(guess('[Domain],[Users]\na.example,15\n')?.header).toEqual(['[Domain]', '[Users]']);
  });

  test.each([
    '{"hello":"world","more":[1,2]}',
    '\ufeff {\n  "hello": "world",\n  "more": 1\n}',
    '[{"a":1,"b":2},{"a":1,"b":',
    '[{"a":1,"b":2} and, then, noise',
    '[[{"a":1,"b":2}]]',
    '[1,2,3]',
    '["a","b"]\n["c","d"]',
    '["a","b',
    '[true,null,-1.5e3]',
    '[]',
    '{}',
    '{"orgs":[]}',
  ])('is none for the JSON %s', (json) => {
    expect(guess(json)).toBeNull();
  });

  test('of a list whose one string never ends takes no time', () => {
    for (const part of ['\\"', '\\\n"', 'a']) expect(guess(`["${part.repeat(100_000)}`)).toBeNull();
  });

  test('one column, or no text, is no CSV', () => {
    expect([guess('just\nwords'), recognise({ name: 'x.png', bytes: new Uint8Array([0x89, 0x50, 0, 1, 2, 3]) })]).toEqual([null, null]);
  });
});

describe('every encoding reads the same', () => {
  const text = `${HEADER.join(',')}\r\nmüller.example,Proofpoint,Größe – „Pro“,2020-12-19,15,3.00\r\n`;
  const utf16 = (littleEndian: boolean, mark: boolean) => {
    const source = `${mark ? '\ufeff' : ''}${text}`;
    const view = new DataView(new ArrayBuffer(source.length * 2));
    for (let at = 0; at < source.length; at++) view.setUint16(at * 2, source.charCodeAt(at), littleEndian);
    return new Uint8Array(view.buffer);
  };
  const windows1252 = Uint8Array.from(text, (character) => ({ '–': 0x96, '„': 0x84, '“': 0x93 })[character] ?? character.charCodeAt(0));
  test.each([
    ['UTF-8', new TextEncoder().encode(text)],
    ['UTF-8 with a mark', new TextEncoder().encode(`\ufeff${text}`)],
    ['UTF-16 LE with a mark', utf16(true, true)],
    ['UTF-16 BE with a mark', utf16(false, true)],
    ['UTF-16 LE', utf16(true, false)],
    ['UTF-16 BE', utf16(false, false)],
    ['Windows-1252', windows1252],
  ])('%s', (_, bytes) => {
    const saved = { name: 'usage.csv', bytes };
    expect(guessCsv(saved)?.header).toEqual(HEADER);
    const lines = [...csv.read(saved, { date: null, profile, summaries: new Set() })].map(({ record }) => record);
    expect(lines).toEqual([{ kind: 'usage', line: { ...usage, site: 'müller.example', subProductName: 'Größe – „Pro“' } }]);
  });
});
