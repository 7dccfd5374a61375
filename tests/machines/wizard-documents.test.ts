import { expect, test } from 'vitest';
import { waitFor, type Actor } from 'xstate';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { customerKey } from '../../src/domain/marketplace';
import { syncedKey } from '../../src/domain/synced';
import { resumeWizard } from '../../src/machines/resume';
import { placeOf, wizard } from '../../src/machines/wizard';
import { outlook, wizardActors, type WizardMeans } from '../../src/machines/wizard-actors';
import type { Database } from '../../src/storage/db';
import { mirrorOf } from '../../src/storage/mirrors';
import { CONNECTION, devices, january, NOW, seeded } from '../demo/demo';

const CUSTOMER = devices('Cedar Ridge Law');
const HALO = 'demo-halopsa';

test('a PSA that takes lines back whole is asked for those of every invoice on which a line of ours stands', async () => {
  const db = await seeded();
  await remember(db, HALO, '-504', '-506');
  const { actor, stop } = await opened(db);
  expect([placeOf(actor.getSnapshot()), actor.getSnapshot().context.connection]).toEqual(['grid', HALO]);
  await db.mirrors.delete([HALO, 'lines', '-506']);
  actor.send({ type: 'continue' });
  await waitFor(actor, (snapshot) => !snapshot.hasTag('busy'));
  expect((await mirrorOf(db, HALO, 'lines', '-506'))?.rows.map(({ id, description }) => [id, description])).toEqual([
    ['1802', 'Proofpoint Business'],
  ]);
  stop();
});

test('a PSA that writes one line at a time is asked for those of the chosen agreement alone', async () => {
  const db = await seeded();
  await remember(db, CONNECTION, '504', '506');
  const { actor, stop } = await opened(db);
  await db.mirrors.bulkDelete([
    [CONNECTION, 'lines', '504'],
    [CONNECTION, 'lines', '506'],
  ]);
  actor.send({ type: 'continue' });
  await waitFor(actor, (snapshot) => !snapshot.hasTag('busy'));
  const read = await Promise.all(['504', '506'].map((agreement) => mirrorOf(db, CONNECTION, 'lines', agreement)));
  expect(read.map((mirror) => mirror === undefined)).toEqual([false, true]);
  stop();
});

/** The customer was synced onto `before`, and its choice is another agreement by now. */
async function remember(db: Database, connection: string, chosen: string, before: string): Promise<void> {
  const customer = customerKey(CUSTOMER);
  const known = await db.synced.get(syncedKey(customer, CONNECTION));
  if (known === undefined) throw new Error('nothing was synced');
  await db.synced.where('customer').equals(customer).delete();
  await db.choices.where('customer').equals(customer).delete();
  const lines = known.lines.map((line) => ({ ...line, agreementId: before, lineId: connection === HALO ? '1802' : line.lineId }));
  await db.synced.put({ ...known, key: syncedKey(customer, connection), connection, agreementId: before, lines });
  await db.choices.put({ customer, connection, option: 'multi-product', agreementId: chosen, zero: 'date', at: NOW });
  const bindings = await db.bindings.where('[connection+product]').equals([CONNECTION, CUSTOMER.product]).toArray();
  if (connection !== CONNECTION)
    await db.bindings.bulkPut(bindings.map((binding) => ({ ...binding, connection, psaProductId: '1902', from: null, until: null })));
}

async function opened(db: Database) {
  const means: WizardMeans = {
    db,
    now: () => new Date(NOW),
    newId: () => crypto.randomUUID(),
    wait: () => Promise.resolve(),
    today: () => january.today,
    stamp: () => NOW,
    calendar: DEFAULT_CALENDAR,
  };
  const shelf = { load: () => Promise.resolve(undefined), save: () => Promise.resolve(), clear: () => Promise.resolve() };
  const chart = wizard.provide(wizardActors(means));
  const resumed = await resumeWizard(chart, shelf, { ...CUSTOMER, period: january.period }, (context) => outlook(means, context));
  const actor = resumed as unknown as Actor<typeof wizard>;
  await waitFor(actor, (snapshot) => !snapshot.hasTag('busy'));
  return { actor, stop: () => actor.stop() };
}
