import { lastDayOf, shiftPeriod, type Day } from './calendar';
import { isRecurring } from './change';
import type { Customer } from './marketplace';
import { problem, type Problem } from './problem';
import { reconcileCustomer } from './reconcile';
import { err, type Result } from './result';
import { planSetFor, type PlanSet } from './sync';
import { agreementFor, NO_CHOICES, type SyncChoices } from './sync-choices';
import { isMissed, type SyncFacts } from './sync-facts';
import { gridFor } from './sync-grid';
import type { PsaRules } from './sync-rules';
import { stepProblems, withoutProduct } from './sync-steps';

/** What is remembered of a customer at a connection. */
export type Memory = Pick<SyncChoices, 'option' | 'zero'> & { readonly agreementId: string };

/** One customer of a sync of many: its plans, or every reason why its wizard has a question. */
export interface BulkItem {
  readonly customer: Customer;
  readonly connection: string | null;
  readonly plans: PlanSet;
  readonly problems: readonly Problem[];
  /** Where asked for: what its wizard would say without asking, and lines that somebody changed in the PSA since they were synced. */
  readonly warnings: readonly Problem[];
}

/** The choices that a wizard starts from, and that need no partner where nothing is open. */
export function choicesFrom(facts: SyncFacts, memory: Memory): SyncChoices {
  const choices = { ...NO_CHOICES, ...memory, agreementId: memory.agreementId === '' ? null : memory.agreementId };
  return { ...choices, skipped: isSkippedBefore(facts, choices) };
}

/** Lines that already use the top-level product were skipped by the partner before. */
export function isSkippedBefore(facts: SyncFacts, choices: SyncChoices): boolean {
  const live = facts.synced?.lines.filter(({ endedOn }) => endedOn === null).flatMap(({ subProducts }) => subProducts) ?? [];
  const missing = withoutProduct(facts, choices);
  return missing.length > 0 && missing.every(({ key }) => live.includes(key));
}

/**
 * The plans of a customer whose wizard would have no question; else the questions. Lines that can be and never were read are one, and so is
 * a missed month: what its invoice held already is known to the wizard alone. `effectiveDate` is from when new lines bill; null leaves it open.
 */
export function cleanPlans(
  facts: SyncFacts,
  memory: Memory,
  rules: PsaRules,
  effectiveDate: Day | null = null,
): Result<PlanSet, readonly Problem[]> {
  const early = effectiveDate === null ? null : outOfRange(facts, choicesFrom(facts, memory), effectiveDate);
  if (early !== null) return err([early]);
  const choices = cleanChoices(facts, memory, rules, effectiveDate);
  if (isMissed(facts)) return err([problem('option is refused', { option: choices.option, reason: 'not the newest final period' })]);
  if (facts.psaLines === null && rules.can.readBack && isRecurring(choices.option))
    return err([problem('lines were never read', { site: facts.customer.site })]);
  const elsewhere = facts.count.warnings.filter(({ code }) => code === 'customer is synced elsewhere');
  const problems = [...elsewhere, ...stepProblems('summary', facts, choices, rules)];
  return problems.length > 0 ? err(problems) : planSetFor(facts, choices, rules);
}

/** The choices that `cleanPlans` plans with. */
export function cleanChoices(facts: SyncFacts, memory: Memory, rules: PsaRules, effectiveDate: Day | null = null): SyncChoices {
  return startingOn(facts, choicesFrom(facts, memory), rules, effectiveDate);
}

/** A new line begins not before its agreement does, and not after the month whose invoice bills the period first. */
function outOfRange(facts: SyncFacts, choices: SyncChoices, effectiveDate: Day): Problem | null {
  const first = agreementFor(facts, choices)?.startDate ?? null;
  const last = lastDayOf(shiftPeriod(facts.period, 1));
  if ((first === null || effectiveDate >= first) && effectiveDate <= last) return null;
  return problem('effective date is out of range', { site: facts.customer.site, date: effectiveDate, first, last });
}

/** The choices with one effective date for every line that the sync makes. */
function startingOn(facts: SyncFacts, choices: SyncChoices, rules: PsaRules, effectiveDate: Day | null): SyncChoices {
  if (effectiveDate === null) return choices;
  const made = gridFor(facts, choices, rules).lines.filter(({ status }) => status === 'Creating');
  return { ...choices, edits: Object.fromEntries(made.map(({ slot }) => [slot, { effectiveDate }])) };
}

/** What the lines of a customer whose wizard has no question are worth a look for. */
export function warningsOf(facts: SyncFacts, memory: Memory, rules: PsaRules): readonly Problem[] {
  const grid = gridFor(facts, choicesFrom(facts, memory), rules);
  const changed = reconcileCustomer(facts, grid, rules, facts.today).flatMap(({ verdict, name, synced, psa }): Problem[] => {
    if (verdict === 'missing') return [problem('line is gone', { line: name })];
    const isChanged = verdict === 'changed in the PSA' || verdict === 'changed in both';
    return isChanged ? [problem('line differs in the PSA', { line: name, synced, found: psa })] : [];
  });
  return [...grid.warnings, ...grid.lines.flatMap(({ warnings }) => warnings), ...changed];
}
