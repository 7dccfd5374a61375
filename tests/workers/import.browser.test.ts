import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { profileIdOf } from '../../src/domain/csv-profile.ts';
import { startImport } from '../../src/machines/import-actors.ts';
import type { Database } from '../../src/storage/db.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { committedUsage } from '../../src/storage/month.ts';
import { saveProfile } from '../../src/storage/profiles.ts';
import { usageCsv, usageProfile } from '../bench/usage-file.ts';

const NOW = '2020-12-20T08:00:00.000Z';
let db: Database;

beforeEach(async () => {
  db = await openDatabase(`import ${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
  await saveProfile(db, NOW, { id: profileIdOf(usageProfile.header), name: 'Usage', header: usageProfile.header, settings: usageProfile });
});
afterEach(async () => {
  await db.delete();
});

type Import = ReturnType<typeof startImport>;
type State = ReturnType<Import['getSnapshot']>;

function when(actor: Import, claim: (state: State) => boolean): Promise<State> {
  return new Promise((resolve) => {
    const look = (state: State) => {
      if (!claim(state)) return;
      subscription.unsubscribe();
      resolve(state);
    };
    const subscription = actor.subscribe(look);
    look(actor.getSnapshot());
  });
}
function pick(actor: Import, sites: number): void {
  actor.send({ type: 'files.picked', files: [{ name: 'usage.csv', blob: new Blob([usageCsv(sites, 50, '2020-12-19')]) }] });
}

describe('the import worker in a real browser', () => {
  test('reads, stores and commits a file', async () => {
    const actor = startImport(db, () => NOW);
    pick(actor, 20);
    const { context } = await when(actor, (state) => state.matches({ working: 'reviewing' }) || state.matches('failed'));
    expect([context.problem, context.review?.counts]).toEqual([null, { read: 1000, accepted: 1000, rejected: 0, blank: 0, warned: 0 }]);
    actor.send({ type: 'import' });
    await when(actor, (state) => state.matches('done'));
    expect((await committedUsage(db, ['2020-12'])).map(({ chunks }) => chunks.map(({ rows }) => rows))).toEqual([[1000]]);
    actor.stop();
  });

  test('is cancelled in the middle, leaves nothing behind, and the next import works at once', async () => {
    const actor = startImport(db, () => NOW);
    pick(actor, 3000);
    await when(actor, (state) => (state.context.progress?.rows ?? 0) > 60_000);
    actor.send({ type: 'cancel' });
    await when(actor, (state) => state.matches('idle'));
    expect([await db.imports.count(), await db.usage.count(), await db.rejects.count()]).toEqual([0, 0, 0]);
    pick(actor, 1);
    const { context } = await when(actor, (state) => state.matches({ working: 'reviewing' }) || state.matches('failed'));
    expect([context.problem, context.review?.counts.accepted]).toEqual([null, 50]);
    actor.stop();
  });

  test('waits for another tab that imports, and says so when it goes on', async () => {
    const actor = startImport(db, () => NOW);
    pick(actor, 1);
    await when(actor, (state) => state.matches({ working: 'reviewing' }));
    const other = startImport(db, () => NOW);
    pick(other, 2);
    const { context } = await when(other, (state) => state.matches({ working: 'reviewing' }) || state.matches('failed'));
    expect(context.problem).toEqual({ code: 'another import is running' });
    other.stop();
    actor.stop();
  });
});
