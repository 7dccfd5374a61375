import { expect, test } from 'vitest';
import type { Agreement } from '../../src/domain/agreement.ts';
import type { Database } from '../../src/storage/db.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { agreementsOfCompany, lastReadings, mirrorOf, readings, saveMirror, saveMirrors } from '../../src/storage/mirrors.ts';
import type { Mirror } from '../../src/storage/rows.ts';

const NOW = '2026-04-03T08:00:00.000Z';
const companies = (readAt: string, names: readonly string[]): Mirror => ({
  connection: 'office',
  kind: 'companies',
  scope: '',
  readAt,
  rows: names.map((name, index) => ({ id: String(index), name, identifier: null, website: null, externalId: null, active: true })),
});

test('a new reading replaces the old one whole', async () => {
  const db = await database();
  await saveMirror(db, NOW, companies(NOW, ['Acme', 'Bolt']));
  const later = companies('2026-04-04T08:00:00.000Z', ['Acme']);
  await saveMirror(db, NOW, later);
  expect(await mirrorOf(db, 'office', 'companies')).toEqual(later);
});

test('the lines of each agreement are a reading of their own', async () => {
  const db = await database();
  await saveMirrors(db, NOW, [
    { connection: 'office', kind: 'lines', scope: '12', readAt: NOW, rows: [] },
    { connection: 'office', kind: 'lines', scope: '13', readAt: '2026-04-04T00:00:00.000Z', rows: [] },
  ]);
  expect(await mirrorOf(db, 'office', 'lines', '12')).toEqual({ connection: 'office', kind: 'lines', scope: '12', readAt: NOW, rows: [] });
  expect(await mirrorOf(db, 'office', 'lines', '14')).toBe(undefined);
});

test('every reading says when it was made and how many rows it has', async () => {
  const db = await database();
  await saveMirror(db, NOW, companies(NOW, ['Acme', 'Bolt']));
  await saveMirror(db, NOW, { ...companies(NOW, []), connection: 'branch' });
  expect(await readings(db, 'office')).toEqual([{ kind: 'companies', scope: '', readAt: NOW, rows: 2 }]);
});

test('the agreements of a company come from the newer of the whole list and its own reading', async () => {
  const db = await database();
  const agreement = (id: string, companyId: string) => ({ id, companyId }) as Agreement;
  const list = {
    connection: 'office',
    kind: 'agreements',
    scope: '',
    readAt: NOW,
    rows: [agreement('10', '1'), agreement('20', '2')],
  } as const;
  await saveMirror(db, NOW, list);
  expect(await agreementsOfCompany(db, 'office', '1')).toEqual({ rows: [agreement('10', '1')], readAt: NOW });
  const later = '2026-04-04T08:00:00.000Z';
  await saveMirror(db, later, { ...list, scope: '1', readAt: later, rows: [agreement('11', '1')] });
  expect(await agreementsOfCompany(db, 'office', '1')).toEqual({ rows: [agreement('11', '1')], readAt: later });
  expect(await agreementsOfCompany(db, 'office', '2')).toEqual({ rows: [agreement('20', '2')], readAt: NOW });
  expect(await agreementsOfCompany(db, 'branch', '1')).toBe(undefined);
  expect(await lastReadings(db)).toEqual(new Map([['office', later]]));
});

function database(): Promise<Database> {
  return openDatabase(`mirrors-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
}
