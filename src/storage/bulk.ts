import { syncBasis } from '../domain/basis';
import type { BillingCalendar, Day, Period } from '../domain/calendar';
import { customerKey, type Customer } from '../domain/marketplace';
import { problem } from '../domain/problem';
import type { PsaRules } from '../domain/sync-rules';
import { cleanChoices, cleanPlans, warningsOf, type BulkItem } from '../domain/sync-bulk';
import type { Database } from './db';
import { factsOf, monthFacts } from './grid';
import { storedForAll } from './stored';
import type { Choice } from './rows';

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

/** The plans of every customer whose wizard would have no question, and the questions of the others. Writes nothing. */
export async function bulkPlans(
  db: Database,
  { customers, period, today, calendar, effectiveDate = null, withWarnings = false, withBases = false }: BulkQuestion,
  rulesOf: (psa: string) => PsaRules | undefined,
): Promise<BulkItem[]> {
  const [month, stored, choices, open] = await Promise.all([
    monthFacts(db, period, today, calendar),
    storedForAll(db),
    db.choices.toArray(),
    db.plans.where('state').anyOf('confirmed', 'delivering', 'downloaded').toArray(),
  ]);
  const newest = new Map<string, Choice>();
  for (const choice of [...choices].sort((left, right) => (left.at < right.at ? -1 : 1)))
    if (stored.connections.has(choice.connection)) newest.set(choice.customer, choice);
  const waiting = new Map(open.map((record) => [record.customer, record]));
  return customers.map((customer): BulkItem => {
    const key = customerKey(customer);
    const choice = newest.get(key);
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
