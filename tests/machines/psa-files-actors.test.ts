import { describe, expect, test } from 'vitest';
import { problem } from '../../src/domain/problem.ts';
import * as scene from '../delivery/scene';
import { recogniseFiles, saveFound } from '../../src/machines/psa-files-actors.ts';
import type { Database } from '../../src/storage/db.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { choicesRead, linesReadAt, mirrorOf, readings } from '../../src/storage/mirrors.ts';

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

describe('an empty list', () => {
  test('says nothing of itself: nothing is taken over before somebody says what it answers', async () => {
    const db = await database();
    const found = recogniseFiles('connectwise', [file('response.json', []), file('lines-of-77.json', [])], ['10']);
    expect(found).toEqual(
      ['response.json', 'lines-of-77.json'].map((name, n) => ({
        ...{ n, file: name, problem: problem('saved list is empty', { file: name }), open: true },
      })),
    );
    await saveFound(db, NOW, 'office', found);
    expect(await readings(db, 'office')).toEqual([]);
  });

  test.each([
    ['its name, as the page suggests it', { ...file('lines-of-10.json', []) }],
    ['the partner', { ...file('response.json', []), answers: 'lines-of-10' }],
  ])('is of what %s says: the agreement has no recurring lines, and everything else stays unknown', async (_, picked) => {
    const db = await database();
    const found = recogniseFiles('connectwise', [picked], ['10', '11']);
    expect(found).toEqual([
      { n: 0, file: picked.name, kind: 'lines', rows: [], pages: 1, whole: [{ agreementId: '10', kinds: ['recurring'] }] },
    ]);
    await saveFound(db, NOW, 'office', found);
    const lines = (await mirrorOf(db, 'office', 'lines', '10'))!;
    expect([lines.rows, linesReadAt(lines, 'recurring'), linesReadAt(lines, 'one-time')]).toEqual([[], NOW, null]);
    expect((await readings(db, 'office')).map(({ kind, scope }) => [kind, scope])).toEqual([['lines', '10']]);
  });

  test('of lines leaves the one-time lines as they were', async () => {
    const db = await database();
    await saveFound(
      db,
      NOW,
      'office',
      recogniseFiles('connectwise', [file('a.json', [addition(500, 10)]), file('b.json', [oneTime(7, 10)])]),
    );
    const later = '2026-04-03T09:30:00.000Z';
    await saveFound(db, later, 'office', recogniseFiles('connectwise', [file('lines-of-10.json', [])], ['10']));
    const lines = (await mirrorOf(db, 'office', 'lines', '10'))!;
    expect([lines.rows.map(({ id }) => id), linesReadAt(lines, 'recurring'), linesReadAt(lines, 'one-time')]).toEqual([['7'], later, NOW]);
  });

  test('of two files of one name is told by each of them alone', () => {
    const [first, second] = recogniseFiles(
      'connectwise',
      [{ ...file('a.json', []), answers: 'one-time-lines-of-10' }, file('a.json', [])],
      ['10'],
    );
    expect([first, second]).toMatchObject([{ kind: 'lines', whole: [{ agreementId: '10', kinds: ['one-time'] }] }, { open: true }]);
  });
});

describe('a name', () => {
  test('that the content contradicts counts for nothing', async () => {
    const db = await database();
    const files = [file('lines-of-10.json', [addition(500, 11)]), file('types.json', [company(1, 'Acme')])];
    await saveFound(db, NOW, 'office', recogniseFiles('connectwise', files, ['10', '11']));
    expect((await readings(db, 'office')).map(({ kind, scope, rows }) => [kind, scope, rows])).toEqual([
      ['companies', '', 1],
      ['lines', '11', 1],
    ]);
  });

  test('that two files share for one page leaves the partner to say which it is', () => {
    const found = recogniseFiles('connectwise', [file('lines-of-10.json', []), file('lines-of-10.json', [])], ['10']);
    expect(found.map((one) => ('problem' in one ? [one.n, one.problem.code, one.open] : one))).toEqual([
      [0, 'answer is not understood', true],
      [1, 'answer is not understood', true],
    ]);
  });

  test('takes the pages of a list together, whatever their order, and is known from agreements that are picked beside', () => {
    const full = Array.from({ length: 1000 }, (_, n) => addition(n + 1, 10));
    const agreement = { id: 10, name: 'Managed', company: { id: 1 } };
    const files = [file('lines-of-10.2.json', []), file('agreements.json', [agreement]), file('lines-of-10.json', full)];
    const [second] = recogniseFiles('connectwise', files.slice(0, 2));
    expect(second).toMatchObject({ problem: problem('page is missing', { file: 'lines-of-10.json' }) });
    expect(recogniseFiles('connectwise', files).map((one) => ('kind' in one ? [one.kind, one.rows.length, one.pages] : one))).toEqual([
      ['lines', 1000, 2],
      ['agreements', 1, 1],
    ]);
    const alone = recogniseFiles('connectwise', files.slice(2), ['10']);
    expect(alone).toMatchObject([{ kind: 'lines', next: { file: 'lines-of-10.2.json', request: { query: { page: '2' } } } }]);
    const last = recogniseFiles(
      'connectwise',
      [file('lines-of-10.json', [addition(1, 10)]), file('lines-of-10.2.json', [addition(2, 10)])],
      ['10'],
    );
    expect(last.map((one) => 'kind' in one && [one.rows.length, one.whole])).toEqual([
      [1, undefined],
      [1, undefined],
    ]);
  });
});

test('choices that an export is filed under come from saved answers, and replace nothing else', async () => {
  const db = await database();
  const files = [
    file('categories.json', [{ id: 3, name: 'Cloud', category: { name: 'Services' } }]),
    file('types.json', [{ id: 4, name: 'Agreement' }]),
  ];
  await saveFound(db, NOW, 'office', recogniseFiles('connectwise', [...files, file('units.json', [])]));
  expect(await choicesRead(db, 'office')).toEqual({
    categories: [{ id: '3', name: 'Services - Cloud' }],
    types: [{ id: '4', name: 'Agreement' }],
    units: [],
  });
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
