import { billableCount } from './billable';
import { DEFAULT_CALENDAR, periodState, type BillingCalendar, type Day, type Period, type PeriodState } from './calendar';
import type { Catalogue } from './catalogue';
import { isRecurring } from './change';
import { add, lineTotal, subtract, ZERO, type Decimal } from './decimal';
import { customerKey, customerOf, versionFor, type Assignment, type Company } from './marketplace';
import { ratesOf, type Rate } from './rates';
import type { MonthCount } from './month';
import { movedReasons, type Ground, type MovedReason } from './moved-line';
import { isAboutMoney, movementsOf, type Movement } from './movement';
import { disagreements, quantitiesOf, type OtherSource, type Quantities } from './other-sources';
import { priceOf, type PriceVersion } from './price';
import { productStanding, type ProductStanding } from './product-standing';
import type { RuleVersion } from './rule';
import { bills, entriesByCustomer, siteCountOf, unknownCount, type SiteCount } from './snapshot';
import type { Flag, Standing } from './standing-row';
import { atOnce, STEP, type Steps } from './steps';
import type { Synced } from './synced';

export type { ChangeReason, Movement } from './movement';
export type { ProductStanding } from './product-standing';
export { isUnsynced, needsLook, type Flag, type Standing } from './standing-row';

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
  /** Left out, no line is known to lie elsewhere than a sync of today would put it. */
  readonly ground?: Pick<Ground, 'bindings' | 'agreements'>;
  /** Rules for quantities and prices; none where it is left out. */
  readonly rules?: readonly RuleVersion[];
  readonly today: Day;
  readonly calendar?: BillingCalendar;
}

/** Every product with every customer that reports usage, reported some last month, or has a live line of ours. */
export function* standingsInSteps(input: StandingInput): Steps<ProductStanding[]> {
  const index = yield* indexOf(input);
  const keys = new Set([...input.month.customers, ...input.previous.customers, ...index.live.keys()]);
  const byProduct = new Map<string, Standing[]>();
  let done = 0;
  for (const key of keys) {
    const standing = standingOf(input, index, key);
    const list = byProduct.get(standing.customer.product);
    if (list) list.push(standing);
    else byProduct.set(standing.customer.product, [standing]);
    done += 1;
    if (done % STEP === 0) yield;
  }
  const found: ProductStanding[] = [];
  for (const [product, standings] of byProduct) {
    found.push(productStanding(input.catalogue, product, standings));
    yield;
  }
  return found.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The same without a rest. */
export function standingsOf(input: StandingInput): ProductStanding[] {
  return atOnce(standingsInSteps(input));
}

interface Index {
  readonly at: ReadonlyMap<string, number>;
  readonly entries: readonly (readonly number[])[];
  readonly before: Quantities;
  readonly companies: ReadonlyMap<string, Company>;
  readonly assignments: ReadonlyMap<string, Assignment[]>;
  readonly live: ReadonlyMap<string, readonly Synced[]>;
  readonly others: readonly OtherSource[];
  readonly rate: (customer: string, subProduct: string) => Rate | null;
  readonly moved: MovedReason;
  readonly rules: ReadonlyMap<string, readonly RuleVersion[]>;
  readonly periodState: PeriodState;
}

function* indexOf(input: StandingInput): Steps<Index> {
  const { month, previous, others = [], companies, assignments, synced, ground, today, rules = [], calendar = DEFAULT_CALENDAR } = input;
  const assigned = new Map<string, Assignment[]>();
  for (const assignment of assignments) {
    const key = customerKey(assignment);
    assigned.set(key, [...(assigned.get(key) ?? []), assignment]);
  }
  const live = new Map<string, Synced[]>();
  for (const record of synced) {
    if (record.lines.some((line) => line.endedOn === null)) live.set(record.customer, [...(live.get(record.customer) ?? []), record]);
  }
  const ruled = new Map<string, RuleVersion[]>();
  for (const rule of rules) ruled.set(rule.product, [...(ruled.get(rule.product) ?? []), rule]);
  yield;
  const billed = yield* billedBefore(input, assigned, ruled);
  const [quantities, rate] = [quantitiesOf(previous), ratesOf(previous)];
  return {
    at: new Map(month.customers.map((key, customer) => [key, customer])),
    entries: entriesByCustomer(month),
    before: (key) => {
      const ruledBefore = billed.get(key);
      return ruledBefore === undefined ? quantities(key) : new Map(ruledBefore.counts.map((own) => [own.subProduct, own.quantity]));
    },
    companies: new Map(companies.map((company) => [company.id, company])),
    assignments: assigned,
    live,
    others: others.map((other) => ({ source: other.source, counts: quantitiesOf(other.month) })),
    rate: (key, subProduct) => rateIn(billed.get(key), subProduct) ?? rate(key, subProduct),
    moved: movedReasons({ bindings: [], agreements: new Map(), ...ground, period: month.period, today }),
    rules: ruled,
    periodState: periodState(month.period, today, calendar),
  };
}

/** Last month's counts of customers whose product has rules, as they billed by the rules of that month. */
function* billedBefore(
  { previous, catalogue, prices }: StandingInput,
  assignments: Index['assignments'],
  rules: Index['rules'],
): Steps<ReadonlyMap<string, SiteCount>> {
  const billed = new Map<string, SiteCount>();
  if (rules.size === 0) return billed;
  const entries = entriesByCustomer(previous);
  for (const [at, key] of previous.customers.entries()) {
    if (at % STEP === STEP - 1) yield;
    const own = rules.get(customerOf(key).product);
    if (own === undefined) continue;
    const company = versionFor(assignments.get(key) ?? [], previous.period)?.company ?? null;
    const count = siteCountOf(previous, at, entries[at] ?? [], catalogue);
    billed.set(key, billableCount(count, { rules: own, company, prices, subProducts: catalogue.subProducts }));
  }
  return billed;
}

function rateIn(count: SiteCount | undefined, subProduct: string): Rate | null {
  const own = count?.counts.find((one) => one.subProduct === subProduct);
  if (own?.ruled === undefined) return null;
  const numberOf = (value: Decimal | null) => (value === null ? null : Number(value));
  return { price: numberOf(own.price), cost: numberOf(own.cost) };
}

function standingOf(input: StandingInput, index: Index, key: string): Standing {
  const { month, catalogue } = input;
  const customer = customerOf(key);
  const at = index.at.get(key);
  const counted =
    at === undefined ? unknownCount(customer, month.period, null) : siteCountOf(month, at, index.entries[at] ?? [], catalogue);
  const assignment = versionFor(index.assignments.get(key) ?? [], month.period);
  const company = index.companies.get(assignment?.company ?? '') ?? null;
  const count = billableCount(counted, {
    ...{ rules: index.rules.get(customer.product) ?? [], company: company?.id ?? null, prices: input.prices },
    subProducts: catalogue.subProducts,
  });
  const synced = index.live.get(key) ?? [];
  const billing = count.counts.filter(bills).map(({ subProduct }) => subProduct);
  const lines = synced.flatMap((record) => {
    const left = record.withheld?.period === month.period ? record.withheld.subProducts : [];
    const selected = billing.filter((subProduct) => !left.includes(subProduct));
    return record.lines
      .filter(({ endedOn, option, period }) => endedOn === null && (isRecurring(option) || period === month.period))
      .map((line) => ({ line, left, moved: index.moved(record, line, { company: company?.id ?? null, billing: selected }) }));
  });
  const before = { quantities: index.before(key) ?? null, rate: (subProduct: string) => index.rate(key, subProduct) };
  const movements = movementsOf(input, count, before, lines, company?.id ?? null);
  return {
    key,
    customer,
    account: count.account,
    company,
    assignedBy: company === null ? null : (assignment?.evidence ?? null),
    period: month.period,
    periodState: index.periodState,
    count,
    movements,
    flag: flagOf(count, company, movements, synced, month.period),
    ...moneyOf(count, company?.id ?? null, input.prices),
    problems: [...count.blocks, ...count.warnings, ...disagreements(index.others, catalogue, key, counted)],
  };
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
  const open = movements.some(({ reason }) => reason !== null && reason !== 'new' && !isAboutMoney(reason));
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
