import { expect, onTestFinished, test } from 'vitest';
import { waitFor } from 'xstate';
import { DEFAULT_CALENDAR, type Day } from '../../src/domain/calendar';
import { startAutoSync, type AutoSyncMeans } from '../../src/machines/auto-sync-actors';
import { adapterOf } from '../../src/psa';
import { acceptLine } from '../../src/storage/accept';
import { reconciliations } from '../../src/storage/reconciliation';
import { autoSyncQueue } from '../../src/storage/auto-sync';
import { autoSyncStatus } from '../../src/storage/auto-sync-runs';
import { pauseAutoSync, setAutomation } from '../../src/storage/automations';
import type { Database } from '../../src/storage/db';
import { ledgerOf } from '../../src/storage/sandboxes';
import { CONNECTION, NOW, seeded } from '../demo/demo';
import { lockManager } from '../support/locks';

const BACKUP = 'northvault-backup';

test('what holds every guard goes, the rest waits, and the next month sends what changed since', async () => {
  const { db, actor, run } = await scene();
  await pauseAutoSync(db, NOW, {
    place: { connection: CONNECTION, product: BACKUP, site: 'Donovan Brothers' },
    reason: 'audit',
    until: '2021-01-31',
  });
  expect(await run('2021-01-03')).toBe('done for the period');
  expect(await plansOf(db)).toEqual(['2020-12 Cedar Ridge Law settled']);
  expect(actor.getSnapshot().context.counts).toEqual({ goes: 1, prepared: 0, waits: 5 });
  expect(await autoSyncStatus(db, '2020-12')).toEqual({ period: '2020-12', sent: 1, open: 0, on: '2021-01-03', prepared: 0, waits: 5 });

  expect(await run('2021-02-03')).toBe('done for the period');
  expect((await plansOf(db)).slice(1)).toEqual(['2021-01 Maple Street School settled']);
  const runs = await db.audit.where('kind').equals('auto-sync ran').toArray();
  expect(runs.map(({ subject, data }) => [subject, (data as { customers: number }).customers])).toEqual([
    ['2020-12', 1],
    ['2021-01', 1],
  ]);
});

test('a reload, a second tab and a second look send nothing again', async () => {
  const { db, means, run } = await scene();
  await run('2021-01-03');
  const sent = await ledgerOf(db, CONNECTION);
  await run('2021-01-03');
  const other = started(means);
  await tick(other, '2021-01-04');
  expect([(await ledgerOf(db, CONNECTION)).length, (await db.plans.toArray()).length]).toEqual([sent.length, 1]);
});

test('two tabs at once confirm each customer once', async () => {
  const { db, means, actor } = await scene();
  const other = started(means);
  await Promise.all([tick(actor, '2021-01-03'), tick(other, '2021-01-03')]);
  expect(await plansOf(db)).toEqual(['2020-12 Cedar Ridge Law settled']);
});

test('a page that was closed between confirming and sending goes on where it was', async () => {
  const { db, means } = await scene();
  const blocked = started({ ...means, locks: blockedSender(means.locks) });
  blocked.send({ type: 'tick', today: '2021-01-03', on: true });
  await waitFor(blocked, (snapshot) => snapshot.matches({ running: 'delivering' }));
  blocked.stop();
  expect(await plansOf(db)).toEqual(['2020-12 Cedar Ridge Law confirmed']);
  await tick(started(means), '2021-01-05');
  expect((await plansOf(db)).every((plan) => plan.endsWith('settled'))).toBe(true);
});

test('what somebody changed in the PSA since it was last read is seen before anything is confirmed', async () => {
  const { db, run } = await scene();
  expect(await stops(db)).toContainEqual(['Harbor Point CPA', null]);
  await run('2021-01-03');
  expect([await stops(db), (await plansOf(db)).some((plan) => plan.includes('Harbor Point'))]).toEqual([
    expect.arrayContaining([['Harbor Point CPA', 'line differs in the PSA']]),
    false,
  ]);
});

test('a line that the partner accepted as the PSA has it is not sent over in its month', async () => {
  const { db, run } = await scene();
  await run('2021-01-03');
  const asked = { period: '2020-12', today: '2021-01-03', calendar: DEFAULT_CALENDAR } as const;
  const lines = (await reconciliations(db, asked, adapterOf)).flatMap((found) => found.lines);
  const line = lines.find(({ customer }) => customer?.site === 'Harbor Point CPA');
  if (line === undefined) throw new Error('the line was read');
  await acceptLine(db, NOW, line, { reason: 'agreed by phone', period: '2020-12', today: '2021-01-03' });
  await run('2021-01-04');
  expect([await stops(db), (await plansOf(db)).some((plan) => plan.includes('Harbor Point'))]).toEqual([
    expect.arrayContaining([['Harbor Point CPA', 'line was decided by hand']]),
    false,
  ]);
});

test('where the PSA cannot be read nothing is confirmed, and its customers wait', async () => {
  const { db, actor, run } = await scene();
  await db.sandboxes.delete(CONNECTION);
  expect([await run('2021-01-03'), actor.getSnapshot().context.problem]).toEqual([
    'failed',
    { code: 'record is damaged', what: `sandbox of ${CONNECTION}` },
  ]);
  expect([await db.plans.count(), actor.getSnapshot().context.counts]).toEqual([0, { goes: 0, prepared: 0, waits: 6 }]);
});

test('prepared plans are left to the partner', async () => {
  const { db, actor, run } = await scene();
  await setAutomation(db, NOW, { connection: CONNECTION, product: BACKUP, mode: 'prepare' });
  await run('2021-01-03');
  expect([await db.plans.count(), actor.getSnapshot().context.counts]).toEqual([0, { goes: 0, prepared: 2, waits: 4 }]);
  expect(await autoSyncStatus(db, '2020-12')).toEqual({ period: '2020-12', sent: 0, open: 0, on: null, prepared: 2, waits: 4 });
});

test('a browser without locks sends nothing and says why', async () => {
  const { db, means } = await scene();
  const actor = started({ ...means, locks: undefined });
  expect([await tick(actor, '2021-01-03'), actor.getSnapshot().context.problem, await db.plans.count()]).toEqual([
    'failed',
    { code: 'browser cannot lock' },
    0,
  ]);
});

async function scene() {
  const db = await seeded();
  await setAutomation(db, NOW, { connection: CONNECTION, product: BACKUP, mode: 'send' });
  let day: Day = '2021-01-03';
  let ids = 0;
  const means: AutoSyncMeans = {
    ...{ db, calendar: DEFAULT_CALENDAR, now: () => new Date(`${day}T09:00:00.000Z`), today: () => day },
    ...{ newId: () => `read-${String((ids += 1))}`, locks: lockManager(), wait: () => new Promise(() => undefined) },
    plan: ({ queue }) => autoSyncQueue(db, queue, adapterOf),
  };
  const actor = started(means);
  const run = (today: Day) => {
    day = today;
    return tick(actor, today);
  };
  return { db, means, actor, run };
}

function started(means: AutoSyncMeans) {
  const actor = startAutoSync(means);
  onTestFinished(() => {
    actor.stop();
  });
  return actor;
}

async function tick(actor: ReturnType<typeof startAutoSync>, today: Day): Promise<unknown> {
  actor.send({ type: 'tick', today, on: true });
  return (await waitFor(actor, (snapshot) => !snapshot.hasTag('busy'))).value;
}

async function plansOf(db: Database): Promise<string[]> {
  return (await db.plans.toArray()).map(({ plan, period, state }) => `${period} ${plan.customer?.site ?? ''} ${state}`).sort();
}

async function stops(db: Database): Promise<(string | null)[][]> {
  const { items } = await autoSyncQueue(db, { today: '2021-01-03', calendar: DEFAULT_CALENDAR }, adapterOf);
  return items.map(({ customer, stopped }) => [customer.site, stopped?.code ?? null]);
}

/** Another window holds the sender's lock for good. */
function blockedSender(locks: LockManager | undefined): LockManager {
  if (locks === undefined) throw new Error('there are locks');
  const request = (name: string, ...rest: unknown[]) =>
    name.startsWith('sender:') ? new Promise(() => undefined) : (locks.request as (...all: unknown[]) => Promise<unknown>)(name, ...rest);
  return { request, query: () => locks.query() } as LockManager;
}
