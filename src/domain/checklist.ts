import { amountsOf, type Amounts } from './amounts';
import type { PeriodState } from './calendar';
import { arrearsOf, type ArrearsFacts, type ArrearsView } from './arrears';
import type { Decimal } from './decimal';
import { CUSTOMER_VIEWS, isBillable, type CustomerView } from './customer-view';
import type { PlanOutcome } from './plan-outcome';
import { pricedLines, type PriceIndex } from './priced-line';
import type { ProductStanding } from './product-standing';
import { isUnsynced, needsLook, type Standing } from './standing-row';
import { unboundIn, type BoundFacts, type Place, type Unbound } from './unbound';

export const STEPS = ['usage', 'companies', 'products', 'changed', 'synced', 'delivered'] as const;

/** The rows behind a number: where they are listed, and how that list is narrowed. */
export type Rows =
  /** Customers of one product, or of every product where it is null. */
  | { readonly at: 'customers'; readonly product: string | null; readonly view: CustomerView }
  | { readonly at: 'unsynced'; readonly view: ArrearsView }
  /** These sub-products at one connection; null while there is none. */
  | { readonly at: 'products'; readonly connection: string | null; readonly subProducts: readonly string[] }
  | { readonly at: 'plans'; readonly outcome: PlanOutcome | null };

/** Some of what a step is about: `count` of `of` things, and the rows that they are. */
export interface Part {
  readonly what: CustomerView | PlanOutcome | ArrearsView | 'unbound' | 'through the top-level product';
  readonly count: number;
  readonly rows: Rows;
  /** It counts what another part counts, too. Absent, the parts add up. */
  readonly within?: true;
}

/** One step of the month: `done` of `of` things need nothing more; `money` is what the others are worth, null where nobody is asked for it. */
export interface Step {
  readonly key: (typeof STEPS)[number];
  readonly isDone: boolean;
  readonly done: number;
  readonly of: number;
  readonly money: Amounts | null;
  /** The rows of what is left; of what is done where nothing is. */
  readonly rows: Rows;
  readonly parts: readonly Part[];
}

/** One product's month: how many of its customers each view means. */
export interface ProductMonth {
  readonly product: string;
  readonly name: string;
  readonly state: PeriodState;
  readonly customers: number;
  readonly counts: Readonly<Record<CustomerView, number>>;
}

/** The month's work in its order. Customers whom the partner ignores are in no number but `ignored`. */
export interface Checklist {
  readonly steps: readonly Step[];
  readonly products: readonly ProductMonth[];
  readonly customers: number;
  readonly compared: number;
  readonly ignored: number;
  /** Every step is done and something was counted. */
  readonly isDone: boolean;
}

export interface ChecklistFacts {
  readonly standings: readonly ProductStanding[];
  readonly state: PeriodState;
  readonly prices: PriceIndex;
  /** Whom the partner ignores, and what is unusual. */
  readonly arrears: ArrearsFacts;
  readonly bound: BoundFacts;
  /** What became of the confirmed plans of the period. */
  readonly outcomes: readonly PlanOutcome[];
}

export function checklistOf(facts: ChecklistFacts): Checklist {
  const all = facts.standings.flatMap(({ standings }) => standings);
  const seen = all.filter(({ key }) => !facts.arrears.ignores.has(key));
  const products = facts.standings.map((product) => productMonth(product, facts));
  const synced = syncedStep(facts, seen, products);
  const steps = [
    usageStep(facts, seen, products),
    companiesStep(facts, seen, products),
    productsStep(unboundIn(seen, facts.prices, facts.bound)),
    changedStep(facts, seen),
    synced,
    deliveredStep(facts.outcomes, synced.isDone),
  ];
  return {
    ...{ steps, products, customers: seen.length, ignored: all.length - seen.length },
    compared: seen.filter(({ count }) => count.how !== 'unknown').length,
    isDone: seen.length > 0 && steps.every(({ isDone }) => isDone),
  };
}

function productMonth({ product, name, standings }: ProductStanding, { state, arrears }: ChecklistFacts): ProductMonth {
  const seen = standings.filter(({ key }) => !arrears.ignores.has(key));
  const views = Object.entries(CUSTOMER_VIEWS).map(([view, isIn]) => [view, seen.filter(isIn).length]);
  return { product, name, state, customers: seen.length, counts: Object.fromEntries(views) as ProductMonth['counts'] };
}

function usageStep({ state, prices }: ChecklistFacts, seen: readonly Standing[], products: readonly ProductMonth[]): Step {
  const left = seen.filter((standing) => !CUSTOMER_VIEWS.counted(standing));
  return {
    ...{ key: 'usage', done: seen.length - left.length, of: seen.length },
    isDone: left.length === 0 && state !== 'open',
    money: worthOf(left, prices),
    rows: customersIn(products, 'counted'),
    parts: partsOf(products, ['stale', 'late', 'missing', 'unclear']),
  };
}

function companiesStep({ prices }: ChecklistFacts, seen: readonly Standing[], products: readonly ProductMonth[]): Step {
  const left = seen.filter(CUSTOMER_VIEWS['needs-company']);
  return {
    ...{ key: 'companies', done: seen.length - left.length, of: seen.length, isDone: left.length === 0 },
    money: worthOf(left, prices),
    rows: customersIn(products, 'needs-company'),
    parts: partsOf(products, ['needs-company']),
  };
}

function productsStep({ places, waiting, throughTop, money }: Unbound): Step {
  const left = [...waiting, ...throughTop];
  return {
    ...{ key: 'products', done: places - left.length, of: places, isDone: waiting.length === 0, money },
    rows: rowsOf(left),
    parts: [...placesOf('unbound', waiting), ...placesOf('through the top-level product', throughTop)],
  };
}

/** One part for each connection. */
function placesOf(what: Part['what'], places: readonly Place[]): Part[] {
  return [...new Set(places.map(({ connection }) => connection))].map((connection) => {
    const own = places.filter((place) => place.connection === connection);
    return { what, count: own.length, rows: rowsOf(own) };
  });
}

function rowsOf(places: readonly Place[]): Rows {
  const connection = places[0]?.connection ?? null;
  const own = places.filter((place) => place.connection === connection);
  return { at: 'products', connection, subProducts: own.map(({ subProduct }) => subProduct) };
}

/** The lines that Arrears Subscriptions lists. One that is about money alone asks for a look; the step is done without it. */
function changedStep({ standings, arrears }: ChecklistFacts, seen: readonly Standing[]): Step {
  const customers = arrearsOf(standings, arrears).customers.filter(({ views }) => views.has('all'));
  const listed = new Map(customers.map(({ key, lines }) => [key, lines.length]));
  const of = seen.reduce((sum, own) => sum + (needsLook(own) ? (listed.get(own.key) ?? 0) : own.movements.length), 0);
  const linesIn = (view: ArrearsView) => customers.filter(({ views }) => views.has(view)).flatMap(({ lines }) => lines);
  const lines = linesIn('all');
  const isWithin = (view: ArrearsView) => customers.some(({ views, standing }) => views.has(view) && isUnsynced(standing));
  const parts = (['new', 'changed', 'price', 'gone', 'unusual'] as const).map((view): Part => ({
    ...{ what: view, count: linesIn(view).length, rows: { at: 'unsynced', view } },
    ...(view !== 'new' && view !== 'changed' && isWithin(view) ? { within: true } : {}),
  }));
  return {
    ...{ key: 'changed', done: of - lines.length, of, isDone: !customers.some(({ standing }) => isUnsynced(standing)) },
    money: amountsOf(lines.map(({ money, currency }) => ({ amount: money, currency }))),
    rows: { at: 'unsynced', view: 'all' },
    parts: parts.filter(({ count }) => count > 0),
  };
}

function syncedStep({ prices }: ChecklistFacts, seen: readonly Standing[], products: readonly ProductMonth[]): Step {
  const billable = seen.filter(isBillable);
  const left = billable.filter((standing) => !CUSTOMER_VIEWS.synced(standing));
  return {
    ...{ key: 'synced', done: billable.length - left.length, of: billable.length, isDone: left.length === 0 },
    money: worthOf(left, prices),
    rows: customersIn(products, 'synced'),
    parts: partsOf(products, ['to-sync']),
  };
}

/** Without any plan it is done only where nothing was left to confirm. */
function deliveredStep(outcomes: readonly PlanOutcome[], nothingLeft: boolean): Step {
  const counted = outcomes.filter((outcome) => outcome !== 'replaced');
  const left = (['refused', 'unknown', 'unmarked', 'open', 'not applied'] as const).map((what): Part => ({
    what,
    count: counted.filter((outcome) => outcome === what).length,
    rows: { at: 'plans', outcome: what },
  }));
  const done = counted.filter((outcome) => outcome === 'done').length;
  return {
    ...{ key: 'delivered', done, of: counted.length, isDone: done === counted.length && (done > 0 || nothingLeft), money: null },
    rows: { at: 'plans', outcome: done === 0 ? null : 'done' },
    parts: left.filter(({ count }) => count > 0),
  };
}

function partsOf(products: readonly ProductMonth[], views: readonly CustomerView[]): Part[] {
  return views
    .map((view): Part => ({ what: view, count: sumOf(products, view), rows: customersIn(products, view) }))
    .filter(({ count }) => count > 0);
}

/** In the panel of the one product that has them, else in the list of all. */
function customersIn(products: readonly ProductMonth[], view: CustomerView): Rows {
  const having = products.filter(({ counts }) => counts[view] > 0);
  return { at: 'customers', product: having.length === 1 ? (having[0]?.product ?? null) : null, view };
}

function sumOf(products: readonly ProductMonth[], view: CustomerView): number {
  return products.reduce((sum, { counts }) => sum + counts[view], 0);
}

/** What the counts of customers bill in a month; a count that nobody knows is unknown money. */
function worthOf(standings: readonly Standing[], prices: PriceIndex): Amounts {
  const amounts: { readonly amount: Decimal | null; readonly currency: string | null }[] = [];
  let missing = 0;
  for (const { count, company } of standings) {
    for (const line of pricedLines(count, company?.id ?? null, prices)) amounts.push({ amount: line.price, currency: line.currency });
    missing += count.how === 'unknown' ? 1 : count.counts.filter(({ quantity }) => quantity === null).length;
  }
  const { money, unknown } = amountsOf(amounts);
  return { money, unknown: unknown + missing };
}
