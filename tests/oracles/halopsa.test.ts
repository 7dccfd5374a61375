import { expect, test } from 'vitest';
import { strFromU8, unzipSync } from 'fflate';
import type { Plan } from '../../src/domain/plan';
import { syncFile } from '../../src/files/sync-file';
import type { Row, SandboxState } from '../../src/sandbox/sandbox';
import { fixture, haloSandbox, itemRow, lineRow, supportRow } from '../psa/fixtures/halopsa.ts';
import { billing, heldLine, keyFor, linesIn, plan } from '../psa/journeys.ts';
import { createChange, d, endChange, UNKNOWN, updateChange } from '../support/plans.ts';
import { startHttpSandbox } from '../support/http-sandbox.ts';
import { collectionOf } from './cases.ts';
import { runCollection } from './newman.ts';

const { adapter, account, base } = fixture;
const held = heldLine(fixture);
const here = { agreementId: fixture.agreementId, product: fixture.product, lineKey: keyFor(fixture) };
const before = { ...UNKNOWN, quantity: d('12'), productId: '41' };
const old = keyFor(fixture, 'multi-product', 'old');
const changes = [
  endChange({ ...here, lineKey: old, lineId: '901', before }),
  updateChange({ ...here, before }),
  ...['Pro', 'Advanced'].map((name) =>
    createChange({ ...here, lineKey: keyFor(fixture, 'multi-product', name), name, after: { ...createChange().after, name } }),
  ),
];

test.each([
  ['keeps our key', { item_external_reference: '' }, {}],
  ['shows the item\u2019s reference instead', { item_external_reference: '' }, { settings: [{ referenceIsCopied: true }] }],
] as const)('a collection of four changes of one invoice, run twice, happens once where HaloPSA %s', async (_, key, tables) => {
  const start = haloSandbox(
    [
      { ...lineRow(held), ...key },
      { ...lineRow({ ...held, id: '901', name: 'Old' }), ...key },
    ],
    tables,
  );
  const collection = collectionOf([planFor(start)], adapter);
  const first = await ran(start, collection);
  expect(first.failures).toEqual([]);
  const second = await ran(first.state, collection);
  expect(second.failures).toEqual([]);
  expect(second.state.tables).toEqual(first.state.tables);
  expect(billing(fixture, second.state).map(({ name, quantity }) => [name, quantity])).toEqual([
    [held.name, '15'],
    ['Pro', '15'],
    ['Advanced', '15'],
  ]);
});

test.each<[string, (lines: readonly Row[]) => readonly Row[], string]>([
  [
    'changed another line',
    (lines) => lines.map((row) => (row['id'] === 800 ? { ...row, tax_code: '9' } : row)),
    'nobody changed another line meanwhile',
  ],
  [
    'ended another line',
    (lines) => lines.map((row) => (row['id'] === 800 ? { ...row, enddate: '2021-03-31T00:00:00' } : row)),
    'nobody changed another line meanwhile',
  ],
  ['added a line', (lines) => [...lines, supportRow({ id: 950 })], 'nobody added or took away a line meanwhile'],
  ['took a line away', (lines) => lines.slice(1), 'nobody added or took away a line meanwhile'],
  [
    'changed the price of our line',
    (lines) => lines.map((row) => (row['id'] === 900 ? { ...row, unit_price: 9 } : row)),
    'nobody changed the line meanwhile',
  ],
])('a collection sends nothing after somebody %s, and says so', async (_, work, failure) => {
  const start = haloSandbox([lineRow(held)], { lines: [supportRow({ enddate: '1900-01-01T00:00:00' }), lineRow(held)] });
  const made = plan(fixture, [updateChange({ ...here, before })], linesIn(fixture, start));
  const edited = { ...start, tables: { ...start.tables, lines: work(start.tables['lines'] ?? []) } };
  const { failures, state } = await ran(edited, collectionOf([made], adapter));
  expect(failures.some((text) => text.includes(failure))).toBe(true);
  expect(state).toEqual(edited);
});

test('a collection says that a write changed another line', async () => {
  const start = haloSandbox([lineRow(held)], {
    items: [itemRow({ externalreference: 'SKU-41' })],
    settings: [{ referenceIsCopied: true }],
  });
  const made = plan(fixture, [updateChange({ ...here, before })], linesIn(fixture, start));
  const { failures } = await ran(start, collectionOf([made], adapter));
  expect(failures).toEqual([expect.stringContaining('the other lines are what they were')]);
});

test('a file for an editor signs in first, and takes the id of a new line from the look after it', () => {
  const start = haloSandbox([lineRow(held), lineRow({ ...held, id: '901', key: old, name: 'Old' })]);
  const { bytes } = syncFile([planFor(start)], adapter, { baseUrl: 'https://acme.halopsa.com/api' });
  const found = unzipSync(bytes)['requests.http'];
  const text = found === undefined ? '' : strFromU8(found);
  const key = keyFor(fixture, 'multi-product', 'Pro');
  expect(text).toContain('POST https://acme.halopsa.com/auth/token?tenant={{tenant}}\n');
  expect(text).toContain('grant_type=client_credentials&client_id={{clientId}}&client_secret={{clientSecret}}&scope=all\n');
  expect(text).toContain(`"id": {{check3.response.body.$.lines[?(@.item_external_reference=="${key}")].id}}`);
});

function planFor(start: SandboxState): Plan {
  return plan(fixture, changes, linesIn(fixture, start));
}

async function ran(seed: SandboxState, collection: string) {
  const server = await startHttpSandbox({ seed, cors: false, base });
  try {
    const { failures } = await runCollection(collection, { ...account, baseUrl: server.url });
    return { failures, state: server.state() };
  } finally {
    await server.close();
  }
}
