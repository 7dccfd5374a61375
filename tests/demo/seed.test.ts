import { expect, test } from 'vitest';
import { resetDemo, seedDemo } from '../../src/demo/seed';
import { hashOf, type Json } from '../../src/domain/canonical';
import { adapters } from '../../src/psa';
import { assignCompany } from '../../src/storage/assignments';
import type { Database } from '../../src/storage/db';
import { changeSetting } from '../../src/storage/settings';
import { emptyDatabase, mail, NOW, seeded } from './demo';

test('two databases that are seeded at the same instant hold the same', async () => {
  expect(await contentHash(await seeded())).toBe(await contentHash(await seeded()));
});

test('a seeded database is left alone, with what was done in it', async () => {
  const db = await seeded();
  await assignSeedCustomer(db);
  const before = await contentHash(db);
  await seedDemo(db, '2021-02-03T08:00:00.000Z');
  expect(await contentHash(db)).toBe(before);
});

test('a reset throws away what was done and holds what a first seed holds', async () => {
  const db = await seeded();
  const before = await contentHash(db);
  await assignSeedCustomer(db);
  await changeSetting(db, NOW, 'demo date', '2021-02-03');
  expect(await contentHash(db)).not.toBe(before);
  await resetDemo(db, NOW);
  expect(await contentHash(db)).toBe(before);
});

test('data of the partner is neither mixed with the demo nor thrown away for it', async () => {
  const db = await emptyDatabase();
  await db.companies.add({ id: 'mine', name: 'Mine', domains: [], externalId: null, status: 'active', source: 'own' });
  const before = await contentHash(db);
  await expect(seedDemo(db, NOW)).rejects.toThrow('the demo is not written into a database with data');
  await expect(resetDemo(db, NOW)).rejects.toThrow('this database is not the demo');
  expect(await contentHash(db)).toBe(before);
});

test('the demo starts on the day on which December is final, with a sandbox connection of each PSA and no secret', async () => {
  const db = await seeded();
  const connections = await db.connections.toArray();
  expect(connections.map(({ psa, protocol }) => [psa, protocol]).sort()).toEqual(adapters.map(({ id }) => [id, 'sandbox']).sort());
  const first = connections.filter(({ psa }) => psa === 'connectwise');
  expect([await db.settings.get('demo date'), first, await db.secrets.count()]).toEqual([
    { key: 'demo date', value: '2021-01-03' },
    [
      {
        id: 'demo-connectwise',
        psa: 'connectwise',
        name: 'ConnectWise PSA (demo sandbox)',
        protocol: 'sandbox',
        url: null,
        tenant: 'brightharbor',
        currency: 'USD',
        rateLimit: 600,
        quarantineMinutes: 10,
        checksKeys: false,
        settings: {},
        remember: false,
      },
    ],
    0,
  ]);
});

async function assignSeedCustomer(db: Database): Promise<void> {
  const company = (await db.companies.toArray()).find(({ name }) => name === '1st West Insurance');
  await assignCompany(db, NOW, { customer: mail('1stwestinsurance.com'), company: company?.id ?? null, from: null, evidence: 'partner' });
}

/** Over every row of every table. */
async function contentHash(db: Database): Promise<string> {
  const tables = await Promise.all(db.tables.map(async (table) => [table.name, await table.toArray()] as const));
  return hashOf(JSON.parse(JSON.stringify(Object.fromEntries(tables), plain)) as Json);
}

function plain(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value;
}
