import { describe, expect, test } from 'vitest';
import { isRecurring, SYNC_OPTIONS, type SyncOption } from '../../src/domain/change';
import { add, decimalOf, lineTotal, subtract, ZERO, type Decimal } from '../../src/domain/decimal';
import type { Grid } from '../../src/domain/grid';
import { gridFor } from '../../src/domain/sync-grid';
import type { UsageLine } from '../../src/domain/usage';
import { delivered } from '../psa/deliver.ts';
import { december, psaLine } from '../support/grid.ts';
import { billed, choicesOf, COUNTS, everyPsa, factsAt, lookAt, planFor, under } from './customer.ts';

describe.each(everyPsa)('%s', (_, fixture) => {
  test.each(under(COUNTS))(
    '%s, %s at %s (cost %s): the PSA bills what was planned, and every cent that rounding moved was said',
    async (option, quantity, price, cost) => {
      const row = { quantity: decimalOf(quantity), unitPrice: decimalOf(price), unitCost: decimalOf(cost) };
      const [facts, choices] = [factsAt(fixture, { count: december(row) }), choicesOf(fixture, option)];
      const grid = gridFor(facts, choices, fixture.adapter);
      expect(grid.lines.flatMap(({ blocks }) => blocks).concat(grid.blocks)).toEqual([]);
      const exact = lineTotal(decimalOf(quantity), decimalOf(price), 'USD');
      expect(subtract(grid.totals.price, saidIn(grid))).toBe(exact);
      const plan = planFor(fixture, facts, choices);
      expect(plan.totals.price).toBe(grid.totals.price);
      const { state, rows, synced } = await delivered(fixture, { held: [], plans: () => [plan] }, null);
      const open = rows.filter(({ n }) => plan.requests[n]?.method !== 'HAND').filter((row) => row.state !== 'sent');
      expect(open).toEqual([]);
      const byHand = plan.requests.some(({ method }) => method === 'HAND');
      const reached = fixture.adapter.can.oneTime || isRecurring(option);
      expect([byHand, billed(fixture, state)]).toEqual(reached ? [false, plan.totals.price] : [true, ZERO]);
      if (reached) expectSettled(lookAt(fixture, option, { count: facts.count }, { state, synced }));
    },
  );
});

/** Counts of which nobody may guess a bill: what the grid answers, and that no PSA is asked for anything. */
const REFUSED: readonly (readonly [name: string, row: Partial<UsageLine>, code: string])[] = [
  ['a missing quantity', { quantity: null }, 'quantity is missing'],
  ['a missing price', { unitPrice: null }, 'price is missing'],
];

/** Counts that owe nothing. */
const NOTHING_DUE: readonly (readonly [name: string, row: Partial<UsageLine>])[] = [
  ['a trial', { trial: true }],
  ['0 users', { quantity: ZERO }],
];

/** Counts that are easily billed twice, or in part: what the customer owes for them. */
const OWED: readonly (readonly [name: string, rows: readonly Partial<UsageLine>[], money: string])[] = [
  ['two subscriptions of one product', [{ quantity: decimalOf(10) }, { quantity: decimalOf(5), row: 2 }], '45'],
  ['Business beside Pro', [{}, { subProductName: 'Proofpoint Pro', quantity: decimalOf(4), unitPrice: decimalOf(5), row: 2 }], '65'],
  ['a trial beside paid users', [{ quantity: decimalOf(4) }, { quantity: decimalOf(2), trial: true, row: 2 }], '12'],
  ['50 users of 51 licences', [{ quantity: decimalOf(50), licences: decimalOf(51) }], '150'],
];

describe.each(everyPsa)('%s, the counts that are hard', (_, fixture) => {
  const gridAt = (option: SyncOption, ...rows: Partial<UsageLine>[]) =>
    gridFor(factsAt(fixture, { count: december(...rows) }), choicesOf(fixture, option), fixture.adapter);

  test.each(under(REFUSED))('%s, %s is refused by name, and plans nothing', (option, _name, row, code) => {
    const { lines, blocks } = gridAt(option, row);
    expect([...new Set([...blocks, ...lines.flatMap((line) => line.blocks)].map((each) => each.code))]).toEqual([code]);
    expect(lines.flatMap(({ changes }) => changes)).toEqual([]);
  });

  test.each(under(NOTHING_DUE))('%s, %s owes nothing and plans nothing', (option, _name, row) => {
    const { lines, totals } = gridAt(option, row);
    expect([lines.flatMap(({ changes }) => changes), totals.price]).toEqual([[], ZERO]);
  });

  test.each(under(OWED))('%s, %s is billed once, and what cannot be billed is told with its money', async (option, _name, rows, money) => {
    const [facts, choices] = [factsAt(fixture, { count: december(...rows) }), choicesOf(fixture, option)];
    const grid = gridFor(facts, choices, fixture.adapter);
    expect(grid.lines.flatMap(({ blocks }) => blocks).concat(grid.blocks)).toEqual([]);
    const left = grid.left.flatMap((each) => each.money ?? []);
    expect(add(grid.totals.price, ...left)).toBe(money);
    if (fixture.adapter.limits.productRepeats) expect(left).toEqual([]);
    const plan = planFor(fixture, facts, choices);
    const { state, synced } = await delivered(fixture, { held: [], plans: () => [plan] }, null, { withheld: grid.withheld });
    expect(plan.requests.length).toBeGreaterThanOrEqual(grid.lines.length);
    const reached = fixture.adapter.can.oneTime || isRecurring(option);
    expect(billed(fixture, state)).toBe(reached ? grid.totals.price : ZERO);
    if (reached) expectSettled(lookAt(fixture, option, { count: facts.count }, { state, synced }));
  });

  test.each(SYNC_OPTIONS.filter(isRecurring))('%s: two lines that could be ours are the choice of the partner', (option) => {
    const { product, agreementId, adapter } = fixture;
    const held = { productId: product.id, productIdentifier: product.identifier, agreementId };
    const psaLines = [psaLine({ id: '900', ...held }), psaLine({ id: '901', ...held })];
    const grid = gridFor(factsAt(fixture, { psaLines }), choicesOf(fixture, option), adapter);
    expect([adapter.id, grid.lines.map(({ blocks, changes }) => [blocks.map(({ code }) => code), changes])]).toEqual([
      adapter.id,
      [[['several lines could be ours'], []]],
    ]);
  });
});

/** Money that the grid says rounding moves. */
function saidIn({ lines }: Grid): Decimal {
  const moved = lines.flatMap(({ warnings }) =>
    warnings.flatMap((warning) =>
      warning.code === 'quantity was rounded' || warning.code === 'price was rounded' ? [warning.money ?? ZERO] : [],
    ),
  );
  return add(...moved);
}

/** The same count once more changes nothing, however it was rounded. */
function expectSettled({ grid, problems }: ReturnType<typeof lookAt>): void {
  expect([problems.map(({ code }) => code), grid.lines.flatMap(({ changes }) => changes)]).toEqual([['nothing to sync'], []]);
}
