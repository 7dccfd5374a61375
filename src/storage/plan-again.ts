import type { Basis } from '../domain/basis';
import { inputsThatDiffer, partsThatDiffer, planAgain, type SyncInput } from '../domain/plan-again';
import type { Plan } from '../domain/plan';
import type { Problem } from '../domain/problem';
import { isMissed, type SyncFacts } from '../domain/sync-facts';
import type { PsaRules } from '../domain/sync-rules';
import { basisOf } from './bases';
import type { Database } from './db';
import { factsOf, monthFactsOf } from './grid';
import { heldAt } from './held';
import type { PlanRecord } from './rows';
import { nameTemplateIn } from './settings';
import { indexOf } from './stored';
import { countedThen, tablesThen } from './then';

/** What came of planning a plan again: the parts in which it is another one, none where it has the same hash, or why there is none. */
export type Again =
  { readonly made: true; readonly differs: readonly (keyof Plan)[] } | { readonly made: false; readonly problems: readonly Problem[] };

/**
 * A plan made again, once from the very input that was kept with it, and for a sync once more from imports and decisions as they were known
 * then (only what had been read from the PSA is not remembered, and is that of the kept input). Null where a plan has no kept input.
 */
export interface PlannedAgain {
  readonly kept: Again;
  readonly known: (Again & { readonly inputs: readonly SyncInput[] }) | null;
}

/** Plans a confirmed plan again, and writes nothing. Throws `record is damaged` where the kept input is not what its hash says. */
export async function plannedAgain(db: Database, record: PlanRecord, rules: PsaRules): Promise<PlannedAgain | null> {
  if (record.basis === undefined) return null;
  const basis = await basisOf(db, record.basis.hash);
  const kept = compared(record.plan, basis, rules);
  if (basis.kind === 'changes') return { kept, known: null };
  const facts = await factsThen(db, { ...record, known: record.basis.known }, basis);
  const known = { ...compared(record.plan, { ...basis, facts }, rules), inputs: inputsThatDiffer(basis.facts, facts) };
  return { kept, known };
}

function compared(plan: Plan, basis: Basis, rules: PsaRules): Again {
  const again = planAgain(basis, plan.kind, rules);
  if (!again.ok) return { made: false, problems: again.error };
  return again.value === null ? { made: false, problems: [] } : { made: true, differs: partsThatDiffer(plan, again.value) };
}

/** The facts of a customer as this database remembers them for the record that a plan was the next one to. */
async function factsThen(
  db: Database,
  { connection, known, customer: key }: PlanRecord & { readonly known: number },
  { facts, choices }: Extract<Basis, { kind: 'sync' }>,
): Promise<SyncFacts> {
  const { customer, period, today, calendar } = facts;
  const tables = await tablesThen(db, known);
  const counted = await countedThen(db, tables, { period, record: known, calendar });
  const month = monthFactsOf(counted, { today, calendar, template: nameTemplateIn(tables.settings) });
  const unread = { agreements: new Map(), agreementById: new Map(), lines: new Map(), holders: new Map(), lookups: new Map() };
  const question = { customer, connection, agreementId: choices.agreementId, psaCompany: choices.link?.id ?? null };
  const then = factsOf(month, { ...indexOf(tables), ...unread }, question);
  const { agreements, agreementsReadAt, oldAgreements, psaLines, linesReadAt, olderKinds, linesByAgreement, lookups } = facts;
  const read = { agreements, agreementsReadAt, oldAgreements, psaLines, linesReadAt, olderKinds, linesByAgreement, lookups };
  if (!isMissed(facts)) return Object.assign(then, read);
  const plans = await db.plans
    .where('customer')
    .equals(key ?? '')
    .toArray();
  const earlier = plans.filter(({ seq }) => seq <= known);
  return Object.assign(then, read, { held: await heldAt(db, earlier, connection, period) });
}
