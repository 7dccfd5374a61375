import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/domain/change';
import type { Delivery } from '../../src/domain/delivery';
import { confirmPlans } from '../../src/storage/plans';
import { write } from '../../src/storage/db';
import { halopsa } from '../../src/sandbox/halopsa';
import type { Row, Sandbox, SandboxState } from '../../src/sandbox/sandbox';
import { fixture, haloSandbox, lineRow, supportRow } from '../psa/fixtures/halopsa.ts';
import { billing, heldLine, keyFor, linesIn, plan, TODAY } from '../psa/journeys.ts';
import { chargeChange, createChange, d, endChange, NOTHING, UNKNOWN, updateChange } from '../support/plans.ts';
import { createEndpoint, fetchOf, type EndpointFault } from '../support/endpoint';
import * as scene from './scene';

const { agreementId, product, companyId } = fixture;
const here = { agreementId, product, lineKey: keyFor(fixture) };
const held = heldLine(fixture);
const before = { ...UNKNOWN, quantity: d('12'), productId: '41' };
const update = updateChange({ ...here, name: held.name, before });
const pro = createChange({
  ...here,
  lineKey: keyFor(fixture, 'multi-product', 'pro'),
  name: 'Pro',
  after: { ...createChange().after, name: 'Pro' },
});
const advanced = {
  ...pro,
  lineKey: keyFor(fixture, 'multi-product', 'advanced'),
  name: 'Advanced',
  after: { ...pro.after, name: 'Advanced' },
};
const COPIES: Readonly<Record<string, readonly Row[]>> = { settings: [{ referenceIsCopied: true }] };

describe('several changes on one recurring invoice', () => {
  const changes = [update, pro, advanced, endChange({ ...here, lineKey: keyFor(fixture, 'multi-product', 'old'), lineId: '901', before })];
  const start = haloSandbox([lineRow(held), lineRow({ ...held, id: '901', key: keyFor(fixture, 'multi-product', 'old'), name: 'Old' })]);

  const withoutKeys = haloSandbox(
    (start.tables['lines'] ?? []).slice(1).map((row) => ({ ...row, item_external_reference: '' })),
    COPIES,
  );

  test('each request carries the one before, and the last leaves all of them standing', async () => {
    const { rows, state } = await delivered(start, changes, null);
    expect(rows.map(({ state: outcome, proof }) => [outcome, proof])).toEqual(changes.map(() => ['sent', 'read back']));
    expect(billing(fixture, state).map(({ name, quantity }) => [name, quantity])).toEqual([
      [held.name, '15'],
      ['Pro', '15'],
      ['Advanced', '15'],
    ]);
    expect(state.tables['lines']?.find(({ id }) => id === 800)).toEqual(start.tables['lines']?.[0]);
  });

  test.each(['reset after', '500 after', 'hang after', 'wrong id', 'html'] as const)(
    'they happen once where the first answer of each is lost (%s), whether or not our key is kept',
    async (fault) => {
      for (const tables of [{}, COPIES]) {
        const { rows, state } = await delivered(tables === COPIES ? withoutKeys : start, changes, fault);
        expect(rows.map(({ state: outcome }) => outcome)).toEqual(changes.map(() => 'sent'));
        expect(billing(fixture, state).map(({ name }) => name)).toEqual([held.name, 'Pro', 'Advanced']);
      }
    },
  );
});

describe('where a line shows its item\u2019s reference instead of our key', () => {
  test.each([null, 'reset after', '500 before', 'reset before', 'wrong id', 'empty'] as const)(
    'a new line is found by item and text, and is there once (%s)',
    async (fault) => {
      const { rows, state } = await delivered(haloSandbox([], COPIES), [pro], fault);
      expect(rows.map(({ state: outcome, lineId }) => [outcome, lineId])).toEqual([['sent', '801']]);
      expect(linesIn(fixture, state).map(({ id, key }) => [id, key])).toEqual([
        ['800', null],
        ['801', null],
      ]);
    },
  );

  test('a one-time line too', async () => {
    const charge = chargeChange({ ...here, companyId, lineKey: keyFor(fixture, 'one-time itemised') });
    const { rows, state } = await delivered(haloSandbox([], COPIES), [charge], 'reset after');
    expect(rows.map(({ state: outcome }) => outcome)).toEqual(['sent']);
    expect(billing(fixture, state).map(({ kind, quantity }) => [kind, quantity])).toEqual([['one-time', '15']]);
  });
});

describe('what somebody changed meanwhile', () => {
  const start = haloSandbox([lineRow(held)]);
  const changed =
    (id: number, parts: Row) =>
    (state: SandboxState): SandboxState => ({
      ...state,
      tables: { ...state.tables, lines: (state.tables['lines'] ?? []).map((row) => (row['id'] === id ? { ...row, ...parts } : row)) },
    });
  const lines =
    (work: (rows: readonly Row[]) => readonly Row[]) =>
    (state: SandboxState): SandboxState => ({
      ...state,
      tables: { ...state.tables, lines: work(state.tables['lines'] ?? []) },
    });

  test.each([
    ['the quantity of another line', changed(800, { qty_order: 2 }), 'Support hours', 'qty_order', '0', '2'],
    ['a field that the page does not know', changed(800, { tax_code: '9' }), 'Support hours', 'tax_code', '5', '9'],
    ['the end of another line', changed(800, { enddate: '2021-03-31T00:00:00' }), null, null, null, null],
    ['the price of our line, which the plan leaves alone', changed(900, { unit_price: 9 }), held.name, 'unit_price', '3', '9'],
    [
      'a line that was added',
      lines((rows) => [...rows, supportRow({ id: 802, item_shortdescription: 'New' })]),
      'New',
      'line',
      null,
      'New',
    ],
    ['a line that was taken away', lines((rows) => rows.slice(1)), 'Support hours', 'line', 'Support hours', null],
  ] as const)('is not undone: %s', async (_, work, line, field, believed, found) => {
    const there = line === null ? haloSandbox([lineRow(held)]) : start;
    const base = line === null ? changed(800, { enddate: '1900-01-01T00:00:00' })(there) : there;
    const { rows, writes, state } = await delivered(base, [update], null, work);
    expect(rows.map(({ state: outcome, problem }) => [outcome, problem])).toEqual([
      [
        'refused',
        {
          code: 'line was changed meanwhile',
          line: line ?? 'Support hours',
          field: field ?? 'enddate',
          believed: line === null ? '1900-01-01T00:00:00' : believed,
          found: line === null ? '2021-03-31T00:00:00' : found,
        },
      ],
    ]);
    expect(writes).toBe(0);
    expect(state.tables).toEqual(work(base).tables);
  });

  test('sums that HaloPSA computes anew stop nothing', async () => {
    const { rows } = await delivered(start, [update], null, changed(800, { net_amount: 7 }));
    expect(rows.map(({ state: outcome, problem }) => [outcome, problem])).toEqual([['sent', null]]);
  });

  test('a plan that was stopped goes on with no later request', async () => {
    const { rows, writes } = await delivered(start, [update, pro], null, changed(800, { unit_price: 95 }));
    expect([rows.map(({ state: outcome }) => outcome), writes]).toEqual([['refused', 'pending'], 0]);
  });
});

describe('what a write changed beside its own line', () => {
  const start = haloSandbox([lineRow(held)]);
  const lines = (state: SandboxState) => state.tables['lines'] ?? [];
  const withLines = (state: SandboxState, rows: readonly Row[]) => ({ ...state, tables: { ...state.tables, lines: rows } });
  const sandboxOf = (work: (rows: readonly Row[]) => readonly Row[]): readonly Sandbox[] => [
    {
      ...halopsa,
      handle: (state, request) => {
        const handled = halopsa.handle(state, request);
        const isWrite = request.method === 'POST' && request.path === '/RecurringInvoice';
        return isWrite ? { ...handled, state: withLines(handled.state, work(lines(handled.state))) } : handled;
      },
    },
  ];
  const told = { line: 'Support hours', believed: null, found: null };

  test.each<[string, (rows: readonly Row[]) => readonly Row[], object]>([
    [
      'another price',
      (rows) => rows.map((row) => (row['id'] === 800 ? { ...row, unit_price: 95 } : row)),
      { ...told, field: 'unit_price', believed: '90', found: '95' },
    ],
    ['a line that got lost', (rows) => rows.filter(({ id }) => id !== 800), { ...told, field: 'line', believed: 'Support hours' }],
  ])('is said, never called sent and never sent again: %s', async (_, work, difference) => {
    for (const [change, fault] of [[update, null] as const, [update, 'reset after'] as const, [pro, null] as const]) {
      const { rows, writes, change: put, lookAgain } = await delivered(start, [change], fault, (state) => state, sandboxOf(work));
      const code = 'another line was changed';
      expect([rows.map(({ state, problem }) => [state, problem]), writes]).toEqual([[['unknown', { code, ...difference }]], 1]);
      put((state) => withLines(state, [supportRow(), ...lines(state).filter(({ id }) => id !== 800)]));
      const again = await lookAgain();
      expect([again.rows.map(({ state, problem }) => [state, problem]), again.writes]).toEqual([[['sent', null]], 1]);
    }
  });

  test('stops the plan: a later request does not carry it on', async () => {
    const work = (rows: readonly Row[]) => rows.map((row) => (row['id'] === 800 ? { ...row, tax_code: '9' } : row));
    const { rows, writes } = await delivered(start, [update, pro], null, (state) => state, sandboxOf(work));
    expect([rows.map(({ state }) => state), writes]).toEqual([['unknown', 'pending'], 1]);
  });

  test('a line that somebody adds right after it is nothing that it did', async () => {
    const work = (rows: readonly Row[]) => [...rows, supportRow({ id: 950, item_shortdescription: 'New' })];
    const { rows } = await delivered(start, [update], null, (state) => state, sandboxOf(work));
    expect(rows.map(({ state }) => state)).toEqual(['sent']);
  });
});

test('a line that HaloPSA counts keeps its own quantity, and that is said', async () => {
  const start = haloSandbox([{ ...lineRow(held), recurring_invoice_quantity_type: 2 }]);
  const { rows } = await delivered(start, [update], null);
  expect(rows.map(({ state, problem }) => [state, problem])).toEqual([['unknown', { code: 'outcome is unknown', line: held.name }]]);
});

test('an end of a line that is gone already sends nothing', async () => {
  const { rows, writes } = await delivered(haloSandbox(), [endChange({ ...here, lineId: '900', before })], null);
  expect([rows.map(({ state }) => state), writes]).toEqual([['sent'], 0]);
});

test('a quantity that was changed in HaloPSA is not overwritten', async () => {
  const other = { ...update, before: { ...before, quantity: d('11') }, after: { ...NOTHING, quantity: d('15') } };
  const { rows, writes } = await delivered(haloSandbox([lineRow(held)]), [other], null);
  expect([rows.map(({ problem }) => problem), writes]).toEqual([
    [{ code: 'line was changed meanwhile', line: other.name, field: 'quantity', believed: '11', found: '12' }],
    0,
  ]);
});

/** Through the real outbox. The plan rests on `start`; `meanwhile` happens between the plan and its delivery. */
async function delivered(
  start: SandboxState,
  changes: readonly Change[],
  fault: EndpointFault | null,
  meanwhile: (state: SandboxState) => SandboxState = (state) => state,
  among?: readonly Sandbox[],
) {
  const db = await scene.freshDatabase();
  const { adapter, tenant, settings } = fixture;
  const connection = scene.connectionOf({ psa: adapter.id, tenant, settings });
  const made = plan(fixture, changes, linesIn(fixture, start));
  await write(db, scene.NOW, ['connections'], async () => {
    await db.connections.put(connection);
  });
  await confirmPlans(db, scene.NOW, { plans: [{ plan: made, withheld: [] }], connection, today: TODAY });
  const endpoint = createEndpoint(meanwhile(start), among);
  const seen = new Set<string>();
  const fetch = fetchOf(endpoint, (request) => {
    const once = JSON.stringify([request.method, request.path, request.body]);
    if (!fixture.writes(request) || seen.has(once)) return null;
    seen.add(once);
    return fault;
  });
  const clock = scene.createClock('2021-01-03T09:00:00.000Z');
  const look = async () => {
    await scene.drain({ db, connection, clock, fetch, adapter, today: TODAY, credentials: fixture.account });
    const rows: Delivery[] = await db.deliveries.orderBy('id').toArray();
    return { rows, writes: endpoint.runs().filter(({ method }) => method === 'POST').length };
  };
  return { ...(await look()), state: endpoint.state(), change: endpoint.change, lookAgain: look };
}
