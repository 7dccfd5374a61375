import type { Agreement } from './agreement';
import { isRecurring, SYNC_OPTIONS, type SyncOption } from './change';
import { parseDecimal } from './decimal';
import type { Grid, GridInput } from './grid';
import { gridOf } from './lines';
import { problem, type Problem } from './problem';
import { agreementFor, bindingsWith, editsWith, linkFor, type SyncChoices } from './sync-choices';
import { isMissed, type SyncFacts } from './sync-facts';
import { once, type PsaRules } from './sync-rules';

/** The lines of a sync. Without an agreement they show what an option would make on one that takes everything. */
export const gridFor = once((facts: SyncFacts, choices: SyncChoices, rules: PsaRules): Grid => {
  const agreement = agreementFor(facts, choices) ?? blankAgreement(facts, choices);
  const link = linkFor(facts, choices);
  const { connection, count } = facts;
  return gridOf({
    psa: { id: connection.psa, tenant: connection.tenant, connection: connection.id },
    limits: limitsFor(facts, rules),
    vendor: facts.vendor,
    productName: facts.productName,
    company: facts.company === null || link === null ? null : { id: facts.company.id, psaId: link.id },
    count,
    subProducts: facts.subProducts,
    prices: facts.prices,
    bindings: bindingsWith(facts, choices),
    option: choices.option,
    deselected: choices.deselected,
    agreement,
    dates: rules.dates(agreement, facts.period),
    datesOfOthers: datesOfOthers(facts, rules, agreement),
    psaLines: facts.psaLines,
    linesByAgreement: facts.linesByAgreement,
    olderKinds: facts.olderKinds,
    synced: facts.synced,
    held: facts.held,
    subscriptionStart: facts.subscriptionStart,
    today: facts.today,
    period: facts.period,
    template: facts.template,
    edits: editsWith(facts, choices),
    zero: choices.zero,
  });
});

/** Why an option is not possible for this customer and month; empty when it is. */
export function refusalsOf(facts: SyncFacts, choices: SyncChoices, rules: PsaRules): readonly Problem[] {
  const { option } = choices;
  const missed = isRecurring(option) && isMissed(facts) ? [problem('option is refused', { option, reason: MISSED })] : [];
  return [...missed, ...gridFor(facts, choices, rules).blocks.filter(({ code }) => code === 'option is refused')];
}

const MISSED = 'not the newest final period';

/** The options in the order in which they are offered. */
export const OPTIONS: readonly SyncOption[] = SYNC_OPTIONS;

/** The PSA's limits, with what its tenant says and what the partner set for this connection. */
export function limitsFor({ connection, lookups }: SyncFacts, rules: PsaRules): GridInput['limits'] {
  const limits = rules.limitsIn?.(lookups) ?? rules.limits;
  const set = parseDecimal(connection.settings['mostRounding'] ?? '');
  return set.ok ? { ...limits, mostRounding: set.value } : limits;
}

/** A line leaves an agreement by that agreement's own cycle. One that was never read is taken for not invoiced ahead. */
function datesOfOthers(facts: SyncFacts, rules: PsaRules, agreement: Agreement): GridInput['datesOfOthers'] {
  const ids = facts.synced?.lines.filter(({ endedOn }) => endedOn === null).map(({ agreementId }) => agreementId) ?? [];
  const others = [...new Set(ids)].filter((id) => id !== agreement.id);
  return Object.fromEntries(
    others.map((id) => [id, rules.dates(facts.oldAgreements.find((one) => one.id === id) ?? { ...BLANK, id }, facts.period)]),
  );
}

function blankAgreement(facts: SyncFacts, choices: SyncChoices): Agreement {
  return { ...BLANK, id: facts.synced?.agreementId ?? '', companyId: linkFor(facts, choices)?.id ?? '' };
}

/** An agreement of which nothing is known. */
const BLANK: Agreement = {
  id: '',
  name: '',
  companyId: '',
  type: null,
  status: 'active',
  startDate: null,
  endDate: null,
  cycle: null,
  monthly: true,
  currency: null,
  prorates: null,
  nextInvoiceDate: null,
  billsProducts: null,
};
