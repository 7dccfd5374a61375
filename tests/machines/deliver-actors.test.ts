import { expect, it, onTestFinished } from 'vitest';
import { waitFor } from 'xstate';
import { senderLock } from '../../src/domain/delivery';
import { problem } from '../../src/domain/problem';
import { recover, removeDuplicate, send, startDelivering, type DeliverMeans } from '../../src/machines/deliver-actors';
import { claimDelivery, deliveriesOfPlan } from '../../src/storage/deliveries';
import { confirmPlans } from '../../src/storage/plans';
import { ledgerOf } from '../../src/storage/sandboxes';
import { syncedOf } from '../../src/storage/synced';
import * as scene from '../delivery/scene';
import { report } from '../delivery/stage';
import { lockManager } from '../support/locks';

const quiet = { signal: new AbortController().signal };

it('the demo: the in-page PSA holds what was sent, and a reload finds it', async () => {
  const { means, plan } = await demo();
  expect(await send(means, { connection: 'cw', plans: [] }, quiet)).toEqual(report({ sent: 2 }));
  expect((await ledgerOf(means.db, 'cw')).map((entry) => (entry as { readonly key: string }).key)).toEqual([
    scene.keyOf('business'),
    scene.keyOf('advanced'),
  ]);
  expect((await syncedOf(means.db, 'proofpoint\u001facme.com', 'cw'))?.lines.map(({ quantity }) => quantity)).toEqual(['15', '6']);
  expect((await means.db.plans.get(plan.id))?.state).toBe('settled');
});

it('what the page knew of the lines is brought up to date, and what it never read stays unread', async () => {
  const { means } = await demo();
  const readAt = '2026-04-01T00:00:00.000Z';
  await means.db.mirrors.put({ connection: 'cw', kind: 'lines', scope: '10', readAt, rows: [] });
  await send(means, { connection: 'cw', plans: [] }, quiet);
  const mirrors = await means.db.mirrors.toArray();
  expect(mirrors.map(({ scope, rows }) => [scope, rows.map((row) => ('quantity' in row ? row.quantity : null))])).toEqual([
    ['10', ['6', '2', '15']],
  ]);
});

it('the chart runs it to its end', async () => {
  const { means } = await demo();
  const actor = startDelivering(means, { connection: 'cw', plans: [] });
  onTestFinished(() => {
    actor.stop();
  });
  actor.send({ type: 'send' });
  const snapshot = await waitFor(actor, (state) => !state.hasTag('busy'));
  expect(snapshot.matches('all sent')).toBe(true);
  expect(snapshot.context.at).toEqual({ plan: expect.any(String) as string, n: 1, line: 'advanced', done: 2 });
});

it('a browser without locks sends nothing', async () => {
  const { means, plan } = await demo();
  const failed = send({ ...means, locks: undefined }, { connection: 'cw', plans: [] }, quiet);
  await expect(failed).rejects.toMatchObject({ problem: problem('browser cannot lock', {}) });
  expect((await deliveriesOfPlan(means.db, plan.id)).map(({ state }) => state)).toEqual(['pending', 'pending']);
});

it('cancelled while another window is sending, it has started nothing', async () => {
  const { means, plan } = await demo();
  const locks = {
    query: () => Promise.resolve({ held: [], pending: [] }),
    request: (_: string, { signal }: LockOptions) =>
      new Promise<never>((_resolve, reject) => {
        const refuse = () => reject(new DOMException('The request was aborted.', 'AbortError'));
        if (signal?.aborted === true) refuse();
        else signal?.addEventListener('abort', refuse);
      }),
  };
  const actor = startDelivering({ ...means, locks: locks as unknown as LockManager }, { connection: 'cw', plans: [] });
  onTestFinished(() => {
    actor.stop();
  });
  actor.send({ type: 'send' });
  actor.send({ type: 'cancel' });
  const snapshot = await waitFor(actor, (state) => !state.hasTag('busy'));
  expect([snapshot.value, snapshot.context.report?.cancelled]).toEqual(['stopped', true]);
  expect((await deliveriesOfPlan(means.db, plan.id)).map(({ state }) => state)).toEqual(['pending', 'pending']);
});

it('at start, what a dead sender left is unknown; what another window is sending is left alone', async () => {
  const { means, plan } = await demo();
  const [row] = await deliveriesOfPlan(means.db, plan.id);
  if (row === undefined) throw new Error('there are two rows');
  await claimDelivery(means.db, scene.NOW, row, { besides: [], resolved: { method: 'POST', path: '/x', query: {}, body: '{}' } });
  await means.locks?.request(senderLock(means.db.uuid, 'cw'), async () => {
    await recover(means);
    expect((await means.db.deliveries.get(row.id))?.state).toBe('sending');
  });
  await recover(means);
  expect((await means.db.deliveries.get(row.id))?.state).toBe('unknown');
});

it('a second copy is removed from the PSA and from the row', async () => {
  const { means, plan } = await demo();
  await send(means, { connection: 'cw', plans: [] }, quiet);
  const [row] = await deliveriesOfPlan(means.db, plan.id);
  const record = await means.db.sandboxes.get('cw');
  if (row === undefined || record === undefined) throw new Error('it was sent');
  const state = record.state as unknown as ReturnType<typeof scene.seed>;
  const additions = state.tables['additions'] ?? [];
  const copy = { ...additions.find(({ id }) => id === Number(row.lineId)), id: 900 };
  await means.db.sandboxes.put({
    connection: 'cw',
    state: { ...state, tables: { ...state.tables, additions: [...additions, copy] } } as never,
  });
  await means.db.deliveries.put({ ...row, duplicates: ['900'] });
  expect(await removeDuplicate(means, row.id, '900')).toBe(0);
  expect(((await means.db.sandboxes.get('cw'))?.state as unknown as typeof state).tables['additions']?.map(({ id }) => id)).not.toContain(
    900,
  );
});

async function demo() {
  const db = await scene.freshDatabase();
  const connection = scene.connectionOf({ protocol: 'sandbox', url: null });
  await db.connections.put(connection);
  await db.sandboxes.put({ connection: 'cw', state: scene.seed() as never });
  const plan = scene.planOf([scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500')]);
  await confirmPlans(db, scene.NOW, { plans: [{ plan, withheld: [] }], connection, today: scene.TODAY });
  const clock = scene.createClock();
  let ids = 0;
  const means: DeliverMeans = {
    ...{ db, now: clock.now, today: () => scene.TODAY, newId: () => `id-${(ids += 1)}`, locks: lockManager() },
    wait: () => new Promise(() => undefined),
  };
  return { means, plan };
}
