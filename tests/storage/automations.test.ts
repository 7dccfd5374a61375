import { expect, test } from 'vitest';
import { breakIn } from '../../src/domain/audit';
import { ProblemError } from '../../src/domain/problem';
import { autoSyncQueue } from '../../src/storage/auto-sync';
import { autoSyncStatus, confirmByItself, recordRun, unfinishedPlans } from '../../src/storage/auto-sync-runs';
import {
  automationsAt,
  automationStamp,
  isAutomated,
  liftPause,
  pauseAutoSync,
  pausesAt,
  setAutomation,
} from '../../src/storage/automations';
import type { RuleForm } from '../../src/domain/rule-form';
import { removeConnection } from '../../src/storage/connections';
import type { Database } from '../../src/storage/db';
import { ignoreCustomers } from '../../src/storage/ignores';
import { setPrice } from '../../src/storage/prices';
import { addRule, endRule, rulesOf } from '../../src/storage/rules';
import { saveThreshold } from '../../src/storage/thresholds';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { adapterOf } from '../../src/psa';
import { CONNECTION, december, january, NOW, seeded } from '../demo/demo';

const BACKUP = 'northvault-backup';
const minimum: RuleForm = {
  ...{ product: BACKUP, kind: 'minimum', subProduct: '', site: '', quantity: '2', how: '', percent: '', overCost: '', least: '' },
  ...{ currency: '', places: '', from: '2020-12', until: '', reason: '' },
};
const place = { connection: CONNECTION, product: BACKUP, site: null };

test('modes and pauses are on record, and a file is never sent by itself', async () => {
  const db = await seeded();
  await setAutomation(db, NOW, { connection: CONNECTION, product: BACKUP, mode: 'send' });
  await pauseAutoSync(db, NOW, { place, reason: 'audit', until: '2021-02-02' });
  await liftPause(db, NOW, place);
  await db.connections.update(CONNECTION, { protocol: 'file' });
  const refused = await setAutomation(db, NOW, { connection: CONNECTION, product: 'proofpoint', mode: 'send' }).catch(
    (reason: unknown) => reason,
  );
  expect(refused instanceof ProblemError && refused.problem).toEqual({
    code: 'file cannot be sent',
    connection: 'ConnectWise PSA (demo sandbox)',
  });
  expect([...(await automationsAt(db, CONNECTION))]).toEqual([[BACKUP, 'send']]);
  const records = await db.audit.orderBy('seq').toArray();
  expect(records.slice(1).map(({ kind, subject, data }) => [kind, subject, data])).toEqual([
    ['auto-sync set', BACKUP, { connection: CONNECTION, mode: 'send' }],
    ['auto-sync paused', BACKUP, { connection: CONNECTION, product: BACKUP, reason: 'audit', until: '2021-02-02' }],
    ['pause taken back', BACKUP, { connection: CONNECTION, product: BACKUP }],
  ]);
  expect(breakIn(records)).toBeNull();
  expect((await db.undos.toArray()).map(({ kind }) => kind)).toEqual(['auto-sync set', 'auto-sync paused', 'pause taken back']);
});

test('what a run decides by changes the stamp, and a removed connection goes by itself no more', async () => {
  const db = await seeded();
  const stamps = [await automationStamp(db)];
  for (const act of [
    () => setAutomation(db, NOW, { connection: CONNECTION, product: BACKUP, mode: 'prepare' }),
    () => pauseAutoSync(db, NOW, { place, reason: 'audit', until: null }),
    () => saveThreshold(db, NOW, null, { percent: 20, amount: null }),
    () => saveThreshold(db, NOW, null, { percent: 30, amount: null }),
    () => ignoreCustomers(db, NOW, { customers: [{ product: BACKUP, site: 'x' }], reason: 'r', until: null }),
    () => addRule(db, NOW, minimum),
    async () => endRule(db, NOW, { seq: (await rulesOf(db, BACKUP))[0]?.seq ?? 0, from: '2021-02' }),
  ]) {
    await act();
    stamps.push(await automationStamp(db));
  }
  expect(new Set(stamps).size).toBe(8);
  expect([await isAutomated(db), (await pausesAt(db, CONNECTION, '2021-01-03')).length]).toEqual([true, 1]);
  await removeConnection(db, NOW, CONNECTION);
  expect(await isAutomated(db)).toBe(false);
});

test('the queue says of each customer what it would do, and writes nothing', async () => {
  const db = await seeded();
  await setAutomation(db, NOW, { connection: CONNECTION, product: BACKUP, mode: 'send' });
  await pauseAutoSync(db, NOW, { place: { ...place, site: 'Harbor Point CPA' }, reason: 'audit', until: '2021-01-31' });
  await ignoreCustomers(db, NOW, { customers: [{ product: BACKUP, site: 'Donovan Brothers' }], reason: 'leaving', until: null });
  const before = await db.audit.count();
  expect(await rowsOf(db)).toEqual([
    ['Cedar Ridge Law', CONNECTION, 'send', null, '121'],
    ['Donovan Brothers', CONNECTION, 'send', 'customer is ignored', '33'],
    ['Eastfield Veterinary', null, 'send', 'choice is not remembered', '33'],
    ['Foxhollow Realty', null, 'send', 'choice is not remembered', '49.5'],
    ['Harbor Point CPA', CONNECTION, 'send', 'auto-sync is paused', '66'],
    ['Westlake Hotels', null, 'send', 'choice is not remembered', '137.5'],
  ]);
  await saveThreshold(db, NOW, BACKUP, { percent: 5, amount: null });
  expect((await rowsOf(db))[0]).toEqual(['Cedar Ridge Law', CONNECTION, 'send', 'change is unusual', '121']);
  expect([await db.audit.count(), await db.plans.count()]).toEqual([before + 1, 0]);
});

test('as if it were set otherwise, nothing is set', async () => {
  const db = await seeded();
  const assume = { connection: CONNECTION, product: BACKUP, mode: 'prepare' } as const;
  const queue = await autoSyncQueue(db, { today: december.today, calendar: DEFAULT_CALENDAR, assume }, adapterOf);
  expect(queue.items.filter(({ stopped }) => stopped === null).map(({ customer, mode }) => [customer.site, mode])).toEqual([
    ['Cedar Ridge Law', 'prepare'],
    ['Harbor Point CPA', 'prepare'],
  ]);
  expect([await db.automations.count(), await isAutomated(db)]).toEqual([0, false]);
});

test('a customer and month is confirmed once, however many tabs try, and whatever it counts later', async () => {
  const db = await seeded();
  await setAutomation(db, NOW, { connection: CONNECTION, product: BACKUP, mode: 'send' });
  const item = await itemOf(db, 'Cedar Ridge Law');
  const confirm = () => confirmByItself(db, NOW, { ...item, ...december });
  const [first, second] = await Promise.all([confirm(), confirm()]);
  expect([first.length, second]).toEqual([1, []]);
  await db.plans.update(first[0] ?? '', { state: 'settled' });
  expect([await confirm(), await db.plans.count()]).toEqual([[], 1]);
  expect((await rowsOf(db))[0]).toEqual(['Cedar Ridge Law', CONNECTION, 'send', 'month was synced already', '121']);
  const records = await db.audit.where('kind').equals('auto-sync confirmed').toArray();
  expect(records.map(({ subject, data }) => [subject, data])).toEqual([
    [`${BACKUP}\u001fCedar Ridge Law`, { connection: CONNECTION, period: '2020-12', plans: first }],
  ]);
});

test.each([
  ['switched off', (db: Database) => setAutomation(db, NOW, { connection: CONNECTION, product: BACKUP, mode: 'off' })],
  ['set to prepare', (db: Database) => setAutomation(db, NOW, { connection: CONNECTION, product: BACKUP, mode: 'prepare' })],
  ['paused', (db: Database) => pauseAutoSync(db, NOW, { place, reason: 'audit', until: null })],
  [
    'ignored',
    (db: Database) =>
      ignoreCustomers(db, NOW, { customers: [{ product: BACKUP, site: 'Cedar Ridge Law' }], reason: 'left us', until: null }),
  ],
  [
    'priced anew',
    (db: Database) =>
      setPrice(db, NOW, {
        subProduct: 'northvault-workstation',
        company: null,
        price: null,
        cost: null,
        currency: 'USD',
        from: null,
        until: null,
      }),
  ],
  ['turned into a file', (db: Database) => db.connections.update(CONNECTION, { protocol: 'file' })],
])('what was %s after it was planned is not confirmed', async (_, meanwhile) => {
  const db = await seeded();
  await setAutomation(db, NOW, { connection: CONNECTION, product: BACKUP, mode: 'send' });
  const item = await itemOf(db, 'Cedar Ridge Law');
  await meanwhile(db);
  expect([await confirmByItself(db, NOW, { ...item, ...december }), await db.plans.count()]).toEqual([[], 0]);
});

test('a demo that went back a month sends nothing of the month before', async () => {
  const db = await seeded();
  await setAutomation(db, NOW, { connection: CONNECTION, product: BACKUP, mode: 'send' });
  const before = await itemOf(db, 'Cedar Ridge Law');
  const [later = ''] = await confirmByItself(db, NOW, { ...(await itemOf(db, 'Cedar Ridge Law', january.today)), ...january });
  await db.plans.update(later, { state: 'settled' });
  expect([await confirmByItself(db, NOW, { ...before, ...december }), await db.plans.count()]).toEqual([[], 1]);
});

test('runs are on record once for what they found, and what is open is neither sent nor forgotten', async () => {
  const db = await seeded();
  await setAutomation(db, NOW, { connection: CONNECTION, product: BACKUP, mode: 'send' });
  expect(await autoSyncStatus(db, '2020-12')).toBe(null);
  const [plan = ''] = await confirmByItself(db, NOW, { ...(await itemOf(db, 'Cedar Ridge Law')), ...december });
  const run = { period: '2020-12', prepared: 0, waits: 3, plans: [plan] };
  await recordRun(db, NOW, run);
  await recordRun(db, NOW, { ...run, plans: [] });
  await recordRun(db, NOW, { ...run, plans: [], waits: 2 });
  const records = await db.audit.where('kind').equals('auto-sync ran').toArray();
  expect(records.map(({ data }) => data)).toEqual([
    { period: '2020-12', customers: 1, prepared: 0, waits: 3, plans: [plan] },
    { period: '2020-12', customers: 0, prepared: 0, waits: 2, plans: [] },
  ]);
  const status = { period: '2020-12', on: '2021-01-03', prepared: 0, waits: 2 };
  expect(await autoSyncStatus(db, '2020-12')).toEqual({ ...status, sent: 0, open: 1 });
  expect([...(await unfinishedPlans(db, { today: december.today, calendar: DEFAULT_CALENDAR }))]).toEqual([[CONNECTION, [plan]]]);
  await db.plans.update(plan, { state: 'settled' });
  expect([
    await autoSyncStatus(db, '2020-12'),
    [...(await unfinishedPlans(db, { today: december.today, calendar: DEFAULT_CALENDAR }))],
  ]).toEqual([{ ...status, sent: 1, open: 0 }, []]);
});

test.each([
  ['paused since', (db: Database) => pauseAutoSync(db, NOW, { place, reason: 'migration', until: null }), december.today],
  [
    'switched off since',
    (db: Database) => setAutomation(db, NOW, { connection: CONNECTION, product: BACKUP, mode: 'off' }),
    december.today,
  ],
  [
    'ignored since',
    (db: Database) => ignoreCustomers(db, NOW, { customers: [{ product: BACKUP, site: 'Cedar Ridge Law' }], reason: 'left', until: null }),
    december.today,
  ],
  ['of a month that is not the newest final one any more', () => Promise.resolve(), january.today],
] as const)('what was confirmed by itself and not sent is the partner’s when it is %s', async (_, meanwhile, today) => {
  const db = await seeded();
  await setAutomation(db, NOW, { connection: CONNECTION, product: BACKUP, mode: 'send' });
  await confirmByItself(db, NOW, { ...(await itemOf(db, 'Cedar Ridge Law')), ...december });
  expect((await unfinishedPlans(db, { today: december.today, calendar: DEFAULT_CALENDAR })).size).toBe(1);
  await meanwhile(db);
  expect((await unfinishedPlans(db, { today, calendar: DEFAULT_CALENDAR })).size).toBe(0);
});

async function rowsOf(db: Database) {
  const { items } = await autoSyncQueue(db, { today: december.today, calendar: DEFAULT_CALENDAR }, adapterOf);
  return items.map(({ customer, connection, mode, stopped, money }) => [customer.site, connection, mode, stopped?.code ?? null, money]);
}

async function itemOf(db: Database, site: string, today: string = december.today) {
  const { items, record } = await autoSyncQueue(db, { today, calendar: DEFAULT_CALENDAR }, adapterOf);
  const item = items.find(({ customer }) => customer.site === site);
  if (item === undefined) throw new Error(`${site} has nothing to sync`);
  return { item, record };
}
