import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import { leaksOf, neverSynced } from '../../src/domain/reconcile';
import { choicesFor } from '../../src/domain/reconcile-choices';
import { planSetFor } from '../../src/domain/sync';
import { problem } from '../../src/domain/problem';
import { adapterOf } from '../../src/psa';
import { connectwise } from '../../src/psa/connectwise';
import { acceptLine } from '../../src/storage/accept';
import { newestDecisions, turnDecision } from '../../src/storage/decisions';
import { deliveriesOfPlan } from '../../src/storage/deliveries';
import { endOfLine } from '../../src/storage/end-line';
import { ignoreLine, liftLineIgnore, lineIgnoresOn } from '../../src/storage/line-ignores';
import { ignoresOn } from '../../src/storage/ignores';
import { monthStanding } from '../../src/storage/month';
import { confirmPlans } from '../../src/storage/plans';
import { ledgerOf } from '../../src/storage/sandboxes';
import { CONNECTION, december, seeded, syncOf } from '../demo/demo';
import { deliver, FOX, foxLine, foxMemory, inPsa, isFox, NOW, readFox, strangers, three } from './reconcile-scene.ts';

const DECISION = { reason: 'Agreed with the customer', ...december };

describe('a quantity that somebody wrote in the PSA', () => {
  test('is found, accepted, and agrees when the lines are compared again; nothing is sent', async () => {
    const db = await seeded();
    await readFox(db);
    const found = await foxLine(db);
    expect([three(found), choicesFor(found)]).toEqual([
      ['changed in both', '21', '20', '24', '-9'],
      ['push', 'accept', 'split', 'ignore'],
    ]);
    await acceptLine(db, NOW, found, DECISION);
    expect(three(await foxLine(db))).toEqual(['agree', '21', '24', '24', '0']);
    await readFox(db);
    const again = await foxLine(db);
    expect([three(again), again.accepted, choicesFor(again)]).toEqual([
      ['agree', '21', '24', '24', '0'],
      { period: '2020-12', usage: '21', quantity: '24', reason: 'Agreed with the customer', at: NOW },
      [],
    ]);
    expect([await ledgerOf(db, CONNECTION), await db.deliveries.where('connection').equals(CONNECTION).count()]).toEqual([[], 0]);
    const { kind, subject, data } = (await db.audit.where('kind').equals('line accepted').first()) ?? {};
    expect([kind, subject, data]).toEqual([
      'line accepted',
      'proofpoint\u001ffoxhollowrealty.com',
      {
        ...{ connection: CONNECTION, lineKey: found.lineKey, usage: '21', reason: 'Agreed with the customer' },
        before: { quantity: '20', price: '3', endedOn: null },
        after: { quantity: '24', price: '3', endedOn: null },
      },
    ]);
  });

  test('is asked about again once somebody changes it once more', async () => {
    const db = await seeded();
    await readFox(db);
    await acceptLine(db, NOW, await foxLine(db), DECISION);
    await inPsa(db, (rows) => rows.map((row) => (isFox(row) ? { ...row, quantity: 25 } : row)));
    await readFox(db);
    expect(three(await foxLine(db))).toEqual(['changed in both', '21', '24', '25', '-12']);
  });

  test('is not accepted where the lines were read again since it was looked at', async () => {
    const db = await seeded();
    await readFox(db);
    const seen = await foxLine(db);
    await inPsa(db, (rows) => rows.map((row) => (isFox(row) ? { ...row, quantity: 25 } : row)));
    await readFox(db);
    const changed = problem('line was changed meanwhile', {
      ...{ line: seen.name, field: 'quantity', believed: decimalOf(24), found: decimalOf(25) },
    });
    await expect(acceptLine(db, NOW, seen, DECISION)).rejects.toMatchObject({ problem: changed });
    expect((await foxLine(db)).synced).toBe('20');
  });

  test('is pushed by a sync, and agrees when the lines are compared again', async () => {
    const db = await seeded();
    await readFox(db);
    const { facts, choices } = await syncOf(db, FOX);
    const set = planSetFor(facts, choices, connectwise);
    if (!set.ok) throw new Error('The plan is refused.');
    await confirmPlans(db, NOW, { plans: set.value, connection: facts.connection, today: december.today });
    await deliver(db);
    await readFox(db);
    expect(three(await foxLine(db))).toEqual(['agree', '21', '21', '21', '0']);
  });
});

test('a line that is missing is accepted as ended, and agrees without a line', async () => {
  const db = await seeded();
  await inPsa(db, (rows) => rows.filter((row) => !isFox(row)));
  await readFox(db);
  const found = await foxLine(db);
  expect(three(found)).toEqual(['missing', '21', '20', null, '63']);
  await acceptLine(db, NOW, found, DECISION);
  expect(three(await foxLine(db))).toEqual(['agree', '21', null, null, '0']);
  expect((await foxMemory(db))?.endedOn).toBe(december.today);
});

describe('a second line with the key of another', () => {
  test('is ended by a plan of its own; the other one and what is remembered of it stay as they are', async () => {
    const db = await seeded();
    await inPsa(db, (rows) => [...rows, ...rows.filter(isFox).map((row) => ({ ...row, id: 990 }))]);
    await readFox(db);
    const memory = await foxMemory(db);
    const [copy] = await strangers(db);
    if (copy === undefined) throw new Error('There is no duplicate.');
    expect([copy.verdict, copy.lineId, copy.money, choicesFor(copy)]).toEqual(['duplicate', '990', '-72', ['end', 'ignore']]);
    const end = await endOfLine(db, copy, { ...DECISION, reason: 'Made twice' }, adapterOf);
    if (!end.ok) throw new Error('The end is refused.');
    const { plan, connection } = end.value;
    expect([await ledgerOf(db, CONNECTION), await db.plans.get(plan.id)]).toEqual([[], undefined]);
    expect(plan.requests.map(({ operation, method, path, body }) => [operation, method, path, body])).toEqual([
      ['end', 'PATCH', `/finance/agreements/${copy.agreementId}/additions/990`, [CANCELLED]],
    ]);
    expect(plan.lines.map(({ status, before, reason }) => [status, before, reason])).toEqual([['Ending', '24', 'Made twice']]);
    await confirmPlans(db, NOW, { plans: [{ plan, withheld: [] }], connection, today: december.today });
    await deliver(db);
    expect((await deliveriesOfPlan(db, plan.id)).map(({ state, duplicates }) => [state, duplicates])).toEqual([['sent', []]]);
    await readFox(db);
    expect([await strangers(db), await foxMemory(db), three(await foxLine(db))]).toEqual([
      [],
      memory,
      ['changed in both', '21', '20', '24', '-9'],
    ]);
  });

  test('is ended once more where somebody opened it again, by a plan and a key that are new', async () => {
    const db = await seeded();
    await inPsa(db, (rows) => [...rows, ...rows.filter(isFox).map((row) => ({ ...row, id: 990 }))]);
    const ended = async () => {
      await readFox(db);
      const [copy] = await strangers(db);
      const end = copy === undefined ? null : await endOfLine(db, copy, DECISION, adapterOf);
      if (end?.ok !== true) throw new Error('The end is refused.');
      const { connection, ...planned } = end.value;
      await confirmPlans(db, NOW, { plans: [planned], connection, today: december.today });
      await deliver(db);
      await readFox(db);
      expect(await strangers(db)).toEqual([]);
      return [planned.plan.id, ...planned.plan.requests.map(({ key }) => key)];
    };
    const first = await ended();
    await inPsa(db, (rows) => [
      ...rows.filter(({ id }) => id !== 990),
      ...rows.filter((row) => isFox(row) && row['id'] !== 990).map((row) => ({ ...row, id: 990 })),
    ]);
    expect(new Set([...first, ...(await ended())]).size).toBe(4);
  });

  test('is not touched where somebody changed it since it was read', async () => {
    const db = await seeded();
    await inPsa(db, (rows) => [...rows, ...rows.filter(isFox).map((row) => ({ ...row, id: 990 }))]);
    await readFox(db);
    const [copy] = await strangers(db);
    const end = copy === undefined ? null : await endOfLine(db, copy, DECISION, adapterOf);
    if (end?.ok !== true) throw new Error('The end is refused.');
    await inPsa(db, (rows) =>
      rows.map((row) => (row['id'] === 990 ? { ...row, productId: 1, product: { id: 903, identifier: 'OTHER' } } : row)),
    );
    const { plan, connection } = end.value;
    await confirmPlans(db, NOW, { plans: [{ plan, withheld: [] }], connection, today: december.today });
    await deliver(db);
    expect((await deliveriesOfPlan(db, plan.id)).map(({ state, problem: why }) => [state, why?.code])).toEqual([
      ['refused', 'line was changed meanwhile'],
    ]);
  });
});

test('one line is ignored with a reason, its customer is not, and both acts are on record', async () => {
  const db = await seeded();
  const line = await foxLine(db);
  await ignoreLine(db, NOW, line, 'Known');
  const held = async () =>
    [...(await lineIgnoresOn(db, december.today)).values()].map(({ line: key, reason, site }) => [key, reason, site]);
  expect([await held(), (await ignoresOn(db, december.today)).size]).toEqual([[[line.key, 'Known', 'foxhollowrealty.com']], 0]);
  await liftLineIgnore(db, NOW, line);
  expect(await held()).toEqual([]);
  const [newest] = await newestDecisions(db, 1);
  await turnDecision(db, NOW, newest?.seq ?? 0);
  expect(await held()).toEqual([[line.key, 'Known', 'foxhollowrealty.com']]);
  const records = await db.audit.orderBy('seq').reverse().limit(3).toArray();
  expect(records.map(({ kind, subject, data }) => [kind, subject, data])).toEqual([
    ['decision taken back', 'proofpoint\u001ffoxhollowrealty.com', { kind: 'ignore of a line taken back', record: newest?.seq }],
    ['ignore of a line taken back', 'proofpoint\u001ffoxhollowrealty.com', { line: line.key, name: line.name }],
    ['line ignored', 'proofpoint\u001ffoxhollowrealty.com', { line: line.key, name: line.name, reason: 'Known' }],
  ]);
});

test('usage of customers who were never synced is leaked money, and that of reconciled customers is counted once', async () => {
  const db = await seeded();
  const standings = (await monthStanding(db, december)).flatMap((product) => product.standings);
  const lines = neverSynced(standings, new Set());
  const seed = lines.find(({ customer }) => customer?.site === '1stwestinsurance.com');
  expect(seed && [seed.verdict, seed.usage, seed.synced, seed.psa, seed.money, choicesFor(seed)]).toEqual([
    ...['not billed', '15', null, null, '45'],
    ['push', 'ignore'],
  ]);
  expect(lines.some(({ customer }) => customer?.site === FOX.site)).toBe(false);
  const known = new Set([`proofpoint\u001f1stwestinsurance.com`]);
  const [all] = leaksOf(lines);
  const [rest] = leaksOf(neverSynced(standings, known));
  expect(Number(all?.leaked) - Number(rest?.leaked)).toBeCloseTo(45);
});

const CANCELLED = { op: 'replace', path: 'cancelledDate', value: '2020-12-31T00:00:00Z' };
