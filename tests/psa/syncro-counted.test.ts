import { runInNewContext } from 'node:vm';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/domain/change';
import { ZERO } from '../../src/domain/decimal';
import { problem } from '../../src/domain/problem';
import { syncFile } from '../../src/files/sync-file';
import { syncro } from '../../src/psa/syncro';
import { answer } from '../../src/sandbox';
import type { Row, SandboxState } from '../../src/sandbox/sandbox';
import { removeCopy } from '../../src/delivery/removal';
import { confirmPlans } from '../../src/storage/plans';
import * as scene from '../delivery/scene';
import { createEndpoint, fetchOf } from '../support/endpoint';
import { agreementsIn, lastMonth, lookAt } from '../conformance/customer.ts';
import { december } from '../support/grid.ts';
import { createChange, d, endChange, NOTHING, planOf, UNKNOWN, updateChange } from '../support/plans.ts';
import { delivered } from './deliver.ts';
import { fixture } from './fixtures/syncro.ts';
import { heldLine, keyFor, linesIn, plan, signed, TODAY } from './journeys.ts';

const line = heldLine(fixture);
const here = {
  ...{ product: fixture.product, lineKey: keyFor(fixture), name: line.name },
  before: { ...UNKNOWN, quantity: d('12'), productId: '41' },
};
const toZero = endChange({ ...here, how: 'zero', after: { ...NOTHING, quantity: ZERO } });

describe('a line that Syncro counts itself is in no plan', () => {
  const last = lastMonth(fixture, 'multi-product');
  const counted = { ...last, state: typed(last.state) };
  const none = { count: december({ quantity: ZERO }) };
  const ours = `1stwestinsurance.com - 1stwestinsurance.com - Proofpoint`;
  const why = problem('line is counted by the PSA', { line: ours });
  const told = (...asked: Parameters<typeof lookAt>) =>
    lookAt(...asked).grid.lines.map(({ status, blocks, warnings, changes }) => ({ status, blocks, warnings, changes }));

  test.each(['date', 'zero'] as const)('neither its end, by %s', (zero) => {
    expect(told(fixture, 'multi-product', none, counted, { zero })).toEqual([
      { status: 'Ending', blocks: [why], warnings: [], changes: [] },
    ]);
    expect(told(fixture, 'multi-product', none, last, { zero }).map(({ blocks, changes }) => [blocks, changes.length])).toEqual([[[], 1]]);
  });

  test('nor its end because it moves to another option', () => {
    expect(told(fixture, 'one-time itemised', { count: december({}) }, counted)[0]).toEqual({
      ...{ status: 'Ending', blocks: [why], warnings: [], changes: [] },
    });
  });

  test.each([
    ['was read', counted, [why], 0],
    ['was read, and nobody counts it', last, [], 1],
    ['was never read', null, [], 1],
  ] as const)('nor its end because the customer moved to another agreement, where the one that it leaves %s', (_, left, blocks, sent) => {
    const [one] = agreementsIn(fixture, last.state);
    if (one === undefined) throw new Error('there is an agreement');
    const moved = {
      ...{ count: december({}), psaLines: [], synced: last.synced, agreements: [one, { ...one, id: '13' }] },
      linesByAgreement: new Map(left === null ? [] : [['12', linesIn(fixture, left.state)]]),
    };
    const { lines } = lookAt(fixture, 'multi-product', moved, undefined, { agreementId: '13' }).grid;
    expect(lines.map((each) => [each.status, each.blocks, each.changes.length])).toEqual([
      ['Ending', blocks, sent],
      ['Creating', [], 1],
    ]);
  });

  test('nor its update', () => {
    const named = problem('line is counted by the PSA', { line: `${ours} Business` });
    expect(told(fixture, 'multi-product', { count: december({}) }, counted)).toEqual([
      { status: 'Updating', blocks: [named], warnings: [], changes: [] },
    ]);
  });
});

describe('a line that Syncro has come to count since the plan was made stays as it is', () => {
  const changes: readonly (readonly [name: string, change: Change])[] = [
    ['an update', updateChange(here)],
    ['an end by date', endChange(here)],
    ['an end by quantity', toZero],
  ];
  const plans = (change: Change) => () => [plan(fixture, [change], linesIn(fixture, fixture.sandbox([line])))];
  const start = typed(fixture.sandbox([line]));
  const refused = ['refused', problem('line is counted by the PSA', { line: line.name })];

  test.each(changes)('%s sends nothing', async (_, change) => {
    const { rows, writes, state } = await delivered(fixture, { held: [line], plans: plans(change) }, null, { start });
    expect([rows.map((row) => [row.state, row.problem]), writes, state]).toEqual([[refused], [], start]);
  });

  test.each(changes)('%s of a line that is found first sends nothing but the read', async (_, change) => {
    const unknown = { ...change, lineId: null } as Change;
    const { rows, writes, state } = await delivered(fixture, { held: [line], plans: plans(unknown) }, null, { start });
    expect([rows.map((row) => [row.state, row.problem]), writes, state]).toEqual([[['sent', null], refused], [], start]);
  });

  test.each(changes)('%s of a line beside it goes on', async (_, change) => {
    const beside = typed(fixture.sandbox([line, { ...line, id: '901', name: 'Devices' }]), 901);
    const { rows } = await delivered(fixture, { held: [line], plans: plans(change) }, null, { start: beside });
    expect(rows.map((row) => [row.state, row.problem])).toEqual([['sent', null]]);
  });

  test.each([
    ['an update', updateChange(here), [{ field: 'quantity', equals: 15, as: 'number' }], false],
    ['an end by date', endChange(here), [], true],
    ['an end by quantity', toZero, [{ field: 'quantity', equals: 0, as: 'number' }], false],
  ] as const)('outside of this page, the proof of %s asks that nobody counts it', (_, change, after, gone) => {
    const [request] = planOf([change], syncro).requests;
    expect(request === undefined ? null : syncro.evidence(request)).toEqual({
      read: { method: 'GET', path: '/schedules/12', query: {}, headers: { Accept: 'application/json' }, body: null },
      ...{ rows: 'schedule.lines', id: 'id', ended: null, others: [], gone, after },
      where: [{ field: 'id', equals: 900, as: 'value' }],
      before: [
        { field: 'quantity', equals: 12, as: 'number' },
        { field: 'product_id', equals: 41, as: 'value' },
        { field: 'recurring_type_id', equals: null, as: 'value' },
      ],
    });
  });
});

test.each([
  ['counts', typed(fixture.sandbox([line])), 'skip', [['nobody changed the line meanwhile', false]]],
  ['does not count', fixture.sandbox([line]), 'send', [['nobody changed the line meanwhile', true]]],
] as const)('the exported collection decides for a line that Syncro %s: %s', (_, state, next, checks) => {
  for (const change of [updateChange(here), endChange(here), toZero]) {
    const { bytes } = syncFile([plan(fixture, [change], linesIn(fixture, fixture.sandbox([line])))], syncro, { baseUrl: null });
    const collection = JSON.parse(strFromU8(unzipSync(bytes)['postman_collection.json'] ?? new Uint8Array())) as Collection;
    const look = collection.item.find(({ name }) => name.startsWith('1a. Look'));
    const told = new Map<string, string>();
    const said: [string, boolean][] = [];
    const { answer: answered } = answer(state, signed(fixture, syncro.read.lines('12').request));
    runInNewContext((look?.event[0]?.script.exec ?? []).join('\n'), { pm: postman(answered?.body, told, said) });
    expect([told.get('step_1'), said.slice(-1)]).toEqual([next, checks]);
  }
});

test.each([
  ['is not removed once Syncro counts it', true],
  ['is removed while nobody counts it', false],
])('a second copy of a new line %s', async (_, isCounted) => {
  const db = await scene.freshDatabase();
  const connection = scene.connectionOf({ psa: 'syncro', tenant: fixture.tenant });
  const made = plan(fixture, [createChange({ product: fixture.product, lineKey: keyFor(fixture) })], []);
  await confirmPlans(db, scene.NOW, { plans: [{ plan: made, withheld: [] }], connection, today: TODAY });
  const endpoint = createEndpoint(fixture.sandbox());
  const fetch = fetchOf(endpoint, ({ method }) => (method === 'GET' ? null : 'twice'));
  const clock = scene.createClock('2021-01-03T09:00:00.000Z');
  const stage = { db, connection, clock, fetch, adapter: syncro, today: TODAY, credentials: fixture.account };
  await scene.run(stage);
  const [row] = await db.deliveries.toArray();
  const copy = row?.duplicates[0] ?? '';
  if (row === undefined || copy === '') throw new Error('there is no copy');
  if (isCounted) endpoint.change((state) => typed(state, Number(copy)));
  const calm = fetchOf(endpoint, () => null);
  const after = await removeCopy(scene.meansOf({ ...stage, fetch: calm }), made, row, copy);
  const removals = endpoint.runs().filter(({ path }) => path.endsWith('remove_line_item'));
  const [told] = (await db.receipts.toArray()).slice(-1);
  expect([after.duplicates, removals.map(({ body }) => body)]).toEqual(isCounted ? [[copy], []] : [[], [Number(copy)]]);
  expect(isCounted ? told?.problem : null).toEqual(isCounted ? problem('line is counted by the PSA', { line: line.name }) : null);
});

/** The same, with a line that Syncro counts. */
function typed(state: SandboxState, id = 900): SandboxState {
  const lines = (state.tables['lines'] ?? []).map((row): Row => (row['id'] === id ? { ...row, recurring_type_id: 4 } : row));
  return { ...state, tables: { ...state.tables, lines } };
}

interface Collection {
  readonly item: readonly { readonly name: string; readonly event: readonly { readonly script: { readonly exec: readonly string[] } }[] }[];
}

/** What a look of the collection asks of Postman; `said` are its checks. */
function postman(body: unknown, told: Map<string, string>, said: [string, boolean][]): object {
  const meets = (found: unknown, wanted: unknown) => {
    expect(found).toEqual(wanted);
  };
  const claim = (found: unknown) => ({
    to: { equal: meets.bind(null, found), eql: meets.bind(null, found), be: { an: () => undefined } },
  });
  const check = (name: string, work: () => void) => {
    try {
      work();
      said.push([name, true]);
    } catch {
      said.push([name, false]);
    }
  };
  return {
    response: { code: 200, json: () => body },
    ...{ variables: { get: () => 'on' }, test: check, expect: claim },
    collectionVariables: { set: (name: string, value: string) => told.set(name, value), get: (name: string) => told.get(name) },
  };
}
