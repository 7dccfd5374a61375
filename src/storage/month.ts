import { DEFAULT_CALENDAR, shiftPeriod, type BillingCalendar, type Day, type Period } from '../domain/calendar';
import { catalogueOf, type Catalogue } from '../domain/catalogue';
import { customerOf } from '../domain/marketplace';
import { countMonth, type MonthCount, type UsageImport } from '../domain/month';
import { verifyChunk } from '../domain/unpack';
import type { UsageChunk } from '../domain/usage';
import { standingsInSteps, type ProductStanding } from '../domain/standing';
import { withRests, type Rest } from '../domain/steps';
import { billingSources } from './billing-source';
import { newestAgreements } from './mirrors';
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
  return Promise.all(
    records.map(async (record) => {
      const chunks = await db.usage.where('importId').equals(record.id).toArray();
      for (const chunk of chunks) verifyOnce(db, chunk);
      return { record, chunks };
    }),
  );
}

function verifyOnce(db: Database, chunk: UsageChunk): void {
  const name = `${db.uuid}/${chunk.importId}/${String(chunk.slice)}`;
  if (verified.has(name)) return;
  verifyChunk(chunk);
  verified.add(name);
}

/** A period counted, with the one before it; a `rest` comes between them. */
export async function countedMonth(
  db: Database,
  period: Period,
  calendar: BillingCalendar = DEFAULT_CALENDAR,
  rest?: Rest,
): Promise<CountedMonth> {
  const before = shiftPeriod(period, -1);
  const [usage, names, billedBy] = await Promise.all([committedUsage(db, [period, before]), catalogue(db), billingSources(db)]);
  return countedFrom({ usage, names, billedBy }, period, calendar, rest);
}

export interface CountedMonth {
  readonly month: MonthCount;
  readonly previous: MonthCount;
  /** The same period as each source counts it that does not bill. */
  readonly others: readonly { readonly source: string; readonly month: MonthCount }[];
  readonly catalogue: Catalogue;
}

/** What a count rests on: imports of the period and of the one before it, oldest first, the names, and which source bills each product. */
export interface CountInput {
  readonly usage: readonly UsageImport[];
  readonly names: Catalogue;
  readonly billedBy: ReadonlyMap<string, string>;
}

export async function countedFrom(
  { usage, names, billedBy }: CountInput,
  period: Period,
  calendar: BillingCalendar,
  rest?: Rest,
): Promise<CountedMonth> {
  const before = shiftPeriod(period, -1);
  const month = countMonth(usage, names, period, { calendar, billedBy });
  await rest?.();
  const sources = new Set([...month.compared.values()].flatMap((others) => [...others]));
  return {
    month,
    others: [...sources].map((source) => ({
      source,
      month: countMonth(usage, names, period, { calendar, billedBy: insteadOf(month, source) }),
    })),
    previous: countMonth(usage, names, before, { calendar, billedBy }),
    catalogue: names,
  };
}

/** The products that a source reports without billing them, as if it billed them; what it does not report is billed by nobody here. */
function insteadOf(month: MonthCount, source: string): Map<string, string> {
  const products = new Set(month.customers.map((key) => customerOf(key).product));
  return new Map(
    [...products, ...month.compared.keys()].map((product) => [product, month.compared.get(product)?.has(source) === true ? source : '']),
  );
}

/** Every product with every customer's standing in a period: what Subscriptions and Unsynced show. In small steps where there is a `rest`. */
export async function monthStanding(
  db: Database,
  asked: { period: Period; today: Day; calendar?: BillingCalendar },
  rest?: Rest,
): Promise<ProductStanding[]> {
  const { period, today, calendar = DEFAULT_CALENDAR } = asked;
  const [counted, companies, assignments, synced, prices, rules, bindings, agreements] = await Promise.all([
    countedMonth(db, period, calendar, rest),
    db.companies.toArray(),
    db.assignments.toArray(),
    db.synced.toArray(),
    db.prices.toArray(),
    db.rules.toArray(),
    db.bindings.toArray(),
    newestAgreements(db),
  ]);
  const ground = { bindings, agreements };
  return withRests(standingsInSteps({ ...counted, companies, assignments, synced, prices, rules, ground, today, calendar }), rest);
}

/** A product that more than one source reports in a period, and the one that bills it. */
export interface ProductSources {
  readonly product: string;
  readonly name: string;
  readonly bills: string;
  readonly sources: readonly string[];
}

/** The products of a period between whose sources the partner can choose. */
export async function productSources(db: Database, period: Period): Promise<ProductSources[]> {
  const { month, catalogue } = await countedMonth(db, period);
  return [...month.compared].map(([product, others]) => {
    const bills = month.billedBy.get(product) ?? '';
    return { product, name: catalogue.products.get(product)?.name ?? product, bills, sources: [...new Set([bills, ...others])].sort() };
  });
}
