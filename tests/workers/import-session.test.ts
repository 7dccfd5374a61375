import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CsvProfile } from '../../src/domain/csv-profile.ts';
import type { Answers, ImporterReply, Review } from '../../src/domain/importing.ts';
import { problem, ProblemError } from '../../src/domain/problem.ts';
import { unpackLine } from '../../src/domain/unpack.ts';
import type { Database } from '../../src/storage/db.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { importsNewestFirst, sweepStaged } from '../../src/storage/imports.ts';
import { committedUsage } from '../../src/storage/month.ts';
import type { SourceFile } from '../../src/sources/source.ts';
import { ImportSession } from '../../src/workers/import-session.ts';
import { file, FIRST_WEST, jsonFile, page, PARTNER, PROOFPOINT, summary, usageLine } from '../fixtures/usage/files.ts';

const NOW = '2020-02-03T08:00:00.000Z';
const nothing: Answers = { date: null, final: null, profile: null, copies: 'once' };
let db: Database;
let names = 0;

beforeEach(async () => {
  db = await openDatabase(`import ${String(++names)}`, { newId: () => `uuid ${String(names)}` });
});
afterEach(async () => {
  await db.delete();
});

function session() {
  const replies: ImporterReply[] = [];
  return { replies, importer: new ImportSession(db, (reply) => replies.push(reply)) };
}
async function staged(files: readonly SourceFile[], answers = nothing) {
  const { replies, importer } = session();
  await importer.inspect(files);
  await importer.stage(NOW, answers);
  const reply = replies.findLast(({ type }) => type === 'staged');
  return { importer, replies, review: (reply as { review: Review } | undefined)?.review };
}
async function imported(files: readonly SourceFile[], answers = nothing) {
  const run = await staged(files, answers);
  await run.importer.commit(NOW, false);
  return run;
}
const january = [
  jsonFile('summaries.json', page([summary(FIRST_WEST, '1stWestInsurance.com')])),
  jsonFile(
    'lines.json',
    page([usageLine(), usageLine({ productName: 'Proofpoint Essentials - Business', productId: 'p2', usageDate: '2020-01-19' })]),
  ),
];

describe('saved answers of the marketplace', () => {
  test('become one committed import with its names', async () => {
    const { review } = await imported([january[1]!, january[0]!]);
    expect(review).toEqual({
      importId: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      counts: { read: 3, accepted: 3, rejected: 0, blank: 0, warned: 0 },
      periods: ['2020-01'],
      reasons: [],
      samples: [],
      copies: 0,
      overlap: [],
      registry: { companies: 0, products: 0, subscriptions: 0, summaries: 1 },
      clean: true,
    });
    const [usage] = await committedUsage(db, ['2020-01']);
    expect(usage?.chunks.map((chunk) => Array.from({ length: chunk.rows }, (_, row) => unpackLine(chunk, row).subProductName))).toEqual([
      ['Proofpoint Essentials - Professional', 'Proofpoint Essentials - Business'],
    ]);
    expect(await db.products.toArray()).toEqual([
      { key: 'proofpoint', name: 'Proofpoint', vendor: 'Proofpoint', ids: [`pax8:${PROOFPOINT}`] },
    ]);
    expect(await db.subProducts.toArray()).toEqual([
      {
        key: 'proofpoint-essentials-business',
        product: 'proofpoint',
        name: 'Proofpoint Essentials - Business',
        unit: 'User',
        ids: ['pax8:p2'],
      },
      {
        key: 'proofpoint-essentials-professional',
        product: 'proofpoint',
        name: 'Proofpoint Essentials - Professional',
        unit: 'User',
        ids: ['pax8:61bf3a55-f1da-4efd-88eb-bf362b0ad51e'],
      },
    ]);
  });

  test('imported twice, in another order and under other names, change nothing', async () => {
    await imported(january);
    const before = await Promise.all(db.tables.map(async (table) => [table.name, await table.toArray()] as const));
    const again = await staged([
      { ...january[1]!, name: 'b.json' },
      { ...january[0]!, name: 'a.json' },
    ]);
    expect(again.replies.map(({ type }) => type)).toEqual(['inspected', 'known']);
    expect(await Promise.all(db.tables.map(async (table) => [table.name, await table.toArray()] as const))).toEqual(before);
  });

  test('staged and never committed are visible to nobody and swept at the next start', async () => {
    await staged(january);
    expect(await committedUsage(db, ['2020-01'])).toEqual([]);
    expect(await importsNewestFirst(db)).toEqual([]);
    expect(await db.usage.count()).toBe(1);
    await sweepStaged(db, NOW);
    expect([await db.usage.count(), await db.imports.count(), await db.rejects.count(), await db.summaries.count()]).toEqual([0, 0, 0, 0]);
  });
});

describe('files whose usage names its customer', () => {
  const companies = jsonFile(
    'companies.json',
    page([{ id: PARTNER, name: '1st West Insurance', website: 'https://1stwestinsurance.com' }]),
  );

  test('are committed with the assignments that follow, or not at all', async () => {
    const { importer, replies } = await staged([companies, ...january]);
    const fail = () => {
      throw new Error('the disk is gone');
    };
    db.assignments.hook('creating', fail);
    await expect(importer.commit(NOW, false)).rejects.toThrow('the disk is gone');
    expect([await importsNewestFirst(db), await db.companies.count(), await db.audit.count()]).toEqual([[], 0, 0]);
    db.assignments.hook('creating').unsubscribe(fail);

    await importer.commit(NOW, false);
    const [record] = await importsNewestFirst(db);
    expect(replies.at(-1)).toEqual({ type: 'committed', record, assigned: 1 });
    expect(await db.assignments.toArray()).toEqual([
      {
        ...{ product: 'proofpoint', site: '1stwestinsurance.com', company: PARTNER },
        ...{ from: null, until: null, seq: expect.any(Number) as number, evidence: 'summary' },
      },
    ]);
  });
});

describe('files that overlap with what is imported', () => {
  const professional = 'Proofpoint Essentials - Professional';
  const lines = (name: string, ...of: object[]) => jsonFile(name, page(of.map((more) => usageLine(more))));

  test('show what they add, change and repeat before they do', async () => {
    await imported([january[0]!, lines('a.json', {}, { productName: 'Business', productId: 'p2', usageDate: '2020-01-15' })]);
    const { review } = await staged([
      lines(
        'b.json',
        { quantity: 4, currentCharges: 21.32 },
        { productName: 'Business', productId: 'p2', usageDate: '2020-01-15' },
        { usageDate: '2020-01-20' },
      ),
    ]);
    expect(review?.overlap).toEqual([
      {
        product: 'proofpoint',
        added: 1,
        changed: 1,
        repeated: 1,
        unmentioned: 0,
        changes: [
          {
            site: '1stwestinsurance.com',
            subProduct: professional,
            date: '2020-01-14',
            before: '3',
            after: '4',
            priceBefore: '5.33',
            priceAfter: '5.33',
          },
        ],
        silent: [],
      },
    ]);
    expect(review?.clean).toBe(false);
  });

  test('show which earlier counts they do not mention, and may be complete', async () => {
    await imported([january[0]!, lines('a.json', {}, { productName: 'Business', productId: 'p2' })]);
    const { importer, review, replies } = await staged([lines('b.json', {})]);
    expect(review?.overlap.map(({ unmentioned, silent }) => [unmentioned, silent])).toEqual([
      [
        1,
        [
          {
            site: '1stwestinsurance.com',
            subProduct: 'Business',
            date: '2020-01-14',
            before: '3',
            after: null,
            priceBefore: '5.33',
            priceAfter: null,
          },
        ],
      ],
    ]);
    await importer.commit(NOW, true);
    expect(replies.flatMap((reply) => (reply.type === 'committed' ? [reply.record.complete] : []))).toEqual([true]);
  });
});

describe('rows that count the same thing twice', () => {
  const counted = async () =>
    (await committedUsage(db, ['2020-01'])).flatMap(({ chunks }) =>
      chunks.flatMap((chunk) => Array.from({ length: chunk.rows }, (_, row) => unpackLine(chunk, row).quantity)),
    );

  test('are bad rows when they are exact copies, never summed and never dropped in silence', async () => {
    const { review } = await imported([january[0]!, jsonFile('a.json', [usageLine(), usageLine()])]);
    expect(review?.counts).toEqual({ read: 3, accepted: 2, rejected: 1, blank: 0, warned: 0 });
    expect([review?.copies, review?.clean, review?.reasons]).toEqual([
      1,
      false,
      [{ reason: 'An exact copy of another row', severity: 'error', count: 1 }],
    ]);
    expect(await counted()).toEqual(['3']);
  });

  test('are all counted when the partner says that each is real', async () => {
    await imported([january[0]!, jsonFile('a.json', [usageLine(), usageLine()])], { ...nothing, copies: 'each' });
    expect(await counted()).toEqual(['3', '3']);
  });

  test('with other numbers are added within a file, and refused between files', async () => {
    const one = await staged([january[0]!, jsonFile('a.json', [usageLine(), usageLine({ quantity: 4, currentCharges: 21.32 })])]);
    expect(one.review?.reasons.map(({ severity, reason }) => [severity, reason])).toContainEqual([
      'warning',
      'Another row counts the same site, sub-product and date: both are added',
    ]);
    const two = await staged([
      january[0]!,
      jsonFile('a.json', [usageLine()]),
      jsonFile('b.json', [usageLine({ quantity: 4, currentCharges: 21.32 })]),
    ]);
    expect(two.review?.counts.rejected).toBe(1);
  });
});

describe('what goes wrong', () => {
  test('a bad quantity keeps its customer unknown instead of 0, and the bad row is listed in full', async () => {
    const { review } = await imported([january[0]!, jsonFile('a.json', [usageLine({ quantity: 'many' })])]);
    expect(review?.counts).toEqual({ read: 2, accepted: 1, rejected: 1, blank: 0, warned: 0 });
    const [usage] = await committedUsage(db, ['2020-01']);
    expect(usage?.chunks.map((chunk) => unpackLine(chunk, 0).quantity)).toEqual([null]);
    expect(await db.rejects.toArray()).toEqual([
      {
        importId: review?.importId,
        slice: 0,
        rows: [
          {
            file: 'a.json',
            row: 1,
            column: 'quantity',
            value: 'many',
            reason: 'quantity is not a number that can be kept exactly',
            severity: 'error',
          },
        ],
      },
    ]);
  });

  test('a first row that lacks what tells its kind is a bad row, and the others go in', async () => {
    const { review } = await imported([
      jsonFile('s.json', [summary('s2', 'x', { resourceGroup: null }), summary(FIRST_WEST, '1stWestInsurance.com')]),
      jsonFile('a.json', [usageLine({ usageDate: null }), usageLine()]),
    ]);
    expect([review?.counts, review?.clean]).toEqual([{ read: 4, accepted: 2, rejected: 2, blank: 0, warned: 0 }, false]);
    expect(review?.samples).toEqual([
      { file: 's.json', row: 1, column: 'resourceGroup', value: '', reason: 'resourceGroup is missing', severity: 'error' },
      { file: 'a.json', row: 1, column: 'usageDate', value: '', reason: 'usageDate is missing', severity: 'error' },
    ]);
    const [usage] = await committedUsage(db, ['2020-01']);
    expect(usage?.chunks.map((chunk) => [chunk.rows, unpackLine(chunk, 0).quantity])).toEqual([[1, '3']]);
  });

  test('pages that are missing are named', async () => {
    const { review } = await staged([
      january[0]!,
      jsonFile('a.json', page([usageLine()], 0, 3)),
      jsonFile('b.json', page([usageLine({ usageDate: '2020-01-02' })], 2, 3)),
    ]);
    expect(review?.samples).toEqual([
      {
        file: '',
        row: 0,
        column: 'page',
        value: 'usage-lines, 3 in all, 3 pages: page 2 is missing',
        reason: 'Not all pages of an answer are among the files: customers may be missing',
        severity: 'warning',
      },
    ]);
  });

  test.each([
    [
      'files of different sources',
      [january[1]!, jsonFile('o.json', { orgs: [{ primary_domain: 'a.example', licensing_package: 'business', active_users: 1 }] })],
      'files do not belong together',
    ],
    ['a file nobody knows', [jsonFile('x.json', { hello: 'world' })], 'file is not recognised'],
    ['an empty file', [{ name: 'empty.csv', bytes: new Uint8Array(0) }], 'file is empty'],
    ['a header that stands twice', [file('h.csv', 'Domain,Users,Users\na.example,1,2\n')], 'header is repeated'],
  ])('%s', async (_, files, code) => {
    await expect(session().importer.inspect(files)).rejects.toThrow(code);
    expect([await db.imports.count(), await db.usage.count()]).toEqual([0, 0]);
  });

  test('files that do not belong together are told apart by source, what names things first, or by header', async () => {
    const orgs = { orgs: [{ primary_domain: 'a.example', licensing_package: 'business', active_users: 1 }] };
    const table = (name: string, header: string) => file(name, `${header}\na.example,1\n`);
    const groupsOf = (...files: SourceFile[]) =>
      session()
        .importer.inspect(files)
        .then(
          () => null,
          (error: unknown) => (error instanceof ProblemError ? error.problem : error),
        );
    expect(await groupsOf(table('a.csv', 'Domain,Users'), jsonFile('o.json', orgs), january[1]!, january[0]!)).toEqual(
      problem('files do not belong together', {
        groups: [
          { source: 'Pax8 Partner API', header: null, files: ['summaries.json', 'lines.json'] },
          { source: 'CSV', header: null, files: ['a.csv'] },
          { source: 'Proofpoint Essentials organisations', header: null, files: ['o.json'] },
        ],
      }),
    );
    const tables = [
      table('a.csv', 'Domain,Users'),
      table('b.csv', 'Site,Seats'),
      table('c.csv', 'Report\nDomain,Users'),
      table('d.csv', 'Site,Seats,'),
    ];
    expect(await groupsOf(...tables, table('e.csv', 'Title\nSite,Seats'))).toEqual(
      problem('files do not belong together', {
        groups: [
          { source: 'CSV', header: ['Domain', 'Users'], files: ['a.csv', 'c.csv'] },
          { source: 'CSV', header: ['Site', 'Seats'], files: ['b.csv', 'e.csv'] },
          { source: 'CSV', header: ['Site', 'Seats', ''], files: ['d.csv'] },
        ],
      }),
    );
  });

  test('undated counts without a date are not read', async () => {
    const { importer } = session();
    await importer.inspect([
      jsonFile('o.json', { orgs: [{ primary_domain: 'a.example', type: 'organization', licensing_package: 'business', active_users: 1 }] }),
    ]);
    await expect(importer.stage(NOW, nothing)).rejects.toThrow('text is missing');
  });

  test('a commit after a sweep changes nothing', async () => {
    const { importer } = await staged(january);
    await sweepStaged(db, NOW);
    await expect(importer.commit(NOW, false)).rejects.toThrow('import was not started');
    expect([await db.imports.count(), await db.summaries.count()]).toEqual([0, 0]);
  });
});

describe('a zip', () => {
  test('of all the files is one import, the same as its files', async () => {
    const bytes = zipSync({
      'data/summaries.json': january[0]!.bytes,
      'data/lines.json': january[1]!.bytes,
      '__MACOSX/._x': new Uint8Array([1]),
    });
    const zipped = await staged([{ name: 'all.zip', bytes }]);
    const loose = await staged(january);
    expect(zipped.review).toEqual(loose.review);
  });

  test('that unpacks to far more than it holds is refused', async () => {
    const bytes = zipSync({ 'bomb.csv': [new Uint8Array(20_000_000), { level: 9 }] });
    await expect(session().importer.inspect([{ name: 'bomb.zip', bytes }])).rejects.toThrow('file is too large');
  });
});

describe('counts without a date', () => {
  const orgs = jsonFile('o.json', {
    orgs: [{ primary_domain: 'a.example', name: 'A', type: 'organization', licensing_package: 'business', active_users: 1 }],
  });

  test('count on the day, or for the month, that the partner names', async () => {
    await imported([orgs], { ...nothing, date: '2020-01-12' });
    await imported([orgs], { ...nothing, final: '2020-01' });
    const usage = await committedUsage(db, ['2020-01']);
    expect(usage.map(({ record, chunks }) => [record.final, chunks.map((chunk) => unpackLine(chunk, 0).date)])).toEqual([
      [null, ['2020-01-12']],
      ['2020-01', ['2020-01-19']],
    ]);
  });
});

describe('a CSV', () => {
  const table = file('usage.csv', 'Domain,Plan,Date,Users\na.example,Business,2020-01-19,3\n');
  const profile: CsvProfile = {
    delimiter: ',',
    header: ['Domain', 'Plan', 'Date', 'Users'],
    decimals: 'point',
    dates: 'iso',
    columns: { site: 0, subProductName: 1, date: 2, quantity: 3 },
    constants: { product: 'Proofpoint', subProductName: null, currency: null },
  };

  test('is asked about once; its profile is offered for the next file with the same header', async () => {
    const first = await imported([table], { ...nothing, profile });
    const asked = first.replies.flatMap((reply) => (reply.type === 'inspected' ? [reply.inspection.csv?.saved] : []));
    const { importer, replies } = session();
    await importer.inspect([file('february.csv', 'Report\n\nDomain,Plan,Date,Users\na.example,Business,2020-02-19,4\n')]);
    const offered = replies.flatMap((reply) => (reply.type === 'inspected' ? [reply.inspection.csv?.saved] : []));
    expect([asked, offered]).toEqual([[null], [{ name: 'usage', profile }]]);
    expect(await db.products.toArray()).toEqual([{ key: 'proofpoint', name: 'Proofpoint', vendor: 'Proofpoint', ids: [] }]);
  });
});
