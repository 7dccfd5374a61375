import { afterEach, beforeEach, expect, test } from 'vitest';
import { billingSources, chooseBillingSource } from '../../src/storage/billing-source';
import type { Database } from '../../src/storage/db';
import { openDatabase } from '../../src/storage/open';
import { commitImport, stageChunk, stageImport } from '../../src/storage/imports';
import { monthStanding, productSources } from '../../src/storage/month';
import { decimalOf } from '../../src/domain/decimal';
import type { UsageLine } from '../../src/domain/usage';
import { usageImport, usageLine } from '../support/usage';

const NOW = '2021-01-03T09:00:00Z';
let db: Database;

beforeEach(async () => {
  db = await openDatabase(`sources-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
});
afterEach(() => {
  db.close();
});

async function bring(source: string, given: Partial<UsageLine>): Promise<void> {
  const { record, chunks } = usageImport([usageLine(given)], { source, state: 'staged' });
  await stageImport(db, NOW, record);
  for (const chunk of chunks) await stageChunk(db, NOW, chunk);
  const named = [{ product: 'Proofpoint', summary: null, id: null, name: 'Proofpoint Business', unit: 'User' }];
  await commitImport(db, NOW, record, { companies: [], products: [], subscriptions: [], summaries: [], named });
}

const counted = async (period: string) =>
  (await monthStanding(db, { period, today: '2021-02-03' })).flatMap(({ standings }) =>
    standings.map(({ count }) => [count.how, count.source, count.counts[0]?.quantity ?? null]),
  );

test('the source that brought a product first bills it in every month, also where another was imported earlier in that month', async () => {
  await bring('pax8', { date: '2020-11-19' });
  await bring('proofpoint-essentials', { date: '2020-12-19', quantity: decimalOf(17) });
  expect(await billingSources(db)).toEqual(new Map([['proofpoint', 'pax8']]));
  expect(await counted('2020-12')).toEqual([['unknown', null, null]]);
  await bring('pax8', { date: '2020-12-19' });
  expect(await counted('2020-12')).toEqual([['snapshot', 'pax8', '15']]);
});

test('the partner can choose another source, and sees between which', async () => {
  await bring('pax8', {});
  await bring('proofpoint-essentials', { quantity: decimalOf(17) });
  expect(await productSources(db, '2020-12')).toEqual([
    { product: 'proofpoint', name: 'Proofpoint', bills: 'pax8', sources: ['pax8', 'proofpoint-essentials'] },
  ]);
  await chooseBillingSource(db, NOW, 'proofpoint', 'proofpoint-essentials');
  expect(await counted('2020-12')).toEqual([['snapshot', 'proofpoint-essentials', '17']]);
});
