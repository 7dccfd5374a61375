import { describe, expect, test } from 'vitest';
import { standingOn } from '../../src/domain/dated-quantity';
import type { Delivery } from '../../src/domain/delivery';
import { decimalOf } from '../../src/domain/decimal';
import type { inverseOf } from '../../src/domain/inverse';
import { isOurs, isSplitOff } from '../../src/domain/line-key';
import { freezePlan, type Plan } from '../../src/domain/plan';
import { reconcileCustomer, strangersOf, type ReconciledLine } from '../../src/domain/reconcile';
import { choicesFor } from '../../src/domain/reconcile-choices';
import type { Problem } from '../../src/domain/problem';
import type { Result } from '../../src/domain/result';
import { splitDraft } from '../../src/domain/split-line';
import { aroundOf } from '../../src/domain/sync';
import type { SyncFacts } from '../../src/domain/sync-facts';
import { gridFor, limitsFor } from '../../src/domain/sync-grid';
import { settledIn } from '../../src/domain/synced';
import { undoDraftOf } from '../../src/domain/undo';
import { delivered } from '../psa/deliver.ts';
import type { PsaFixture } from '../psa/fixture.ts';
import { billing, linesIn, TODAY } from '../psa/journeys.ts';
import type { EndpointFault } from '../support/endpoint';
import { first } from '../fixtures/usage/files.ts';
import { december } from '../support/grid.ts';
import { agreementsIn, choicesOf, everyFixture, factsAt, knowing, lastMonth, PERIOD, syncAt, type Held } from './customer.ts';

const FAULTS: readonly (EndpointFault | null)[] = [
  ...[null, 'reset before', 'reset after', '500 before', '500 after', 'html', 'empty', 'truncated', 'hang after', '429', 'wrong id'],
] as const;
const EXTRA = 'Seats by agreement';
const readable = everyFixture.filter(({ adapter: { can } }) => can.readBack && can.change);
const splitting = readable.filter(({ adapter }) => adapter.limits.productRepeats).map((fixture) => [fixture.adapter.id, fixture] as const);
const single = readable.filter(({ adapter }) => !adapter.limits.productRepeats).map((fixture) => [fixture.adapter.id, fixture] as const);

describe.each(splitting)('%s, a line that somebody raised from 12 to 24 while 15 are counted', (_, fixture) => {
  const raised = () => lastMonth(fixture, 'multi-product', { quantity: 24 });
  const [ours, extra] = namesAt(fixture);

  test.each(FAULTS.map((fault) => [fault]))(
    'is split into 15 of ours and 9 of the partner, once each, when each first answer of a write goes wrong (%s)',
    async (fault) => {
      const before = raised();
      const { rows, state, synced } = await sent(fixture, planOf(split(fixture, before)), before, fault);
      expect([states(rows), bills(fixture, state), synced?.lines.map(({ quantity, subProducts }) => [quantity, subProducts])]).toEqual([
        rows.map(() => ['sent', []]),
        [
          [ours, '15', '3'],
          [extra, '9', '3'],
        ],
        [['15', ['proofpoint-business']]],
      ]);
    },
  );

  test('changes our line first, and what it makes carries no key of ours', async () => {
    const before = raised();
    const plan = planOf(split(fixture, before));
    const { state } = await sent(fixture, plan, before);
    const writes = plan.requests.filter(({ operation }) => operation !== 'read');
    expect([writes[0]?.operation, writes[1]?.operation, isSplitOff(writes.at(-1)?.line.lineKey ?? '')]).toEqual(['update', 'create', true]);
    const made = linesIn(fixture, state).filter(({ description, quantity }) => description === extra && quantity === '9');
    expect(made.map(({ key }) => isOurs(key))).toEqual([false]);
    expect([plan.totals.before, plan.totals.price]).toEqual(['72', '72']);
  });

  test('agrees afterwards, and the rest is no duplicate, no orphan and no line to adopt, also when the count moves', async () => {
    const before = raised();
    const after = await sent(fixture, planOf(split(fixture, before)), before);
    expect(reconciled(fixture, after)).toEqual([['agree', '15', '15', '15', null]]);
    const next = await syncAt(fixture, 'multi-product', { count: december({ quantity: decimalOf(16) }) }, after);
    expect([next.grid.lines.map(({ status, candidates }) => [status, candidates]), bills(fixture, next.state)]).toEqual([
      [['Updating', []]],
      [
        [ours, '16', '3'],
        [extra, '9', '3'],
      ],
    ]);
  });

  test('makes nothing where somebody brought the line to 15 meanwhile, not even when it is confirmed again', async () => {
    const plan = planOf(split(fixture, raised()));
    const now = lastMonth(fixture, 'multi-product', { quantity: 15 });
    const { rows, state, writes } = await sent(fixture, plan, now, null, true);
    const at = rows.find(({ n }) => plan.requests[n]?.operation === 'update');
    expect([at?.state, at?.problem?.code, writes, bills(fixture, state)]).toEqual([
      ...['refused', 'line was changed meanwhile', []],
      [[ours, '15', '3']],
    ]);
  });

  test('makes nothing where somebody wrote a third quantity meanwhile', async () => {
    const now = lastMonth(fixture, 'multi-product', { quantity: 20 });
    const { rows, state, writes } = await sent(fixture, planOf(split(fixture, raised())), now);
    expect([rows.some(({ problem }) => problem?.code === 'line was changed meanwhile'), writes, bills(fixture, state)]).toEqual([
      ...[true, []],
      [[ours, '20', '3']],
    ]);
  });

  test('is put together again by the undo, which ends the rest first', async () => {
    const before = raised();
    const plan = planOf(split(fixture, before));
    const after = await sent(fixture, plan, before);
    const undo = undone(fixture, plan, after);
    const { rows, state, synced } = await sent(fixture, undo, after);
    expect([undo.requests.map(({ operation }) => operation).filter((operation) => operation !== 'read'), states(rows)]).toEqual([
      ['end', 'update'],
      rows.map(() => ['sent', []]),
    ]);
    expect([bills(fixture, state), synced?.lines.map(({ quantity }) => quantity)]).toEqual([[[ours, '24', '3']], ['15']]);
  });

  test('is put together and split again as often as somebody undoes the undo, with another key for every write', async () => {
    const before = raised();
    const plans = [planOf(split(fixture, before))];
    let now = await sent(fixture, first(plans), before);
    const billed = [bills(fixture, now.state)];
    for (const _ of [1, 2, 3]) {
      const settledOff = plans.flatMap(({ requests }) => requests.filter(({ operation }) => operation !== 'read'));
      const undo = undone(
        fixture,
        plans.at(-1) ?? first(plans),
        now,
        (key) => settledOff.filter(({ line }) => line.lineKey === key).length,
      );
      now = await sent(fixture, undo, now);
      expect(states(now.rows)).toEqual(now.rows.map(() => ['sent', []]));
      plans.push(undo);
      billed.push(bills(fixture, now.state));
    }
    const apart = [
      [ours, '15', '3'],
      [extra, '9', '3'],
    ];
    expect(billed).toEqual([apart, [[ours, '24', '3']], apart, [[ours, '24', '3']]]);
    const keys = plans.flatMap(({ requests }) => requests.filter(({ operation }) => operation !== 'read').map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('can be split once more, and the second rest is a line of its own', async () => {
    const before = raised();
    const after = await sent(fixture, planOf(split(fixture, before)), before);
    const raisedAgain = await syncAt(fixture, 'multi-product', { count: december({ quantity: decimalOf(24) }) }, after);
    const again = { state: raisedAgain.state, synced: after.synced };
    const second = planOf(split(fixture, again, { name: 'Seats by agreement, 2' }));
    const { rows, state } = await sent(fixture, second, again);
    const keys = linesIn(fixture, state).flatMap(({ key }) => (isSplitOff(key) ? [key] : []));
    expect([
      states(rows),
      bills(fixture, state)
        .map(([, quantity]) => quantity)
        .sort(),
      new Set(keys).size,
    ]).toEqual([rows.map(() => ['sent', []]), ['15', '9', '9'], keys.length]);
  });
});

describe.each(single)('%s, which takes a product once on an agreement', (_, fixture) => {
  test('says why a line is not split', () => {
    const before = lastMonth(fixture, 'multi-product', { quantity: 24 });
    const [line] = compared(fixture, before, factsOf(fixture, before));
    expect([line?.split, choicesFor(line as ReconciledLine)]).toEqual([
      { remainder: '9', refusal: 'product once' },
      ['push', 'accept', 'ignore'],
    ]);
  });
});

function namesAt(fixture: PsaFixture): readonly [ours: string, extra: string] {
  const own = linesIn(fixture, lastMonth(fixture, 'multi-product').state).find(({ id }) => id === fixture.lineIds[0])?.description ?? '';
  return fixture.adapter.limits.keepsName === false ? [own, own] : [own, EXTRA];
}

function factsOf(fixture: PsaFixture, { state, synced }: Held): SyncFacts {
  return factsAt(fixture, { ...knowing(fixture, state, synced), count: december({ quantity: decimalOf(15) }) });
}

function compared(fixture: PsaFixture, { state }: Held, facts: SyncFacts): readonly ReconciledLine[] {
  const grid = gridFor(facts, choicesOf(fixture, 'multi-product'), fixture.adapter);
  const known = reconcileCustomer(facts, grid, fixture.adapter, TODAY);
  return [...known, ...strangersOf(facts.connection, linesIn(fixture, state), known, TODAY)];
}

function reconciled(fixture: PsaFixture, held: Held) {
  return compared(fixture, held, factsOf(fixture, held)).map(({ verdict, usage, synced, psa, split: rest }) => [
    verdict,
    usage,
    synced,
    psa,
    rest,
  ]);
}

/** The draft that the card of the line offers, frozen as the page would. */
function split(fixture: PsaFixture, held: Held, { name = EXTRA } = {}): Result<Plan, readonly Problem[]> {
  const facts = factsOf(fixture, held);
  const grid = gridFor(facts, choicesOf(fixture, 'multi-product'), fixture.adapter);
  const [card] = compared(fixture, held, facts);
  const [line] = grid.lines;
  const agreement = agreementsIn(fixture, held.state).find(({ id }) => id === fixture.agreementId);
  if (card?.split?.refusal !== null || line === undefined || agreement === undefined || facts.company === null)
    throw new Error(`the line is not offered to be split: ${JSON.stringify(card)}`);
  const dates = fixture.adapter.dates(agreement, PERIOD);
  const lines = standingOn(linesIn(fixture, held.state), dates.firstDay);
  const own = lines.find(({ id }) => id === card.lineId);
  if (own === undefined) throw new Error('the line is gone');
  const draft = splitDraft({
    ...{
      own,
      line,
      lines,
      grid,
      dates,
      name,
      remainder: card.split.remainder,
      limits: limitsFor(facts, fixture.adapter),
      reason: 'Agreed',
    },
    context: {
      ...{ psa: fixture.adapter.id, connection: facts.connection, company: { company: facts.company, psaId: fixture.companyId } },
      ...{ vendor: facts.vendor, customer: facts.customer, agreement, period: PERIOD, option: 'multi-product', imports: [] },
    },
  });
  return draft.ok ? freezePlan(draft.value, fixture.adapter.requests, aroundOf(facts)) : draft;
}

function planOf(plan: Result<Plan, readonly Problem[]>): Plan {
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value;
}

function undone(
  fixture: PsaFixture,
  plan: Plan,
  held: Held & { readonly rows: readonly Delivery[] },
  settledOff: (key: string) => number = () => 1,
): Plan {
  const agreement = agreementsIn(fixture, held.state).find(({ id }) => id === fixture.agreementId);
  if (agreement === undefined) throw new Error('the sandbox has no such agreement');
  const delivery: Parameters<typeof inverseOf>[1] = {
    idOf: (request) => held.rows.find(({ n }) => plan.requests[n] === request)?.lineId ?? null,
    ...{ dates: fixture.adapter.dates(agreement, PERIOD), productRepeats: true },
  };
  const { draft } = undoDraftOf(plan, new Set(plan.requests.map((_, n) => n)), delivery, (key) =>
    isSplitOff(key) ? settledOff(key) : settledIn(held.synced, key),
  );
  return planOf(freezePlan(draft, fixture.adapter.requests, aroundOf(factsOf(fixture, held))));
}

function sent(fixture: PsaFixture, plan: Plan, { state, synced }: Held, fault: EndpointFault | null = null, again = false) {
  return delivered(fixture, { held: [], plans: () => [plan] }, fault, { start: state, memory: synced, again });
}

function states(rows: readonly Delivery[]) {
  return rows.map(({ state, duplicates }) => [state, duplicates]);
}

/** What bills of the customer; HaloPSA's sandbox holds somebody's own line beside it. */
function bills(fixture: PsaFixture, state: Held['state']) {
  const others = billing(fixture, fixture.sandbox());
  return billing(fixture, state)
    .filter((line) => !others.some((other) => other.name === line.name && other.quantity === line.quantity))
    .map(({ name, quantity, price }) => [name, quantity, price]);
}
