import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/domain/change';
import { customerKey } from '../../src/domain/marketplace';
import { problem } from '../../src/domain/problem';
import { kaseyaBms } from '../../src/psa/kaseya-bms';
import { deliveriesOfPlan } from '../../src/storage/deliveries';
import { giveUpHandWork, takeBackTick } from '../../src/storage/hand-work';
import { markApplied, markDelivery, markDownloaded, markNotApplied } from '../../src/storage/marks';
import { confirmPlans } from '../../src/storage/plans';
import { syncedOf } from '../../src/storage/synced';
import { write } from '../../src/storage/db';
import { bmsOf, fixture } from '../psa/fixtures/kaseya-bms.ts';
import { createEndpoint, fetchOf, type EndpointFault } from '../support/endpoint';
import { chargeChange, createChange, d, endChange, NOTHING, planOf, updateChange } from '../support/plans.ts';
import { createRelay } from '../support/relay';
import * as scene from './scene';
import { report } from './stage';

const CUSTOMER = customerKey({ product: 'proofpoint', site: '1stwestinsurance.com' });
const line = (subProduct: string) => ({ lineKey: `tl1-${subProduct.padEnd(32, '0')}`, name: subProduct, subProducts: [subProduct] });
const CREATE = createChange(line('aa'));
const UPDATE = updateChange(line('bb'));
const END = endChange(line('cc'));

describe('a plan of requests and hand-work', () => {
  test('sends the requests, leaves the hand-work, and asks nothing of the PSA for it', async () => {
    const staged = await stageOf([UPDATE, CREATE, END]);
    expect(await scene.run(staged)).toEqual(report({ sent: 1 }));
    expect(await states(staged)).toEqual(['delivering', ['pending', 'sent', 'pending']]);
    expect(await scene.run(staged)).toEqual(report({ sent: 1 }));
    expect(staged.endpoint.runs().map(({ method }) => method)).toEqual(['POST']);
  });

  test('blocks the next plan until it is ticked off, even where a request was refused', async () => {
    const staged = await stageOf([UPDATE, CREATE], { fault: 'refuse' });
    expect(await scene.run(staged)).toEqual(report({ refused: 1 }));
    const next = planOf([createChange(line('dd'))], kaseyaBms);
    const blocked = problem('delivery is not settled', { plan: staged.plan.id });
    await expect(staged.confirm(next)).rejects.toMatchObject({ problem: blocked });
    await tick(staged, 0);
    expect((await staged.confirm(next)).map(({ state }) => state)).toEqual(['confirmed']);
  });

  test('given up, what is left is not applied, what was ticked stays, and the next plan may come', async () => {
    const staged = await stageOf([UPDATE, END]);
    await tick(staged, 0);
    await giveUpHandWork(staged.db, scene.NOW, staged.plan.id);
    expect(await states(staged)).toEqual(['settled', ['sent', 'refused']]);
    expect((await staged.confirm(planOf([createChange(line('dd'))], kaseyaBms))).length).toBe(1);
  });

  test('giving up touches no request', async () => {
    const staged = await stageOf([UPDATE, CREATE]);
    await giveUpHandWork(staged.db, scene.NOW, staged.plan.id);
    expect(await states(staged)).toEqual(['confirmed', ['refused', 'pending']]);
  });
});

describe('a tick', () => {
  test('settles the row as marked, and what it did is remembered like what was sent', async () => {
    const staged = await stageOf([UPDATE, END]);
    await tick(staged, 0);
    const [row] = await deliveriesOfPlan(staged.db, staged.plan.id);
    expect([row?.state, row?.proof, row?.attempts, row?.settledAt]).toEqual(['sent', 'marked', 0, scene.NOW]);
    expect(await remembered(staged)).toEqual([['bb', '15', null, 1]]);
    await tick(staged, 1);
    expect(await remembered(staged)).toEqual([
      ['bb', '15', null, 1],
      ['cc', '12', '2020-12-31', 1],
    ]);
    expect(await states(staged)).toEqual(['settled', ['sent', 'sent']]);
  });

  test('taken back while the plan is open, nothing of it is left', async () => {
    const staged = await stageOf([UPDATE, END, chargeChange()]);
    await tick(staged, 1);
    const before = await remembered(staged);
    await tick(staged, 0);
    expect(await takeBack(staged, 0)).toBe(true);
    expect(await remembered(staged)).toEqual(before);
    const [row] = await deliveriesOfPlan(staged.db, staged.plan.id);
    expect([row?.state, row?.proof, row?.settledAt, row?.lineId, row === undefined ? null : 'replaced' in row]).toEqual([
      ...['pending', null, null, null, false],
    ]);
    await tick(staged, 0);
    expect(await remembered(staged)).toEqual([...before, ['bb', '15', null, 1]]);
  });

  test('taken back, a line is again what was remembered of it before', async () => {
    const staged = await stageOf([UPDATE, CREATE]);
    await tick(staged, 0);
    await giveUpHandWork(staged.db, scene.NOW, staged.plan.id);
    await scene.run(staged);
    const next = planOf([updateChange({ ...line('bb'), after: { ...NOTHING, quantity: d('20') } }), END], kaseyaBms);
    await staged.confirm(next);
    const was = await remembered(staged);
    await markDelivery(staged.db, scene.NOW, `${next.id}/0`, { applied: true });
    expect(await remembered(staged)).toContainEqual(['bb', '20', null, 2]);
    expect(await takeBackTick(staged.db, scene.NOW, `${next.id}/0`)).toBe(true);
    expect((await remembered(staged)).sort()).toEqual([...was].sort());
  });

  test('cannot be taken back once the plan is settled, nor can a request be', async () => {
    const staged = await stageOf([UPDATE, CREATE]);
    await scene.run(staged);
    expect(await takeBack(staged, 1)).toBe(false);
    await tick(staged, 0);
    expect(await takeBack(staged, 0)).toBe(false);
    expect(await states(staged)).toEqual(['settled', ['sent', 'sent']]);
  });

  test('of a request that waits to be sent is none', async () => {
    const staged = await stageOf([UPDATE, CREATE]);
    await tick(staged, 1);
    expect(await states(staged)).toEqual(['confirmed', ['pending', 'pending']]);
  });
});

describe('by sync file', () => {
  test('the mark of the file leaves the hand-work to be done, and the plan open until then', async () => {
    const staged = await stageOf([UPDATE, CREATE]);
    await markDownloaded(staged.db, scene.NOW, staged.plan.id);
    await markApplied(staged.db, scene.NOW, staged.plan.id);
    expect(await states(staged)).toEqual(['delivering', ['pending', 'sent']]);
    await tick(staged, 0);
    expect(await states(staged)).toEqual(['settled', ['sent', 'sent']]);
  });

  test('line by line, hand-work that is named as done is done, too', async () => {
    const staged = await stageOf([UPDATE, CREATE, END]);
    await markDownloaded(staged.db, scene.NOW, staged.plan.id);
    const marks = [
      { n: 0, applied: true },
      { n: 1, applied: false },
      { n: 2, applied: false },
    ];
    await markApplied(staged.db, scene.NOW, staged.plan.id, marks);
    expect(await states(staged)).toEqual(['delivering', ['sent', 'refused', 'pending']]);
  });

  test('a file that was not applied says nothing of the hand-work', async () => {
    const staged = await stageOf([UPDATE, CREATE]);
    await markNotApplied(staged.db, scene.NOW, staged.plan.id);
    expect(await states(staged)).toEqual(['delivering', ['pending', 'refused']]);
  });

  test('ticked off before the file is marked, the file still waits for its mark', async () => {
    const staged = await stageOf([UPDATE, CREATE]);
    await tick(staged, 0);
    await markDownloaded(staged.db, scene.NOW, staged.plan.id);
    expect(await states(staged)).toEqual(['downloaded', ['sent', 'pending']]);
    await markApplied(staged.db, scene.NOW, staged.plan.id);
    expect(await states(staged)).toEqual(['applied', ['sent', 'sent']]);
  });

  test('a plan that is hand-work alone has no file to be marked', async () => {
    const staged = await stageOf([UPDATE]);
    await markDownloaded(staged.db, scene.NOW, staged.plan.id);
    expect(await states(staged)).toEqual(['confirmed', ['pending']]);
    await tick(staged, 0);
    expect(await states(staged)).toEqual(['settled', ['sent']]);
  });
});

describe('a write that nobody can look for', () => {
  test.each<EndpointFault>(['reset before', 'reset after', '500 before', 'html'])(
    '%s, through a relay that checks keys: it waits for a person for ever',
    async (fault) => {
      const staged = await stageOf([CREATE], { fault, relayed: true });
      expect(await scene.drain(staged)).toEqual(report({ unknown: 1 }));
      staged.clock.pass(86_400_000);
      expect(await scene.drain(staged)).toEqual(report({ unknown: 1 }));
      expect([staged.bodies.length, staged.endpoint.runs().length]).toEqual([1, 1]);
    },
  );

  test('that the relay never received waits, too: what is not there cannot be told from what is', async () => {
    const staged = await stageOf([CREATE], { relayed: true, lose: true });
    expect(await scene.drain(staged)).toEqual(report({ unknown: 1 }));
    expect([staged.bodies.length, staged.endpoint.runs().length]).toEqual([1, 0]);
  });

  test('left by a sender that died is unknown, and is not sent by the next one', async () => {
    const staged = await stageOf([CREATE]);
    const [row] = await deliveriesOfPlan(staged.db, staged.plan.id);
    if (row === undefined) throw new Error('there is one row');
    await write(staged.db, scene.NOW, ['deliveries'], async () => {
      await staged.db.deliveries.put({ ...row, state: 'sending', attempts: 1, sentAt: scene.NOW });
    });
    expect(await scene.drain(staged)).toEqual(report({ unknown: 1 }));
    expect(staged.endpoint.runs()).toEqual([]);
  });

  test('goes again only when a person says that it was not applied, and confirms anew', async () => {
    const staged = await stageOf([CREATE], { fault: 'reset before' });
    await scene.drain(staged);
    await markDelivery(staged.db, scene.NOW, `${staged.plan.id}/0`, { applied: false });
    await staged.confirm(staged.plan);
    expect(await scene.drain(staged)).toEqual(report({ sent: 1 }));
    expect(staged.endpoint.effects()).toHaveLength(1);
  });
});

async function stageOf(
  changes: readonly Change[],
  { fault = null, relayed = false, lose = false }: { fault?: EndpointFault | null; relayed?: boolean; lose?: boolean } = {},
) {
  const db = await scene.freshDatabase();
  const way = relayed ? ({ protocol: 'relay', url: 'http://relay.test/hook', checksKeys: true } as const) : {};
  const connection = scene.connectionOf({ id: 'bms', psa: 'kaseya-bms', ...way });
  const plan = planOf(changes, kaseyaBms);
  const confirm = (own: typeof plan) =>
    confirmPlans(db, scene.NOW, { plans: [{ plan: own, withheld: [] }], connection, today: scene.TODAY });
  await confirm(plan);
  const endpoint = createEndpoint(bmsOf());
  const clock = scene.createClock();
  const faults = [fault];
  const bodies: string[] = [];
  const secret = `whsec_${Buffer.from('thirty-two characters of secrecy').toString('base64')}`;
  const receiver = createRelay({
    ...{ secret, checksKeys: true, credentials: { authorization: 'Bearer relay' }, now: clock.now },
    forward: (request) => Promise.resolve(endpoint.receive(request, faults.shift() ?? null)),
  });
  const throughRelay: typeof fetch = async (_, init) => {
    const body = typeof init?.body === 'string' ? init.body : '';
    bodies.push(body);
    if (lose) throw new TypeError('Failed to fetch');
    const outcome = await receiver.receive(Object.fromEntries(new Headers(init?.headers)), body);
    if (outcome.kind !== 'answer') throw new TypeError('Failed to fetch');
    return new Response(outcome.text, { status: outcome.status, headers: outcome.headers });
  };
  const direct = fetchOf(endpoint, () => faults.shift() ?? null);
  const credentials = { ...fixture.account, signingSecret: secret };
  return {
    db,
    connection,
    clock,
    plan,
    confirm,
    endpoint,
    bodies,
    fetch: relayed ? throughRelay : direct,
    adapter: kaseyaBms,
    credentials,
  };
}

type Staged = Awaited<ReturnType<typeof stageOf>>;

function tick({ db, plan }: Staged, n: number): Promise<void> {
  return markDelivery(db, scene.NOW, `${plan.id}/${String(n)}`, { applied: true });
}

function takeBack({ db, plan }: Staged, n: number): Promise<boolean> {
  return takeBackTick(db, scene.NOW, `${plan.id}/${String(n)}`);
}

async function states({ db, plan }: Staged) {
  return [(await db.plans.get(plan.id))?.state, (await deliveriesOfPlan(db, plan.id)).map(({ state }) => state)];
}

async function remembered({ db }: Staged) {
  const lines = (await syncedOf(db, CUSTOMER, 'bms'))?.lines ?? [];
  return lines.map(({ lineKey, quantity, endedOn, settled }) => [lineKey.slice(4, 6), quantity, endedOn, settled]);
}
