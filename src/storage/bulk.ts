import { syncBasis } from '../domain/basis';
import type { BillingCalendar, Day, Period } from '../domain/calendar';
import type { NameTemplate } from '../domain/line-name';
import { customerKey, type Customer } from '../domain/marketplace';
import { problem } from '../domain/problem';
import type { PsaRules } from '../domain/sync-rules';
import { cleanChoices, cleanPlans, warningsOf, type BulkItem } from '../domain/sync-bulk';
import type { Synced } from '../domain/synced';
import type { Database } from './db';
import { factsOf, monthFactsOf } from './grid';
import type { LinesMirror } from './mirrors';
import { countedMonth, type CountedMonth } from './month';
import type { Choice, PlanRecord } from './rows';
import { nameTemplate } from './settings';
import { placeKey, storedForAll, type Holders, type Stored } from './stored';

/** Which customers to plan, and for when. */
export interface BulkQuestion {
  readonly customers: readonly Customer[];
  readonly period: Period;
  readonly today: Day;
  readonly calendar: BillingCalendar;
  /** From when lines bill that the sync makes; absent or null is each customer's own. */
  readonly effectiveDate?: Day | null;
  /** Whether to say what a wizard would only warn of, for those that nobody looks at before they go. */
  readonly withWarnings?: boolean;
  /** Whether each plan comes with what it was made of, because it is about to be confirmed. */
  readonly withBases?: boolean;
}

/** Everything stored that plans rest on, read once: plain data, which one thread can hand to others. */
export interface BulkGround {
  readonly counted: CountedMonth;
  readonly template: NameTemplate;
  readonly stored: Stored;
  /** The newest choice of each customer. */
  readonly choices: ReadonlyMap<string, Choice>;
  /** Of each customer the plan that is not settled. */
  readonly waiting: ReadonlyMap<string, Pick<PlanRecord, 'state' | 'set'>>;
}

export async function bulkGround(db: Database, { period, calendar }: Pick<BulkQuestion, 'period' | 'calendar'>): Promise<BulkGround> {
  const [counted, template, stored, choices, open] = await Promise.all([
    countedMonth(db, period, calendar),
    nameTemplate(db),
    storedForAll(db),
    db.choices.toArray(),
    db.plans.where('state').anyOf('confirmed', 'delivering', 'downloaded').toArray(),
  ]);
  const newest = new Map<string, Choice>();
  for (const choice of [...choices].sort((left, right) => (left.at < right.at ? -1 : 1)))
    if (stored.connections.has(choice.connection)) newest.set(choice.customer, choice);
  const waiting = new Map(open.flatMap(({ customer, state, set }) => (customer === null ? [] : [[customer, { state, set }]])));
  return { counted, template, stored, choices: newest, waiting };
}

/** The ground of some of its customers: without the lines, most of what is read, that stand on agreements of others. */
export function groundFor(ground: BulkGround, customers: readonly Customer[]): BulkGround {
  const { stored, choices } = ground;
  const lines = new Map<string, LinesMirror>();
  const holders = new Map<string, Holders>();
  const keep = (connection: string, agreementId: string) => {
    const place = placeKey(connection, agreementId);
    const read = stored.lines.get(place);
    if (read !== undefined) lines.set(place, read);
    const held = stored.holders.get(place);
    if (held !== undefined) holders.set(place, held);
  };
  const synced = new Map<string, Synced>();
  const syncedOf = new Map<string, readonly Synced[]>();
  for (const key of customers.map(customerKey)) {
    const choice = choices.get(key);
    if (choice !== undefined) keep(choice.connection, choice.agreementId);
    const own = stored.syncedOf.get(key);
    if (own === undefined) continue;
    syncedOf.set(key, own);
    for (const one of own) {
      synced.set(one.key, one);
      for (const { agreementId } of one.lines) keep(one.connection, agreementId);
    }
  }
  return { ...ground, stored: { ...stored, lines, holders, synced, syncedOf } };
}

/** The plans of every customer whose wizard would have no question, and the questions of the others. Writes nothing. */
export async function bulkPlans(db: Database, question: BulkQuestion, rulesOf: (psa: string) => PsaRules | undefined): Promise<BulkItem[]> {
  return plansOn(await bulkGround(db, question), question, rulesOf);
}

/** `bulkPlans` from what was read. */
export function plansOn(
  { counted, template, stored, choices, waiting }: BulkGround,
  { customers, today, calendar, effectiveDate = null, withWarnings = false, withBases = false }: Omit<BulkQuestion, 'period'>,
  rulesOf: (psa: string) => PsaRules | undefined,
): BulkItem[] {
  const month = monthFactsOf(counted, { today, calendar, template });
  return customers.map((customer): BulkItem => {
    const key = customerKey(customer);
    const choice = choices.get(key);
    const nothing = { customer, connection: choice?.connection ?? null, plans: [], warnings: [] };
    const plan = waiting.get(key);
    if (plan !== undefined) {
      const code = plan.state === 'downloaded' ? 'sync file is not marked' : 'delivery is not settled';
      return { ...nothing, problems: [problem(code, { plan: plan.set })] };
    }
    if (choice === undefined) return { ...nothing, problems: [problem('choice is not remembered', { site: customer.site })] };
    const agreementId = choice.agreementId === '' ? null : choice.agreementId;
    const facts = factsOf(month, stored, { customer, connection: choice.connection, agreementId, psaCompany: null });
    const rules = rulesOf(facts.connection.psa);
    if (rules === undefined) return { ...nothing, problems: [problem('connection is not chosen', {})] };
    const plans = cleanPlans(facts, choice, rules, effectiveDate);
    if (!plans.ok) return { ...nothing, problems: plans.error };
    const basis = withBases ? syncBasis(facts, cleanChoices(facts, choice, rules, effectiveDate)) : null;
    const set = basis === null ? plans.value : plans.value.map((one) => ({ ...one, basis }));
    return { ...nothing, plans: set, problems: [], warnings: withWarnings ? warningsOf(facts, choice, rules) : [] };
  });
}
