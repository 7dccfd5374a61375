import { expect, test } from 'vitest';
import { checkRecords, newestRecords, plansOfPeriod } from '../../src/storage/history';
import { confirmPlans } from '../../src/storage/plans';
import * as scene from '../delivery/scene';

test('the plans of a month, the newest first, each with what was refused of it', async () => {
  const db = await scene.freshDatabase();
  const connection = scene.connectionOf();
  await db.connections.put(connection);
  const plans = ['acme.com', 'globex.com'].map((site) => ({ plan: scene.planOf([scene.createOf('business', 15)], site), withheld: [] }));
  for (const plan of plans) await confirmPlans(db, scene.NOW, { plans: [plan], connection, today: scene.TODAY });
  const refused = await db.deliveries
    .where('plan')
    .equals(plans[0]?.plan.id ?? '')
    .toArray();
  await db.deliveries.update(refused[0]?.id ?? '', { state: 'refused' });
  const told = (await plansOfPeriod(db, scene.PERIOD)).map(({ plan, refused: count }) => [plan.customer?.site, count]);
  expect(told).toEqual([
    ['globex.com', 0],
    ['acme.com', 1],
  ]);
  expect(await plansOfPeriod(db, '2026-02')).toEqual([]);
});

test('the newest records, of how many, and the first that is not what was sealed', async () => {
  const db = await scene.freshDatabase();
  const connection = scene.connectionOf();
  await db.connections.put(connection);
  for (const site of ['acme.com', 'globex.com', 'initech.com'])
    await confirmPlans(db, scene.NOW, {
      plans: [{ plan: scene.planOf([scene.createOf('business', 15)], site), withheld: [] }],
      connection,
      today: scene.TODAY,
    });
  const { all, records } = await newestRecords(db, 2);
  expect([all, records.map(({ kind }) => kind)]).toEqual([3, ['plan confirmed', 'plan confirmed']]);
  expect(await checkRecords(db)).toEqual({ checked: 3, brokenAt: null });
  const second = records[1];
  await db.audit.delete(second?.seq ?? 0);
  expect(await checkRecords(db)).toEqual({ checked: 2, brokenAt: records[0]?.seq });
});
