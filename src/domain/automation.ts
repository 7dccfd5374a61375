import { finalDayOf, type BillingCalendar, type Period } from './calendar';
import type { Decimal } from './decimal';
import type { Ignore } from './ignore';
import type { Customer } from './marketplace';
import type { Pause } from './pause';
import { problem, type Problem } from './problem';
import type { Standing } from './standing-row';
import type { PlanSet } from './sync';
import type { BulkItem } from './sync-bulk';
import { unusualIn, type Threshold } from './threshold';

/**
 * `prepare`: plans wait for the partner's approval. They are not stored meanwhile: a plan rests on what was counted and read when it was made,
 * so the approval plans them anew and confirms only those whose hashes are the ones that were shown. `send`: they are confirmed and
 * delivered while the page is open.
 */
export type AutomationMode = 'off' | 'prepare' | 'send';

/** What goes by itself: one product at one connection. `at` is the ISO instant of the choice. */
export interface Automation {
  readonly connection: string;
  readonly product: string;
  readonly mode: AutomationMode;
  readonly at: string;
}

/** Everything that the guards of one customer are a function of. */
export interface GuardFacts {
  readonly standing: Standing;
  readonly item: BulkItem;
  readonly threshold: Threshold;
  readonly ignore: Ignore | null;
  readonly pause: Pause | null;
  /** The newest month of the customer that a plan was confirmed for or a line holds the count of; null while there is none. */
  readonly newest: Period | null;
  /** Whether a line of the customer was accepted as the PSA has it for this month, is left alone, or was left out of the month's sync. */
  readonly decided: boolean;
  readonly calendar: BillingCalendar;
}

/** One customer with something to sync: it goes (`stopped` is null, with the plans that would go), or waits for what stopped it. */
export interface QueueItem {
  readonly customer: Customer;
  readonly company: string | null;
  /** Null where nothing is remembered that says which connection it would be. */
  readonly connection: string | null;
  readonly mode: Exclude<AutomationMode, 'off'>;
  readonly stopped: Problem | null;
  readonly plans: PlanSet;
  /** What the period is worth, of the plans where there are some; null where a price is unknown. */
  readonly money: Decimal | null;
  readonly currency: string | null;
}

/** What auto-sync has before it on a day. `idle` is how many of its customers have nothing to sync. */
export interface Queue {
  readonly period: Period;
  /** The newest audit record when it was made: what is decided or imported later makes it old. */
  readonly record: number;
  readonly items: readonly QueueItem[];
  readonly idle: number;
}

/** The first guard that does not hold, in words of a problem code; null lets the customer go by itself. */
export function stoppedBy(facts: GuardFacts): Problem | null {
  for (const guard of GUARDS) {
    const stopped = guard(facts);
    if (stopped !== null) return stopped;
  }
  return null;
}

/** What a connection can do of a mode: a file is carried by a person, so it is prepared at most. */
export function modeAt(mode: AutomationMode, { protocol }: { readonly protocol: string }): AutomationMode {
  return mode === 'send' && protocol === 'file' ? 'prepare' : mode;
}

/** Items that auto-sync confirms and sends. */
export function goingOf({ items }: Pick<Queue, 'items'>): readonly QueueItem[] {
  return items.filter(({ stopped, mode }) => stopped === null && mode === 'send');
}

/** In the order in which the partner would want to hear of them: what was decided, what is missing, what looks wrong. */
const GUARDS: readonly ((facts: GuardFacts) => Problem | null)[] = [
  ({ pause }) => (pause === null ? null : pauseProblem(pause)),
  ({ ignore }) =>
    ignore === null ? null : problem('customer is ignored', { site: ignore.site, reason: ignore.reason, until: ignore.until }),
  ({ standing: { period, periodState }, calendar }) =>
    periodState === 'final' ? null : problem('period is not final', { period, finalOn: finalDayOf(period, calendar) }),
  ({ standing: { company, customer } }) => (company === null ? problem('no company assigned', { site: customer.site }) : null),
  ({ item }) => item.problems[0] ?? null,
  ({ newest, standing: { customer, period } }) =>
    newest !== null && newest >= period ? problem('month was synced already', { site: customer.site, period: newest }) : null,
  ({ standing, item }) => [...standing.problems, ...item.warnings].find(({ code }) => STOPPING.has(code)) ?? null,
  ({ standing, threshold }) => unusualIn(standing, threshold),
  ({ standing }) => needsLookAt(standing),
  ({ standing, decided }) => (decided ? problem('line was decided by hand', { site: standing.customer.site }) : null),
  ({ item, standing }) => handWork(item, standing.customer.site),
];

/**
 * What the wizard only says, and nobody would hear of here: a conflict between the sources, with the PSA or with another connection, and a
 * price that is below its cost, or may be.
 */
const STOPPING: ReadonlySet<Problem['code']> = new Set([
  'count is stale',
  'another source differs',
  'totals disagree with the vendor',
  'usage has no customer yet',
  'customer is synced elsewhere',
  'line differs in the PSA',
  'line is gone',
  'price is below cost',
  'cost is unknown',
  'rule is in another currency',
  'rule needs a cost',
]);

/** What ends, and what is new beside lines that are there, was perhaps only left out of a file or put into it by mistake: a person looks. */
function needsLookAt({ movements, customer }: Standing): Problem | null {
  const isLive = movements.some(({ synced }) => synced !== null);
  const found = movements.find(({ reason }) => reason === 'gone' || (reason === 'new' && isLive));
  return found === undefined
    ? null
    : problem('change needs a look', { site: customer.site, subProduct: found.name, gone: found.reason === 'gone' });
}

function pauseProblem({ site, product, reason, until }: Pause): Problem {
  return problem('auto-sync is paused', { site, product, reason, until });
}

function handWork({ plans }: BulkItem, site: string): Problem | null {
  const lines = plans.flatMap(({ plan }) => plan.requests).filter(({ method }) => method === 'HAND').length;
  return lines === 0 ? null : problem('hand-work is left', { site, lines });
}
