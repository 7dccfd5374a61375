import { expect, test } from 'vitest';
import { problem } from '../../src/domain/problem.ts';
import * as scene from '../delivery/scene';
import { recogniseFiles, saveFound } from '../../src/machines/psa-files-actors.ts';
import { openDatabase, type Database } from '../../src/storage/db.ts';
import { linesReadAt, mirrorOf, readings } from '../../src/storage/mirrors.ts';

const NOW = '2026-04-03T08:00:00.000Z';
const company = (id: number, name: string) => ({ id, identifier: name.toLowerCase(), name });
const addition = (id: number, agreementId: number) => ({
  id,
  agreementId,
  product: { id: 40, identifier: 'PP' },
  quantity: 5,
  billCustomer: 'Billable',
});
const oneTime = (id: number, agreement: number) => ({
  id,
  catalogItem: { id: 40 },
  agreement: { id: agreement },
  quantity: 1,
  billableOption: 'Billable',
});

test('files are told by their content, and one that is none says so', () => {
  const found = recogniseFiles('connectwise', [
    file('a.json', [company(1, 'Acme')]),
    file('b.json', { hello: 1 }),
    { name: 'c.json', text: '{' },
  ]);
  expect(found.map((one) => ('kind' in one ? [one.file, one.kind, one.rows.length] : [one.file, one.problem]))).toEqual([
    ['a.json', 'companies', 1],
    ['b.json', problem('file is not recognised', { file: 'b.json' })],
    ['c.json', problem('file is not recognised', { file: 'c.json' })],
  ]);
});

test('the pages of one kind are one reading, a later row for an earlier one', async () => {
  const db = await database();
  const pages = [
    file('1.json', [company(1, 'Acme'), company(2, 'Bolt')]),
    file('2.json', [company(2, 'Bolt renamed'), company(3, 'City')]),
  ];
  await saveFound(db, NOW, 'office', recogniseFiles('connectwise', pages));
  expect((await mirrorOf(db, 'office', 'companies'))?.rows.map(({ name }) => name)).toEqual(['Acme', 'Bolt renamed', 'City']);
});

test('lines go to their agreements, and one-time lines stay when only recurring ones are loaded again', async () => {
  const db = await database();
  await saveFound(
    db,
    NOW,
    'office',
    recogniseFiles('connectwise', [file('a.json', [addition(500, 10), addition(501, 11)]), file('b.json', [oneTime(7, 10)])]),
  );
  const later = '2026-04-03T09:30:00.000Z';
  await saveFound(db, later, 'office', recogniseFiles('connectwise', [file('a.json', [addition(502, 10)])]));
  const both = (await mirrorOf(db, 'office', 'lines', '10'))!;
  expect([linesReadAt(both, 'recurring'), linesReadAt(both, 'one-time')]).toEqual([later, NOW]);
  const recurring = (await mirrorOf(db, 'office', 'lines', '11'))!;
  expect([linesReadAt(recurring, 'recurring'), linesReadAt(recurring, 'one-time')]).toEqual([NOW, null]);
  expect((await mirrorOf(db, 'office', 'lines', '10'))?.rows.map(({ id, kind }) => [id, kind])).toEqual([
    ['7', 'one-time'],
    ['502', 'recurring'],
  ]);
  expect((await mirrorOf(db, 'office', 'lines', '11'))?.rows.map(({ id }) => id)).toEqual(['501']);
});

test('a file that is not understood changes nothing', async () => {
  const db = await database();
  await saveFound(db, NOW, 'office', recogniseFiles('connectwise', [{ name: 'x', text: 'no' }]));
  expect(await readings(db, 'office')).toEqual([]);
});

test('a record that is two things at once fills both lists', async () => {
  const db = await database();
  const clients = [{ accountId: '7', name: 'Acme', stage: 'Active', emailDomains: [] }];
  const found = recogniseFiles('superops', [file('clients.json', { data: { getClientList: { clients } } })]);
  expect(found.map((one) => ('kind' in one ? [one.file, one.kind, one.rows.length] : one))).toEqual([
    ['clients.json', 'companies', 1],
    ['clients.json', 'agreements', 1],
  ]);
  await saveFound(db, NOW, 'office', found);
  expect([
    (await mirrorOf(db, 'office', 'companies'))?.rows[0]?.id,
    (await mirrorOf(db, 'office', 'agreements'))?.rows[0]?.companyId,
  ]).toEqual(['7', '7']);
});

function file(name: string, content: unknown) {
  return { name, text: JSON.stringify(content) };
}

function database(): Promise<Database> {
  return openDatabase(`psa-files-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
}

test('contracts that only name their account are placed by the accounts, whichever file comes first', async () => {
  const contracts = file('contracts.json', {
    Success: true,
    Result: [{ Id: 12, ContractName: 'Managed Services', AccountName: 'Acme', BillingCycle: 'Monthly' }],
  });
  const accounts = file('accounts.json', { Success: true, Result: [{ Id: 7, AccountName: 'Acme', IsActive: true }] });
  for (const order of [
    [contracts, accounts],
    [accounts, contracts],
  ]) {
    const db = await database();
    await db.connections.put(scene.connectionOf({ id: 'office', psa: 'kaseya-bms', protocol: 'file', url: null }));
    for (const each of order) await saveFound(db, NOW, 'office', recogniseFiles('kaseya-bms', [each]));
    expect((await mirrorOf(db, 'office', 'agreements'))?.rows.map(({ id, companyId }) => [id, companyId])).toEqual([['12', '7']]);
  }
});
