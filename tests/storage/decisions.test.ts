import { expect, test } from 'vitest';
import { breakIn } from '../../src/domain/audit';
import { decimalOf } from '../../src/domain/decimal';
import { problem } from '../../src/domain/problem';
import { assignCompany } from '../../src/storage/assignments';
import { bindingsFor, bindProduct, unbind } from '../../src/storage/bindings';
import { saveCompany } from '../../src/storage/companies';
import { decide } from '../../src/storage/decide';
import { newestDecisions, turnDecision } from '../../src/storage/decisions';
import type { Database } from '../../src/storage/db';
import { openDatabase } from '../../src/storage/open';
import { ignoreCustomers, ignoresOn, liftIgnores } from '../../src/storage/ignores';
import { linkCompany, linkOf } from '../../src/storage/links';
import { setPrices } from '../../src/storage/prices';
import { changeSetting, keepSetting, settingOf } from '../../src/storage/settings';

const NOW = '2021-01-03T08:00:00.000Z';
const LATER = '2021-01-04T08:00:00.000Z';
const customer = { product: 'proofpoint', site: 'a.example' };
const psaProduct = { id: '41', identifier: 'PP', description: '', price: null, cost: null, taxable: null, active: true, reference: null };
const place = { connection: 'cw', product: 'proofpoint', subProduct: null };

async function opened(): Promise<Database> {
  return openDatabase(`decisions-${crypto.randomUUID()}`, { newId: () => 'uuid' });
}
async function undoNewest(db: Database): Promise<void> {
  const [newest] = await newestDecisions(db, 1);
  if (newest === undefined) throw new Error('there is a decision');
  await turnDecision(db, LATER, newest.seq);
}
async function contentOf(db: Database) {
  const tables = db.tables.filter(({ name }) => !['meta', 'audit', 'journal', 'undos'].includes(name));
  return Promise.all(tables.map(async (table) => [table.name, await table.toArray()] as const));
}

const price = {
  subProduct: 'proofpoint-business',
  company: null,
  price: decimalOf(3),
  cost: null,
  currency: 'USD',
  from: null,
  until: null,
};
const company = { id: 'c', name: 'Acme', domains: [], externalId: null, status: 'active', source: 'partner' } as const;

test.each<[string, (db: Database) => Promise<unknown>]>([
  ['an assignment', (db) => assignCompany(db, NOW, { customer, company: 'c', from: null, evidence: 'partner' })],
  ['a binding', (db) => bindProduct(db, NOW, { ...place, psaProduct, from: null })],
  ['the end of a binding', (db) => unbind(db, NOW, { ...place, from: '2021-01' })],
  ['a link that was another one', (db) => linkCompany(db, NOW, { connection: 'cw', company: 'c', psaCompany: { id: '9', name: 'Nine' } })],
  ['a price', (db) => setPrices(db, NOW, [{ ...price, price: decimalOf(4) }])],
  ['an ignore', (db) => ignoreCustomers(db, NOW, { customers: [customer], reason: 'ours', until: null })],
  ['an ignore that was taken back', (db) => liftIgnores(db, NOW, [customer])],
  ['a setting', (db) => changeSetting(db, NOW, 'own company', 'c')],
  ['a setting that is no more', (db) => changeSetting(db, NOW, 'threshold', null)],
  ['a company that was changed', (db) => saveCompany(db, NOW, { ...company, name: 'Acme Ltd' })],
])('%s is taken back and made again, also after the database was opened anew', async (_, command) => {
  const db = await opened();
  await bindProduct(db, NOW, { ...place, psaProduct: { ...psaProduct, id: '40' }, from: null });
  await linkCompany(db, NOW, { connection: 'cw', company: 'c', psaCompany: { id: '7', name: 'Seven' } });
  await setPrices(db, NOW, [price]);
  await changeSetting(db, NOW, 'threshold', { percent: 20, amount: null });
  await saveCompany(db, NOW, company);
  const before = await contentOf(db);
  await command(db);
  const after = await contentOf(db);
  expect(after).not.toEqual(before);
  db.close();
  const again = await openDatabase(db.name, { newId: () => 'never' });
  await undoNewest(again);
  expect(await contentOf(again)).toEqual(before);
  await undoNewest(again);
  expect(await contentOf(again)).toEqual(after);
  const records = await again.audit.orderBy('seq').toArray();
  expect([records.slice(-2).map(({ kind }) => kind), breakIn(records)]).toEqual([['decision taken back', 'decision made again'], null]);
});

test('the newer of two decisions about the same thing is taken back first', async () => {
  const db = await opened();
  const assign = (to: string) => assignCompany(db, NOW, { customer, company: to, from: null, evidence: 'partner' });
  await assign('c');
  await assign('d');
  await ignoreCustomers(db, NOW, { customers: [customer], reason: 'another thing', until: null });
  const [, second, first] = await newestDecisions(db, 3);
  await expect(turnDecision(db, LATER, first!.seq)).rejects.toMatchObject({ problem: problem('decision rests', { reason: 'newer' }) });
  await turnDecision(db, LATER, second!.seq);
  await turnDecision(db, LATER, first!.seq);
  expect([await db.assignments.count(), (await ignoresOn(db, '2021-01-03')).size]).toEqual([0, 1]);
});

test('a company stays while an assignment rests on it', async () => {
  const db = await opened();
  await saveCompany(db, NOW, company);
  await assignCompany(db, NOW, { customer, company: 'c', from: null, evidence: 'partner' });
  const [assigned, made] = await newestDecisions(db, 2);
  await expect(turnDecision(db, LATER, made!.seq)).rejects.toMatchObject({ problem: problem('decision rests', { reason: 'newer' }) });
  await turnDecision(db, LATER, assigned!.seq);
  await turnDecision(db, LATER, made!.seq);
  expect(await db.companies.count()).toBe(0);
});

test('what something else changed since is left as it is', async () => {
  const db = await opened();
  await changeSetting(db, NOW, 'word', 'mine');
  await keepSetting(db, NOW, 'word', 'theirs');
  await expect(undoNewest(db)).rejects.toMatchObject({ problem: problem('decision rests', { reason: 'changed' }) });
  expect([await settingOf(db, 'word'), (await newestDecisions(db, 9)).map(({ undone }) => undone)]).toEqual(['theirs', [null]]);
});

test('a decision that is not on record is refused, and a command that changes nothing is none', async () => {
  const db = await opened();
  await setPrices(db, NOW, [price]);
  await setPrices(db, NOW, [price]);
  expect((await newestDecisions(db, 9)).map(({ kind, subject, images }) => [kind, subject, images.map(({ table }) => table)])).toEqual([
    ['price set', 'proofpoint-business', ['prices']],
  ]);
  await expect(turnDecision(db, LATER, 99)).rejects.toMatchObject({ problem: problem('decision rests', { reason: 'gone' }) });
});

test('a command inside a larger one is a part of that one', async () => {
  const db = await opened();
  await linkCompany(db, NOW, { connection: 'cw', company: 'c', psaCompany: { id: '7', name: 'Seven' } });
  await db.transaction('rw', db.tables, async () => {
    await linkCompany(db, NOW, { connection: 'cw', company: 'd', psaCompany: { id: '8', name: 'Eight' } });
  });
  expect((await newestDecisions(db, 9)).map(({ subject }) => subject)).toEqual(['c']);
  expect([await linkOf(db, 'cw', 'c'), await linkOf(db, 'cw', 'd'), await bindingsFor(db, 'cw', 'proofpoint', '2020-12')]).toMatchObject([
    { psaCompany: '7' },
    { psaCompany: '8' },
    [],
  ]);
});

test('a command inside the work of another is refused, and nothing of either is written', async () => {
  const db = await opened();
  const nested = () =>
    decide(db, NOW, ['settings', 'ignores'], async ({ audit }) => {
      await audit('outer', '', null);
      await changeSetting(db, NOW, 'word', 'mine');
    });
  await expect(nested()).rejects.toThrow('A command runs inside the work of another: both would give out the same numbers.');
  expect([await db.audit.count(), await settingOf(db, 'word'), await newestDecisions(db, 9)]).toEqual([0, undefined, []]);
  await changeSetting(db, NOW, 'word', 'mine');
  await db.transaction('rw', db.tables, async () => {
    await changeSetting(db, NOW, 'word', 'ours');
    await changeSetting(db, NOW, 'word', 'theirs');
  });
  expect((await db.audit.orderBy('seq').toArray()).map(({ seq, data }) => [seq, data])).toEqual([
    [1, 'mine'],
    [2, 'ours'],
    [3, 'theirs'],
  ]);
});
