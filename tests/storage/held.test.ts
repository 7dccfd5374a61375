import { expect, it } from 'vitest';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import type { SyncOption } from '../../src/domain/change';
import { codeOfLeft } from '../../src/domain/inverse';
import type { Plan, PlanLine } from '../../src/domain/plan';
import type { Database } from '../../src/storage/db';
import { gridFacts } from '../../src/storage/grid';
import * as scene from '../delivery/scene';

const CUSTOMER = { product: 'proofpoint', site: 'acme.com' };

it('a missed month knows what the plans of that month or before left in the recurring lines', async () => {
  const db = await scene.freshDatabase();
  await settled(db, 1, '2026-01', 'multi-product', [lineOf('business', '15'), lineOf('pro', '5')]);
  await settled(db, 2, '2026-02', 'multi-product', [lineOf('business', '16')]);
  await settled(db, 3, '2026-03', 'multi-product', [lineOf('business', '99')]);
  expect(await heldOf(db)).toEqual([
    ['business', '16'],
    ['pro', '5'],
  ]);
});

it('a single line holds its counts as one: no part of it is known by itself', async () => {
  const db = await scene.freshDatabase();
  await settled(db, 1, '2026-01', 'single line', [{ ...lineOf('business', '1'), subProducts: ['business', 'pro'] }]);
  expect(await heldOf(db)).toEqual([
    ['business', null],
    ['pro', null],
  ]);
});

it('a line that a one-time plan ended held nothing any more', async () => {
  const db = await scene.freshDatabase();
  await settled(db, 1, '2026-01', 'multi-product', [lineOf('business', '15')]);
  await settled(db, 2, '2026-02', 'one-time itemised', [{ ...lineOf('business', '0'), status: 'Ending' }, lineOf('business', '15')]);
  expect(await heldOf(db)).toEqual([['business', '0']]);
});

it('what an undo put back onto a line of a split is somebody’s word and was never counted', async () => {
  const db = await scene.freshDatabase();
  const left = [{ name: 'Seats', code: codeOfLeft('never made'), money: null }];
  await settled(db, 1, '2026-01', 'multi-product', [lineOf('business', '15')]);
  await settled(db, 2, '2026-02', 'multi-product', [lineOf('business', '24')], left);
  expect(await heldOf(db)).toEqual([['business', '15']]);
});

async function heldOf(db: Database) {
  await db.connections.put(scene.connectionOf());
  const asked = { customer: CUSTOMER, connection: 'cw', agreementId: null, psaCompany: null, calendar: DEFAULT_CALENDAR };
  const { held } = await gridFacts(db, { ...asked, period: '2026-02', today: '2026-04-03' });
  return [...(held ?? [])].sort();
}

async function settled(
  db: Database,
  seq: number,
  period: string,
  option: SyncOption,
  lines: readonly PlanLine[],
  left: Plan['left'] = [],
): Promise<void> {
  const id = `plan-${String(seq)}`;
  const plan: Plan = { ...scene.planOf([scene.createOf('business', 15)]), id, period, option, lines, left, requests: [] };
  await db.plans.add({
    ...{ id, plan, connection: 'cw', customer: 'proofpoint\u001facme.com', period, state: 'settled', set: id, position: 0, option },
    ...{ withheld: [], seq, confirmedAt: scene.NOW, confirmedOn: scene.TODAY },
  });
}

function lineOf(subProduct: string, syncedQuantity: string): PlanLine {
  return {
    ...{ lineKey: scene.keyOf(subProduct), status: 'Creating', name: subProduct, subProducts: [subProduct], effectiveDate: null },
    ...{ sentDate: null, quantity: syncedQuantity, syncedQuantity, reason: null, before: null, cost: null, price: null, total: null },
  };
}
