import { expect, test } from 'vitest';
import { customerKey } from '../../src/domain/marketplace';
import { decimalOf } from '../../src/domain/decimal';
import type { Database } from '../../src/storage/db';
import { deliveriesOfPlan, recordDelivery } from '../../src/storage/deliveries';
import { confirmPlans } from '../../src/storage/plans';
import { syncedOf } from '../../src/storage/synced';
import { tablesThen } from '../../src/storage/then';
import * as scene from '../delivery/scene';
import { createChange, keyOf, planOf, updateChange } from '../support/plans';

const SUB_PRODUCTS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'].map((n) => `sub-product-${n}`);
const CUSTOMER = customerKey({ product: 'proofpoint', site: '1stwestinsurance.com' });
const LATER = '2021-02-03T09:00:00.000Z';

test('the journal of a plan of ten lines is smaller than one record of its customer, and tells the record between any two requests', async () => {
  const db = await scene.freshDatabase();
  const made = SUB_PRODUCTS.map((own) => ({ ...createChange(), lineKey: keyOf(own), subProducts: [own] }));
  await delivered(db, planOf(made));
  await db.journal.clear();
  const after = { ...updateChange().after, quantity: decimalOf(16) };
  const moved = SUB_PRODUCTS.map((own, n) => ({
    ...updateChange({ lineId: String(900 + n), after }),
    lineKey: keyOf(own),
    subProducts: [own],
  }));
  const copies = await delivered(db, planOf(moved));
  const [journal, now] = [await db.journal.toArray(), await db.synced.toArray()];
  expect([journal.length, JSON.stringify(journal).length < JSON.stringify(now).length]).toEqual([10, true]);
  for (const { seq, synced } of copies) expect((await tablesThen(db, seq)).synced).toEqual([synced]);
});

async function delivered(db: Database, plan: ReturnType<typeof planOf>) {
  await confirmPlans(db, LATER, { plans: [{ plan, withheld: [] }], connection: scene.connectionOf(), today: scene.TODAY });
  const copies = [];
  for (const row of await deliveriesOfPlan(db, plan.id)) {
    await recordDelivery(db, LATER, row, { state: 'sent', proof: 'read back', lineId: String(900 + row.n), countedAt: LATER });
    const seq = (await db.meta.get('database'))?.lastSeq ?? 0;
    copies.push({ seq, synced: await syncedOf(db, CUSTOMER, scene.connectionOf().id) });
  }
  return copies;
}
