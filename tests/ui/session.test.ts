import { waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { problem, ProblemError } from '../../src/domain/problem';
import type { Database } from '../../src/storage/db';
import { openDatabase } from '../../src/storage/open';
import { changeSetting, settingOf } from '../../src/storage/settings';
import { Session, type Doors } from '../../src/ui/session.svelte';
import { DEMO_DATE, type OpenWorkspace } from '../../src/ui/workspace.svelte';
import './support/app';

beforeEach(async () => {
  localStorage.clear();
  location.hash = '';
  for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name ?? '');
});

function doors(own: Partial<Doors> = {}): Doors & Readonly<Record<'seeded' | 'started' | 'stepped', string[]>> {
  const seeded: string[] = [];
  const started: string[] = [];
  const stepped: string[] = [];
  return {
    newId: () => crypto.randomUUID(),
    open: (workspace) => openDatabase(`session-${workspace}`, { newId: () => crypto.randomUUID() }),
    seedDemo: async (db, now) => {
      seeded.push(now.slice(0, 10));
      await changeSetting(db, now, DEMO_DATE, '2021-01-03');
    },
    stepDemo: (_db, day) => Promise.resolve(void stepped.push(day)),
    start: (db: Database) => Promise.resolve(void started.push(db.name)),
    seeded,
    started,
    stepped,
    ...own,
  };
}
function opened(session: Session): OpenWorkspace {
  if (session.state.at !== 'open') throw new Error(`the session is ${session.state.at}`);
  return session.state.app;
}

describe('a session', () => {
  test('of a first visit offers the two choices and opens nothing', async () => {
    const session = new Session(doors());
    await session.resume();
    expect(session.state).toEqual({ at: 'choosing' });
    expect(await indexedDB.databases()).toEqual([]);
  });

  test('seeds the demo once, starts on its date, and comes back to it', async () => {
    const own = doors();
    const session = new Session(own);
    await session.openDemo();
    const app = opened(session);
    expect([app.workspace, app.clock.today(), app.period, location.hash]).toEqual(['demo', '2021-01-03', '2020-12', '#/subscriptions']);
    app.db.close();
    const next = new Session(own);
    await next.resume();
    expect([opened(next).workspace, own.seeded, own.started]).toEqual(['demo', ['2021-01-03'], ['session-demo', 'session-demo']]);
    opened(next).db.close();
  });

  test('opens an empty own workspace at Import', async () => {
    const own = doors();
    const session = new Session(own);
    await session.openOwn();
    expect([opened(session).workspace, location.hash, own.seeded]).toEqual(['own', '#/import', []]);
    opened(session).db.close();
  });

  test('is at the screen that it begins with before it shows: no other one is drawn and thrown away', async () => {
    const session = new Session(doors());
    const seen: string[] = [];
    const note = () => seen.push(`${location.hash} ${session.state.at}`);
    addEventListener('hashchange', note);
    onTestFinished(() => removeEventListener('hashchange', note));
    await session.openDemo();
    await session.openOwn();
    opened(session).db.close();
    expect([...new Set(seen.filter((at) => !at.startsWith(' ')))]).toEqual(['#/subscriptions opening', '#/import opening']);
  });

  test('steps the demo date, and the month with it', async () => {
    const own = doors();
    const session = new Session(own);
    await session.openDemo();
    const app = opened(session);
    app.choosePeriod('2020-10');
    await app.stepDemo('2021-02-03');
    expect([app.clock.today(), app.clock.now().slice(0, 10), app.period]).toEqual(['2021-02-03', '2021-02-03', '2021-01']);
    expect(await settingOf(app.db, DEMO_DATE)).toBe('2021-02-03');
    expect(own.stepped).toEqual(['2021-02-03']);
    app.db.close();
  });

  test('follows a demo date that another tab stepped', async () => {
    const session = new Session(doors());
    await session.openDemo();
    const app = opened(session);
    await changeSetting(app.db, '2021-01-03T00:00:00Z', DEMO_DATE, '2020-12-19');
    await waitFor(() => expect(app.clock.today()).toBe('2020-12-19'));
    app.db.close();
  });

  test('deletes a workspace and forgets it', async () => {
    const session = new Session(doors());
    await session.openOwn();
    await session.deleteWorkspace();
    expect([session.state, localStorage.getItem('tallyline.workspace'), await indexedDB.databases()]).toEqual([
      { at: 'choosing' },
      null,
      [],
    ]);
  });

  test('says why the data cannot be opened, and starts empty only when the partner says so', async () => {
    const session = new Session(
      doors({
        open: (workspace, { acceptReplaced }) =>
          acceptReplaced
            ? openDatabase(`session-${workspace}`, { newId: () => crypto.randomUUID() })
            : Promise.reject(new ProblemError(problem('database was replaced', {}))),
      }),
    );
    await session.openOwn();
    expect(session.state).toEqual({ at: 'stuck', workspace: 'own', problem: { code: 'database was replaced' } });
    await session.startEmpty('own');
    expect(opened(session).workspace).toBe('own');
    opened(session).db.close();
  });

  test('stops when another tab upgrades or deletes the database', async () => {
    const session = new Session(doors());
    await session.openOwn();
    const { db } = opened(session);
    indexedDB.deleteDatabase(db.name);
    await waitFor(() => expect(session.state).toEqual({ at: 'superseded' }));
    expect(db.isOpen()).toBe(false);
  });
});
