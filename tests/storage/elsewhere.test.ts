import { expect, it, test } from 'vitest';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { decimalOf } from '../../src/domain/decimal';
import { problem } from '../../src/domain/problem';
import { syncedKey, type SyncedLine } from '../../src/domain/synced';
import { adapterOf } from '../../src/psa';
import { bulkPlans } from '../../src/storage/bulk';
import type { Database } from '../../src/storage/db';
import { gridFacts } from '../../src/storage/grid';
import * as scene from '../delivery/scene';
import { syncedLine } from '../support/grid';

const CUSTOMER = { product: 'proofpoint', site: 'acme.com' };
const SAID = problem('customer is synced elsewhere', { site: 'acme.com', connection: 'The old ConnectWise' });

test.each<[string, Partial<SyncedLine>, boolean]>([
  ['a recurring line that is live', {}, true],
  ['a recurring line that was ended', { endedOn: '2026-02-28' }, false],
  ['a one-time line of the same month', { option: 'one-time itemised', period: scene.PERIOD }, true],
  ['a one-time line of another month', { option: 'one-time itemised', period: '2026-02' }, false],
  ['a recurring line that stands at 0', { quantity: decimalOf(0) }, false],
])('%s at another connection: the customer would be billed twice, and that is said', async (_, line, said) => {
  const db = await withLineAt('old', line);
  const { count } = await gridFacts(db, { ...asked, period: scene.PERIOD, today: scene.TODAY });
  expect(count.warnings.filter(({ code }) => code === SAID.code)).toEqual(said ? [SAID] : []);
});

it('at this connection alone is nothing to say', async () => {
  const db = await withLineAt('cw', {});
  const { count } = await gridFacts(db, { ...asked, period: scene.PERIOD, today: scene.TODAY });
  expect(count.warnings).toEqual([]);
});

it('is left out of the sync of many', async () => {
  const db = await withLineAt('old', {});
  await db.choices.put({
    ...{ customer: 'proofpoint\u001facme.com', connection: 'cw', option: 'multi-product', agreementId: '10', zero: 'date', at: scene.NOW },
  });
  await db.mirrors.put({ connection: 'cw', kind: 'lines', scope: '10', readAt: scene.NOW, rows: [] });
  const question = { customers: [CUSTOMER], period: scene.PERIOD, today: scene.TODAY, calendar: DEFAULT_CALENDAR };
  const [item] = await bulkPlans(db, question, adapterOf);
  expect([item?.plans, item?.problems[0]]).toEqual([[], SAID]);
});

const asked = { customer: CUSTOMER, connection: 'cw', agreementId: null, psaCompany: null };

async function withLineAt(connection: string, line: Partial<SyncedLine>): Promise<Database> {
  const db = await scene.freshDatabase();
  const customer = 'proofpoint\u001facme.com';
  await db.connections.bulkPut([scene.connectionOf(), scene.connectionOf({ id: 'old', name: 'The old ConnectWise', tenant: 'before' })]);
  await db.synced.put({
    ...{ key: syncedKey(customer, connection), customer, connection, company: 'c1', agreementId: '10', option: 'multi-product' },
    ...{ lines: [syncedLine({ lineKey: scene.keyOf('business'), ...line })], withheld: null },
  });
  return db;
}
