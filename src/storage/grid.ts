import type { Agreement, Binding, Connection, PsaLine } from '../domain/agreement';
import { newestFinalPeriod, DEFAULT_CALENDAR, type BillingCalendar, type Day, type Period } from '../domain/calendar';
import type { Catalogue } from '../domain/catalogue';
import { hashOf } from '../domain/canonical';
import { isRecurring, LOOKUP_KINDS, type Around } from '../domain/change';
import { add, lineTotal, type Decimal } from '../domain/decimal';
import type { NameTemplate } from '../domain/line-name';
import { customerKey, versionFor, type Assignment, type Company, type Customer, type SubProduct } from '../domain/marketplace';
import type { MonthCount } from '../domain/month';
import { priceOf, type PriceVersion } from '../domain/price';
import { problem, ProblemError, type Problem } from '../domain/problem';
import { bills, entriesByCustomer, siteCountOf, unknownCount, type SiteCount } from '../domain/snapshot';
import { subscriptionStartOf } from '../domain/standing';
import type { SyncFacts } from '../domain/sync';
import { syncedKey, type Synced } from '../domain/synced';
import type { Database } from './db';
import { agreementsOfCompany, mirrorOf } from './mirrors';
import { countedMonth } from './month';
import type { CompanyLink, Mirror, PlanRecord } from './rows';
import { nameTemplate } from './settings';

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
  const { period, today, calendar = DEFAULT_CALENDAR, customer, connection } = question;
  const month = await monthFacts(db, period, today, calendar);
  const stored = await storedFor(db, month, question);
  const facts = factsOf(month, stored, question);
  if (period >= newestFinalPeriod(today, calendar)) return facts;
  const plans = await db.plans.where('customer').equals(customerKey(customer)).toArray();
  return Object.assign(facts, { held: await heldAt(db, plans, connection, period) });
}

export async function monthFacts(db: Database, period: Period, today: Day, calendar: BillingCalendar): Promise<MonthFacts> {
  const { month, previous, catalogue } = await countedMonth(db, period, calendar);
  const counts = countsOf(month, catalogue);
  return {
    period,
    today,
    calendar,
    catalogue,
    template: await nameTemplate(db),
    countOf: (customer) => counts(customer) ?? unknownCount(customer, period, null),
    previousOf: countsOf(previous, catalogue),
  };
}

/** Rows that the facts of customers are looked up in: those of one customer, or of all. */
export interface Stored {
  readonly connections: ReadonlyMap<string, Connection>;
  readonly assignments: ReadonlyMap<string, readonly Assignment[]>;
  readonly companies: ReadonlyMap<string, Company>;
  readonly links: ReadonlyMap<string, CompanyLink>;
  readonly bindings: ReadonlyMap<string, readonly Binding[]>;
  readonly subProducts: ReadonlyMap<string, readonly SubProduct[]>;
  readonly prices: ReadonlyMap<string, readonly PriceVersion[]>;
  readonly synced: ReadonlyMap<string, Synced>;
  readonly syncedOf: ReadonlyMap<string, readonly Synced[]>;
  readonly agreements: ReadonlyMap<string, Read<Agreement>>;
  readonly lines: ReadonlyMap<string, Read<PsaLine>>;
  /** What the PSA of each connection offers to choose from. */
  readonly lookups: ReadonlyMap<string, Around['lookups']>;
}
interface Read<T> {
  readonly rows: readonly T[];
  readonly readAt: string;
}

/** Every row that facts may need, read at once: for many customers. */
export async function storedForAll(db: Database): Promise<Stored> {
  const [connections, assignments, companies, links, bindings, subProducts, prices, synced, mirrors] = await Promise.all([
    db.connections.toArray(),
    db.assignments.toArray(),
    db.companies.toArray(),
    db.links.toArray(),
    db.bindings.toArray(),
    db.subProducts.toArray(),
    db.prices.toArray(),
    db.synced.toArray(),
    db.mirrors.toArray(),
  ]);
  const lines = new Map<string, Read<PsaLine>>();
  const agreements = new Map<string, Read<Agreement>>();
  for (const mirror of [...mirrors].sort((left, right) => (left.readAt < right.readAt ? -1 : 1))) {
    if (mirror.kind === 'lines') lines.set(key(mirror.connection, mirror.scope), mirror);
    if (mirror.kind !== 'agreements') continue;
    const { connection, scope, readAt } = mirror;
    const own = grouped(mirror.rows, ({ companyId }) => companyId);
    if (scope !== '' && !own.has(scope)) own.set(scope, []);
    for (const [company, rows] of own) agreements.set(key(connection, company), { rows, readAt });
  }
  const rows = { connections, assignments, companies, links, bindings, subProducts, prices, synced };
  return { ...indexOf(rows), agreements, lines, lookups: lookupsIn(mirrors) };
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
  const link = company === null ? undefined : stored.links.get(key(id, company.id));
  const place = psaCompany ?? link?.psaCompany ?? null;
  const agreements = place === null ? undefined : stored.agreements.get(key(id, place));
  const lines = agreementId === null ? undefined : stored.lines.get(key(id, agreementId));
  const synced = stored.synced.get(syncedKey(customerKey(customer), id)) ?? null;
  const counted = month.countOf(customer);
  const count = { ...counted, warnings: [...counted.warnings, ...elsewhere(stored, customer, id)] };
  const subProducts = stored.subProducts.get(customer.product) ?? [];
  const keys = [...new Set([...subProducts, ...count.counts.map(({ subProduct }) => ({ key: subProduct }))].map((own) => own.key))];
  const prices = keys.flatMap((own) => stored.prices.get(own) ?? []);
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
    get lastMonth() {
      return lastMonthOf(month.previousOf(customer), company, prices);
    },
    subProducts,
    prices,
    bindings: bindingsIn(stored.bindings.get(key(id, customer.product)) ?? [], period),
    agreements: agreements?.rows ?? null,
    agreementsReadAt: agreements?.readAt ?? null,
    psaLines: lines?.rows ?? null,
    linesReadAt: lines?.readAt ?? null,
    linesByAgreement: linesByAgreement(stored, id, [agreementId, ...(synced?.lines ?? []).map((line) => line.agreementId)]),
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

/** Other connections where recurring lines of the customer are live: they would go on billing beside the new ones. */
function elsewhere(stored: Stored, customer: Customer, id: string): Problem[] {
  return (stored.syncedOf.get(customerKey(customer)) ?? [])
    .filter(({ connection, lines }) => connection !== id && lines.some(({ endedOn, option }) => endedOn === null && isRecurring(option)))
    .map(({ connection }) =>
      problem('customer is synced elsewhere', { site: customer.site, connection: stored.connections.get(connection)?.name ?? connection }),
    );
}

async function storedFor(
  db: Database,
  month: MonthFacts,
  { customer, connection: id, agreementId, psaCompany }: GridQuestion,
): Promise<Stored> {
  const [connections, assignments, bindings, subProducts, synced] = await Promise.all([
    db.connections.toArray(),
    db.assignments.where('[product+site]').equals([customer.product, customer.site]).toArray(),
    db.bindings.where('[connection+product]').equals([id, customer.product]).toArray(),
    db.subProducts.where('product').equals(customer.product).toArray(),
    db.synced.where('customer').equals(customerKey(customer)).toArray(),
  ]);
  const company = await db.companies.get(versionFor(assignments, month.period)?.company ?? '');
  const link = company === undefined ? undefined : await db.links.get([id, company.id]);
  const place = psaCompany ?? link?.psaCompany;
  const counts = month.countOf(customer).counts;
  const keys = [...new Set([...subProducts.map((own) => own.key), ...counts.map(({ subProduct }) => subProduct)])];
  const held = synced.filter(({ connection }) => connection === id).flatMap(({ lines }) => lines.map((line) => line.agreementId));
  const documents = [...new Set([...(agreementId === null ? [] : [agreementId]), ...held])];
  const [prices, agreements, lines, lookups] = await Promise.all([
    db.prices.where('subProduct').anyOf(keys).toArray(),
    place === undefined ? undefined : agreementsOfCompany(db, id, place),
    Promise.all(documents.map((document) => mirrorOf(db, id, 'lines', document))),
    Promise.all(LOOKUP_KINDS.map((kind) => mirrorOf(db, id, kind))),
  ]);
  return {
    ...indexOf({
      connections,
      assignments,
      companies: company === undefined ? [] : [company],
      links: link === undefined ? [] : [link],
      bindings,
      subProducts,
      prices,
      synced,
    }),
    agreements: new Map(place === undefined || agreements === undefined ? [] : [[key(id, place), agreements]]),
    lines: new Map(lines.flatMap((mirror) => (mirror === undefined ? [] : [[key(id, mirror.scope), mirror]]))),
    lookups: lookupsIn(lookups.filter((mirror) => mirror !== undefined)),
  };
}

function indexOf(rows: {
  connections: readonly Connection[];
  assignments: readonly Assignment[];
  companies: readonly Company[];
  links: readonly CompanyLink[];
  bindings: readonly Binding[];
  subProducts: readonly SubProduct[];
  prices: readonly PriceVersion[];
  synced: readonly Synced[];
}): Omit<Stored, 'agreements' | 'lines' | 'lookups'> {
  return {
    connections: new Map(rows.connections.map((row) => [row.id, row])),
    assignments: grouped(rows.assignments, customerKey),
    companies: new Map(rows.companies.map((row) => [row.id, row])),
    links: new Map(rows.links.map((row) => [key(row.connection, row.company), row])),
    bindings: grouped(rows.bindings, ({ connection, product }) => key(connection, product)),
    subProducts: grouped(rows.subProducts, ({ product }) => product),
    prices: grouped(rows.prices, ({ subProduct }) => subProduct),
    synced: new Map(rows.synced.map((row) => [row.key, row])),
    syncedOf: grouped(rows.synced, ({ customer }) => customer),
  };
}

function linesByAgreement(stored: Stored, connection: string, agreements: readonly (string | null)[]): Map<string, readonly PsaLine[]> {
  return new Map(
    agreements.flatMap((agreement) => {
      const read = agreement === null ? undefined : stored.lines.get(key(connection, agreement));
      return agreement === null || read === undefined ? [] : [[agreement, read.rows]];
    }),
  );
}

function lookupsIn(mirrors: readonly Mirror[]): Map<string, Around['lookups']> {
  const found = new Map<string, Around['lookups']>();
  for (const mirror of mirrors) {
    const kind = LOOKUP_KINDS.find((own) => own === mirror.kind);
    if (kind !== undefined) found.set(mirror.connection, { ...found.get(mirror.connection), [kind]: mirror.rows });
  }
  return found;
}

function key(connection: string, name: string): string {
  return `${connection}\u001f${name}`;
}

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const own = found.get(keyOf(row));
    if (own === undefined) found.set(keyOf(row), [row]);
    else own.push(row);
  }
  return found;
}

function bindingsIn(versions: readonly Binding[], period: Period): Binding[] {
  return [...grouped(versions, ({ subProduct }) => subProduct ?? '').values()].flatMap((own) => versionFor(own, period) ?? []);
}

/**
 * What the recurring lines held when the invoice of a missed month was made: as the newest plans of that month or before left them, null
 * where a single line held several counts as one.
 */
async function heldAt(
  db: Database,
  plans: readonly PlanRecord[],
  connection: string,
  period: Period,
): Promise<ReadonlyMap<string, Decimal | null>> {
  const done = plans
    .filter((record) => record.connection === connection && record.period <= period)
    .filter(({ state, option }) => (state === 'settled' || state === 'applied') && option !== null)
    .sort((left, right) => (left.period === right.period ? left.seq - right.seq : left.period < right.period ? -1 : 1));
  const rows = await db.deliveries
    .where('plan')
    .anyOf(done.map(({ id }) => id))
    .toArray();
  const refused = new Set(rows.filter(({ state }) => state !== 'sent').map(({ plan, n }) => `${plan}/${String(n)}`));
  const held = new Map<string, Decimal | null>();
  for (const { id, plan, option } of done) {
    const failed = new Set(plan.requests.filter((_, n) => refused.has(`${id}/${String(n)}`)).map(({ line }) => line.lineKey));
    for (const { lineKey, status, subProducts, syncedQuantity } of plan.lines) {
      const ends = status === 'Ending';
      if (failed.has(lineKey) || syncedQuantity === null || !(ends || (option !== null && isRecurring(option)))) continue;
      const quantity = ends || option === 'multi-product' ? (syncedQuantity as Decimal) : null;
      for (const subProduct of subProducts) held.set(subProduct, quantity);
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

function lastMonthOf(before: SiteCount | null, company: Company | null, prices: readonly PriceVersion[]): Decimal | null {
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
