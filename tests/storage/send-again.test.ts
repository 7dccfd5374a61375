import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/domain/change';
import { problem } from '../../src/domain/problem';
import type { Plan } from '../../src/domain/plan';
import type { Database } from '../../src/storage/db';
import { deliveriesOfPlan, recordDelivery } from '../../src/storage/deliveries';
import { confirmPlans } from '../../src/storage/plans';
import { sendAgain } from '../../src/storage/send-again';
import * as scene from '../delivery/scene';

const OLD = [scene.updateOf('advanced', 5, 6, '500')];
const NEWER = scene.updateOf('advanced', 5, 7, '500');
const elsewhere: Change = { ...(scene.createOf('advanced', 7, { agreementId: '11' }) as Extract<Change, { kind: 'create' }>) };

describe('a refused request of an old plan', () => {
  it.each([
    ['changed its line', [NEWER]],
    ['bills its sub-product on another agreement', [elsewhere]],
  ])('is not sent again, not even anyway, once a newer plan %s', async (_, changes) => {
    const { db, id } = await refused(OLD);
    const newer = await planned(db, changes);
    await settle(db, newer, 'sent');
    for (const forced of [false, true])
      await expect(sendAgain(db, scene.NOW, id, forced)).rejects.toMatchObject({
        problem: problem('newer plan has the line', { line: 'advanced', plan: newer.id }),
      });
    expect((await db.deliveries.get(id))?.state).toBe('refused');
  });

  it('is not sent again while a newer plan of its line is open', async () => {
    const { db, id } = await refused(OLD);
    await planned(db, [NEWER]);
    await expect(sendAgain(db, scene.NOW, id, true)).rejects.toMatchObject({ problem: { code: 'newer plan has the line' } });
  });

  it('is not sent again when a newer plan found its line unchanged', async () => {
    const { db, id } = await refused(OLD);
    const line = { lineKey: scene.keyOf('advanced'), status: 'Unchanged', name: 'advanced', subProducts: ['advanced'] } as const;
    const none = { quantity: null, syncedQuantity: null, reason: null, before: null, cost: null, price: null, total: null };
    const seen = scene.planOf([scene.createOf('business', 1)], 'acme.com', 0, [{ ...line, ...none, effectiveDate: null, sentDate: null }]);
    await confirm(db, seen);
    await settle(db, seen, 'sent');
    await expect(sendAgain(db, scene.NOW, id, true)).rejects.toMatchObject({ problem: { code: 'newer plan has the line' } });
  });

  it.each([
    ['is about another line', [scene.createOf('business', 1)], 'sent'],
    ['was refused itself', [NEWER], 'refused'],
  ] as const)('goes again when the newer plan %s', async (_, changes, outcome) => {
    const { db, id } = await refused(OLD);
    await settle(db, await planned(db, changes), outcome);
    await sendAgain(db, scene.NOW, id, false);
    expect((await db.deliveries.get(id))?.state).toBe('pending');
  });

  it('goes again when its plan was confirmed once more after the newer one', async () => {
    const { db, plan, id } = await refused(OLD);
    await settle(db, await planned(db, [NEWER]), 'sent');
    await confirm(db, plan);
    await settle(db, plan, 'refused');
    await sendAgain(db, scene.NOW, id, false);
    expect((await db.deliveries.get(id))?.state).toBe('pending');
  });
});

async function refused(changes: readonly Change[]): Promise<{ readonly db: Database; readonly plan: Plan; readonly id: string }> {
  const db = await scene.freshDatabase();
  const plan = await planned(db, changes);
  await settle(db, plan, 'refused');
  return { db, plan, id: `${plan.id}/0` };
}

async function planned(db: Database, changes: readonly Change[]): Promise<Plan> {
  const plan = scene.planOf(changes);
  await confirm(db, plan);
  return plan;
}

async function confirm(db: Database, plan: Plan): Promise<void> {
  await confirmPlans(db, scene.NOW, { plans: [{ plan, withheld: [] }], connection: scene.connectionOf(), today: scene.TODAY });
}

async function settle(db: Database, { id }: Plan, state: 'sent' | 'refused'): Promise<void> {
  for (const row of await deliveriesOfPlan(db, id))
    await recordDelivery(db, scene.NOW, row, { state, problem: state === 'sent' ? null : problem('line is gone', { line: 'advanced' }) });
}
