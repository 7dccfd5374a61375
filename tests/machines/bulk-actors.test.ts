import { expect, test } from 'vitest';
import { waitFor } from 'xstate';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import type { Plan } from '../../src/domain/plan';
import type { BulkItem } from '../../src/domain/sync-bulk';
import { startBulk } from '../../src/machines/bulk-actors';
import * as scene from '../delivery/scene';

const CUSTOMER = { product: 'proofpoint', site: 'acme.com' };
const fifteen = scene.planOf([scene.createOf('business', 15)]);
const sixteen = scene.planOf([scene.createOf('business', 16)]);

test('what is confirmed is what was shown: plans that changed meanwhile are shown again', async () => {
  const { db, bulk, found } = await started([fifteen, sixteen, sixteen]);
  bulk.send({ type: 'confirm' });
  const refused = await waitFor(bulk, (snapshot) => !snapshot.hasTag('busy'));
  expect([refused.value, refused.context.problem, found(), await db.plans.count()]).toEqual([
    'summary',
    { code: 'plan changed meanwhile' },
    [[fifteen.id], [sixteen.id]],
    0,
  ]);
  bulk.send({ type: 'confirm' });
  const confirmed = await waitFor(bulk, (snapshot) => !snapshot.hasTag('busy'));
  expect([confirmed.value, (await db.plans.toArray()).map(({ id }) => id)]).toEqual(['delivering', [sixteen.id]]);
});

async function started(plans: readonly Plan[]) {
  const db = await scene.freshDatabase();
  await db.connections.put(scene.connectionOf());
  const answers = [...plans];
  const seen: string[][] = [];
  const bulk = startBulk({
    db,
    ...{ now: () => scene.NOW, today: () => scene.TODAY, period: () => scene.PERIOD, calendar: DEFAULT_CALENDAR },
    found: (items) => void seen.push(items.flatMap((item) => item.plans.map(({ plan }) => plan.id))),
    plan: () => Promise.resolve(answers.splice(0, 1).map((plan) => itemOf(plan))),
  });
  bulk.send({ type: 'plan', customers: [CUSTOMER] });
  await waitFor(bulk, (snapshot) => snapshot.value === 'summary');
  return { db, bulk, found: () => seen };
}

function itemOf(plan: Plan): BulkItem {
  return { customer: CUSTOMER, connection: 'cw', plans: [{ plan, withheld: [] }], problems: [], warnings: [] };
}
