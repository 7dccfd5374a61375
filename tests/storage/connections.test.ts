import { expect, test } from 'vitest';
import type { Connection } from '../../src/domain/agreement.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok } from '../../src/domain/result.ts';
import { adapters } from '../../src/psa/index.ts';
import { checkConnection, connectionOf, connections, placeOf, removeConnection, saveConnection } from '../../src/storage/connections.ts';
import type { Database } from '../../src/storage/db.ts';
import { openDatabase } from '../../src/storage/open.ts';
import type { PlanRecord } from '../../src/storage/rows.ts';

const NOW = '2026-04-03T08:00:00.000Z';
const office: Connection = {
  id: 'office',
  psa: 'connectwise',
  name: 'Head office',
  protocol: 'psa',
  url: 'https://api-na.myconnectwise.net/v2026_1/apis/3.0',
  tenant: 'brightharbor',
  currency: 'USD',
  rateLimit: 600,
  quarantineMinutes: 10,
  checksKeys: false,
  settings: {},
  remember: false,
};

test('a connection is kept as it was checked: trimmed, the account in lower case, the currency in capitals', async () => {
  const db = await database();
  await saveConnection(db, NOW, {
    ...office,
    name: ' Head office ',
    tenant: ' BrightHarbor ',
    currency: 'usd',
    settings: { codebase: ' v2026_1 ' },
  });
  expect(await connections(db)).toEqual([{ ...office, settings: { codebase: 'v2026_1' } }]);
});

test('connections stand in the order of their names', async () => {
  const db = await database();
  await saveConnection(db, NOW, office);
  await saveConnection(db, NOW, { ...office, id: 'branch', name: 'Branch' });
  expect((await connections(db)).map(({ name }) => name)).toEqual(['Branch', 'Head office']);
});

test.each([
  ['no address', { url: ' ' }, [problem('text is missing', { field: 'url' })]],
  ['an address without encryption', { url: 'http://psa.example.com' }, [problem('address is not accepted', { field: 'url' })]],
  ['a password in the address', { url: 'https://me:secret@psa.example.com' }, [problem('address is not accepted', { field: 'url' })]],
  ['something that is no address', { url: 'psa' }, [problem('address is not accepted', { field: 'url' })]],
  ['a script', { url: 'javascript:alert(1)' }, [problem('address is not accepted', { field: 'url' })]],
  ['no name', { name: '' }, [problem('text is missing', { field: 'name' })]],
  ['no account', { tenant: '  ' }, [problem('text is missing', { field: 'tenant' })]],
  ['a currency that is none', { currency: 'dollars' }, [problem('value is not accepted', { field: 'currency', value: 'dollars' })]],
  ['no requests at all', { rateLimit: 0 }, [problem('number is not accepted', { field: 'rateLimit', value: '0' })]],
  [
    'two wrong fields',
    { name: '', quarantineMinutes: -1 },
    [problem('text is missing', { field: 'name' }), problem('number is not accepted', { field: 'quarantineMinutes', value: '-1' })],
  ],
])('%s is refused', (_, change, problems) => {
  expect(checkConnection({ ...office, ...change })).toEqual(err(problems));
});

test.each(['http://localhost:8080/cw', 'http://127.0.0.1:9', 'http://[::1]:9/x', 'https://relay.example.com/hook?sig=1'])(
  '%s is an address',
  (url) => {
    expect(checkConnection({ ...office, url })).toEqual(ok({ ...office, url }));
  },
);

test('the file protocol needs no address, and only a relay can promise to check keys', () => {
  expect(checkConnection({ ...office, protocol: 'file', checksKeys: true })).toEqual(
    ok({ ...office, protocol: 'file', url: null, checksKeys: false }),
  );
  expect(checkConnection({ ...office, protocol: 'relay', checksKeys: true })).toEqual(
    ok({ ...office, protocol: 'relay', checksKeys: true }),
  );
});

test.each([
  ['', true],
  ['0', true],
  ['0.5', true],
  ['-0.5', false],
  ['0,5', false],
  ['much', false],
])('a setting that is a number takes %j: %s', (mostRounding, taken) => {
  const draft = { ...office, protocol: 'file', url: null, settings: { mostRounding, codebase: 'much' } } as const;
  const refused = err([problem('number is not accepted', { field: 'mostRounding', value: mostRounding })]);
  expect(checkConnection(draft, 600, ['mostRounding'])).toEqual(taken ? ok(draft) : refused);
});

test.each(adapters.map(({ id: psa, limits }) => [psa, limits.requestsPerMinute] as const))(
  '%s is asked at most %i times a minute: one more is refused, by file nothing is sent',
  async (psa, most) => {
    const db = await database();
    const above = { ...office, psa, rateLimit: most + 1 };
    expect(checkConnection({ ...office, psa, rateLimit: most }, most)).toEqual(ok({ ...office, psa, rateLimit: most }));
    const refused = problem('PSA takes fewer requests', { field: 'rateLimit', requests: most + 1, most });
    expect(checkConnection(above, most)).toEqual(err([refused]));
    await expect(saveConnection(db, NOW, above, most)).rejects.toMatchObject({ problem: refused });
    expect(checkConnection({ ...above, protocol: 'file' }, most).ok).toBe(true);
  },
);

test('a form that is wrong in several places hears all of it at once', () => {
  const draft = { ...office, name: ' ', url: 'http://psa.example.com', rateLimit: 241, quarantineMinutes: -1 };
  expect(checkConnection(draft, 240)).toEqual(
    err([
      problem('text is missing', { field: 'name' }),
      problem('number is not accepted', { field: 'quarantineMinutes', value: '-1' }),
      problem('address is not accepted', { field: 'url' }),
      problem('PSA takes fewer requests', { field: 'rateLimit', requests: 241, most: 240 }),
    ]),
  );
  const none = problem('number is not accepted', { field: 'rateLimit', value: '0.5' });
  expect(checkConnection({ ...office, url: null, rateLimit: 0.5 }, 240)).toEqual(err([none, problem('text is missing', { field: 'url' })]));
});

test('the query of an address, where relays carry a secret, is neither shown nor audited', async () => {
  const db = await database();
  await saveConnection(db, NOW, { ...office, protocol: 'relay', url: 'https://flow.example.com/run?sig=s3cr3t' });
  expect(placeOf({ url: 'https://flow.example.com/run?sig=s3cr3t' })).toBe('https://flow.example.com/run');
  expect(JSON.stringify(await db.audit.toArray())).not.toContain('s3cr3t');
});

test('the account of a connection that has synced lines stays', async () => {
  const db = await database();
  await saveConnection(db, NOW, office);
  await db.synced.put({
    key: 'a',
    customer: 'proofpoint\u001facme.com',
    connection: 'office',
    company: null,
    agreementId: '1',
    option: 'multi-product',
    lines: [],
    withheld: null,
  });
  await expect(saveConnection(db, NOW, { ...office, tenant: 'other' })).rejects.toMatchObject({
    problem: problem('connection is in use', { connection: 'Head office', customers: 1 }),
  });
  await saveConnection(db, NOW, { ...office, name: 'Renamed' });
  expect((await connectionOf(db, 'office'))?.name).toBe('Renamed');
});

test.each([
  ['confirmed', problem('delivery is not settled', { plan: 'p1' })],
  ['delivering', problem('delivery is not settled', { plan: 'p1' })],
  ['downloaded', problem('sync file is not marked', { plan: 'p1' })],
] as const)('a connection with a plan that is %s is not removed', async (state, reason) => {
  const db = await database();
  await saveConnection(db, NOW, office);
  await db.plans.put(planRow(state));
  await expect(removeConnection(db, NOW, 'office')).rejects.toMatchObject({ problem: reason });
  expect(await connectionOf(db, 'office')).toEqual(office);
});

test('a removed connection takes its secrets, readings, links and bindings with it, and leaves the others', async () => {
  const db = await database();
  await saveConnection(db, NOW, office);
  await saveConnection(db, NOW, { ...office, id: 'branch', name: 'Branch' });
  for (const connection of ['office', 'branch']) {
    await db.links.put({ connection, company: 'c1', psaCompany: '7', psaName: 'Acme', seq: 1 });
    await db.mirrors.put({ connection, kind: 'companies', scope: '', readAt: NOW, rows: [] });
  }
  await db.plans.put(planRow('settled'));
  await removeConnection(db, NOW, 'office');
  expect({
    connections: (await connections(db)).map(({ id }) => id),
    links: (await db.links.toArray()).map(({ connection }) => connection),
    mirrors: (await db.mirrors.toArray()).map(({ connection }) => connection),
    plans: await db.plans.count(),
  }).toEqual({ connections: ['branch'], links: ['branch'], mirrors: ['branch'], plans: 1 });
});

function planRow(state: PlanRecord['state']): PlanRecord {
  return { id: 'p1', connection: 'office', customer: null, state, set: 's', position: 0, seq: 1 } as unknown as PlanRecord;
}

function database(): Promise<Database> {
  return openDatabase(`connections-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
}
