import { afterEach, expect, test } from 'vitest';
import type { Connection } from '../../src/domain/agreement.ts';
import { problem } from '../../src/domain/problem.ts';
import { vault } from '../../src/machines/credentials-actors.ts';
import { readIntoMirror, testConnection, type ReadMeans } from '../../src/machines/read-psa-actors.ts';
import type { ReadNews, ReadScope } from '../../src/machines/read-psa.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import type { Row } from '../../src/sandbox/sandbox.ts';
import { saveConnection } from '../../src/storage/connections.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { mirrorOf, readings } from '../../src/storage/mirrors.ts';
import { rememberCredentials } from '../../src/storage/secrets.ts';
import { startHttpSandbox, type HttpFault, type HttpSandbox } from '../support/http-sandbox.ts';

const NOW = '2026-04-03T08:00:00.000Z';
const SECRETS = { publicKey: 'public-4711', privateKey: 'private-0815', clientId: 'c0ffee00-0000' };
const everything: readonly ReadScope[] = [
  { kind: 'companies' },
  { kind: 'agreements', companyId: null },
  { kind: 'products' },
  { kind: 'choices' },
  { kind: 'lines', agreementId: '10' },
];

const open: HttpSandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

test('everything of a PSA is read into what the page knows of it', async () => {
  const { means, id } = await scene();
  expect(await readIntoMirror(means, id, everything, { signal: never() })).toEqual([2, 1, 1, 3, 1]);
  expect(await readings(means.db, id)).toEqual([
    { kind: 'agreements', scope: '', readAt: NOW, rows: 1 },
    { kind: 'categories', scope: '', readAt: NOW, rows: 1 },
    { kind: 'companies', scope: '', readAt: NOW, rows: 2 },
    { kind: 'lines', scope: '10', readAt: NOW, rows: 1 },
    { kind: 'products', scope: '', readAt: NOW, rows: 1 },
    { kind: 'types', scope: '', readAt: NOW, rows: 1 },
    { kind: 'units', scope: '', readAt: NOW, rows: 1 },
  ]);
  expect((await mirrorOf(means.db, id, 'companies'))?.rows).toEqual([
    { id: '1', name: 'Acme', identifier: 'acme', website: null, externalId: null, active: true },
    { id: '2', name: 'Bolt', identifier: 'bolt', website: null, externalId: null, active: true },
  ]);
});

test('a list of several pages is read to its end, and says how far it is', async () => {
  const { means, id } = await scene({ companies: Array.from({ length: 2001 }, (_, index) => companyRow(index + 1)) });
  const news: ReadNews[] = [];
  await readIntoMirror(means, id, [{ kind: 'companies' }], { signal: never(), tell: (one) => news.push(one) });
  expect((await mirrorOf(means.db, id, 'companies'))?.rows.length).toBe(2001);
  expect(news).toEqual([0, 1000, 2000, 2001].map((rows) => ({ type: 'progress', progress: { position: 0, rows, paused: null } })));
});

test('pages are read to their end where the browser hides the paging header', async () => {
  const { means, id } = await scene(
    { companies: Array.from({ length: 1001 }, (_, index) => companyRow(index + 1)) },
    { hideHeaders: true },
  );
  expect(await readIntoMirror(means, id, [{ kind: 'companies' }], { signal: never() })).toEqual([1001]);
});

test.each([
  ['malformed JSON', fault('malformed'), problem('answer is not understood', { what: 'agreement list', detail: 'not a list' })],
  ['a page of HTML', fault('html'), problem('answer is not understood', { what: 'agreement list', detail: 'not a list' })],
  [
    'three failures in a row',
    fault('500 before', 3),
    problem('request was refused', { status: 500, message: 'InternalServerError: Something went wrong.' }),
  ],
])('%s in the middle leaves everything as it was', async (_, spoiled, reason) => {
  const { means, id, server } = await scene();
  await readIntoMirror(means, id, [{ kind: 'companies' }], { signal: never() });
  server.setState({ ...server.state(), tables: { ...server.state().tables, companies: [] } });
  server.setFaults([spoiled]);
  const reading = readIntoMirror(means, id, [{ kind: 'companies' }, { kind: 'agreements', companyId: null }], { signal: never() });
  await expect(reading).rejects.toMatchObject({ problem: reason });
  expect((await readings(means.db, id)).map(({ kind, rows }) => [kind, rows])).toEqual([['companies', 2]]);
});

test('two failures are overcome, and a PSA that asks to wait is waited for', async () => {
  const { means, id, server, waits } = await scene();
  server.setFaults([fault('500 before', 2), fault('429', 1)]);
  expect(await readIntoMirror(means, id, [{ kind: 'agreements', companyId: null }], { signal: never() })).toEqual([1]);
  expect(waits).toEqual([2000, 10_000, 1000]);
});

test('a reading that is cancelled keeps what was known', async () => {
  const { means, id } = await scene();
  const controller = new AbortController();
  const reading = readIntoMirror(means, id, everything, { signal: controller.signal, tell: () => controller.abort() });
  await expect(reading).rejects.toMatchObject({ problem: problem('request was withdrawn', { line: 'read' }) });
  expect(await readings(means.db, id)).toEqual([]);
});

test('the agreements of one company are a reading of their own', async () => {
  const { means, id } = await scene();
  await readIntoMirror(means, id, [{ kind: 'agreements', companyId: '2' }], { signal: never() });
  expect(await readings(means.db, id)).toEqual([{ kind: 'agreements', scope: '2', readAt: NOW, rows: 0 }]);
});

test('remembered credentials have to be unlocked first', async () => {
  const { means, id } = await scene();
  vault.lock(id);
  await expect(readIntoMirror(means, id, everything, { signal: never() })).rejects.toMatchObject({
    problem: problem('credentials are missing', { field: 'publicKey' }),
  });
  await rememberCredentials(means.db, NOW, id, SECRETS, 'correct horse');
  await expect(readIntoMirror(means, id, everything, { signal: never() })).rejects.toMatchObject({
    problem: problem('secret is locked', { connection: 'Office' }),
  });
});

test('a test of the connection only reads, and says that it works', async () => {
  const { means, id, server } = await scene();
  expect(await testConnection(means, id)).toEqual({ kind: 'works' });
  expect(server.ledger().runs.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /company/companies']);
});

test.each([
  ['an answer that is no JSON', [fault('html')], { kind: 'not understood', from: 'psa', status: 200 }],
  [
    'a connection that breaks',
    [{ match: { method: null, path: null }, kind: 'reset before', times: 9 }] as HttpFault[],
    { kind: 'no answer' },
  ],
])('a test tells %s', async (_, faults, outcome) => {
  const { means, id, server } = await scene();
  server.setFaults(faults.map((one) => ({ ...one, match: { method: null, path: null } })));
  expect(await testConnection(means, id)).toEqual(outcome);
});

test('a test tells refused credentials, without repeating them', async () => {
  const { means, id } = await scene();
  const answer = () =>
    Promise.resolve(new Response(JSON.stringify({ code: 'Unauthorized', message: `no such key ${SECRETS.publicKey}` }), { status: 401 }));
  expect(await testConnection({ ...means, fetch: answer }, id)).toEqual({
    kind: 'refused',
    from: 'psa',
    status: 401,
    message: 'Unauthorized: no such key [secret]',
  });
});

test('a relay that answers for itself is told from the PSA behind it', async () => {
  const { means } = await scene();
  const relay: Connection = { ...connectionTo('https://relay.example.com/hook'), id: crypto.randomUUID(), protocol: 'relay' };
  await saveConnection(means.db, NOW, relay);
  const answer = () => Promise.resolve(new Response('{"message":"Workflow started"}', { status: 200 }));
  expect(await testConnection({ ...means, fetch: answer }, relay.id)).toEqual({ kind: 'not understood', from: 'relay', status: 200 });
});

async function scene(tables: { readonly companies?: readonly Row[] } = {}, options: { readonly hideHeaders?: boolean } = {}) {
  const server = await startHttpSandbox({ seed: createSandbox({ psa: 'connectwise', tables: { ...psaTables, ...tables } }), ...options });
  open.push(server);
  const db = await openDatabase(`read-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
  const connection = { ...connectionTo(server.url), id: crypto.randomUUID() };
  await saveConnection(db, NOW, connection);
  vault.keep(connection.id, SECRETS);
  const waits: number[] = [];
  const means: ReadMeans = {
    db,
    now: () => new Date(NOW),
    newId: () => crypto.randomUUID(),
    wait: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  };
  return { server, means, id: connection.id, waits };
}

function connectionTo(url: string): Connection {
  return {
    id: 'office',
    psa: 'connectwise',
    name: 'Office',
    protocol: 'psa',
    url,
    tenant: 'brightharbor',
    currency: 'USD',
    rateLimit: 6000,
    quarantineMinutes: 10,
    checksKeys: false,
    settings: {},
    remember: false,
  };
}

function companyRow(id: number): Row {
  const name = id === 1 ? 'Acme' : id === 2 ? 'Bolt' : `Company ${id}`;
  return { id, identifier: name.toLowerCase(), name, deletedFlag: false };
}

const psaTables: Readonly<Record<string, readonly Row[]>> = {
  companies: [companyRow(1), companyRow(2)],
  agreements: [{ id: 10, name: 'Managed services', company: { id: 1 }, startDate: '2020-07-01T00:00:00Z', cancelledFlag: false }],
  additions: [
    {
      id: 500,
      agreementId: 10,
      product: { id: 40, identifier: 'PP-BUS' },
      quantity: 5,
      unitPrice: 3,
      unitCost: 2,
      billCustomer: 'Billable',
    },
  ],
  catalog: [
    { id: 40, identifier: 'PP-BUS', description: 'Proofpoint Business', inactiveFlag: false, productClass: 'Agreement', price: 3, cost: 2 },
  ],
  subcategories: [{ id: 3, name: 'Cloud', inactiveFlag: false }],
  types: [{ id: 4, name: 'Software', inactiveFlag: false }],
  units: [{ id: 5, name: 'Each', inactiveFlag: false }],
};

function fault(kind: HttpFault['kind'], times = 1): HttpFault {
  return { match: { method: 'GET', path: '/finance/agreements' }, kind, times };
}

function never(): AbortSignal {
  return new AbortController().signal;
}
