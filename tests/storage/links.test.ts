import { expect, test } from 'vitest';
import type { Database } from '../../src/storage/db.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { linkCompanies, linkCompany, linkOf, links, unlinkCompany } from '../../src/storage/links.ts';

const NOW = '2026-04-03T08:00:00.000Z';
const acme = { id: '7', name: 'Acme LLC' };

test('a company is linked, linked anew and unlinked, each on the record', async () => {
  const db = await database();
  await linkCompany(db, NOW, { connection: 'office', company: 'c1', psaCompany: acme });
  await linkCompany(db, NOW, { connection: 'office', company: 'c1', psaCompany: { id: '8', name: 'Acme Inc' } });
  expect(await linkOf(db, 'office', 'c1')).toEqual({ connection: 'office', company: 'c1', psaCompany: '8', psaName: 'Acme Inc', seq: 3 });
  await unlinkCompany(db, NOW, 'office', 'c1');
  expect(await linkOf(db, 'office', 'c1')).toBe(undefined);
  expect((await db.audit.toArray()).map(({ kind, subject, data }) => ({ kind, subject, data }))).toEqual([
    { kind: 'company linked', subject: 'c1', data: { connection: 'office', before: null, after: '7' } },
    { kind: 'company linked', subject: 'c1', data: { connection: 'office', before: '7', after: '8' } },
    { kind: 'company unlinked', subject: 'c1', data: { connection: 'office', before: '8', after: null } },
  ]);
});

test('links belong to one connection', async () => {
  const db = await database();
  await linkCompanies(db, NOW, [
    { connection: 'office', company: 'c1', psaCompany: acme },
    { connection: 'branch', company: 'c1', psaCompany: { id: '70', name: 'Acme' } },
  ]);
  expect(await links(db, 'branch')).toEqual([{ connection: 'branch', company: 'c1', psaCompany: '70', psaName: 'Acme', seq: 3 }]);
});

test('unlinking what is not linked writes nothing', async () => {
  const db = await database();
  await unlinkCompany(db, NOW, 'office', 'c1');
  expect(await db.audit.count()).toBe(0);
});

function database(): Promise<Database> {
  return openDatabase(`links-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
}
