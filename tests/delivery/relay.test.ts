import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { relay, signatureOf } from '../../src/delivery/relay';
import type { Connection } from '../../src/domain/agreement';
import { problem } from '../../src/domain/problem';
import type { PsaRequest } from '../../src/psa/psa';
import { confirmPlans } from '../../src/storage/plans';
import { deliveriesOfPlan } from '../../src/storage/deliveries';
import { createEndpoint, type EndpointFault } from '../support/endpoint';
import { createRelay, type Relay } from '../support/relay';
import * as scene from './scene';
import { onWrites, report } from './stage';

const SECRET = `whsec_${Buffer.from('thirty-two characters of secrecy').toString('base64')}`;
const OWN = { authorization: `Basic ${Buffer.from('acme+public:private').toString('base64')}`, clientid: 'the relay has its own' };

describe('the signature', () => {
  it('is what the reference library of Standard Webhooks accepts, and a changed body is refused', async () => {
    vi.useFakeTimers({ now: new Date(scene.NOW), toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { headers, body } = await captured();
    const library = new Webhook(SECRET);
    expect(library.verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => library.verify(`${body} `, headers)).toThrow('No matching signature found');
  });

  it('is the one that the reference library makes', async () => {
    const stamp = new Date(1_775_206_800_000);
    expect(await signatureOf(SECRET, 'tl1-a', '1775206800', '{}')).toBe(new Webhook(SECRET).sign('tl1-a', stamp, '{}'));
  });
});

describe('the envelope', () => {
  it('carries the request as it is, its key quoted in a header, and no credential', async () => {
    const { headers, body } = await captured();
    expect(headers['idempotency-key']).toBe('"tl1-key"');
    expect(headers['webhook-id']).toBe('tl1-key');
    expect(JSON.parse(body)).toEqual({
      type: 'tallyline.request',
      timestamp: scene.NOW,
      data: {
        ...{ key: 'tl1-key', psa: 'connectwise', tenant: 'acme', method: 'POST', path: '/finance/agreements/10/additions', query: {} },
        ...{ headers: { Accept: 'x' }, body: { quantity: 15 }, line: 'Business' },
      },
    });
  });
});

describe('through a relay that checks keys', () => {
  it('the PSA has each line once, and the relay alone knows the PSA credentials', async () => {
    const staged = await stageOf();
    expect(await scene.run(staged)).toEqual(report({ sent: 2 }));
    expect([...staged.relay.forwarded().values()]).toEqual([1, 1]);
    expect(staged.bodies.filter((body) => body.includes('Basic'))).toEqual([]);
  });

  it.each<EndpointFault>(['reset after', '500 after', 'html', 'empty'])('%s: a look finds it, and nothing goes again', async (fault) => {
    const staged = await stageOf(onWrites(fault));
    expect(await scene.run(staged)).toEqual(report({ sent: 2 }));
    expect([...staged.relay.forwarded().values()]).toEqual([1, 1]);
  });

  it('what the relay never received goes again at once: same key, same inner bytes', async () => {
    const staged = await stageOf(undefined, { lose: 1 });
    expect(await scene.run(staged)).toEqual(report({ sent: 2 }));
    expect(staged.clock.now().toISOString()).toBe(scene.NOW);
    const [first, again] = staged.bodies
      .filter((body) => body.includes('"method":"POST"'))
      .map((body) => JSON.stringify((JSON.parse(body) as { data: unknown }).data));
    expect(again).toBe(first);
  });

  it('the PSA gave no answer: the stored doubt is not forwarded again, and a person decides', async () => {
    const staged = await stageOf(onWrites('reset before'));
    expect(await scene.drain(staged)).toEqual(report({ unknown: 1, pending: 1 }));
    expect([...staged.relay.forwarded().values()]).toEqual([1]);
  });

  it('a key that was used for something else is an alarm, and nothing goes again', async () => {
    const staged = await stageOf();
    const plan = scene.planOf([scene.createOf('business', 16)]);
    const other = scene.planOf([scene.createOf('business', 15)]);
    expect(plan.requests[0]?.key).toBe(other.requests[0]?.key);
    await scene.run(staged);
    staged.endpoint.change((state) => ({ ...state, tables: { ...state.tables, additions: [] } }));
    await confirmPlans(staged.db, scene.NOW, { plans: [{ plan, withheld: [] }], connection: staged.connection, today: scene.TODAY });
    expect(await scene.run(staged)).toEqual(report({ refused: 1 }));
    const [row] = await deliveriesOfPlan(staged.db, plan.id);
    const line = 'acme.com - acme.com - business';
    expect(row?.problem).toEqual(problem('key was used for something else', { line, message: 'This key was used for another request.' }));
  });

  it('a wrong signing secret locks the connection out before anything is forwarded', async () => {
    const staged = await stageOf(undefined, { secret: `whsec_${Buffer.from('another secret, just as long....').toString('base64')}` });
    const stopped = problem('credentials were refused', { status: 401, message: 'The signature or its time is wrong.' });
    expect(await scene.run(staged)).toEqual(report({ pending: 2 }, { stopped }));
    expect(staged.endpoint.runs()).toEqual([]);
  });

  it('an old timestamp is refused', async () => {
    const { headers, body } = await captured();
    const { relay: receiver } = await stageOf(undefined, { now: () => new Date(Date.parse(scene.NOW) + 600_000) });
    expect(await receiver.receive(headers, body)).toMatchObject({ status: 401 });
  });
});

interface Through extends scene.Stage {
  readonly relay: Relay;
  readonly endpoint: ReturnType<typeof createEndpoint>;
  readonly bodies: string[];
}

async function stageOf(
  faults: (request: PsaRequest) => EndpointFault | null = () => null,
  { lose = 0, secret = SECRET, now }: { lose?: number; secret?: string; now?: () => Date } = {},
): Promise<Through> {
  const endpoint = createEndpoint(scene.seed());
  const clock = scene.createClock();
  const forward = (request: PsaRequest) => Promise.resolve(endpoint.receive(request, faults(request)));
  const receiver = createRelay({ secret, checksKeys: true, credentials: OWN, forward, now: now ?? clock.now });
  const connection = connectionOf();
  const db = await scene.freshDatabase();
  const plan = scene.planOf([scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500')]);
  await confirmPlans(db, scene.NOW, { plans: [{ plan, withheld: [] }], connection, today: scene.TODAY });
  const bodies: string[] = [];
  let lost = 0;
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const body = typeof init?.body === 'string' ? init.body : '';
    bodies.push(body);
    if (body.includes('"method":"POST"') && lost < lose) {
      lost += 1;
      throw new TypeError('Failed to fetch');
    }
    const outcome = await receiver.receive(Object.fromEntries(new Headers(init?.headers)), body);
    if (outcome.kind !== 'answer') throw new TypeError('Failed to fetch');
    return new Response(outcome.text, { status: outcome.status, headers: outcome.headers });
  };
  return { db, connection, clock, fetch, credentials: { signingSecret: SECRET }, relay: receiver, endpoint, bodies };
}

function connectionOf(): Connection {
  return scene.connectionOf({ protocol: 'relay', checksKeys: true, url: 'http://relay.test/hook?sig=4711' });
}

/** The envelope of one request as it left. */
async function captured(): Promise<{ readonly headers: Record<string, string>; readonly body: string }> {
  let seen = { headers: {} as Record<string, string>, body: '' };
  const channel = relay.open({
    ...{ connection: connectionOf(), authorization: {}, signIn: null, credentials: { signingSecret: SECRET }, timeout: 1000 },
    ...{ now: () => new Date(scene.NOW), sandbox: () => Promise.resolve() },
    fetch: (_, init) => {
      seen = { headers: Object.fromEntries(new Headers(init?.headers)), body: typeof init?.body === 'string' ? init.body : '' };
      return Promise.resolve(new Response('{"status":200,"body":null}'));
    },
  });
  const request = {
    key: 'tl1-key',
    method: 'POST',
    path: '/finance/agreements/10/additions',
    query: {},
    headers: { Accept: 'x' },
    body: '{"quantity":15}',
    line: 'Business',
  };
  await channel.send(request);
  return seen;
}
