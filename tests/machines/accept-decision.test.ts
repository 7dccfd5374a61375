import { expect, test } from 'vitest';
import { planSetFor } from '../../src/domain/sync';
import { problem } from '../../src/domain/problem';
import { connectwise } from '../../src/psa/connectwise';
import { acceptLine } from '../../src/storage/accept';
import type { Database } from '../../src/storage/db';
import { newestDecisions, turnDecision } from '../../src/storage/decisions';
import { confirmPlans } from '../../src/storage/plans';
import { december, seeded, syncOf } from '../demo/demo';
import { FOX, foxLine, foxMemory, inPsa, isFox, NOW, readFox, three } from './reconcile-scene.ts';

const DECISION = { reason: 'Agreed with the customer', ...december };
const CHANGED = ['changed in both', '21', '20', '24', '-9'];

test('an acceptance is a decision: it is taken back and made again, and what was remembered is what it was', async () => {
  const db = await read();
  const before = await foxMemory(db);
  await acceptLine(db, NOW, await foxLine(db), DECISION);
  const after = await foxMemory(db);
  const [decision] = await newestDecisions(db, 1);
  expect([decision?.kind, decision?.subject, decision?.images.map(({ table }) => table), decision?.undone]).toEqual([
    ...['line accepted', 'proofpoint\u001ffoxhollowrealty.com', ['synced'], null],
  ]);
  await turnDecision(db, NOW, decision?.seq ?? 0);
  expect([await foxMemory(db), three(await foxLine(db))]).toEqual([before, CHANGED]);
  await turnDecision(db, NOW, decision?.seq ?? 0);
  expect([await foxMemory(db), three(await foxLine(db))]).toEqual([after, ['agree', '21', '24', '24', '0']]);
});

test('an acceptance of a line that is missing is taken back, and the line is missing again', async () => {
  const db = await seeded();
  await inPsa(db, (rows) => rows.filter((row) => !isFox(row)));
  await readFox(db);
  await acceptLine(db, NOW, await foxLine(db), DECISION);
  expect((await foxMemory(db))?.endedOn).toBe(december.today);
  await turnNewest(db);
  expect([(await foxMemory(db))?.endedOn, three(await foxLine(db))]).toEqual([null, ['missing', '21', '20', null, '63']]);
});

test('of two acceptances of a customer the newer one is taken back first', async () => {
  const db = await read();
  await acceptLine(db, NOW, await foxLine(db), DECISION);
  const [first] = await newestDecisions(db, 1);
  await inPsa(db, (rows) => rows.map((row) => (isFox(row) ? { ...row, quantity: 25 } : row)));
  await readFox(db);
  await acceptLine(db, NOW, await foxLine(db), DECISION);
  await expect(turnDecision(db, NOW, first?.seq ?? 0)).rejects.toMatchObject({ problem: problem('decision rests', { reason: 'newer' }) });
  await turnNewest(db);
  await turnDecision(db, NOW, first?.seq ?? 0);
  expect((await foxMemory(db))?.quantity).toBe('20');
});

test('an acceptance stays while a plan of the customer rests on it', async () => {
  const db = await read();
  await acceptLine(db, NOW, await foxLine(db), DECISION);
  const [decision] = await newestDecisions(db, 1);
  const { facts, choices } = await syncOf(db, FOX);
  const set = planSetFor(facts, choices, connectwise);
  if (!set.ok) throw new Error(JSON.stringify(set.error));
  await confirmPlans(db, NOW, { plans: set.value, connection: facts.connection, today: december.today });
  await expect(turnDecision(db, NOW, decision?.seq ?? 0)).rejects.toMatchObject({ problem: problem('decision rests', { reason: 'plan' }) });
  expect((await foxMemory(db))?.quantity).toBe('24');
});

test('an acceptance stays where something else wrote what is remembered since', async () => {
  const db = await read();
  await acceptLine(db, NOW, await foxLine(db), DECISION);
  await db.synced.where('customer').equals('proofpoint\u001ffoxhollowrealty.com').modify({ provenAt: NOW });
  await expect(turnNewest(db)).rejects.toMatchObject({ problem: problem('decision rests', { reason: 'changed' }) });
  expect((await foxMemory(db))?.quantity).toBe('24');
});

test('an accepted line that was missing and is back in the PSA is asked about again', async () => {
  const db = await seeded();
  let kept: readonly Readonly<Record<string, unknown>>[] = [];
  await inPsa(db, (rows) => {
    kept = rows.filter(isFox);
    return rows.filter((row) => !isFox(row));
  });
  await readFox(db);
  await acceptLine(db, NOW, await foxLine(db), DECISION);
  expect(three(await foxLine(db))).toEqual(['agree', '21', null, null, '0']);
  await inPsa(db, (rows) => [...rows, ...kept]);
  await readFox(db);
  const back = await foxLine(db);
  expect([three(back), back.accepted]).toEqual([['changed here', '21', null, '24', '-9'], null]);
});

async function read(): Promise<Database> {
  const db = await seeded();
  await readFox(db);
  return db;
}

async function turnNewest(db: Database): Promise<void> {
  const [newest] = await newestDecisions(db, 1);
  await turnDecision(db, NOW, newest?.seq ?? 0);
}
