import { describe, expect, test } from 'vitest';
import { SYNC_OPTIONS, type SyncOption } from '../../src/domain/change';
import { add, decimalOf, lineTotal, subtract, ZERO, type Decimal } from '../../src/domain/decimal';
import { draftOf } from '../../src/domain/draft';
import type { Grid } from '../../src/domain/grid';
import { gridOf } from '../../src/domain/lines';
import { freezePlan, type Plan } from '../../src/domain/plan';
import type { PsaFixture } from '../psa/fixture.ts';
import { fixtures } from '../psa/fixtures/index.ts';
import { delivered } from '../psa/deliver.ts';
import { billing, linesIn, SITE } from '../psa/journeys.ts';
import { agreement, binding, december, gridInput } from '../support/grid.ts';

const company = { id: 'c1', name: '1st West Insurance', domains: [], externalId: null, status: 'active', source: 'pax8' } as const;

/** Quantities and prices that a vendor reports: whole, halves, prices with more digits than cents, a free product. */
const COUNTS: readonly (readonly [quantity: string, price: string, cost: string])[] = [
  ...[['15', '3', '2.44'] as const, ['1', '0.01', '0.01'] as const, ['50', '2.055', '1.999'] as const],
  ...[['12.5', '4', '3'] as const, ['3', '5.33', '3.46'] as const, ['51', '0', '0'] as const],
];

describe.each(fixtures.map((fixture) => [fixture.adapter.id, fixture] as const))('%s', (_, fixture) => {
  const cases = SYNC_OPTIONS.flatMap((option) => COUNTS.map(([quantity, price, cost]) => [option, quantity, price, cost] as const));

  test.each(cases)(
    '%s, %s at %s (cost %s): the PSA bills what was planned, and every cent that rounding moved was said',
    async (option, quantity, price, cost) => {
      const grid = gridFor(fixture, option, { quantity, price, cost });
      expect(grid.lines.flatMap(({ blocks }) => blocks).concat(grid.blocks)).toEqual([]);
      const exact = lineTotal(decimalOf(quantity), decimalOf(price), 'USD');
      expect(subtract(grid.totals.price, saidIn(grid))).toBe(exact);
      const plan = planOf(fixture, grid, option);
      expect(plan.totals.price).toBe(grid.totals.price);
      const { state, rows } = await delivered(fixture, { held: [], plans: () => [plan] }, null);
      const open = rows.filter(({ n }) => plan.requests[n]?.method !== 'HAND').filter((row) => row.state !== 'sent');
      expect(open).toEqual([]);
      const byHand = plan.requests.some(({ method }) => method === 'HAND');
      if (fixture.adapter.can.readBack) expect([byHand, billed(fixture, state)]).toEqual([false, plan.totals.price]);
      else expect(byHand).toBe(option.startsWith('one-time'));
    },
  );
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

function billed(fixture: PsaFixture, state: Parameters<typeof billing>[1]): Decimal {
  return add(...billing(fixture, state).map(({ quantity, price }) => lineTotal(decimalOf(quantity), decimalOf(price), 'USD')));
}

function gridFor(fixture: PsaFixture, option: SyncOption, counted: { quantity: string; price: string; cost: string }): Grid {
  const { adapter, tenant, product } = fixture;
  const bound = { psaProductId: product.id, identifier: product.identifier };
  return gridOf(
    gridInput({
      ...{ psa: { id: adapter.id, tenant, connection: 'cw' }, limits: adapter.limits, option },
      count: december({ quantity: decimalOf(counted.quantity), unitPrice: decimalOf(counted.price), unitCost: decimalOf(counted.cost) }),
      bindings: [binding(null, product.id, bound), binding('proofpoint-business', product.id, bound)],
      agreement: { ...agreement, id: fixture.agreementId },
      company: { id: 'c1', psaId: fixture.companyId },
      psaLines: adapter.can.readBack ? [] : null,
    }),
  );
}

function planOf(fixture: PsaFixture, grid: Grid, option: SyncOption): Plan {
  const { adapter, tenant, agreementId, companyId, settings, lookups } = fixture;
  const frozen = freezePlan(
    draftOf(grid, {
      ...{ psa: adapter.id, connection: { name: 'Ours', tenant }, company: { company, psaId: companyId }, vendor: 'Proofpoint' },
      ...{
        customer: { product: 'proofpoint', site: SITE },
        agreement: { ...agreement, id: agreementId },
        period: '2020-12',
        option,
        imports: [],
      },
    }),
    adapter.requests,
    { settings, lookups, linesOf: () => linesIn(fixture, fixture.sandbox()) },
  );
  if (!frozen.ok) throw new Error(JSON.stringify(frozen.error));
  return frozen.value;
}
