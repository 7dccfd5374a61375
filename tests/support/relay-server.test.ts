import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { canonicalJson } from '../../src/domain/canonical';
import type { SignIn } from '../../src/psa/psa';
import { confirmPlans } from '../../src/storage/plans';
import * as scene from '../delivery/scene';
import { report } from '../delivery/stage';
import { startHttpSandbox, type HttpSandbox } from './http-sandbox';
import { KEY, outgoing, pageTo, SECRET } from './relay-page';
import { keysIn, serveRelay, type Behind } from './relay-server';

const ORIGIN = 'https://tallyline.example.com';
const OWN = { authorization: `Basic ${Buffer.from('acme+public:private').toString('base64')}`, clientid: 'the relay has its own' };
const [created] = scene.planOf([scene.createOf('business', 15)]).requests;
const addition = outgoing({ body: canonicalJson(created?.body ?? null) });

describe('a browser of another origin', () => {
  test('is told exactly what it may send and read, before and with the answer', async () => {
    const { relay } = await running();
    const preflight = await fetch(relay.url, {
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,webhook-id' },
    });
    const allowed = {
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, idempotency-key, webhook-id, webhook-timestamp, webhook-signature',
      'access-control-expose-headers': 'retry-after',
      'access-control-max-age': '600',
    };
    expect([preflight.status, Object.fromEntries(preflight.headers)]).toEqual([204, expect.objectContaining(allowed)]);
    const refused = await fetch(relay.url, { method: 'POST', body: '{}' });
    expect([refused.status, Object.fromEntries(refused.headers)]).toEqual([401, expect.objectContaining(allowed)]);
  });

  test('may not ask for anything but a post of a sane size', async () => {
    const { relay } = await running();
    expect((await fetch(relay.url)).status).toBe(405);
    expect((await fetch(relay.url, { method: 'POST', body: 'x'.repeat(1_048_577) })).status).toBe(413);
  });
});

describe('a plan through the relay to a PSA, all over HTTP', () => {
  test('has each line once, and only the relay knows the credentials of the PSA', async () => {
    const { relay, psa } = await running();
    const db = await scene.freshDatabase();
    const connection = scene.connectionOf({ protocol: 'relay', checksKeys: true, url: relay.url });
    const plan = scene.planOf([scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500')]);
    await confirmPlans(db, scene.NOW, { plans: [{ plan, withheld: [] }], connection, today: scene.TODAY });
    const stage = { db, connection, clock: scene.createClock(), fetch, credentials: { signingSecret: SECRET } };
    expect(await scene.run(stage)).toEqual(report({ sent: 2 }));
    expect(psa.ledger().effects.map(({ effect, table }) => [effect, table])).toEqual([
      ['created', 'additions'],
      ['changed', 'additions'],
    ]);
  });
});

describe('a key', () => {
  test('is forwarded once: 409 while it runs, then the stored answer, and 422 with another body', async () => {
    const { relay, psa } = await running();
    psa.setFaults([{ match: { method: 'POST', path: null }, kind: 'held', times: 1 }]);
    const page = pageTo(relay.url, { now });
    const slow = page.send(addition);
    await expect.poll(() => psa.ledger().runs.length).toBe(1);
    expect(await page.send(addition)).toMatchObject({ from: 'relay', answer: { status: 409, headers: { 'retry-after': '5' } } });
    psa.letGo();
    const first = await slow;
    expect(first).toMatchObject({ from: 'psa', answer: { status: 201 } });
    expect(await page.send(addition)).toEqual(first);
    expect(await page.send({ ...addition, body: '{"quantity":16}' })).toMatchObject({ from: 'relay', answer: { status: 422 } });
    expect(psa.ledger().runs).toHaveLength(1);
  });

  test('is forgotten where the PSA refused, and kept where it gave no answer', async () => {
    const { relay, psa } = await running();
    const page = pageTo(relay.url, { now });
    expect(await page.send(outgoing())).toMatchObject({ from: 'psa', answer: { status: 400 } });
    psa.setFaults([{ match: { method: 'POST', path: null }, kind: 'reset after', times: 1 }]);
    const doubt = { from: 'relay', answer: { status: 502, body: { message: 'The PSA gave no answer.' } } };
    expect(await page.send(addition)).toMatchObject(doubt);
    expect(await page.send(addition)).toMatchObject(doubt);
    expect(psa.ledger().effects).toHaveLength(1);
  });

  test('is forgotten where nothing was sent, so the same goes when the PSA is back', async () => {
    const { psa } = await running();
    const { port } = new URL(psa.url);
    await psa.close();
    const relay = await relayTo({ baseUrl: psa.url, headers: OWN });
    const page = pageTo(relay.url, { now });
    expect(await page.send(addition)).toMatchObject({ from: 'relay', answer: { status: 503 } });
    const again = await startHttpSandbox({ seed: scene.seed(), port: Number(port) });
    onTestFinished(() => again.close());
    expect(await page.send(addition)).toMatchObject({ from: 'psa', answer: { status: 201 } });
  });

  test.each([
    ['Kaseya BMS', { Success: false, Error: { Message: 'No.' } }],
    ['GraphQL', { errors: [{ message: 'No.' }], data: { createClientContract: null } }],
  ])('is forgotten where %s refuses inside of a 200', async (_, refusal) => {
    const asked = await psaThat((_request, response) => response.end(JSON.stringify(refusal)));
    const page = pageTo((await relayTo({ baseUrl: asked.url, headers: {} })).url);
    await page.send(addition);
    expect(await page.send(addition)).toMatchObject({ from: 'psa', answer: { status: 200, body: refusal } });
    expect(asked.requests).toHaveLength(2);
  });

  test('of a read is not kept: the next answer is a fresh one', async () => {
    const { relay, psa } = await running();
    const page = pageTo(relay.url, { now });
    const read = outgoing({ key: 'read-1', method: 'GET', body: null });
    expect(await page.send(read)).toMatchObject({ from: 'psa', answer: { status: 200 } });
    await page.send(read);
    expect(psa.ledger().runs).toHaveLength(2);
  });

  test('survives a restart; what was running then is a doubt that is not forwarded again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'relay-keys-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'keys.jsonl');
    const { psa } = await running();
    const first = await relayTo({ baseUrl: psa.url, headers: OWN }, file);
    const applied = await pageTo(first.url, { now }).send(addition);
    await first.close();
    const other = { ...addition, key: `tl1-${'b'.repeat(32)}` };
    keysIn(file).set(other.key, { fingerprint: keysIn(file).get(KEY)?.fingerprint ?? '', answer: null });
    const second = pageTo((await relayTo({ baseUrl: psa.url, headers: OWN }, file)).url, { now });
    expect(await second.send(addition)).toEqual(applied);
    expect(await second.send(other)).toMatchObject({ from: 'relay', answer: { status: 502 } });
    expect(psa.ledger().runs).toHaveLength(1);
  });
});

describe('a PSA that wants a sign-in', () => {
  const signIn: SignIn = {
    path: '../auth/token',
    encoding: 'urlencoded',
    form: { client_id: 'me', client_secret: 's' },
    token: 'access_token',
  };

  test('is signed in at once, and anew after a 401', async () => {
    let tokens = 0;
    const asked = await psaThat((request, response) => {
      if (request.url === '/auth/token') response.end(JSON.stringify({ access_token: `token-${(tokens += 1)}` }));
      else response.writeHead(request.headers.authorization === 'Bearer token-2' ? 201 : 401).end('{"id":1}');
    });
    const page = pageTo((await relayTo({ baseUrl: `${asked.url}/api`, headers: {}, signIn })).url);
    expect(await page.send(addition)).toMatchObject({ from: 'psa', answer: { status: 201, body: { id: 1 } } });
    const path = '/api/finance/agreements/10/additions';
    expect(asked.requests).toEqual([
      ...['POST /auth/token client_id=me&client_secret=s', `POST ${path} ${addition.body ?? ''}`],
      ...['POST /auth/token client_id=me&client_secret=s', `POST ${path} ${addition.body ?? ''}`],
    ]);
  });

  test('that refuses it is a refusal of credentials, and nothing was forwarded', async () => {
    const asked = await psaThat((_, response) => response.writeHead(400).end('{"error":"invalid_client"}'));
    const multipart: SignIn = { ...signIn, encoding: 'multipart', token: 'Result.AccessToken' };
    const page = pageTo((await relayTo({ baseUrl: `${asked.url}/api`, headers: {}, signIn: multipart })).url);
    expect(await page.send(addition)).toMatchObject({ from: 'psa', answer: { status: 401, body: { error: 'invalid_client' } } });
    expect(asked.requests).toEqual([expect.stringMatching(/^POST \/auth\/token -+/)]);
  });
});

/** The relay's clock is the page's: the scene of the sandbox is of no matter to a signature. */
const now = () => new Date(scene.NOW);

async function running(): Promise<{ readonly relay: Awaited<ReturnType<typeof serveRelay>>; readonly psa: HttpSandbox }> {
  const psa = await startHttpSandbox({ seed: scene.seed() });
  onTestFinished(() => psa.close());
  return { psa, relay: await relayTo({ baseUrl: psa.url, headers: OWN }, undefined, now) };
}

async function relayTo(psa: Behind, file?: string, clock: () => Date = psa.headers === OWN ? now : () => new Date()) {
  const relay = await serveRelay({
    secret: SECRET,
    origin: ORIGIN,
    psa,
    now: clock,
    ...(file === undefined ? {} : { keys: keysIn(file) }),
  });
  onTestFinished(() => relay.close());
  return relay;
}

/** A PSA of a few lines that notes what it was asked. */
async function psaThat(answer: (request: IncomingMessage, response: Parameters<RequestListener>[1]) => unknown) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push(`${request.method ?? ''} ${request.url ?? ''} ${Buffer.concat(chunks).toString('utf8')}`);
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, requests };
}
