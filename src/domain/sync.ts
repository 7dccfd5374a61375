import type { BasisText } from './basis';
import type { Around } from './change';
import { draftOf, exportDraftOf } from './draft';
import { freezePlan, type Plan } from './plan';
import { problem, type Problem } from './problem';
import { err, ok, type Result } from './result';
import { agreementFor, linkFor, type SyncChoices } from './sync-choices';
import type { SyncFacts } from './sync-facts';
import { gridFor } from './sync-grid';
import { once, type PsaRules } from './sync-rules';

/** Plans in the order in which they are delivered, each with what withholds the synced flag, and on its way to be confirmed with its basis. */
export type PlanSet = readonly PlannedOne[];
export interface PlannedOne {
  readonly plan: Plan;
  readonly withheld: readonly string[];
  readonly basis?: BasisText;
}

/** The plans of one Confirm Sync: product exports first, then the lines. Or every limit and block in the way. */
export const planSetFor = once((facts: SyncFacts, choices: SyncChoices, rules: PsaRules): Result<PlanSet, readonly Problem[]> => {
  const agreement = agreementFor(facts, choices);
  const link = linkFor(facts, choices);
  if (facts.company === null) return err([problem('no company assigned', { site: facts.customer.site })]);
  if (agreement === null || link === null) return err([problem('agreement is not chosen', {})]);
  const { connection, vendor, period, customer } = facts;
  const grid = gridFor(facts, choices, rules);
  const around = aroundOf(facts);
  const lines = freezePlan(
    draftOf(grid, {
      psa: connection.psa,
      connection,
      company: { company: facts.company, psaId: link.id },
      vendor,
      customer,
      agreement,
      period,
      option: choices.option,
      imports: facts.imports,
    }),
    rules.requests,
    around,
  );
  if (!lines.ok) return lines;
  const set = { plan: lines.value, withheld: grid.withheld };
  if (choices.exports.length === 0) return ok([set]);
  const exported = freezePlan(exportDraftOf(choices.exports, { psa: connection.psa, connection, vendor, period }), rules.requests, around);
  return exported.ok ? ok([{ plan: exported.value, withheld: [] }, set]) : exported;
});

/** What an adapter may need beside the changes of this customer. */
export function aroundOf({ linesByAgreement, lookups, connection }: SyncFacts): Omit<Around, 'earlier'> {
  const { settings, protocol } = connection;
  return { linesOf: (agreement) => linesByAgreement.get(agreement) ?? null, lookups, settings, readable: protocol !== 'file' };
}
