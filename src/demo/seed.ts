import type { Json } from '../domain/canonical';
import type { Synced } from '../domain/synced';
import { write, type Database } from '../storage/db';
import type { Choice } from '../storage/rows';
import { bindings } from './catalog';
import { idOf } from './companies';
import { connection, demoConnectwise } from './connectwise';
import { demoAutotask } from './autotask';
import { demoHalopsa } from './halopsa';
import { demoKaseyaBms } from './kaseya-bms';
import { demoSuperops } from './superops';
import { demoSyncro } from './syncro';
import { syncedRecords } from './lines';
import { assignments, registry } from './marketplace';
import { linksOf, mirrorsOf, type DemoPsa } from './psas';
import { imports } from './usage';

/** The setting that holds the demo's day, and the day on which the demo starts: December 2020 is final. */
const DEMO_DATE = 'demo date';
const FIRST_DAY = '2021-01-03';

/**
 * Fills an empty database with the demo: a partner, its customers, six months of usage and a sandbox of each PSA. A database that is
 * seeded is left alone, one that holds anything else is refused. The same `now` gives the same content.
 */
export async function seedDemo(db: Database, now: string): Promise<void> {
  if (await isSeeded(db)) return;
  const known = registry();
  const usage = imports();
  const synced = syncedRecords(connection);
  const psas: readonly DemoPsa[] = [demoConnectwise(synced), demoAutotask(), demoHalopsa(), demoKaseyaBms(), demoSyncro(), demoSuperops()];
  const mirrors = psas.flatMap(mirrorsOf);
  await write(db, now, TABLES, async ({ next, audit }) => {
    if (await isSeeded(db)) return;
    if ((await db.imports.count()) + (await db.companies.count()) > 0)
      throw new RangeError('the demo is not written into a database with data');
    await Promise.all([
      db.companies.bulkAdd(known.companies),
      db.products.bulkAdd(known.products),
      db.subProducts.bulkAdd(known.subProducts),
      db.subscriptions.bulkAdd(known.subscriptions),
      db.summaries.bulkAdd(known.summaries),
      db.assignments.bulkAdd(assignments(next)),
      db.imports.bulkAdd(usage.map(({ record }) => ({ ...record, seq: next() }))),
      db.usage.bulkAdd(usage.flatMap(({ chunks }) => chunks)),
      db.connections.bulkAdd(psas.map((psa) => psa.connection)),
      db.sandboxes.bulkAdd(psas.map((psa) => ({ connection: psa.connection.id, state: psa.now as unknown as Json }))),
      db.mirrors.bulkAdd(mirrors),
      db.links.bulkAdd(psas.flatMap((psa) => linksOf(psa, next))),
      db.bindings.bulkAdd(bindings(connection.id, next)),
      db.synced.bulkAdd(synced),
      db.choices.bulkAdd(synced.map(choiceOf)),
      db.settings.bulkAdd([
        { key: DEMO_DATE, value: FIRST_DAY },
        { key: 'own company', value: idOf('own') },
      ]),
    ]);
    await audit('demo seeded', connection.id, { companies: known.companies.length, sites: known.summaries.length });
  });
}

/** Throws the demo away, with everything done in it, and seeds it again. Refused in a database that is no demo. */
export async function resetDemo(db: Database, now: string): Promise<void> {
  await db.transaction('rw', db.tables, async () => {
    if (!(await isSeeded(db))) throw new RangeError('this database is not the demo');
    await Promise.all(db.tables.filter(({ name }) => name !== 'meta').map((table) => table.clear()));
    await db.meta.update('database', { lastSeq: 0 });
    await seedDemo(db, now);
  });
}

const TABLES = [
  ...['companies', 'products', 'subProducts', 'subscriptions', 'summaries', 'assignments', 'imports', 'usage'],
  ...['connections', 'sandboxes', 'mirrors', 'links', 'bindings', 'synced', 'choices', 'settings'],
];

async function isSeeded(db: Database): Promise<boolean> {
  return (await db.settings.get(DEMO_DATE)) !== undefined;
}

function choiceOf({ customer, option, agreementId }: Synced): Choice {
  return { customer, connection: connection.id, option, agreementId, zero: 'date', at: `${FIRST_DAY}T08:00:00.000Z` };
}
