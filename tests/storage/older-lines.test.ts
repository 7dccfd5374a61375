import { expect, test } from 'vitest';
import { gridFacts } from '../../src/storage/grid';
import { markApplied, markDownloaded } from '../../src/storage/marks';
import { confirmPlans } from '../../src/storage/plans';
import * as scene from '../delivery/scene';

test.each([
  ['before the sync file was marked', '2026-04-03T08:00:00.000Z', ['recurring', 'one-time']],
  ['after it', '2026-04-03T11:00:00.000Z', []],
])('lines that were read %s are known to be that old', async (_, readAt, olderKinds) => {
  const db = await marked(readAt);
  expect((await gridFacts(db, asked)).olderKinds).toEqual(olderKinds);
});

test('a kind of lines that was never read is as good as old, and without recurring ones nothing is known', async () => {
  const db = await marked('2026-04-03T11:00:00.000Z');
  const mirror = { connection: 'cw', kind: 'lines', scope: '10', readAt: '2026-04-03T11:00:00.000Z', rows: [] } as const;
  await db.mirrors.put({ ...mirror, parts: { recurring: mirror.readAt } });
  const { psaLines, olderKinds } = await gridFacts(db, asked);
  await db.mirrors.put({ ...mirror, parts: { 'one-time': mirror.readAt } });
  expect([psaLines, olderKinds, (await gridFacts(db, asked)).psaLines]).toEqual([[], ['one-time'], null]);
});

const CUSTOMER = { product: 'proofpoint', site: 'acme.com' };
const asked = {
  ...{ customer: CUSTOMER, connection: 'cw', agreementId: '10', psaCompany: null },
  ...{ period: scene.PERIOD, today: scene.TODAY },
};

async function marked(readAt: string) {
  const db = await scene.freshDatabase();
  const connection = scene.connectionOf({ protocol: 'file' });
  const plan = scene.planOf([scene.createOf('business', 15)]);
  await db.connections.put(connection);
  await db.mirrors.put({ connection: 'cw', kind: 'lines', scope: '10', readAt, rows: [] });
  await confirmPlans(db, scene.NOW, { plans: [{ plan, withheld: [] }], connection, today: scene.TODAY });
  await markDownloaded(db, scene.NOW, plan.id);
  await markApplied(db, '2026-04-03T10:00:00.000Z', plan.id);
  return db;
}
