import { DEFAULT_CALENDAR, periodState, type BillingCalendar, type Day, type Period, type PeriodState } from './calendar';
import type { Catalogue } from './catalogue';
import { isRecurring } from './change';
import { add, equals, fromScaled, isZero, lineTotal, subtract, ZERO, type Decimal } from './decimal';
import { customerKey, customerOf, versionFor, type Assignment, type Company, type Customer } from './marketplace';
import type { MonthCount } from './month';
import { priceOf, type PriceVersion } from './price';
import { problem, type Problem } from './problem';
import { singleOf } from './single';
import { bills, entriesByCustomer, siteCountOf, unknownCount, type SiteCount, type SubProductCount } from './snapshot';
import type { Synced, SyncedLine } from './synced';

/** Why a line needs a look. */
export type ChangeReason = 'new' | 'quantity changed' | 'gone' | 'price changed' | 'agreement changed' | 'withheld';

/** One sub-product of one customer against last month and against what was last synced. Null is unknown, never 0. */
export interface Movement {
  readonly subProduct: string;
  readonly name: string;
  readonly previous: Decimal | null;
  readonly synced: Decimal | null;
  readonly current: Decimal | null;
  /** current - synced (0 where never synced). */
  readonly delta: Decimal | null;
  /** delta x price in the currency's minor unit; null when the price is unknown. */
  readonly money: Decimal | null;
  readonly currency: string | null;
  readonly reason: ChangeReason | null;
}

/**
 * `synced`: every billable count of the period is in the PSA. `changed`: synced before, and something differs now.
 * `never synced`: nothing of it is in the PSA yet. `needs company`, `blocked` (unknown, late or broken count), `nothing to bill` (only trials or true zeros).
 */
export type Flag = 'synced' | 'changed' | 'never synced' | 'needs company' | 'blocked' | 'nothing to bill';

/** One customer row of a subscription in a period: what the panel, the Unsynced list and the wizard's door show. */
export interface Standing {
  readonly key: string;
  readonly customer: Customer;
  readonly account: string;
  readonly company: Company | null;
  readonly assignedBy: 'partner' | 'summary' | 'domain' | 'external id' | null;
  readonly period: Period;
  readonly periodState: PeriodState;
  readonly count: SiteCount;
  readonly movements: readonly Movement[];
  readonly flag: Flag;
  /** Cost, price and margin of the period; null where a price (or cost) is unknown. One currency or null. */
  readonly cost: Decimal | null;
  readonly price: Decimal | null;
  readonly margin: Decimal | null;
  readonly currency: string | null;
  readonly problems: readonly Problem[];
}

/** One product row of the Subscriptions screen. `compared` of `customers` says how many could be compared. */
export interface ProductStanding {
  readonly product: string;
  readonly name: string;
  readonly vendor: string;
  readonly customers: number;
  readonly synced: number;
  readonly changed: number;
  readonly needCompany: number;
  readonly blocked: number;
  readonly compared: number;
  readonly quantity: Decimal;
  readonly delta: Decimal | null;
  readonly cost: Decimal | null;
  readonly price: Decimal | null;
  readonly margin: Decimal | null;
  readonly currency: string | null;
  readonly subscriptionStart: Day | null;
  readonly standings: readonly Standing[];
}

export interface StandingInput {
  readonly month: MonthCount;
  readonly previous: MonthCount;
  /** The same period as each source counts it that does not bill. */
  readonly others?: readonly { readonly source: string; readonly month: MonthCount }[];
  readonly catalogue: Catalogue;
  readonly companies: readonly Company[];
  readonly assignments: readonly Assignment[];
  readonly synced: readonly Synced[];
  readonly prices: readonly PriceVersion[];
  readonly today: Day;
  readonly calendar?: BillingCalendar;
}

/** Every product with every customer that reports usage, reported some last month, or has a live line of ours. */
export function standingsOf(input: StandingInput): ProductStanding[] {
  const index = indexOf(input);
  const keys = new Set([...input.month.customers, ...input.previous.customers, ...index.live.keys()]);
  const byProduct = new Map<string, Standing[]>();
  for (const key of keys) {
    const standing = standingOf(input, index, key);
    const list = byProduct.get(standing.customer.product);
    if (list) list.push(standing);
    else byProduct.set(standing.customer.product, [standing]);
  }
  return [...byProduct]
    .map(([product, standings]) => productStanding(input, product, standings))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

interface Index {
  readonly at: ReadonlyMap<string, number>;
  readonly entries: readonly (readonly number[])[];
  readonly before: ReadonlyMap<string, ReadonlyMap<string, Decimal | null>>;
  readonly companies: ReadonlyMap<string, Company>;
  readonly assignments: ReadonlyMap<string, Assignment[]>;
  readonly live: ReadonlyMap<string, readonly Synced[]>;
  readonly others: readonly { readonly source: string; readonly counts: ReadonlyMap<string, ReadonlyMap<string, Decimal | null>> }[];
}

function indexOf({ month, previous, others = [], companies, assignments, synced }: StandingInput): Index {
  const assigned = new Map<string, Assignment[]>();
  for (const assignment of assignments) {
    const key = customerKey(assignment);
    assigned.set(key, [...(assigned.get(key) ?? []), assignment]);
  }
  const live = new Map<string, Synced[]>();
  for (const record of synced) {
    if (record.lines.some((line) => line.endedOn === null)) live.set(record.customer, [...(live.get(record.customer) ?? []), record]);
  }
  return {
    at: new Map(month.customers.map((key, customer) => [key, customer])),
    entries: entriesByCustomer(month),
    before: quantitiesOf(previous),
    companies: new Map(companies.map((company) => [company.id, company])),
    assignments: assigned,
    live,
    others: others.map((other) => ({ source: other.source, counts: quantitiesOf(other.month) })),
  };
}

/** Where a source that does not bill counts a customer differently. What it does not report at all it has no opinion on. */
function disagreements(index: Index, catalogue: Catalogue, key: string, count: SiteCount): Problem[] {
  return index.others.flatMap(({ source, counts }) => {
    const theirs = counts.get(key);
    if (theirs === undefined || count.how === 'unknown') return [];
    const ours = new Map(count.counts.map((own) => [own.subProduct, own.quantity]));
    return [...new Set([...ours.keys(), ...theirs.keys()])]
      .map((subProduct) => ({
        subProduct,
        ours: ours.get(subProduct) ?? ZERO,
        theirs: theirs.has(subProduct) ? (theirs.get(subProduct) ?? null) : ZERO,
      }))
      .filter((pair) => !equals(pair.ours, pair.theirs))
      .map((pair) =>
        problem('another source differs', {
          site: count.site,
          source,
          ...pair,
          subProduct: catalogue.subProducts.get(pair.subProduct)?.name ?? pair.subProduct,
        }),
      );
  });
}

function quantitiesOf(month: MonthCount): Map<string, Map<string, Decimal | null>> {
  const found = new Map(month.customers.map((key) => [key, new Map<string, Decimal | null>()]));
  const { entries, scale } = month;
  for (let entry = 0; entry < entries.length; entry++) {
    const quantity = entries.quantity[entry] ?? NaN;
    found
      .get(month.customers[entries.customer[entry] ?? 0] ?? '')
      ?.set(month.subProducts[entries.subProduct[entry] ?? 0] ?? '', Number.isNaN(quantity) ? null : fromScaled(quantity, scale));
  }
  return found;
}

function standingOf(input: StandingInput, index: Index, key: string): Standing {
  const { month, catalogue, today, calendar = DEFAULT_CALENDAR } = input;
  const customer = customerOf(key);
  const at = index.at.get(key);
  const count = at === undefined ? unknownCount(customer, month.period, null) : siteCountOf(month, at, index.entries[at] ?? [], catalogue);
  const assignment = versionFor(index.assignments.get(key) ?? [], month.period);
  const company = index.companies.get(assignment?.company ?? '') ?? null;
  const synced = index.live.get(key) ?? [];
  const live = synced.flatMap((record) => record.lines.filter((line) => line.endedOn === null));
  const lines = live.filter(({ option, period }) => isRecurring(option) || period === month.period);
  const movements = movementsOf(input, count, index.before.get(key) ?? null, lines, company?.id ?? null);
  return {
    key,
    customer,
    account: count.account,
    company,
    assignedBy: company === null ? null : (assignment?.evidence ?? null),
    period: month.period,
    periodState: periodState(month.period, today, calendar),
    count,
    movements,
    flag: flagOf(count, company, movements, synced, month.period),
    ...moneyOf(count, company?.id ?? null, input.prices),
    problems: [...count.blocks, ...count.warnings, ...disagreements(index, catalogue, key, count)],
  };
}

function movementsOf(
  input: StandingInput,
  count: SiteCount,
  before: ReadonlyMap<string, Decimal | null> | null,
  lines: readonly SyncedLine[],
  company: string | null,
): Movement[] {
  const keys = new Set([
    ...count.counts.map(({ subProduct }) => subProduct),
    ...(before?.keys() ?? []),
    ...lines.flatMap(({ subProducts }) => subProducts),
  ]);
  const counted = new Map(count.counts.map((own) => [own.subProduct, own]));
  const known = count.how !== 'unknown';
  return [...keys].map((subProduct) => {
    const own = counted.get(subProduct);
    const current = own ? own.quantity : known ? ZERO : null;
    const line = lines.find((candidate) => candidate.subProducts.includes(subProduct));
    const synced =
      line === undefined ? null : line.subProducts.length === 1 ? line.quantity : heldInSingle(input, count, line, current, company);
    const priced = own ? priceOf(own, company, input.prices, count.period) : null;
    const price = priced?.price ?? line?.price ?? null;
    const currency = priced?.currency ?? count.counts.find((other) => other.currency !== null)?.currency ?? null;
    const delta = current === null ? null : subtract(current, synced ?? ZERO);
    return {
      subProduct,
      name: own?.name ?? input.catalogue.subProducts.get(subProduct)?.name ?? subProduct,
      previous: before === null ? null : before.has(subProduct) ? (before.get(subProduct) ?? null) : ZERO,
      synced,
      current,
      delta,
      money: delta === null || price === null || currency === null ? null : lineTotal(delta, price, currency),
      currency,
      reason: reasonOf(current, synced, line, own),
    };
  });
}

function reasonOf(
  current: Decimal | null,
  synced: Decimal | null,
  line: SyncedLine | undefined,
  own: SubProductCount | undefined,
): ChangeReason | null {
  if (current === null) return null;
  if (line === undefined) return own !== undefined && bills(own) ? 'new' : null;
  if (equals(current, synced)) return null;
  return isZero(current) ? 'gone' : 'quantity changed';
}

/** A single line holds a sum: where the sum and price of today's counts are what it holds, nothing of it changed. */
function heldInSingle(
  input: StandingInput,
  count: SiteCount,
  line: SyncedLine,
  current: Decimal | null,
  company: string | null,
): Decimal | null {
  const counts = count.counts
    .filter(bills)
    .map((own) => ({ quantity: own.quantity, ...priceOf(own, company, input.prices, count.period) }));
  const single = singleOf(counts, line.option);
  return equals(single.quantity, line.quantity) && equals(single.price, line.price) ? current : null;
}

function flagOf(
  count: SiteCount,
  company: Company | null,
  movements: readonly Movement[],
  synced: readonly Synced[],
  period: Period,
): Flag {
  if (company === null) return 'needs company';
  if (count.blocks.length > 0) return 'blocked';
  const recurring = synced
    .flatMap(({ lines }) => lines)
    .filter((line) => line.option === 'multi-product' || line.option === 'single line' || line.period === period);
  const withheld = synced.some((record) => record.withheld?.period === period && record.withheld.subProducts.length > 0);
  const covered = count.counts
    .filter(bills)
    .every((own) => recurring.some((line) => line.endedOn === null && line.subProducts.includes(own.subProduct)));
  const open = movements.some(({ reason }) => reason !== null && reason !== 'new');
  if (!count.counts.some(bills) && !open) return 'nothing to bill';
  if (covered && !open && !withheld) return 'synced';
  return synced.length > 0 ? 'changed' : 'never synced';
}

function moneyOf(
  count: SiteCount,
  company: string | null,
  prices: readonly PriceVersion[],
): Pick<Standing, 'cost' | 'price' | 'margin' | 'currency'> {
  const priced = count.counts
    .filter(bills)
    .map((own) => ({ quantity: own.quantity ?? ZERO, ...priceOf(own, company, prices, count.period) }));
  const currencies = [...new Set(priced.map(({ currency }) => currency))];
  const currency = currencies.length === 1 ? (currencies[0] ?? null) : null;
  if (currency === null) return { cost: null, price: null, margin: null, currency: null };
  const sum = (values: readonly (Decimal | null)[]) => (values.every((value) => value !== null) ? add(...values) : null);
  const price = sum(priced.map((own) => (own.price === null ? null : lineTotal(own.quantity, own.price, currency))));
  const cost = sum(priced.map((own) => (own.cost === null ? null : lineTotal(own.quantity, own.cost, currency))));
  return { cost, price, margin: price === null || cost === null ? null : subtract(price, cost), currency };
}

function productStanding({ catalogue }: StandingInput, product: string, standings: Standing[]): ProductStanding {
  const known = catalogue.products.get(product);
  const compared = standings.filter(({ count }) => count.how !== 'unknown');
  const billed = compared.filter(({ count }) => count.counts.some(bills));
  const currencies = [...new Set(billed.map(({ currency }) => currency))];
  const currency = currencies.length === 1 ? (currencies[0] ?? null) : null;
  const sum = (read: (standing: Standing) => Decimal | null): Decimal | null => {
    const values = currency === null ? [] : billed.map(read);
    return values.length > 0 && values.every((value) => value !== null) ? add(...values) : null;
  };
  const quantity = add(...compared.flatMap(({ count }) => count.counts.map((own) => own.quantity ?? ZERO)));
  const previous = compared.flatMap(({ movements }) => movements.map((movement) => movement.previous ?? ZERO));
  const flags = (flag: Flag) => standings.filter((standing) => standing.flag === flag).length;
  return {
    product,
    name: known?.name ?? product,
    vendor: known?.vendor ?? '',
    customers: standings.length,
    synced: flags('synced'),
    changed: flags('changed'),
    needCompany: flags('needs company'),
    blocked: flags('blocked'),
    compared: compared.length,
    quantity,
    delta: subtract(quantity, add(...previous)),
    cost: sum(({ cost }) => cost),
    price: sum(({ price }) => price),
    margin: sum(({ margin }) => margin),
    currency,
    subscriptionStart: subscriptionStartOf(catalogue, product),
    standings: standings.sort((left, right) => (left.customer.site < right.customer.site ? -1 : 1)),
  };
}

/** The earliest start among the product's subscriptions: the subscription as a whole, not for one customer. */
export function subscriptionStartOf(catalogue: Catalogue, product: string, subscription: string | null = null): Day | null {
  const own = subscription === null ? undefined : catalogue.subscriptions.get(subscription);
  if (own?.startDate) return own.startDate;
  const ids = new Set(catalogue.products.get(product)?.ids ?? []);
  const starts = [...catalogue.subscriptions.values()]
    .filter((row) => ids.has(`pax8:${row.productId}`))
    .flatMap(({ startDate }) => startDate ?? []);
  return starts.sort()[0] ?? null;
}
