import { afterEach, describe, expect, test } from 'vitest';
import { startHttpSandbox, type HttpFaultKind, type HttpSandbox } from './http-sandbox.ts';
import { createChange, planOf, sandboxOf } from './plans.ts';

const path = '/finance/agreements/12/additions';
const [created] = planOf([createChange()]).requests;
let server: HttpSandbox;
afterEach(() => server.close());

test('it stores, keeps runs and effects apart, and shows its state', async () => {
  server = await startHttpSandbox({ seed: sandboxOf() });
  expect((await post()).status).toBe(201);
  expect((await post(JSON.stringify({ wrong: true }))).status).toBe(400);
  const { runs, effects } = server.ledger();
  expect(runs.map(({ n, method, status }) => [n, method, status])).toEqual([
    [1, 'POST', 201],
    [2, 'POST', 400],
  ]);
  expect(effects.map(({ effect, table }) => [effect, table])).toEqual([['created', 'additions']]);
  expect(server.state().tables['additions']).toHaveLength(1);
});

test('it answers preflights and exposes the paging headers, unless it is told otherwise', async () => {
  server = await startHttpSandbox({ seed: sandboxOf() });
  const preflight = await fetch(`${server.url}${path}`, { method: 'OPTIONS', headers: { 'access-control-request-headers': 'clientid' } });
  expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([204, 'clientid']);
  expect((await post()).headers.get('access-control-expose-headers')).toBe('link, retry-after');
  await server.close();
  server = await startHttpSandbox({ seed: sandboxOf(), hideHeaders: true });
  expect((await post()).headers.get('access-control-expose-headers')).toBeNull();
  await server.close();
  server = await startHttpSandbox({ seed: sandboxOf(), cors: false });
  expect((await fetch(`${server.url}${path}`, { method: 'OPTIONS' })).status).toBe(405);
});

test('it counts by its clock, and says in how many seconds the next request is taken', async () => {
  server = await startHttpSandbox({ seed: { ...sandboxOf(), taken: { all: [{ begin: 0, count: 1000 }] } }, now: () => new Date(20_000) });
  const refused = await post();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40']);
  expect(server.ledger()).toMatchObject({ effects: [], runs: [{ status: 429 }] });
});

describe('a fault of the network', () => {
  test.each<[HttpFaultKind, number]>([
    ['reset before', 0],
    ['reset after', 1],
    ['hang before', 0],
    ['hang after', 1],
    ['timeout after applying', 1],
  ])('"%s" answers nothing and has applied %i', async (kind, applied) => {
    server = await startHttpSandbox({ seed: sandboxOf() });
    server.setFaults([{ match: { method: 'POST', path: null }, kind, times: 1 }]);
    const patience = new AbortController();
    const answered = post(undefined, patience.signal).then(
      ({ status }) => status,
      () => 'no answer',
    );
    await expect.poll(() => server.ledger().runs.map(({ fault }) => fault)).toEqual([kind]);
    setTimeout(() => patience.abort(), 300);
    expect([await answered, server.ledger().effects.length]).toEqual(['no answer', applied]);
  });

  test('"late" answers after its time', async () => {
    server = await startHttpSandbox({ seed: sandboxOf(), lateMs: 50 });
    server.setFaults([{ match: { method: null, path: null }, kind: 'late', times: 1 }]);
    expect((await post()).status).toBe(201);
  });

  test('"held" answers when it is let go, and shows how many writes wait at once', async () => {
    server = await startHttpSandbox({ seed: sandboxOf() });
    await post();
    await post();
    expect(server.mostWrites()).toBe(1);
    server.setFaults([{ match: { method: 'POST', path: null }, kind: 'held', times: 2 }]);
    const both = [post(), post()];
    await expect.poll(() => server.mostWrites()).toBe(2);
    await expect.poll(() => server.ledger().runs).toHaveLength(4);
    server.letGo();
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([201, 201]);
  });
});

function post(body = JSON.stringify(created?.body), signal?: AbortSignal): Promise<Response> {
  const headers = { authorization: 'Basic eDp5', clientid: 'mine', 'content-type': 'application/json' };
  return fetch(`${server.url}${path}`, { method: 'POST', headers, body, ...(signal === undefined ? {} : { signal }) });
}
