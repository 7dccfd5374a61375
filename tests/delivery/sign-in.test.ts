import { expect, onTestFinished, test } from 'vitest';
import type { Json } from '../../src/domain/canonical';
import { problem } from '../../src/domain/problem';
import { vault } from '../../src/machines/credentials-actors';
import { send, type DeliverMeans } from '../../src/machines/deliver-actors';
import { testConnection } from '../../src/machines/read-psa-actors';
import { answer } from '../../src/sandbox';
import type { SandboxState } from '../../src/sandbox/sandbox';
import type { Database } from '../../src/storage/db';
import { write } from '../../src/storage/db';
import { confirmPlans } from '../../src/storage/plans';
import { fixture, haloSandbox } from '../psa/fixtures/halopsa.ts';
import { keyFor, linesIn, plan, TODAY } from '../psa/journeys.ts';
import { listen } from '../support/endpoint.ts';
import { createChange } from '../support/plans.ts';
import * as scene from './scene';

const SECRET = 'a secret/with +signs&=';
const ACCOUNT = { clientId: '8c1f7d2a-0000-4000-8000-000000000000', clientSecret: SECRET };

test('the token is fetched once for a whole delivery, beside the base URL, with the credentials as a form', async () => {
  const { db, halo, report } = await delivered(ACCOUNT);
  expect([report.counts.sent, report.stopped]).toEqual([1, null]);
  const [first, ...rest] = halo.calls;
  expect([first?.path, first?.query, first?.type, first?.text]).toEqual([
    '/auth/token',
    { tenant: 'acme' },
    'application/x-www-form-urlencoded;charset=UTF-8',
    new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: ACCOUNT.clientId,
      client_secret: SECRET,
      scope: 'all',
    }).toString(),
  ]);
  expect(rest.map(({ path, authorization }) => [path, authorization])).toEqual(
    ['/api/RecurringInvoice/-94', '/api/RecurringInvoice', '/api/RecurringInvoice/-94'].map((path) => [path, 'Bearer token-number-1']),
  );
  await holdsNoSecret(db);
});

test('a token that has run out is renewed once, and the same bytes go again', async () => {
  let writing = 0;
  const { db, halo, report } = await delivered(
    ACCOUNT,
    (path, method) => path === '/api/RecurringInvoice' && method === 'POST' && (writing += 1) === 1,
  );
  expect(report.counts.sent).toBe(1);
  expect(halo.calls.map(({ method, path, authorization }) => [method, path, authorization])).toEqual([
    ['POST', '/auth/token', null],
    ['GET', '/api/RecurringInvoice/-94', 'Bearer token-number-1'],
    ['POST', '/api/RecurringInvoice', 'Bearer token-number-1'],
    ['POST', '/auth/token', null],
    ['POST', '/api/RecurringInvoice', 'Bearer token-number-2'],
    ['GET', '/api/RecurringInvoice/-94', 'Bearer token-number-2'],
  ]);
  const writes = halo.calls.filter(({ method, path }) => method === 'POST' && path === '/api/RecurringInvoice');
  expect(writes[1]?.text).toBe(writes[0]?.text);
  expect(halo.state().ledger.map(({ effect, table }) => [effect, table])).toEqual([['created', 'lines']]);
  await holdsNoSecret(db);
});

test('a renewed token that is refused too stops the delivery, and nothing was sent', async () => {
  let refused = 0;
  const { halo, report } = await delivered(ACCOUNT, (path) => path.startsWith('/api/') && (refused += 1) <= 2);
  expect([report.stopped, report.counts.pending]).toEqual([
    problem('credentials were refused', { status: 401, message: 'The access token is not valid.' }),
    1,
  ]);
  expect(halo.calls.map(({ path }) => path)).toEqual([
    '/auth/token',
    '/api/RecurringInvoice/-94',
    '/auth/token',
    '/api/RecurringInvoice/-94',
  ]);
});

test('credentials that HaloPSA refuses stop the delivery in its own words, and nothing was sent', async () => {
  const { db, halo, report } = await delivered({ ...ACCOUNT, clientSecret: 'another secret' });
  expect([report.stopped, report.counts.pending, halo.calls.map(({ path }) => path)]).toEqual([
    problem('credentials were refused', { status: 401, message: 'invalid_client: The client credentials are not valid.' }),
    1,
    ['/auth/token'],
  ]);
  await holdsNoSecret(db, 'another secret');
});

test('the test of a connection signs in too', async () => {
  const { means } = await staged(ACCOUNT);
  expect(await testConnection(means, 'halo')).toEqual({ kind: 'works' });
  vault.keep('halo', { ...ACCOUNT, clientSecret: 'another secret' });
  expect(await testConnection(means, 'halo')).toEqual({
    ...{ kind: 'refused', from: 'psa', status: 401, message: 'invalid_client: The client credentials are not valid.' },
  });
});

async function delivered(account: Readonly<Record<string, string>>, runsOut: (path: string, method: string) => boolean = () => false) {
  const { db, means, halo } = await staged(account, runsOut);
  const connection = await db.connections.get('halo');
  if (connection === undefined) throw new Error('no connection');
  const line = createChange({ agreementId: fixture.agreementId, product: fixture.product, lineKey: keyFor(fixture) });
  const made = plan(fixture, [line], linesIn(fixture, haloSandbox()));
  await confirmPlans(db, scene.NOW, { plans: [{ plan: made, withheld: [] }], connection, today: TODAY });
  return { db, halo, report: await send(means, { connection: 'halo', plans: [] }, { signal: new AbortController().signal }) };
}

async function staged(account: Readonly<Record<string, string>>, runsOut: (path: string, method: string) => boolean = () => false) {
  const halo = await startHalo(runsOut);
  const db = await scene.freshDatabase();
  const { tenant } = fixture;
  await write(db, scene.NOW, ['connections'], async () => {
    await db.connections.put(scene.connectionOf({ id: 'halo', psa: 'halopsa', tenant, url: `${halo.url}/api/` }));
  });
  vault.keep('halo', account);
  onTestFinished(() => vault.lock('halo'));
  const locks = { request: async (_: string, __: unknown, work: (lock: object) => Promise<unknown>) => work({}) };
  let ids = 0;
  const means: DeliverMeans = {
    db,
    now: () => new Date('2021-01-03T09:00:00.000Z'),
    today: () => TODAY,
    newId: () => `read-${(ids += 1)}`,
    locks: locks as unknown as LockManager,
    wait: () => Promise.resolve(),
  };
  return { db, means, halo };
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly authorization: string | null;
  readonly type: string | null;
  readonly text: string;
}

/** A HaloPSA on loopback that numbers its tokens and takes the newest alone; the first request that `runsOut` ends its token. */
async function startHalo(runsOut: (path: string, method: string) => boolean) {
  const calls: Call[] = [];
  let state: SandboxState = haloSandbox([], { applications: [{ client_id: ACCOUNT.clientId, client_secret: SECRET }] });
  let tokens = 0;
  const ended = new Set<number>();
  const { url, close } = await listen((request, { headers, text }) => {
    const { method, path, query } = request;
    const { authorization = null, 'content-type': type = null } = headers;
    calls.push({ method, path, query, authorization, type, text });
    const signsIn = path === '/auth/token';
    if (!signsIn && !ended.has(tokens) && runsOut(path, method)) ended.add(tokens);
    const valid = signsIn || (authorization === `Bearer token-number-${tokens}` && !ended.has(tokens));
    const body: Json = signsIn ? Object.fromEntries(new URLSearchParams(text)) : text === '' ? null : (JSON.parse(text) as Json);
    const asked = { ...request, path: path.replace(/^\/api/, ''), body, headers: valid ? { Authorization: 'Bearer known' } : {} };
    const handled = answer(state, asked);
    state = handled.state;
    if (handled.answer === null) return Promise.resolve({ kind: 'hang' });
    const { status, headers: told } = handled.answer;
    const issued = signsIn && status === 200;
    if (issued) tokens += 1;
    const said = issued ? JSON.stringify({ access_token: `token-number-${tokens}`, token_type: 'Bearer' }) : handled.answer.text;
    return Promise.resolve({ kind: 'answer', status, headers: told, text: said, fault: null });
  });
  onTestFinished(close);
  return { url, calls, state: () => state };
}

/** No table of the database holds the token or the secret: no record, no receipt, no audit. */
async function holdsNoSecret(db: Database, secret = SECRET): Promise<void> {
  const tables = await Promise.all(db.tables.map(async ({ name }) => [name, await db.table(name).toArray()] as const));
  const text = JSON.stringify(Object.fromEntries(tables));
  expect([text.includes('RecurringInvoice'), text.includes('token-number'), text.includes(secret)]).toEqual([true, false, false]);
}
