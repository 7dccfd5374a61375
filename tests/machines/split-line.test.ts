import { describe, expect, test } from 'vitest';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { problem } from '../../src/domain/problem';
import { adapterOf } from '../../src/psa';
import { connectwise } from '../../src/psa/connectwise';
import type { Database } from '../../src/storage/db';
import { deliveriesOfPlan } from '../../src/storage/deliveries';
import { plannedAgain } from '../../src/storage/plan-again';
import { confirmPlans } from '../../src/storage/plans';
import { reconciliations } from '../../src/storage/reconciliation';
import { sendAgain } from '../../src/storage/send-again';
import { splitOfLine } from '../../src/storage/split-line';
import { undoOf } from '../../src/storage/undo';
import { CONNECTION, december, seeded } from '../demo/demo';
import { additionsOf, deliver, foxLine, foxMemory, inPsa, isFox, NOW, readFox, strangers, three, type Row } from './reconcile-scene.ts';

const ASKED = { name: 'Fox Hollow, seats by agreement', reason: 'Three more as agreed', ...december, calendar: DEFAULT_CALENDAR };

describe('a line with 24 in the PSA, of which 21 were counted', () => {
  test('is shown as a plan before anything is sent, and is two lines once it is delivered', async () => {
    const db = await read();
    const found = await foxLine(db);
    expect(found.split).toEqual({ remainder: '3', refusal: null });
    const split = await splitOf(db);
    expect([await db.plans.get(split.plan.id), (await additionsOf(db)).filter(isMade)]).toEqual([undefined, []]);
    expect(
      split.plan.lines.map(({ status, name, before, syncedQuantity, total, reason }) => [
        status,
        name,
        before,
        syncedQuantity,
        total,
        reason,
      ]),
    ).toEqual([
      ['Updating', found.name, '24', '21', '63', ASKED.reason],
      ['Creating', ASKED.name, null, '3', '9', ASKED.reason],
    ]);
    expect([split.plan.totals.before, split.plan.totals.price, split.withheld]).toEqual(['72', '72', []]);

    await confirmed(db, split);
    const made = (await additionsOf(db)).filter(isMade);
    expect(made.map(({ quantity, unitPrice }) => [quantity, unitPrice])).toEqual([[3, 3]]);
    expect((await additionsOf(db)).filter(isFox).map(({ quantity }) => quantity)).toEqual([21]);
    await readFox(db);
    expect([three(await foxLine(db)), await strangers(db)]).toEqual([['agree', '21', '21', '21', '0'], []]);
    expect([
      (await foxMemory(db))?.quantity,
      (await db.synced.get(`proofpoint\u001ffoxhollowrealty.com\u001f${CONNECTION}`))?.lines.length,
    ]).toEqual([...['21', 1]]);
  });

  test('is one line of 24 again once the split is undone, of which the 3 are still somebody else’s word', async () => {
    const db = await read();
    const split = await splitOf(db);
    await confirmed(db, split);
    const undo = await undoOf(db, split.plan.id, { today: december.today, calendar: DEFAULT_CALENDAR }, adapterOf);
    if (!undo.ok) throw new Error(JSON.stringify(undo.error));
    const { planned, connection } = undo.value;
    if (planned === null) throw new Error('nothing takes it back');
    expect(planned.plan.requests.map(({ operation }) => operation)).toEqual(['end', 'update']);
    await confirmed(db, { ...planned, connection });
    const rows = await additionsOf(db);
    expect([rows.filter(isFox).map(({ quantity }) => quantity), rows.filter(isMade).map(({ quantity }) => quantity)]).toEqual([[24], [0]]);
    await readFox(db);
    expect([three(await foxLine(db)), await strangers(db)]).toEqual([['changed in the PSA', '21', '21', '24', '-9'], []]);
  });

  test('has another key for every request, also where the split is undone, made and undone again', async () => {
    const db = await read();
    const split = await splitOf(db);
    await confirmed(db, split);
    const plans = [split.plan];
    for (const _ of [1, 2, 3, 4]) {
      const undo = await undoOf(db, plans.at(-1)?.id ?? '', { today: december.today, calendar: DEFAULT_CALENDAR }, adapterOf);
      if (!undo.ok || undo.value.planned === null) throw new Error('nothing takes it back');
      const { planned, connection } = undo.value;
      await confirmed(db, { ...planned, connection });
      plans.push(planned.plan);
    }
    const keys = plans.flatMap(({ requests }) => requests.map(({ key }) => key));
    expect([new Set(keys).size, keys.length]).toEqual([10, 10]);
    const records = await db.plans.bulkGet(plans.map(({ id }) => id));
    const again = await Promise.all(records.map(async (record) => (record === undefined ? null : plannedAgain(db, record, connectwise))));
    expect(again.slice(1).map((one) => one?.kept)).toEqual(plans.slice(1).map(() => ({ made: true, differs: [] })));
  });

  test('is not split under a name that an open line of the agreement has, or without one', async () => {
    const db = await read();
    const found = await foxLine(db);
    const asked = async (name: string) => splitOfLine(db, found, { ...ASKED, name }, adapterOf);
    expect(await asked(` ${found.name} `)).toEqual({ ok: false, error: [problem('name is taken', { name: found.name })] });
    expect(await asked(' ')).toEqual({ ok: false, error: [problem('text is missing', { field: 'name' })] });
    const long = 'x'.repeat(2001);
    expect(await asked(long)).toEqual({ ok: false, error: [problem('text is too long', { field: 'name', value: long, limit: 2000 })] });
  });

  test('is not split where it was read with another quantity since it was looked at', async () => {
    const db = await read();
    const seen = await foxLine(db);
    await inPsa(db, (rows) => rows.map((row) => (isFox(row) ? { ...row, quantity: 30 } : row)));
    await readFox(db);
    expect(await splitOfLine(db, seen, ASKED, adapterOf)).toEqual({
      ok: false,
      error: [problem('line was changed meanwhile', { line: seen.name, field: 'quantity', believed: '24', found: '30' })],
    });
  });

  test('makes nothing where somebody writes another quantity before it goes, also when the partner says to send it anyway', async () => {
    const db = await read();
    const { plan, withheld, connection } = await splitOf(db);
    await confirmPlans(db, NOW, { plans: [{ plan, withheld }], connection, today: december.today });
    await inPsa(db, (rows) => rows.map((row) => (isFox(row) ? { ...row, quantity: 23 } : row)));
    const outcome = async () => {
      await deliver(db);
      const rows = await deliveriesOfPlan(db, plan.id);
      return [rows.map(({ state, problem: why }) => [state, why?.code ?? null]), (await additionsOf(db)).filter(isMade)];
    };
    const nothing = [
      [
        ['refused', 'line was changed meanwhile'],
        ['pending', null],
      ],
      [],
    ];
    expect(await outcome()).toEqual(nothing);
    await sendAgain(db, NOW, `${plan.id}/0`, true);
    expect(await outcome()).toEqual(nothing);
    expect((await additionsOf(db)).filter(isFox).map(({ quantity }) => quantity)).toEqual([23]);
  });

  test('whose rest was refused is not split any more once it is put together again, unless the partner says to send it anyway', async () => {
    const db = await read();
    const split = await splitOf(db);
    await confirmed(db, split);
    await inPsa(db, (rows) => rows.filter((row) => !isMade(row)));
    await readFox(db);
    const rest = `${split.plan.id}/${split.plan.requests.length - 1}`;
    await db.deliveries.update(rest, { state: 'refused', lineId: null, proof: null });
    const undo = await undoOf(db, split.plan.id, { today: december.today, calendar: DEFAULT_CALENDAR }, adapterOf);
    if (!undo.ok || undo.value.planned === null) throw new Error('nothing takes it back');
    await confirmed(db, { ...undo.value.planned, connection: undo.value.connection });
    const outcome = async (forced: boolean) => {
      await sendAgain(db, NOW, rest, forced);
      await deliver(db);
      const row = await db.deliveries.get(rest);
      return [row?.state, row?.problem, (await additionsOf(db)).filter(isMade).map(({ quantity }) => quantity)];
    };
    const { name } = split.plan.requests[0]?.line ?? { name: '' };
    const changed = problem('line was changed meanwhile', { line: name, field: 'quantity', believed: '21', found: '24' });
    expect(await outcome(false)).toEqual(['refused', changed, []]);
    expect(await outcome(true)).toEqual(['sent', null, [3]]);
  });

  test('of which only our line was taken down is somebody else’s word again once it is undone: the 3 are not remembered as ours', async () => {
    const db = await read();
    const split = await splitOf(db);
    await confirmed(db, split);
    await inPsa(db, (rows) => rows.filter((row) => !isMade(row)));
    const rest = `${split.plan.id}/${split.plan.requests.length - 1}`;
    await db.deliveries.update(rest, { state: 'refused', lineId: null, proof: null });
    await readFox(db);
    const undo = await undoOf(db, split.plan.id, { today: december.today, calendar: DEFAULT_CALENDAR }, adapterOf);
    if (!undo.ok || undo.value.planned === null) throw new Error('nothing takes it back');
    const { planned, connection, left } = undo.value;
    expect([planned.plan.requests.map(({ operation }) => operation), left.map(({ name, why }) => [name, why])]).toEqual([
      ['update'],
      [[ASKED.name, 'never made']],
    ]);
    await confirmed(db, { ...planned, connection });
    await readFox(db);
    expect([(await foxMemory(db))?.quantity, three(await foxLine(db)), await strangers(db)]).toEqual([
      '21',
      ['changed in the PSA', '21', '21', '24', '-9'],
      [],
    ]);
  });

  test('whose rest is there although somebody said that it was not ends it all the same when it is undone', async () => {
    const db = await read();
    const split = await splitOf(db);
    await confirmed(db, split);
    await readFox(db);
    const rest = `${split.plan.id}/${split.plan.requests.length - 1}`;
    await db.deliveries.update(rest, { state: 'refused', lineId: null, proof: 'marked' });
    const undo = await undoOf(db, split.plan.id, { today: december.today, calendar: DEFAULT_CALENDAR }, adapterOf);
    if (!undo.ok || undo.value.planned === null) throw new Error('nothing takes it back');
    const { planned, connection, left } = undo.value;
    expect([planned.plan.requests.map(({ operation }) => operation), left]).toEqual([['end', 'update'], []]);
    await confirmed(db, { ...planned, connection });
    const rows = await additionsOf(db);
    expect([rows.filter(isFox).map(({ quantity }) => quantity), rows.filter(isMade).map(({ quantity }) => quantity)]).toEqual([[24], [0]]);
  });

  test('whose rest may have come through or not waits while somebody has written our line back, and goes once it is as the split left it', async () => {
    const db = await read();
    const split = await splitOf(db);
    await confirmed(db, split);
    await inPsa(db, (rows) => rows.filter((row) => !isMade(row)));
    const rest = `${split.plan.id}/${split.plan.requests.length - 1}`;
    await db.deliveries.update(rest, { state: 'unknown', lineId: null, proof: null, settledAt: null, sentAt: '2021-01-03T07:00:00.000Z' });
    await db.plans.update(split.plan.id, { state: 'delivering' });
    const outcome = async (quantity: number) => {
      await inPsa(db, (rows) => rows.map((row) => (isFox(row) ? { ...row, quantity } : row)));
      await deliver(db);
      const row = await db.deliveries.get(rest);
      return [row?.state, row?.attempts, row?.problem, (await additionsOf(db)).filter(isMade).map(({ quantity: made }) => made)];
    };
    const { name } = split.plan.requests[0]?.line ?? { name: '' };
    const changed = problem('line was changed meanwhile', { line: name, field: 'quantity', believed: '21', found: '24' });
    expect(await outcome(24)).toEqual(['unknown', 1, changed, []]);
    expect(await outcome(21)).toEqual(['sent', 2, null, [3]]);
  });

  test('whose rest came through after all is found by its mark, whatever our line holds by then', async () => {
    const db = await read();
    const split = await splitOf(db);
    await confirmed(db, split);
    const rest = `${split.plan.id}/${split.plan.requests.length - 1}`;
    await db.deliveries.update(rest, { state: 'unknown', lineId: null, proof: null, settledAt: null });
    await db.plans.update(split.plan.id, { state: 'delivering' });
    await inPsa(db, (rows) => rows.map((row) => (isFox(row) ? { ...row, quantity: 24 } : row)));
    await deliver(db);
    const row = await db.deliveries.get(rest);
    expect([row?.state, row?.attempts, row?.proof, (await additionsOf(db)).filter(isMade).length]).toEqual(['sent', 1, 'probed', 1]);
  });

  test('keeps what the last plan of the month withheld', async () => {
    const db = await read();
    const withheld = { period: december.period, subProducts: ['proofpoint-advanced'] };
    await db.synced.where('customer').equals('proofpoint\u001ffoxhollowrealty.com').modify({ withheld });
    const split = await splitOf(db);
    await confirmed(db, split);
    expect((await db.synced.get(`proofpoint\u001ffoxhollowrealty.com\u001f${CONNECTION}`))?.withheld).toEqual(withheld);
  });
});

test.each([
  ['fewer than were counted', 20, null],
  ['as many as were counted', 21, null],
  ['half a seat more than were counted', 21.5, { remainder: '0.5', refusal: null }],
])('%s: what is left to split', async (_, quantity, split) => {
  const db = await read();
  await inPsa(db, (rows) => rows.map((row) => (isFox(row) ? { ...row, quantity } : row)));
  await readFox(db);
  expect((await foxLine(db)).split).toEqual(split);
});

test('a line of a connection by file says why it is not split, and so does a month that is not final', async () => {
  const db = await read();
  await db.connections.update(CONNECTION, { protocol: 'file' });
  expect((await foxLine(db)).split).toEqual({ remainder: '3', refusal: 'file' });
  await db.connections.update(CONNECTION, { protocol: 'sandbox' });
  const early = await reconciliations(db, { ...december, today: '2021-01-02', calendar: DEFAULT_CALENDAR }, adapterOf);
  const line = early
    .flatMap(({ lines }) => lines)
    .find(({ customer, connection }) => customer?.site === 'foxhollowrealty.com' && connection === CONNECTION);
  expect(line?.split).toEqual({ remainder: '3', refusal: 'not final' });
});

async function read(): Promise<Database> {
  const db = await seeded();
  await readFox(db);
  return db;
}

async function splitOf(db: Database) {
  const split = await splitOfLine(db, await foxLine(db), ASKED, adapterOf);
  if (!split.ok) throw new Error(JSON.stringify(split.error));
  return split.value;
}

async function confirmed(db: Database, { connection, ...planned }: Awaited<ReturnType<typeof splitOf>>): Promise<void> {
  const { plan } = planned;
  await confirmPlans(db, NOW, { plans: [planned], connection, today: december.today });
  await deliver(db);
  const rows = await deliveriesOfPlan(db, plan.id);
  expect(rows.map(({ state, duplicates }) => [state, duplicates])).toEqual(rows.map(() => ['sent', []]));
}

function isMade(row: Row): boolean {
  return row['invoiceDescription'] === ASKED.name;
}
