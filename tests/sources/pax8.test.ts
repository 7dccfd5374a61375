import { describe, expect, test } from 'vitest';
import { pax8 } from '../../src/sources/pax8.ts';
import type { SourceFile } from '../../src/sources/source.ts';
import { file, FIRST_WEST, first, jsonFile, page, PARTNER, PROOFPOINT, SUBSCRIPTION, summary, usageLine } from '../fixtures/usage/files.ts';

const read = (from: SourceFile, summaries: readonly string[] = []) => [
  ...pax8.read(from, { date: null, profile: null, summaries: new Set(summaries) }),
];
const line = (more: object) => first(read(jsonFile('lines.json', [usageLine(more)])));
const usage = {
  date: '2020-01-14',
  site: null,
  summary: FIRST_WEST,
  account: null,
  company: null,
  product: null,
  subProductId: '61bf3a55-f1da-4efd-88eb-bf362b0ad51e',
  subProductName: 'Proofpoint Essentials - Professional',
  unit: 'User',
  currency: 'USD',
  quantity: '3',
  unitPrice: '5.33',
  unitCost: '3.46',
  total: '15.99',
  licences: null,
  trial: false,
  file: 'lines.json',
  row: 1,
};

describe('a usage line', () => {
  test("of the vendor's own example is 3 at 5.33 that cost 3.46", () => {
    expect(line({})).toEqual({ row: 1, bytes: expect.any(Number) as number, record: { kind: 'usage', line: usage }, problems: [] });
  });

  test('whose arithmetic does not add up goes in with a warning', () => {
    const read = line({ unitPrice: 2.33, currentCharges: 13.99, currentProfit: 2.61, partnerTotal: 7.38 });
    expect(read.record).toEqual({ kind: 'usage', line: { ...usage, unitPrice: '2.33', unitCost: '2.46', total: '13.99' } });
    expect(read.problems).toEqual([
      { file: 'lines.json', row: 1, column: 'currentCharges', value: '13.99', reason: 'quantity x unitPrice is 6.99', severity: 'warning' },
      {
        file: 'lines.json',
        row: 1,
        column: 'partnerTotal',
        value: '7.38',
        reason: 'currentCharges - currentProfit is 11.38',
        severity: 'warning',
      },
    ]);
  });

  test('without a quantity is unknown, not 0', () => {
    const read = line({ quantity: undefined, currentCharges: undefined, currentProfit: undefined });
    expect(read.record).toEqual({ kind: 'usage', line: { ...usage, quantity: null, unitCost: null, total: null } });
    expect(read.problems.map(({ column, severity }) => [column, severity])).toEqual([['quantity', 'warning']]);
  });

  test('keeps more digits than a double has', () => {
    const text = JSON.stringify([usageLine({ quantity: 1, currentCharges: 7, unitPrice: 7, currentProfit: 0 })]).replace(
      '"unitPrice":7',
      '"unitPrice":0.1000000000000055',
    );
    expect(first(read(file('lines.json', text))).problems.map(({ column }) => column)).toContain('unitPrice');
    const exact = JSON.stringify([usageLine({})]).replace('"unitPrice":5.33', '"unitPrice":5.330');
    expect(first(read(file('lines.json', exact))).record).toEqual({ kind: 'usage', line: usage });
  });

  test('with a quantity that is no number is refused and keeps its customer unknown', () => {
    const read = line({ quantity: 'three' });
    expect(read.problems).toEqual([
      {
        file: 'lines.json',
        row: 1,
        column: 'quantity',
        value: 'three',
        reason: 'quantity is not a number that can be kept exactly',
        severity: 'error',
      },
    ]);
    expect(read.record).toEqual({ kind: 'usage', line: { ...usage, quantity: null, unitPrice: null, unitCost: null, total: null } });
  });

  test('without a summary is refused with what to do', () => {
    const read = line({ usageSummaryId: undefined });
    expect(read.record).toBeNull();
    expect(read.problems.map(({ column, severity, reason }) => [column, severity, reason])).toEqual([
      [
        'usageSummaryId',
        'error',
        'The line does not say whose usage it is: import the usage summaries too and put the id of the summary into the file name',
      ],
    ]);
  });

  test('without a summary takes the one known summary in the path of its file', () => {
    const saved = jsonFile(`usage-summaries/${FIRST_WEST}/lines.json`, [usageLine({ usageSummaryId: undefined })]);
    expect(first(read(saved, [FIRST_WEST])).record).toEqual({ kind: 'usage', line: { ...usage, file: saved.name } });
    expect(first(read(saved)).record).toBeNull();
  });

  test('of a quantity of 0 has no unit cost, and a trial says so', () => {
    const { record } = line({ quantity: 0, currentCharges: 0, currentProfit: 0, partnerTotal: 0, isTrial: true });
    expect(record).toEqual({ kind: 'usage', line: { ...usage, quantity: '0', total: '0', unitCost: null, trial: true } });
  });

  test('takes nothing from a prototype', () => {
    const hostile = JSON.stringify([usageLine({ quantity: undefined, currentCharges: undefined })]).replace(
      '{',
      '{"__proto__":{"quantity":99,"isAdmin":true},',
    );
    expect(first(read(file('lines.json', hostile))).record).toEqual({
      kind: 'usage',
      line: { ...usage, quantity: null, unitCost: null, total: null },
    });
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });
});

describe('names', () => {
  test('of a company come with its domain, external id and status', () => {
    const company = {
      id: 'c1',
      name: '1st West',
      website: 'https://www.1stWestInsurance.com/',
      status: 'Active',
      externalId: 'A123',
      selfServiceAllowed: true,
    };
    expect(read(jsonFile('c.json', page([company]))).map(({ record }) => record)).toEqual([
      {
        kind: 'company',
        company: { id: 'c1', name: '1st West', domains: ['1stwestinsurance.com'], externalId: 'A123', status: 'active', source: 'pax8' },
      },
    ]);
  });

  test('of a summary name site, product, subscription and vendor', () => {
    expect(read(jsonFile('s.json', page([summary(FIRST_WEST, '1stwestinsurance.com')]))).map(({ record }) => record)).toEqual([
      {
        kind: 'summary',
        summary: {
          id: FIRST_WEST,
          companyId: PARTNER,
          productId: PROOFPOINT,
          resourceGroup: '1stwestinsurance.com',
          vendorName: 'Proofpoint',
          subscriptionId: SUBSCRIPTION,
          currency: 'USD',
          trial: false,
        },
      },
    ]);
  });

  test('of a subscription keep the day it started', () => {
    const subscription = {
      id: 's1',
      companyId: 'c1',
      productId: PROOFPOINT,
      productName: 'Proofpoint',
      startDate: '2020-07-01T08:30:00Z',
      status: 'Active',
      billingTerm: 'Monthly',
    };
    expect(read(jsonFile('s.json', [subscription])).map(({ record }) => record)).toEqual([
      {
        kind: 'subscription',
        subscription: {
          id: 's1',
          companyId: 'c1',
          productId: PROOFPOINT,
          productName: 'Proofpoint',
          startDate: '2020-07-01',
          status: 'Active',
          currency: null,
        },
      },
    ]);
  });

  test('without an id are refused', () => {
    const read1 = first(read(jsonFile('p.json', [{ name: 'Proofpoint', vendorName: 'Proofpoint' }])));
    expect([read1.record, read1.problems.map(({ reason }) => reason)]).toEqual([null, ['id is missing']]);
  });
});

describe('every way to save an answer reads the same', () => {
  const lines = [usageLine(), usageLine({ usageDate: '2020-01-15' })];
  const [one, two] = lines;
  test.each([
    ['a page', JSON.stringify(page(lines))],
    ['a page that begins with its numbers', JSON.stringify({ page: { size: 2 }, content: lines })],
    ['an array', JSON.stringify(lines, null, 2)],
    ['JSON lines', `${JSON.stringify(one)}\n${JSON.stringify(two)}\r\n`],
    ['two pages one after another', `${JSON.stringify(page([one], 0, 2))}${JSON.stringify(page([two], 1, 2))}`],
    ['two single objects', `${JSON.stringify(one)} ${JSON.stringify(two, null, 1)}`],
    ['a byte order mark', `\ufeff${JSON.stringify(lines)}`],
  ])('%s', (_, text) => {
    const records = read(file('lines.json', text)).flatMap(({ record }) => (record === null ? [] : [record]));
    expect(records).toEqual([
      { kind: 'usage', line: usage },
      { kind: 'usage', line: { ...usage, date: '2020-01-15', row: 2 } },
    ]);
  });

  test('a file that was cut off keeps what stood before the cut and says so', () => {
    const text = JSON.stringify(page(lines));
    const rows = read(file('lines.json', text.slice(0, text.lastIndexOf('currentProfit'))));
    expect(rows.map(({ record }) => record?.kind ?? null)).toEqual(['usage', null]);
    expect(rows[1]?.problems.map(({ severity, reason }) => [severity, reason])).toEqual([
      ['error', 'The file ends in the middle of this record: nothing behind it was read'],
    ]);
  });

  test('JSON that is nested without end stops there', () => {
    const rows = read(file('lines.json', `[${JSON.stringify(one)},{"a":${'['.repeat(10_000)}`));
    expect(rows.map(({ problems }) => problems.map(({ reason }) => reason))).toEqual([
      [],
      ['This is nested deeper than 32: nothing behind it was read'],
    ]);
  });

  test('a record that is nothing we know is refused', () => {
    expect(read(jsonFile('x.json', [usageLine(), { hello: 'world' }])).map(({ record }) => record?.kind ?? null)).toEqual(['usage', null]);
  });

  test('a record that is nothing we know says so, also among usage lines', () => {
    expect(read(jsonFile('x.json', [{ hello: 'world' }, usageLine()])).map(({ row, problems }) => [row, problems])).toEqual([
      [
        1,
        [
          {
            file: 'x.json',
            row: 1,
            column: null,
            value: '{"hello":"world"}',
            reason: 'This is no company, product, subscription, usage summary or usage line of Pax8',
            severity: 'error',
          },
        ],
      ],
      [2, []],
    ]);
    expect(pax8.recognise(jsonFile('x.json', page([{ hello: 'world' }])))).toBeNull();
  });
});

describe('a file whose first record lacks what tells its kind', () => {
  const site = summary(FIRST_WEST, '1stwestinsurance.com');
  const subscription = { id: SUBSCRIPTION, productId: PROOFPOINT, startDate: '2020-07-01' };
  test.each([
    ['usage-lines', usageLine({ usageDate: null }), usageLine(), 'usageDate'],
    ['usage-lines', usageLine({ usageDate: undefined }), usageLine(), 'usageDate'],
    ['usage-summaries', { ...site, resourceGroup: undefined }, site, 'resourceGroup'],
    ['subscriptions', { ...subscription, startDate: null }, subscription, 'startDate'],
    ['companies', { id: 'c1', name: 'A', website: null }, { id: 'c1', name: 'A', website: 'a.example' }, 'website'],
    ['products', { id: 'p1', name: 'A', vendorName: null }, { id: 'p1', name: 'A', vendorName: 'B' }, 'vendorName'],
  ])('is recognised as %s, and that record is a bad row that names the column', (kind, bad, good, column) => {
    const saved = jsonFile('a.json', page([bad, good, bad]));
    expect(pax8.recognise(saved)).toEqual({ source: 'pax8', kind, undated: false });
    const missing = (row: number) => [{ file: 'a.json', row, column, value: '', reason: `${column} is missing`, severity: 'error' }];
    expect(read(saved).map(({ row, record, problems }) => [row, record !== null, problems])).toEqual([
      [1, false, missing(1)],
      [2, true, []],
      [3, false, missing(3)],
    ]);
  });
});
