import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Answers, ImporterReply, Review } from '../../src/domain/importing.ts';
import { unpackLine } from '../../src/domain/pack.ts';
import { openDatabase, type Database } from '../../src/storage/db.ts';
import { importsNewestFirst, sweepStaged } from '../../src/storage/imports.ts';
import { committedUsage } from '../../src/storage/month.ts';
import type { SourceFile } from '../../src/sources/source.ts';
import { ImportSession } from '../../src/workers/import-session.ts';
import { FIRST_WEST, jsonFile, page, PROOFPOINT, summary, usageLine } from '../fixtures/usage/files.ts';

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
