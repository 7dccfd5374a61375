import Dexie from 'dexie';
import { describe, expect, test } from 'vitest';
import { breakIn, sealed, type AuditRecord } from '../../src/domain/audit.ts';
import { problem } from '../../src/domain/problem.ts';
import { Database, SCHEMA_EPOCH, write } from '../../src/storage/db.ts';
import { openDatabase, type Canary } from '../../src/storage/open.ts';

const NOW = '2026-04-03T08:00:00.000Z';
const UUID = 'the-uuid';

describe('the audit records of three commands', () => {
  test('are one chain, over commands that fail and records that are two', async () => {
    const db = await opened();
    await said(db, 'first');
    await expect(write(db, NOW, ['settings'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await write(db, NOW, ['settings'], async ({ audit, next }) => {
      next();
      await audit('test.said', 'db', { word: 'second' });
      await audit('test.said', 'db', { word: 'second again' });
    });
    await said(db, 'third');
    const chain = await db.audit.orderBy('seq').toArray();
    expect(chain.map(({ hash, prevHash, ...rest }) => [rest, prevHash === '' ? 'begins' : hash.length])).toEqual([
      [{ seq: 1, at: NOW, kind: 'test.said', subject: 'db', data: { word: 'first' } }, 'begins'],
      [{ seq: 3, at: NOW, kind: 'test.said', subject: 'db', data: { word: 'second' } }, 64],
      [{ seq: 4, at: NOW, kind: 'test.said', subject: 'db', data: { word: 'second again' } }, 64],
      [{ seq: 5, at: NOW, kind: 'test.said', subject: 'db', data: { word: 'third' } }, 64],
    ]);
    expect(breakIn(chain)).toBeNull();
    expect(await db.meta.get('database')).toMatchObject({ lastSeq: 5 });
  });

  test.each([
    ['altered', (record: AuditRecord) => [{ ...record, data: { word: 'forged' } }], 2],
    ['altered and hashed anew', ({ hash: _, ...record }: AuditRecord) => [sealed({ ...record, data: { word: 'forged' } })], 3],
    ['moved in time', (record: AuditRecord) => [{ ...record, at: '2026-04-04T08:00:00.000Z' }], 2],
    ['taken out', () => [], 3],
  ])('break where one was %s', async (_, forge, at) => {
    const db = await opened();
    for (const word of ['first', 'second', 'third']) await said(db, word);
    const record = await db.audit.get(2);
    if (record === undefined) throw new Error('it was written');
    await db.audit.delete(2);
    await db.audit.bulkAdd(forge(record));
    expect(breakIn(await db.audit.orderBy('seq').toArray())).toBe(at);
  });
});

describe('a write', () => {
  test.each([
    ['a newer epoch', { dbUuid: UUID, schemaEpoch: SCHEMA_EPOCH + 1 }, 'database is newer'],
    ['another database', { dbUuid: 'another', schemaEpoch: SCHEMA_EPOCH }, 'database was replaced'],
    ['another database of a newer epoch', { dbUuid: 'another', schemaEpoch: SCHEMA_EPOCH + 1 }, 'database was replaced'],
  ] as const)('into %s is refused and does nothing', async (_, found, code) => {
    const db = await opened();
    await said(db, 'before');
    await db.meta.put({ key: 'database', lastSeq: 1, ...found });
    const before = await contentOf(db);
    let worked = false;
    const late = write(db, NOW, ['settings'], async ({ audit }) => {
      worked = true;
      await db.settings.put({ key: 'word', value: 'late' });
      await audit('test.said', 'db', { word: 'late' });
    });
    await expect(late).rejects.toMatchObject({ problem: problem(code, {}) });
    expect([worked, await contentOf(db)]).toEqual([false, before]);
  });

  test('into a database whose meta record is gone is refused', async () => {
    const db = await opened();
    await db.meta.clear();
    await expect(said(db, 'late')).rejects.toMatchObject({ problem: problem('database was replaced', {}) });
    expect([await db.audit.count(), await db.settings.count(), await db.meta.count()]).toEqual([0, 0, 0]);
  });

  test('that fails half way leaves nothing, not even its numbers', async () => {
    const db = await opened();
    await said(db, 'before');
    const before = await contentOf(db);
    const failing = write(db, NOW, ['settings'], async ({ audit }) => {
      await db.settings.put({ key: 'word', value: 'half' });
      await audit('test.said', 'db', { word: 'half' });
      throw new Error('the disk is gone');
    });
    await expect(failing).rejects.toThrow('the disk is gone');
    expect(await contentOf(db)).toEqual(before);
  });
});

describe('opening', () => {
  test('makes a database once, and remembers it outside', async () => {
    const name = freshName();
    const canary = memory(null);
    const db = await opened(name, canary);
    expect([db.uuid, canary.read(), await db.meta.toArray()]).toEqual([
      UUID,
      UUID,
      [{ key: 'database', dbUuid: UUID, schemaEpoch: SCHEMA_EPOCH, lastSeq: 0 }],
    ]);
    await said(db, 'kept');
    db.close();
    const again = await openDatabase(name, { newId: () => 'never', canary });
    expect([again.uuid, canary.read(), await again.settings.toArray()]).toEqual([UUID, UUID, [{ key: 'word', value: 'kept' }]]);
  });

  test('takes over a database of version 1 with everything in it, which a page of that version may then not write into', async () => {
    const name = freshName();
    const db = await opened(name);
    const since = ['ignores', 'rules', 'automations', 'pauses', 'undos', 'journal', 'bases'];
    const tables = Object.fromEntries(
      db.tables.filter(({ name: table }) => !since.includes(table)).map(({ name: table, schema }) => [table, schemaText(schema)]),
    );
    db.close();
    await Dexie.delete(name);
    const old = new Dexie(name);
    old.version(1).stores(tables);
    await old.open();
    await old.table('meta').add({ key: 'database', dbUuid: UUID, schemaEpoch: 1, lastSeq: 7 });
    await old.table('companies').add({ id: 'kept' });
    old.close();
    const upgraded = await opened(name);
    expect([upgraded.verno, await upgraded.meta.toArray(), (await upgraded.companies.toArray()) as unknown]).toEqual([
      4,
      [{ key: 'database', dbUuid: UUID, schemaEpoch: 4, lastSeq: 7, journalSince: 7 }],
      [{ id: 'kept' }],
    ]);
    expect(
      upgraded.tables
        .filter(({ name: table }) => since.includes(table))
        .map(({ name: table }) => table)
        .sort(),
    ).toEqual(since.sort());
  });

  test('refuses a database that a newer build upgraded, and leaves it as it is', async () => {
    const name = freshName();
    const db = await opened(name);
    const { verno } = db;
    const tables = Object.fromEntries(db.tables.map(({ name: table, schema }) => [table, schemaText(schema)]));
    db.close();
    const newer = new Dexie(name);
    newer.version(verno + 1).stores({ ...tables, ofTheFuture: 'id' });
    await newer.open();
    await newer.table('ofTheFuture').add({ id: 1 });
    newer.close();

    const canary = memory(null);
    await expect(openDatabase(name, { newId: () => 'never', canary })).rejects.toMatchObject({ problem: problem('database is newer', {}) });
    expect(canary.read()).toBeNull();
    await newer.open();
    expect([newer.verno, await newer.table('ofTheFuture').toArray(), (await newer.table('meta').get('database')) as unknown]).toEqual([
      verno + 1,
      [{ id: 1 }],
      { key: 'database', dbUuid: UUID, schemaEpoch: SCHEMA_EPOCH, lastSeq: 0 },
    ]);
  });

  test('refuses a database of a newer epoch', async () => {
    const name = freshName();
    const db = await opened(name);
    await db.meta.put({ key: 'database', dbUuid: UUID, schemaEpoch: SCHEMA_EPOCH + 1, lastSeq: 0 });
    db.close();
    const canary = memory(UUID);
    await expect(opened(name, canary)).rejects.toMatchObject({ problem: problem('database is newer', {}) });
  });

  test('refuses to begin anew where a database is remembered, until the partner was told', async () => {
    const name = freshName();
    const canary = memory('the-lost-one');
    await expect(opened(name, canary)).rejects.toMatchObject({ problem: problem('database was replaced', {}) });
    const looked = new Database(name);
    await looked.open();
    expect([canary.read(), await looked.meta.count()]).toEqual(['the-lost-one', 0]);
    looked.close();
    const db = await openDatabase(name, { newId: () => UUID, canary, acceptReplaced: true });
    expect([db.uuid, canary.read()]).toEqual([UUID, UUID]);
  });
});

function freshName(): string {
  return `db-${crypto.randomUUID()}`;
}

function opened(name = freshName(), canary?: Canary): Promise<Database> {
  return openDatabase(name, { newId: () => UUID, ...(canary === undefined ? {} : { canary }) });
}

function memory(uuid: string | null): Canary {
  return { read: () => uuid, write: (written) => (uuid = written) };
}

function said(db: Database, word: string): Promise<void> {
  return write(db, NOW, ['settings'], async ({ audit }) => {
    await db.settings.put({ key: 'word', value: word });
    await audit('test.said', 'db', { word });
  });
}

function contentOf(db: Database) {
  return Promise.all(db.tables.map(async (table) => [table.name, await table.toArray()] as const));
}

function schemaText({ primKey, indexes }: Dexie['tables'][number]['schema']): string {
  return [primKey, ...indexes].map(({ src }) => src).join(', ');
}
