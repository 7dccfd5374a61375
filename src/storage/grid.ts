import type { Binding, PsaLine } from '../domain/agreement';
import { billableCount } from '../domain/billable';
import { newestFinalPeriod, DEFAULT_CALENDAR, type BillingCalendar, type Day, type Period } from '../domain/calendar';
import { subscriptionStartOf, type Catalogue } from '../domain/catalogue';
import { hashOf } from '../domain/canonical';
import { isRecurring } from '../domain/change';
import { add, lineTotal, ZERO, type Decimal } from '../domain/decimal';
import { customerKey, versionFor, type Company, type Customer } from '../domain/marketplace';
import type { MonthCount } from '../domain/month';
import { priceOf, type PriceVersion } from '../domain/price';
import { problem, ProblemError, type Problem } from '../domain/problem';
import { bills, entriesByCustomer, siteCountOf, unknownCount, type SiteCount } from '../domain/snapshot';
import type { SyncFacts } from '../domain/sync-facts';
import { syncedKey, type Synced, type SyncedLine } from '../domain/synced';
import type { Database } from './db';
import type { GridQuestion, MonthFacts } from './grid-question';
import { heldAt } from './held';
import { linesReadAt } from './mirrors';
import { countedMonth, type CountedMonth } from './month';
import { nameTemplate } from './settings';
import { grouped, placeKey, storedFor, type Holders, type Stored } from './stored';

/** Everything stored that the lines of one customer rest on. Throws `record is damaged` for a connection that is not there. */
export async function gridFacts(db: Database, question: GridQuestion): Promise<SyncFacts> {
  const { period, today, calendar = DEFAULT_CALENDAR, customer, connection } = question;
  const month = await monthFacts(db, period, today, calendar);
  const stored = await storedFor(db, month, question);
  const facts = factsOf(month, stored, question);
  if (period >= newestFinalPeriod(today, calendar)) return facts;
  const plans = await db.plans.where('customer').equals(customerKey(customer)).toArray();
  return Object.assign(facts, { held: await heldAt(db, plans, connection, period) });
}

export async function monthFacts(db: Database, period: Period, today: Day, calendar: BillingCalendar): Promise<MonthFacts> {
  const counted = await countedMonth(db, period, calendar);
  return monthFactsOf(counted, { today, calendar, template: await nameTemplate(db) });
}

/** The same of a month that is counted already. */
export function monthFactsOf(
  { month, previous, catalogue }: CountedMonth,
  around: Pick<MonthFacts, 'today' | 'calendar' | 'template'>,
): MonthFacts {
  const { period } = month;
  const counts = countsOf(month, catalogue);
  return {
    period,
    catalogue,
    ...around,
    countOf: (customer) => counts(customer) ?? unknownCount(customer, period, null),
    previousOf: countsOf(previous, catalogue),
  };
}

/** The facts of one customer of a counted month; `held` is null. Throws `record is damaged` for a connection that is not there. */
export function factsOf(
  month: MonthFacts,
  stored: Stored,
  { customer, connection: id, agreementId, psaCompany }: Pick<GridQuestion, 'customer' | 'connection' | 'agreementId' | 'psaCompany'>,
): SyncFacts {
  const { period, today, calendar, catalogue } = month;
  const connection = stored.connections.get(id);
  if (connection === undefined) throw new ProblemError(problem('record is damaged', { what: `connection ${id}` }));
  const company = stored.companies.get(versionFor(stored.assignments.get(customerKey(customer)) ?? [], period)?.company ?? '') ?? null;
  const link = company === null ? undefined : stored.links.get(placeKey(id, company.id));
  const place = psaCompany ?? link?.psaCompany ?? null;
  const agreements = place === null ? undefined : stored.agreements.get(placeKey(id, place));
  const lines = agreementId === null ? undefined : stored.lines.get(placeKey(id, agreementId));
  const subProducts = stored.subProducts.get(customer.product) ?? [];
  const counted = month.countOf(customer);
  const keys = [...new Set([...subProducts.map(({ key }) => key), ...counted.counts.map(({ subProduct }) => subProduct)])];
  const prices = keys.flatMap((own) => stored.prices.get(own) ?? []);
  const around = {
    rules: stored.rules.get(customer.product) ?? [],
    company: company?.id ?? null,
    prices,
    subProducts: catalogue.subProducts,
  };
  const billable = billableCount(counted, around);
  const count = { ...billable, warnings: [...billable.warnings, ...elsewhere(stored, customer, id, period)] };
  const product = catalogue.products.get(customer.product);
  const synced = stored.synced.get(syncedKey(customerKey(customer), id)) ?? null;
  const held = linesByAgreement(stored, { connection: id, customer: customerKey(customer) }, [agreementId, ...agreementsOf(synced)]);
  const imports = [...new Set(count.counts.flatMap(({ evidence }) => evidence.map(({ importId }) => importId)))].sort();
  return {
    customer,
    connection,
    vendor: product?.vendor ?? customer.product,
    productName: product?.name ?? customer.product,
    company,
    link: link === undefined ? null : { id: link.psaCompany, name: link.psaName },
    count,
    get lastMonth() {
      const before = month.previousOf(customer);
      return lastMonthOf(before === null ? null : billableCount(before, around), company, prices);
    },
    subProducts,
    prices,
    bindings: bindingsIn(stored.bindings.get(placeKey(id, customer.product)) ?? [], period),
    agreements: agreements?.rows ?? null,
    agreementsReadAt: agreements?.readAt ?? null,
    oldAgreements: agreementsOf(synced).flatMap((own) => stored.agreementById.get(placeKey(id, own)) ?? []),
    psaLines: lines === undefined || linesReadAt(lines, 'recurring') === null ? null : (held.get(lines.scope) ?? null),
    linesReadAt: lines?.readAt ?? null,
    olderKinds: lines === undefined ? [] : KINDS.filter((kind) => isOlder(linesReadAt(lines, kind), synced)),
    linesByAgreement: held,
    lookups: stored.lookups.get(id) ?? {},
    synced,
    held: null,
    subscriptionStart: subscriptionStartOf(catalogue, customer.product, count.subscription),
    period,
    today,
    calendar,
    template: month.template,
    imports,
    get fingerprint() {
      return fingerprintOf(count, imports);
    },
  };
}

const KINDS = ['recurring', 'one-time'] as const;

function isOlder(readAt: string | null, synced: Synced | null): boolean {
  return readAt === null || readAt < (synced?.provenAt ?? '');
}

/** The agreements that live lines of ours are on. */
function agreementsOf(synced: Synced | null): string[] {
  return [...new Set(synced?.lines.filter(({ endedOn }) => endedOn === null).map(({ agreementId }) => agreementId))];
}

/** The lines of each agreement, as they were read. One without a key that another customer is billed by has that customer's. */
function linesByAgreement(
  stored: Stored,
  { connection, customer }: { readonly connection: string; readonly customer: string },
  agreements: readonly (string | null)[],
): Map<string, readonly PsaLine[]> {
  return new Map(
    agreements.flatMap((agreement) => {
      const place = placeKey(connection, agreement ?? '');
      const read = agreement === null ? undefined : stored.lines.get(place);
      return agreement === null || read === undefined ? [] : [[agreement, keyed(read.rows, stored.holders.get(place), customer)]];
    }),
  );
}

function keyed(rows: readonly PsaLine[], holders: Holders | undefined, customer: string): readonly PsaLine[] {
  if (holders === undefined || ![...holders.values()].some((holder) => holder.customer !== customer)) return rows;
  return rows.map((row) => {
    const holder = row.key === null && row.kind === 'recurring' ? holders.get(row.id) : undefined;
    return holder === undefined || holder.customer === customer ? row : { ...row, key: holder.lineKey };
  });
}

/** Other connections where lines of the customer bill, or have billed the period: it would be billed there and here. */
function elsewhere(stored: Stored, customer: Customer, id: string, period: Period): Problem[] {
  return (stored.syncedOf.get(customerKey(customer)) ?? [])
    .filter(({ connection, lines }) => connection !== id && lines.some((line) => isBilling(line, period)))
    .map(({ connection }) =>
      problem('customer is synced elsewhere', { site: customer.site, connection: stored.connections.get(connection)?.name ?? connection }),
    );
}

function isBilling({ endedOn, option, quantity, period }: SyncedLine, asked: Period): boolean {
  return endedOn === null && quantity !== ZERO && (isRecurring(option) || period === asked);
}

function bindingsIn(versions: readonly Binding[], period: Period): Binding[] {
  return [...grouped(versions, ({ subProduct }) => subProduct ?? '').values()].flatMap((own) => versionFor(own, period) ?? []);
}

function countsOf(month: MonthCount, catalogue: Catalogue): (customer: Customer) => SiteCount | null {
  const at = new Map(month.customers.map((key, index) => [key, index]));
  const entries = entriesByCustomer(month);
  return (customer) => {
    const index = at.get(customerKey(customer));
    return index === undefined ? null : siteCountOf(month, index, entries[index] ?? [], catalogue);
  };
}

function lastMonthOf(before: SiteCount | null, company: Company | null, prices: readonly PriceVersion[]): Decimal | null {
  if (before === null) return null;
  const totals = before.counts.filter(bills).map((count) => {
    const { price, currency } = priceOf(count, company?.id ?? null, prices, before.period);
    return count.quantity === null || price === null || currency === null ? null : lineTotal(count.quantity, price, currency);
  });
  return totals.every((total) => total !== null) ? add(...totals) : null;
}

function fingerprintOf({ how, date, counts }: SiteCount, imports: readonly string[]): string {
  const quantities = counts.map(({ subProduct, quantity, trialQuantity, price, cost, currency, ruled }) => [
    ...[subProduct, quantity, trialQuantity, price, cost, currency],
    ...(ruled?.applied ?? []).map(({ rule }) => rule.seq),
  ]);
  return hashOf([how, date, quantities, imports]);
}
