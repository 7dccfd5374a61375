import { describe, expect, it } from 'vitest';
import type { Books } from '../../src/delivery/means';
import type { Plan } from '../../src/domain/plan';
import { deliveriesOfPlan } from '../../src/storage/deliveries';
import { confirmPlans } from '../../src/storage/plans';
import { createEndpoint, fetchOf, type Endpoint } from '../support/endpoint';
import { createRelay } from '../support/relay';
import { accountOf, expectClean } from './history';
import * as scene from './scene';

/** What befalls the N-th step. `dies before` and `dies after` are the tab's death around it; `hangs` is a death, too, long after. */
const TROUBLES = ['fails before', 'fails after', 'dies before', 'dies after'] as const;
type Trouble = (typeof TROUBLES)[number];

const RELAY_SECRET = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;

describe('every step fails once, in every way', () => {
  for (const mode of ['psa', 'relay'] as const) {
    for (const trouble of TROUBLES) {
      it(`${mode}: when the N-th step ${trouble}, nothing is lost and nothing doubles, for every N`, { timeout: 120_000 }, async () => {
        let fired = true;
        let steps = 0;
        for (let n = 1; fired; n += 1) {
          const world = await worldOf(mode);
          fired = await runWithTrouble(world, trouble, n);
          if (fired) steps = n;
          await scene.drain(stageOf(world, {}));
          const rows = (await Promise.all(world.plans.map(({ id }) => deliveriesOfPlan(world.db, id)))).flat();
          const account = accountOf(world.endpoint, world.plans, rows);
          if (rows.some(({ state }) => state !== 'sent'))
            expect({ n, rows: rows.map(({ state, problem }) => [state, problem]) }).toEqual(null);
          expectClean(account);
          world.db.close();
        }
        expect(steps).toBeGreaterThan(20);
      });
    }
  }
});

describe('two windows', () => {
  it('send one plan once, with the lock and even without it', async () => {
    for (const lock of [scene.createLocks(), <T>(_: string, work: () => Promise<T>) => work()]) {
      const world = await worldOf('psa');
      await Promise.allSettled([scene.run(stageOf(world, { lock })), scene.run(stageOf(world, { lock }))]);
      await scene.drain(stageOf(world, {}));
      const rows = (await Promise.all(world.plans.map(({ id }) => deliveriesOfPlan(world.db, id)))).flat();
      expectClean(accountOf(world.endpoint, world.plans, rows));
      expect(rows.map(({ state }) => state)).toEqual(rows.map(() => 'sent'));
    }
  });
});

interface World {
  readonly db: scene.Stage['db'];
  readonly plans: readonly Plan[];
  readonly endpoint: Endpoint;
  readonly connection: scene.Stage['connection'];
  readonly clock: scene.Clock;
  readonly fetch: typeof fetch;
}

async function worldOf(mode: 'psa' | 'relay'): Promise<World> {
  const endpoint = createEndpoint(scene.seed());
  const clock = scene.createClock();
  const connection = scene.connectionOf(mode === 'psa' ? {} : { protocol: 'relay', checksKeys: true, url: 'http://relay.test/hook' });
  const plans = [
    scene.planOf([scene.exportOf()]),
    scene.planOf([scene.createOf('shield', 3, { use: scene.EXPORTED_ID, product: 'MAIL-SHIELD' }), scene.updateOf('advanced', 5, 6, null)]),
    scene.planOf([scene.chargeOf('business', 1)], 'other.com'),
  ];
  const db = await scene.freshDatabase();
  await confirmPlans(db, scene.NOW, { plans: plans.map((plan) => ({ plan, withheld: [] })), connection, today: scene.TODAY });
  return { db, plans, endpoint, connection, clock, fetch: mode === 'psa' ? fetchOf(endpoint, () => null) : throughRelay(endpoint, clock) };
}

function throughRelay(endpoint: Endpoint, clock: scene.Clock): typeof fetch {
  const headers = { authorization: `Basic ${Buffer.from('acme+a:b').toString('base64')}`, clientid: 'c' };
  const relay = createRelay({
    secret: RELAY_SECRET,
    checksKeys: true,
    credentials: headers,
    forward: (request) => Promise.resolve(endpoint.receive(request, null)),
    now: clock.now,
  });
  return async (_, init) => {
    const outcome = await relay.receive(Object.fromEntries(new Headers(init?.headers)), typeof init?.body === 'string' ? init.body : '');
    if (outcome.kind !== 'answer') throw new TypeError('Failed to fetch');
    return new Response(outcome.text, { status: outcome.status, headers: outcome.headers });
  };
}

function stageOf(world: World, changes: Partial<scene.Stage>): scene.Stage {
  return { ...world, credentials: world.connection.protocol === 'relay' ? { signingSecret: RELAY_SECRET } : scene.SECRETS, ...changes };
}

/** Runs until the N-th step of storage or network is hit. Answers whether there was one. */
async function runWithTrouble(world: World, trouble: Trouble, n: number): Promise<boolean> {
  let step = 0;
  let fired = false;
  let die: (reason: Error) => void = () => undefined;
  const death = new Promise<never>((_, reject) => {
    die = reject;
  });
  const spoil = async <T>(work: () => Promise<T>): Promise<T> => {
    step += 1;
    if (step !== n) return work();
    fired = true;
    if (trouble.endsWith('after')) await work();
    if (trouble.startsWith('fails')) throw new TypeError('Failed to fetch');
    die(new Error('the tab died'));
    return new Promise<never>(() => undefined);
  };
  const real = scene.booksOf(world.db, world.connection.id, world.clock.now);
  const books: Books = {
    openPlans: () => spoil(real.openPlans),
    deliveries: (plan) => spoil(() => real.deliveries(plan)),
    yielded: () => spoil(real.yielded),
    uncounted: (quarantine) => spoil(() => real.uncounted(quarantine)),
    recover: () => spoil(real.recover),
    claim: (delivery, out) => spoil(() => real.claim(delivery, out)),
    record: (delivery, news) => spoil(() => real.record(delivery, news)),
  };
  const troubled = stageOf(world, { books, fetch: (...call) => spoil(() => world.fetch(...call)) });
  await Promise.race([scene.run(troubled), death]).catch(() => undefined);
  return fired;
}
