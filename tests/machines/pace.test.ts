import { expect, it } from 'vitest';
import { createPace, type Starts } from '../../src/delivery/pace';
import { vault } from '../../src/machines/credentials-actors';
import { send, type DeliverMeans } from '../../src/machines/deliver-actors';
import { readIntoMirror, testConnection } from '../../src/machines/read-psa-actors';
import { connectwise } from '../../src/psa/connectwise';
import { confirmPlans } from '../../src/storage/plans';
import * as scene from '../delivery/scene';
import { createEndpoint, fetchOf } from '../support/endpoint';

const RATE = 6;

it('two runs, a reading and a test of one connection keep one pace together, whoever asks within the minute', async () => {
  const { means, clock, times, confirm } = await office();
  const { signal } = new AbortController();
  await confirm(scene.createOf('business', 15));
  await send(means, { connection: 'cw', plans: [] }, { signal });
  await readIntoMirror(means, 'cw', [{ kind: 'companies' }, { kind: 'lines', agreementId: '10' }], { signal });
  await confirm(scene.updateOf('advanced', 5, 6, '500'));
  await send(means, { connection: 'cw', plans: [] }, { signal });
  expect(await testConnection(means, 'cw')).toEqual({ kind: 'works' });
  expect(times.length).toBeGreaterThan(RATE);
  expect(mostInAMinute(times)).toBe(RATE);
  expect(clock.now().getTime() - Date.parse(scene.NOW)).toBe(Math.floor((times.length - 1) / RATE) * 60_000);
});

it('another connection, and another workspace, has a pace of its own', async () => {
  const { signal } = new AbortController();
  const [first, second] = [await office(), await office()];
  for (const { means, clock } of [first, second]) {
    for (let n = 0; n < RATE; n += 1) await readIntoMirror(means, 'cw', [{ kind: 'companies' }], { signal });
    expect(clock.now()).toEqual(new Date(scene.NOW));
  }
});

it('who waits at the same time gets no turn that another one took meanwhile', async () => {
  const clock = scene.createClock();
  const starts: Starts = [];
  const times: number[] = [];
  const waiting: { readonly until: number; readonly go: () => void }[] = [];
  const wait = (milliseconds: number) => new Promise<void>((go) => waiting.push({ until: clock.now().getTime() + milliseconds, go }));
  const walk = async (calls: number) => {
    const { signal } = new AbortController();
    const pace = createPace({ connection: { rateLimit: 3 }, adapter: connectwise, starts, now: clock.now, wait, signal });
    for (let n = 0; n < calls; n += 1) {
      await pace.turn();
      times.push(clock.now().getTime());
      clock.pass(1_000);
    }
  };
  const all = Promise.all([walk(5), walk(5), walk(4)]);
  for (let idle = 0; idle < 50; idle += 1) {
    await Promise.resolve();
    const [next] = waiting.sort((left, right) => left.until - right.until);
    if (next === undefined) continue;
    idle = 0;
    waiting.shift();
    clock.to(new Date(next.until).toISOString());
    next.go();
  }
  await all;
  expect([times.length, mostInAMinute(times)]).toEqual([14, 3]);
});

/** The most starts that lie within one minute of each other. */
function mostInAMinute(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 60_000).length));
}

/** A workspace with one connection to a PSA that notes when it is asked. */
async function office() {
  const db = await scene.freshDatabase();
  const connection = scene.connectionOf({ rateLimit: RATE });
  await db.connections.put(connection);
  vault.keep(connection.id, scene.SECRETS);
  const clock = scene.createClock();
  const times: number[] = [];
  const fetch = fetchOf(createEndpoint(scene.seed()), () => {
    times.push(clock.now().getTime());
    return null;
  });
  let ids = 0;
  const lock = scene.createLocks();
  const locks = { request: (name: string, _: LockOptions, work: () => Promise<unknown>) => lock(name, work) };
  const means: DeliverMeans = {
    ...{ db, fetch, now: clock.now, today: () => scene.TODAY, newId: () => `id-${String((ids += 1))}` },
    locks: locks as unknown as LockManager,
    wait: (milliseconds) => {
      clock.pass(milliseconds);
      return Promise.resolve();
    },
  };
  const confirm = (change: ReturnType<typeof scene.createOf>) =>
    confirmPlans(db, scene.NOW, { plans: [{ plan: scene.planOf([change]), withheld: [] }], connection, today: scene.TODAY });
  return { means, clock, times, confirm };
}
