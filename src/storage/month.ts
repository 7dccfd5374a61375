import { DEFAULT_CALENDAR, shiftPeriod, type BillingCalendar, type Day, type Period } from '../domain/calendar';
import { catalogueOf, type Catalogue } from '../domain/catalogue';
import { countMonth, type MonthCount, type UsageImport } from '../domain/month';
import { verifyChunk } from '../domain/pack';
import { standingsOf, type ProductStanding } from '../domain/standing';
import type { Database } from './db';

/** The registry of products, sub-products, summaries and subscriptions. */
export async function catalogue(db: Database): Promise<Catalogue> {
  const [products, subProducts, summaries, subscriptions] = await Promise.all([
    db.products.toArray(),
    db.subProducts.toArray(),
    db.summaries.toArray(),
    db.subscriptions.toArray(),
  ]);
  return catalogueOf({ products, subProducts, summaries, subscriptions });
}

const verified = new Set<string>();

/** The committed imports that touch any of the periods, oldest first. Throws `record is damaged` for a chunk that is not what was written. */
export async function committedUsage(db: Database, periods: readonly Period[]): Promise<UsageImport[]> {
  const records = (await db.imports.where('state').equals('committed').toArray())
    .filter((record) => record.periods.some((period) => periods.includes(period)))
    .sort((left, right) => left.seq - right.seq);
  const chunks = await Promise.all(records.map((record) => db.usage.where('importId').equals(record.id).toArray()));
  return records.map((record, index) => {
    const own = chunks[index] ?? [];
    for (const chunk of own) {
      const name = `${db.uuid}/${chunk.importId}/${String(chunk.slice)}`;
      if (verified.has(name)) continue;
      verifyChunk(chunk);
      verified.add(name);
    }
    return { record, chunks: own };
  });
}

/** Which source bills each product, as the partner chose or the first import of the product decided. */
export async function billingSources(db: Database): Promise<Map<string, string>> {
  const setting = await db.settings.get('billing sources');
  return new Map(Object.entries((setting?.value ?? {}) as Record<string, string>));
}

/** A period counted, with the one before it. */
export async function countedMonth(
  db: Database,
  period: Period,
  calendar: BillingCalendar = DEFAULT_CALENDAR,
): Promise<{ month: MonthCount; previous: MonthCount; catalogue: Catalogue }> {
  const before = shiftPeriod(period, -1);
  const [usage, names, billedBy] = await Promise.all([committedUsage(db, [period, before]), catalogue(db), billingSources(db)]);
  return {
    month: countMonth(usage, names, period, { calendar, billedBy }),
    previous: countMonth(usage, names, before, { calendar, billedBy }),
    catalogue: names,
  };
}

/** Every product with every customer's standing in a period: what Subscriptions and Unsynced show. */
export async function monthStanding(
  db: Database,
  asked: { period: Period; today: Day; calendar?: BillingCalendar },
): Promise<ProductStanding[]> {
  const { period, today, calendar = DEFAULT_CALENDAR } = asked;
  const [counted, companies, assignments, synced, prices] = await Promise.all([
    countedMonth(db, period, calendar),
    db.companies.toArray(),
    db.assignments.toArray(),
    db.synced.toArray(),
    db.prices.toArray(),
  ]);
  return standingsOf({ ...counted, companies, assignments, synced, prices, today, calendar });
}
