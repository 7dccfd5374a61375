import { expect, test } from 'vitest';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { decimalOf } from '../../src/domain/decimal';
import { thenRows } from '../../src/domain/month-then';
import { assignCompany } from '../../src/storage/assignments';
import type { Database } from '../../src/storage/db';
import { commitImport, stageChunk, stageImport } from '../../src/storage/imports';
import { monthThen, usualDay } from '../../src/storage/month-then';
import { setPrice } from '../../src/storage/prices';
import { addRule } from '../../src/storage/rules';
import { mail, NOW, seeded } from '../demo/demo';
import { usageImport, usageLine } from '../support/usage';

const LATER = '2021-01-09T08:00:00.000Z';
const seed = mail('1stwestinsurance.com');
const december = { period: '2020-12', today: '2021-01-10', calendar: DEFAULT_CALENDAR };
const known = { ...december, day: '2021-01-03', until: '2021-01-03T23:59:59.999Z' };
const BEFORE = { quantity: '15', price: '3', cost: '2.44', currency: 'USD', company: null, synced: null };

async function importLate(db: Database): Promise<string> {
  const lines = [usageLine({ quantity: decimalOf(17) }), usageLine({ site: 'new.example', quantity: decimalOf(2), row: 2 })];
  const { record, chunks } = usageImport(lines, { files: [{ name: 'late.csv', bytes: 1, kind: 'csv' }] });
  await stageImport(db, LATER, record);
  for (const chunk of chunks) await stageChunk(db, LATER, chunk);
  await commitImport(db, LATER, record, { companies: [], products: [], subscriptions: [], summaries: [], named: [] });
  return record.id;
}

async function seedRow(db: Database) {
  const { rows } = await monthThen(db, known);
  return rows.find(({ customer, subProduct }) => customer.site === seed.site && subProduct === 'proofpoint-business');
}

test('a month shows what was known on the day, and in what order what is known otherwise came', async () => {
  const db = await seeded();
  const company = (await db.companies.toArray()).find(({ name }) => name === '1st West Insurance');
  const before = await monthThen(db, known);
  expect([before.rows.filter(({ since }) => since.length > 0), before.later, before.isBegun, before.isExact]).toEqual([[], [], true, true]);
  const id = await importLate(db);
  await assignCompany(db, LATER, { customer: seed, company: company?.id ?? null, from: null, evidence: 'partner' });
  const after = await monthThen(db, known);
  expect(await seedRow(db)).toEqual({
    ...{ key: 'proofpoint\u001f1stwestinsurance.com\u001fproofpoint-business', customer: seed, product: 'Proofpoint' },
    ...{ subProduct: 'proofpoint-business', name: 'Proofpoint Business', currency: 'USD', then: BEFORE },
    since: [
      { what: 'quantity', now: '17', importedAt: LATER },
      { what: 'company', now: '1st West Insurance' },
    ],
  });
  expect(after.rows.find(({ customer }) => customer.site === 'new.example')).toMatchObject({
    then: null,
    since: [{ what: 'quantity', now: '2', importedAt: LATER }],
  });
  expect(after.later).toEqual([{ id, at: LATER, files: ['late.csv'] }]);
  expect(after.rows.map(({ then }) => then).filter((one) => one !== null)).toEqual(before.rows.map(({ then }) => then));
});

test('a rule and a price that hold since are no import', async () => {
  const db = await seeded();
  const empty = { site: '', how: '', percent: '', overCost: '', least: '', currency: '', places: '', until: '', from: '' };
  const place = { ...empty, product: 'proofpoint', subProduct: 'proofpoint-business', reason: 'Contract' };
  await addRule(db, LATER, { ...place, kind: 'minimum', quantity: '20' });
  const price = { subProduct: 'proofpoint-business', company: null, cost: null, currency: 'USD', from: null, until: null };
  await setPrice(db, LATER, { ...price, price: decimalOf(9) });
  const row = await seedRow(db);
  expect([row?.then, row?.since]).toEqual([BEFORE, [{ what: 'quantity', now: '20', importedAt: null }]]);
});

test('a day before everything knows nothing, and what nobody counts any more is said', async () => {
  const db = await seeded();
  const { rows, isBegun } = await monthThen(db, { ...known, day: '2020-12-24', until: '2020-12-24T23:59:59.999Z' });
  expect([rows.every(({ then }) => then === null), rows.length > 0, isBegun]).toEqual([true, true, false]);
  const { rows: of } = await monthThen(db, known);
  expect(of.length).toBe(rows.length);
  expect(thenRows({ products: [], prices: [] }, { products: [], prices: [] }, new Map())).toEqual([]);
});

test('the day asked for first is when the month was planned, else when it was final, but never before anything was on record or after today', async () => {
  const db = await seeded();
  const dayOf = (period: string, today: string) => usualDay(db, { period, today, calendar: DEFAULT_CALENDAR });
  expect([await dayOf('2020-12', '2021-01-10'), await dayOf('2020-10', '2021-01-10'), await dayOf('2021-01', '2021-01-10')]).toEqual([
    '2021-01-03',
    NOW.slice(0, 10),
    '2021-01-10',
  ]);
  const plan = { id: 'p', period: '2020-12', confirmedOn: '2021-01-05' };
  await db.plans.add(plan as never);
  expect(await dayOf('2020-12', '2021-01-10')).toBe('2021-01-05');
});

test('a database that is older than its journal says that not everything was remembered', async () => {
  const db = await seeded();
  await db.meta.update('database', { journalSince: 1_000_000 });
  expect((await monthThen(db, known)).isExact).toBe(false);
});
