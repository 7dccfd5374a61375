import type { Agreement } from './agreement';
import type { AgreementUse } from './billing-cycle';
import type { Period } from './calendar';
import type { Around, RequestsOf } from './change';
import type { GridInput } from './grid';
import type { Problem } from './problem';
import type { SyncChoices } from './sync-choices';
import { currencyOf, type SyncFacts } from './sync-facts';

/** What a sync needs of a PSA adapter. */
export interface PsaRules {
  readonly id: string;
  readonly limits: GridInput['limits'];
  /** The limits with what the tenant says of its own fields; absent where no tenant differs. */
  readonly limitsIn?: (lookups: Around['lookups']) => GridInput['limits'];
  /** Without it the lines are what was last synced. */
  readonly can: { readonly readBack: boolean };
  readonly dates: (agreement: Agreement, period: Period) => GridInput['dates'];
  readonly judge: (
    agreement: Agreement,
    use: AgreementUse,
  ) => { readonly refusals: readonly Problem[]; readonly warnings: readonly Problem[] };
  readonly requests: RequestsOf;
}

/**
 * Why an agreement cannot take this customer's lines, and what it warns of. Where the PSA does not say the currency of its agreements, the
 * connection does.
 */
export function judgeFor(facts: SyncFacts, choices: SyncChoices, rules: PsaRules, agreement: Agreement): ReturnType<PsaRules['judge']> {
  const { period, today, connection } = facts;
  const judged = { ...agreement, currency: agreement.currency ?? connection.currency };
  return rules.judge(judged, { period, today, currency: currencyOf(facts), option: choices.option, settings: connection.settings });
}

/** The same facts and choices have the same answer: steps, summary and confirmation ask for it again and again. */
export function once<T>(work: (facts: SyncFacts, choices: SyncChoices, rules: PsaRules) => T): typeof work {
  const known = new WeakMap<SyncFacts, { readonly choices: SyncChoices; readonly rules: PsaRules; readonly value: T }>();
  return (facts, choices, rules) => {
    const last = known.get(facts);
    if (last?.choices === choices && last.rules === rules) return last.value;
    const value = work(facts, choices, rules);
    known.set(facts, { choices, rules, value });
    return value;
  };
}
