import { newestFinalPeriod, DEFAULT_CALENDAR, type BillingCalendar, type Day, type Period } from '../domain/calendar';
import type { Catalogue } from '../domain/catalogue';
import { hashOf } from '../domain/canonical';
import { isRecurring } from '../domain/change';
import { add, lineTotal, type Decimal } from '../domain/decimal';
import type { NameTemplate } from '../domain/line-name';
import { customerKey, versionFor, type Company, type Customer } from '../domain/marketplace';
import type { MonthCount } from '../domain/month';
import { priceOf } from '../domain/price';
import { problem, ProblemError } from '../domain/problem';
import { bills, entriesByCustomer, siteCountOf, unknownCount, type SiteCount } from '../domain/snapshot';
import { subscriptionStartOf } from '../domain/standing';
import type { SyncFacts } from '../domain/sync';
import type { Database } from './db';
import { agreementsOfCompany, mirrorOf } from './mirrors';
import { countedMonth } from './month';
import type { PlanRecord } from './rows';
import { nameTemplate } from './settings';
import { syncedOf } from './synced';

/** What the grid of one customer at one connection is asked for. */
export interface GridQuestion {
  readonly customer: Customer;
  readonly connection: string;
  readonly agreementId: string | null;
  /** The company in the PSA, where the wizard chose one that is not linked yet. */
  readonly psaCompany: string | null;
  readonly period: Period;
  readonly today: Day;
  readonly calendar?: BillingCalendar;
}

/** A counted month with what every customer of it shares. Counting is the dear part: it is done once for all of them. */
export interface MonthFacts {
  readonly period: Period;
  readonly today: Day;
  readonly calendar: BillingCalendar;
  readonly catalogue: Catalogue;
  readonly template: NameTemplate;
  readonly countOf: (customer: Customer) => SiteCount;
  readonly previousOf: (customer: Customer) => SiteCount | null;
}

/** Everything stored that the lines of one customer rest on. Throws `record is damaged` for a connection that is not there. */
export async function gridFacts(db: Database, question: GridQuestion): Promise<SyncFacts> {
  const { period, today, calendar = DEFAULT_CALENDAR } = question;
  return customerFacts(db, await monthFacts(db, period, today, calendar), question);
}

export async function monthFacts(db: Database, period: Period, today: Day, calendar: BillingCalendar): Promise<MonthFacts> {
  const { month, previous, catalogue } = await countedMonth(db, period, calendar);
  const counts = countsOf(month, catalogue);
  const before = countsOf(previous, catalogue);
  return {
    period,
    today,
    calendar,
    catalogue,
    template: await nameTemplate(db),
    countOf: (customer) => counts(customer) ?? unknownCount(customer, period, null),
    previousOf: before,
  };
}

/** The facts of one customer of a counted month. */
export async function customerFacts(
  db: Database,
  month: MonthFacts,
  { customer, connection: id, agreementId, psaCompany }: Pick<GridQuestion, 'customer' | 'connection' | 'agreementId' | 'psaCompany'>,
): Promise<SyncFacts> {
  const { period, today, calendar, catalogue } = month;
  const [connection, assignments, bindings, subProducts, synced] = await Promise.all([
    db.connections.get(id),
    db.assignments.where('[product+site]').equals([customer.product, customer.site]).toArray(),
    db.bindings.where('[connection+product]').equals([id, customer.product]).toArray(),
    db.subProducts.where('product').equals(customer.product).toArray(),
    syncedOf(db, customerKey(customer), id),
  ]);
  if (connection === undefined) throw new ProblemError(problem('record is damaged', { what: `connection ${id}` }));
  const company = (await db.companies.get(versionFor(assignments, period)?.company ?? '')) ?? null;
  const link = company === null ? undefined : await db.links.get([id, company.id]);
  const count = month.countOf(customer);
  const keys = [...new Set([...subProducts.map(({ key }) => key), ...count.counts.map(({ subProduct }) => subProduct)])];
  const place = psaCompany ?? link?.psaCompany ?? null;
  const [prices, agreements, lines, plans] = await Promise.all([
    db.prices.where('subProduct').anyOf(keys).toArray(),
    place === null ? undefined : agreementsOfCompany(db, id, place),
    agreementId === null ? undefined : mirrorOf(db, id, 'lines', agreementId),
    period < newestFinalPeriod(today, calendar) ? db.plans.where('customer').equals(customerKey(customer)).toArray() : null,
  ]);
  const product = catalogue.products.get(customer.product);
  const imports = [...new Set(count.counts.flatMap(({ evidence }) => evidence.map(({ importId }) => importId)))].sort();
  return {
    customer,
    connection,
    vendor: product?.vendor ?? customer.product,
    productName: product?.name ?? customer.product,
    company,
    link: link === undefined ? null : { id: link.psaCompany, name: link.psaName },
    count,
    lastMonth: lastMonthOf(month.previousOf(customer), company, prices),
    subProducts,
    prices,
    bindings: [...new Set(bindings.map(({ subProduct }) => subProduct))].flatMap(
      (subProduct) =>
        versionFor(
          bindings.filter((version) => version.subProduct === subProduct),
          period,
        ) ?? [],
    ),
    agreements: agreements?.rows ?? null,
    agreementsReadAt: agreements?.readAt ?? null,
    psaLines: lines?.rows ?? null,
    linesReadAt: lines?.readAt ?? null,
    synced,
    held: plans === null ? null : await heldAt(db, plans, id, period),
    subscriptionStart: subscriptionStartOf(catalogue, customer.product, count.subscription),
    period,
    today,
    calendar,
    template: month.template,
    imports,
    fingerprint: fingerprintOf(count, imports),
  };
}

/** What the recurring lines held when the invoice of a missed month was made: as the newest plans of that month or before left them. */
async function heldAt(
  db: Database,
  plans: readonly PlanRecord[],
  connection: string,
  period: Period,
): Promise<ReadonlyMap<string, Decimal>> {
  const done = plans
    .filter((record) => record.connection === connection && record.period <= period)
    .filter(({ state, option }) => (state === 'settled' || state === 'applied') && option !== null && isRecurring(option))
    .sort((left, right) => (left.period === right.period ? left.seq - right.seq : left.period < right.period ? -1 : 1));
  const rows = await db.deliveries
    .where('plan')
    .anyOf(done.map(({ id }) => id))
    .toArray();
  const refused = new Set(rows.filter(({ state }) => state !== 'sent').map(({ plan, n }) => `${plan}/${String(n)}`));
  const held = new Map<string, Decimal>();
  for (const { id, plan } of done) {
    const failed = new Set(plan.requests.filter((_, n) => refused.has(`${id}/${String(n)}`)).map(({ line }) => line.lineKey));
    for (const { lineKey, subProducts, syncedQuantity } of plan.lines) {
      const [only] = subProducts;
      if (failed.has(lineKey) || subProducts.length !== 1 || only === undefined || syncedQuantity === null) continue;
      held.set(only, syncedQuantity as Decimal);
    }
  }
  return held;
}

function countsOf(month: MonthCount, catalogue: Catalogue): (customer: Customer) => SiteCount | null {
  const at = new Map(month.customers.map((key, index) => [key, index]));
  const entries = entriesByCustomer(month);
  return (customer) => {
    const index = at.get(customerKey(customer));
    return index === undefined ? null : siteCountOf(month, index, entries[index] ?? [], catalogue);
  };
}

function lastMonthOf(before: SiteCount | null, company: Company | null, prices: Parameters<typeof priceOf>[2]): Decimal | null {
  if (before === null) return null;
  const totals = before.counts.filter(bills).map((count) => {
    const { price, currency } = priceOf(count, company?.id ?? null, prices, before.period);
    return count.quantity === null || price === null || currency === null ? null : lineTotal(count.quantity, price, currency);
  });
  return totals.every((total) => total !== null) ? add(...totals) : null;
}

function fingerprintOf({ how, date, counts }: SiteCount, imports: readonly string[]): string {
  const quantities = counts.map(({ subProduct, quantity, trialQuantity, price, cost, currency }) => [
    subProduct,
    quantity,
    trialQuantity,
    price,
    cost,
    currency,
  ]);
  return hashOf([how, date, quantities, imports]);
}
