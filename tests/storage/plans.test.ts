import { describe, expect, it } from 'vitest';
import type { PsaLine } from '../../src/domain/agreement';
import type { Change } from '../../src/domain/change';
import { decimalOf } from '../../src/domain/decimal';
import { problem } from '../../src/domain/problem';
import type { Plan } from '../../src/domain/plan';
import type { Database } from '../../src/storage/db';
import {
  claimDelivery,
  deliveriesOfPlan,
  openPlans,
  recordDelivery,
  recoverSending,
  unknownDeliveries,
  yieldedIds,
} from '../../src/storage/deliveries';
import * as marks from '../../src/storage/marks';
import * as plans from '../../src/storage/plans';
import { syncedOf } from '../../src/storage/synced';
import * as scene from '../delivery/scene';

const CUSTOMER = 'proofpoint\u001facme.com';

describe('confirming', () => {
  it('queues every request once, however often it is confirmed', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, null)]);
    await confirm(db, plan);
    expect((await deliveriesOfPlan(db, plan.id)).map(({ id, key, state }) => [id, key, state])).toEqual(
      plan.requests.map(({ key }, n) => [`${plan.id}/${String(n)}`, key, 'pending']),
    );
    expect(await db.plans.count()).toBe(1);
    expect((await db.audit.toArray()).map(({ kind }) => kind)).toEqual(['plan confirmed']);
  });

  it('is all or nothing: a plan that is not what its id says leaves no trace', async () => {
    const db = await scene.freshDatabase();
    const plan = scene.planOf([scene.createOf('business', 15)]);
    await expect(confirm(db, plan, { ...plan, period: '2026-04' })).rejects.toMatchObject({
      problem: problem('record is damaged', { what: `plan ${plan.id}` }),
    });
    expect(await db.plans.count()).toBe(0);
    expect(await db.deliveries.count()).toBe(0);
  });

  it('waits for the mark of a sync file that was handed out', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15)]);
    await marks.markDownloaded(db, scene.NOW, plan.id);
    const next = scene.planOf([scene.createOf('business', 16), scene.chargeOf('x', 1)]);
    await expect(confirm(db, next)).rejects.toMatchObject({ problem: problem('sync file is not marked', { plan: plan.id }) });
    await marks.markNotApplied(db, scene.NOW, plan.id);
    expect((await confirm(db, next)).map(({ state }) => state)).toEqual(['confirmed']);
  });

  it('waits while a request is open, and withdraws the rest of a plan that was refused', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500')]);
    const next = scene.planOf([scene.createOf('business', 16)]);
    await expect(confirm(db, next)).rejects.toMatchObject({ problem: problem('delivery is not settled', { plan: plan.id }) });
    const [row] = await deliveriesOfPlan(db, plan.id);
    if (row === undefined) throw new Error('there are two rows');
    await recordDelivery(db, scene.NOW, row, { state: 'refused', problem: problem('line is gone', { line: 'x' }) });
    await confirm(db, next);
    expect((await deliveriesOfPlan(db, plan.id)).map(({ state, problem: why }) => [state, why?.code])).toEqual([
      ['refused', 'line is gone'],
      ['refused', 'request was withdrawn'],
    ]);
    expect((await db.plans.get(plan.id))?.state).toBe('settled');
  });

  it('waits for an open plan of the customer at any connection: two PSAs would bill the same month', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15)]);
    await marks.markDownloaded(db, scene.NOW, plan.id);
    const elsewhere = { plans: [{ plan: scene.planOf([scene.createOf('business', 16)]), withheld: [] }], today: scene.TODAY };
    const connection = scene.connectionOf({ id: 'other' });
    await expect(plans.confirmPlans(db, scene.NOW, { ...elsewhere, connection })).rejects.toMatchObject({
      problem: problem('sync file is not marked', { plan: plan.id }),
    });
  });

  it('an id that was yielded twice under one name is the newest, whatever the plans are called', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500')]);
    const [first, second] = await deliveriesOfPlan(db, plan.id);
    if (first === undefined || second === undefined) throw new Error('there are two rows');
    const sent = { state: 'sent', proof: 'answered', problem: null } as const;
    await recordDelivery(db, '2026-04-03T10:00:00.000Z', first, { ...sent, yielded: { line: 2 } });
    await recordDelivery(db, '2026-04-03T09:00:00.000Z', second, { ...sent, yielded: { line: 1 } });
    expect(await yieldedIds(db, 'cw')).toEqual({ line: 2 });
  });

  it('lines of a file that were marked as not applied can be planned again as they are', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500')]);
    await marks.markDownloaded(db, scene.NOW, plan.id);
    await marks.markApplied(db, scene.NOW, plan.id, [
      { n: 0, applied: false },
      { n: 1, applied: true },
    ]);
    await confirm(db, plan);
    expect((await deliveriesOfPlan(db, plan.id)).map(({ state }) => state)).toEqual(['pending', 'sent']);
    expect((await openPlans(db, 'cw')).map(({ id }) => id)).toEqual([plan.id]);
  });

  it('a plan that was given up can be confirmed again as it is', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15)]);
    await plans.withdrawPlan(db, scene.NOW, plan.id);
    expect(await openPlans(db, 'cw')).toEqual([]);
    await confirm(db, plan);
    expect(await openPlans(db, 'cw')).toEqual([plan]);
  });

  it('orders plans as they were confirmed, exports before what uses them', async () => {
    const db = await scene.freshDatabase();
    const [exported, lines] = [
      scene.planOf([scene.exportOf()]),
      scene.planOf([scene.createOf('shield', 3, { use: scene.EXPORTED_ID, product: 'X' })]),
    ];
    await confirm(db, exported, exported, lines);
    expect((await openPlans(db, 'cw')).map(({ id }) => id)).toEqual([exported.id, lines.id]);
    expect((await plans.plansOfSet(db, lines.id)).map(({ position }) => position)).toEqual([0, 1]);
  });
});

describe('marking a sync file', () => {
  it('applied: the lines become the last synced state, with the ids that the partner pasted', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500')]);
    await marks.markDownloaded(db, scene.NOW, plan.id);
    await marks.markApplied(db, scene.NOW, plan.id, [{ n: 0, applied: true, lineId: '777' }]);
    expect((await syncedOf(db, CUSTOMER, 'cw'))?.lines.map(({ lineId, quantity }) => [lineId, quantity])).toEqual([
      ['777', decimalOf(15)],
      ['500', decimalOf(6)],
    ]);
    expect((await db.plans.get(plan.id))?.state).toBe('applied');
  });

  it('line by line: what was not applied is not remembered', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500')]);
    await marks.markDownloaded(db, scene.NOW, plan.id);
    await marks.markApplied(db, scene.NOW, plan.id, [{ n: 0, applied: false }]);
    expect((await deliveriesOfPlan(db, plan.id)).map(({ state, proof }) => [state, proof])).toEqual([
      ['refused', 'marked'],
      ['sent', 'marked'],
    ]);
    expect((await syncedOf(db, CUSTOMER, 'cw'))?.lines.map(({ lineId }) => lineId)).toEqual(['500']);
  });

  it('not applied: nothing is remembered', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15)]);
    await marks.markDownloaded(db, scene.NOW, plan.id);
    await marks.markNotApplied(db, scene.NOW, plan.id);
    expect(await syncedOf(db, CUSTOMER, 'cw')).toBe(null);
    expect((await db.plans.get(plan.id))?.state).toBe('not applied');
  });

  it.each([
    ['before the plan', '2026-04-03T08:00:00.000Z', null],
    ['after the plan and before the file was handed out', '2026-04-03T09:30:00.000Z', null],
    ['after the file was handed out', '2026-04-03T10:30:00.000Z', { readAt: '2026-04-03T10:30:00.000Z', rows: [] }],
  ])('lines that were read %s prove what the file did, or nothing', async (_, readAt, proof) => {
    const { db, plan } = await confirmed([scene.createOf('business', 15)]);
    await marks.markDownloaded(db, '2026-04-03T10:00:00.000Z', plan.id);
    await db.mirrors.put({ connection: 'cw', kind: 'lines', scope: '10', readAt, rows: [] });
    expect(await marks.linesReadAfter(db, plan.id)).toEqual(proof);
  });

  it('a file that was handed out once more is newer than the lines that were read between', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15)]);
    await marks.markDownloaded(db, '2026-04-03T10:00:00.000Z', plan.id);
    await db.mirrors.put({ connection: 'cw', kind: 'lines', scope: '10', readAt: '2026-04-03T10:30:00.000Z', rows: [] });
    await marks.markDownloaded(db, '2026-04-03T11:00:00.000Z', plan.id);
    expect(await marks.linesReadAfter(db, plan.id)).toBe(null);
  });

  it.each([
    ['recurring lines', scene.createOf('business', 15), { recurring: '2026-04-03T11:00:00.000Z' }, true],
    ['recurring lines', scene.createOf('business', 15), { 'one-time': '2026-04-03T11:00:00.000Z' }, false],
    ['one-time lines', scene.chargeOf('business', 15), { recurring: '2026-04-03T11:00:00.000Z' }, false],
    ['one-time lines', scene.chargeOf('business', 15), { 'one-time': '2026-04-03T11:00:00.000Z' }, true],
  ])('%s are marked by a reading of their own kind only', async (_, change, parts, proves) => {
    const { db, plan } = await confirmed([change]);
    await marks.markDownloaded(db, '2026-04-03T10:00:00.000Z', plan.id);
    await db.mirrors.put({ connection: 'cw', kind: 'lines', scope: '10', readAt: '2026-04-03T11:00:00.000Z', rows: [], parts });
    expect(await marks.linesReadAfter(db, plan.id)).toEqual(proves ? { readAt: '2026-04-03T11:00:00.000Z', rows: [] } : null);
  });

  it('by reading the lines again: what the PSA holds is applied, the rest is not', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500')]);
    await marks.markDownloaded(db, scene.NOW, plan.id);
    const line: Omit<PsaLine, 'key'> = {
      ...{
        id: '900',
        agreementId: '10',
        kind: 'recurring',
        productId: '40',
        productIdentifier: 'PP-BUS',
        description: 'x',
        quantity: decimalOf(15),
      },
      ...{ price: decimalOf(3), cost: decimalOf(2), effectiveDate: '2026-04-01', endDate: null, lessIncluded: null, invoiced: null },
    };
    expect(
      await marks.markByReading(db, scene.NOW, plan.id, [{ ...line, key: scene.keyOf('business') }], {
        ...{ today: scene.TODAY, keyless: false },
      }),
    ).toBe(false);
    expect((await deliveriesOfPlan(db, plan.id)).map(({ state, lineId }) => [state, lineId])).toEqual([
      ['sent', '900'],
      ['refused', null],
    ]);
  });

  it('by reading lines whose quantity is dated: the day that a request writes counts, not a later one', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15)]);
    await marks.markDownloaded(db, scene.NOW, plan.id);
    const line: PsaLine = {
      ...{ id: '900', agreementId: '10', kind: 'recurring', productId: '40', productIdentifier: 'PP-BUS', description: 'x' },
      ...{ quantity: decimalOf(99), price: decimalOf(3), cost: decimalOf(2), effectiveDate: '2026-04-01', endDate: null },
      ...{ lessIncluded: null, invoiced: null, key: scene.keyOf('business') },
      quantities: [
        { from: '2026-04-01', until: null, quantity: decimalOf(15) },
        { from: '2026-06-01', until: null, quantity: decimalOf(99) },
      ],
    };
    const dated = { today: scene.TODAY, keyless: false, writesFrom: () => '2026-04-01' };
    expect(await marks.markByReading(db, scene.NOW, plan.id, [line], dated)).toBe(true);
    expect((await deliveriesOfPlan(db, plan.id)).map(({ state, lineId }) => [state, lineId])).toEqual([['sent', '900']]);
  });
});

describe('a row', () => {
  it('is claimed once: the second sender that read it gets nothing', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15)]);
    const [row] = await deliveriesOfPlan(db, plan.id);
    if (row === undefined) throw new Error('there is one row');
    const out = { besides: [], resolved: { method: 'POST', path: '/x', query: {}, body: '{}' } };
    const [first, second] = await Promise.all([claimDelivery(db, scene.NOW, row, out), claimDelivery(db, scene.NOW, row, out)]);
    expect(first).toEqual({ ...row, ...out, state: 'sending', attempts: 1, sentAt: scene.NOW });
    expect(second).toBe(null);
  });

  it('is not recorded by a sender that read an older state of it', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15)]);
    const [row] = await deliveriesOfPlan(db, plan.id);
    if (row === undefined) throw new Error('there is one row');
    await recordDelivery(db, scene.NOW, row, { state: 'unknown' });
    await expect(recordDelivery(db, scene.NOW, row, { state: 'sent' })).rejects.toMatchObject({ problem: { code: 'record is damaged' } });
    expect(await syncedOf(db, CUSTOMER, 'cw')).toBe(null);
  });

  it('left sending by a dead sender is unknown after the recovery, and a person may settle it', async () => {
    const { db, plan } = await confirmed([scene.createOf('business', 15)]);
    const [row] = await deliveriesOfPlan(db, plan.id);
    if (row === undefined) throw new Error('there is one row');
    await claimDelivery(db, scene.NOW, row, { besides: [], resolved: { method: 'POST', path: '/x', query: {}, body: '{}' } });
    expect(await recoverSending(db, scene.NOW, 'another connection')).toBe(0);
    expect(await recoverSending(db, scene.NOW, 'cw')).toBe(1);
    expect((await unknownDeliveries(db)).map(({ id }) => id)).toEqual([row.id]);
    await marks.markDelivery(db, scene.NOW, row.id, { applied: true, lineId: '42' });
    expect((await syncedOf(db, CUSTOMER, 'cw'))?.lines.map(({ lineId }) => lineId)).toEqual(['42']);
    expect((await db.plans.get(plan.id))?.state).toBe('settled');
  });
});

async function confirmed(changes: readonly Change[]): Promise<{ readonly db: Database; readonly plan: Plan }> {
  const db = await scene.freshDatabase();
  const plan = scene.planOf(changes);
  await confirm(db, plan);
  return { db, plan };
}

function confirm(db: Database, first: Plan, ...more: readonly Plan[]) {
  const all = more.length === 0 ? [first] : more;
  return plans.confirmPlans(db, scene.NOW, {
    plans: all.map((plan) => ({ plan, withheld: [] })),
    connection: scene.connectionOf(),
    today: scene.TODAY,
  });
}
