import { withoutQuery, type Basis } from './basis';
import { canonicalJson, type Json } from './canonical';
import { freezePlan, type Plan } from './plan';
import type { Problem } from './problem';
import { ok, type Result } from './result';
import { planSetFor } from './sync';
import type { SyncFacts } from './sync-facts';
import type { PsaRules } from './sync-rules';

/** The plan of one kind that today's planner makes of a basis (null: none of that kind), or every reason why it makes none. */
export function planAgain(basis: Basis, kind: Plan['kind'], rules: PsaRules): Result<Plan | null, readonly Problem[]> {
  if (basis.kind === 'changes') return freezePlan(basis.draft, rules.requests, basis.around);
  const made = planSetFor(basis.facts, basis.choices, rules);
  return made.ok ? ok(made.value.find(({ plan }) => plan.kind === kind)?.plan ?? null) : made;
}

/** The parts of a plan in which two plans differ; none where they have the same hash. */
export function partsThatDiffer(plan: Plan, other: Plan): (keyof Plan)[] {
  const parts = Object.keys({ ...plan, ...other }) as (keyof Plan)[];
  return parts.filter((part) => part !== 'id' && part !== 'hash' && !isSame(plan[part], other[part]));
}

/** What a sync is planned from and this database remembers as it was: everything but what was read from the PSA. */
export const SYNC_INPUTS = [
  ...(['count', 'imports', 'company', 'link', 'connection', 'bindings', 'prices', 'subProducts', 'synced', 'held'] as const),
  ...(['vendor', 'productName', 'subscriptionStart', 'template'] as const),
] as const;
export type SyncInput = (typeof SYNC_INPUTS)[number];

/** The inputs in which the facts of a plan differ from those that are remembered for its time. */
export function inputsThatDiffer(facts: SyncFacts, other: SyncFacts): SyncInput[] {
  return SYNC_INPUTS.filter((input) => !isSame(plain(input, facts), plain(input, other)));
}

function plain(input: SyncInput, facts: SyncFacts): unknown {
  if (input === 'held') return facts.held === null ? null : [...facts.held].sort();
  if (input === 'bindings') return facts.bindings.map((own) => canonical(own)).sort();
  if (input === 'connection') return withoutQuery(facts.connection);
  if (input !== 'prices') return facts[input];
  const own = facts.prices.filter(({ company }) => company === null || company === facts.company?.id);
  return own.map((price) => canonical(price)).sort();
}

function isSame(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: unknown): string {
  return value === undefined ? '' : canonicalJson(value as Json);
}
