import type { Agreement, Binding, Connection, ProductExport, PsaLine, PsaProduct } from './agreement';
import { finalDayOf, newestFinalPeriod, periodState, type BillingCalendar, type Day, type Period } from './calendar';
import { isRecurring, SYNC_OPTIONS, type Around, type RequestsOf, type SyncOption } from './change';
import { parseDecimal, type Decimal } from './decimal';
import { draftOf, exportDraftOf } from './draft';
import type { NameTemplate } from './line-name';
import { gridOf } from './lines';
import type { Grid, GridInput, LineEdit } from './grid';
import type { Company, Customer, SubProduct } from './marketplace';
import { freezePlan, type Plan } from './plan';
import { priceOf, type PriceVersion } from './price';
import { problem, type Problem } from './problem';
import { err, ok, type Result } from './result';
import { bills, type SiteCount } from './snapshot';
import type { Synced } from './synced';

/** Everything stored that one customer's sync is a function of, beside what the partner chooses. Null is "not known", never "none". */
export interface SyncFacts {
  readonly customer: Customer;
  readonly connection: Connection;
  readonly vendor: string;
  readonly productName: string;
  readonly company: Company | null;
  readonly link: { readonly id: string; readonly name: string } | null;
  readonly count: SiteCount;
  /** Price of last month's billable counts; null where one is unknown. */
  readonly lastMonth: Decimal | null;
  readonly subProducts: readonly SubProduct[];
  readonly prices: readonly PriceVersion[];
  readonly bindings: readonly Binding[];
  /** Agreements of the linked company as they were read, and when. */
  readonly agreements: readonly Agreement[] | null;
  readonly agreementsReadAt: string | null;
  /** The agreements that live lines of ours are on, of whatever company, as far as they were read. */
  readonly oldAgreements: readonly Agreement[];
  /** Lines of the chosen agreement as they were read, and when. */
  readonly psaLines: readonly PsaLine[] | null;
  readonly linesReadAt: string | null;
  /** Kinds of lines that were read before the customer's last change was proven, or never. */
  readonly olderKinds: readonly PsaLine['kind'][];
  /** Lines of every agreement that the lines above or a remembered line stand on, as they were read. */
  readonly linesByAgreement: ReadonlyMap<string, readonly PsaLine[]>;
  /** Choices of the PSA as they were read. */
  readonly lookups: Around['lookups'];
  readonly synced: Synced | null;
  readonly held: ReadonlyMap<string, Decimal | null> | null;
  readonly subscriptionStart: Day | null;
  readonly period: Period;
  readonly today: Day;
  readonly calendar: BillingCalendar;
  readonly template: NameTemplate;
  /** Imports that the count rests on. */
  readonly imports: readonly string[];
  /** Changes with the usage that the count rests on. */
  readonly fingerprint: string;
}

/** A PSA product that was picked in the wizard and is bound when the sync is confirmed. */
export interface ChosenBinding {
  readonly subProduct: string | null;
  readonly psaProduct: Pick<PsaProduct, 'id' | 'identifier' | 'description' | 'taxable'>;
}

/** What the partner decides in the wizard, as plain data. Nothing of it is stored elsewhere before Confirm Sync. */
export interface SyncChoices {
  readonly link: { readonly id: string; readonly name: string } | null;
  readonly bindings: readonly ChosenBinding[];
  readonly exports: readonly ProductExport[];
  /** Sub-products without a product use the top-level one. */
  readonly skipped: boolean;
  readonly option: SyncOption;
  readonly deselected: readonly string[];
  readonly agreementId: string | null;
  readonly edits: Readonly<Record<string, LineEdit>>;
  readonly zero: 'date' | 'zero';
  readonly confirmedEarly: boolean;
  readonly lateReason: string;
}

export const NO_CHOICES: SyncChoices = {
  link: null,
  bindings: [],
  exports: [],
  skipped: false,
  option: 'multi-product',
  deselected: [],
  agreementId: null,
  edits: {},
  zero: 'date',
  confirmedEarly: false,
  lateReason: '',
};

/** What a sync needs of a PSA adapter. */
export interface PsaRules {
  readonly id: string;
  readonly limits: GridInput['limits'];
  /** Without it the lines are what was last synced. */
  readonly can: { readonly readBack: boolean };
  readonly dates: (agreement: Agreement, period: Period) => GridInput['dates'];
  readonly judge: (
    agreement: Agreement,
    use: { readonly period: Period; readonly today: Day; readonly currency: string | null; readonly option: SyncOption },
  ) => { readonly refusals: readonly Problem[]; readonly warnings: readonly Problem[] };
  readonly requests: RequestsOf;
}

/** Confirmed plans in the order in which they are delivered, each with what withholds the synced flag. */
export type PlanSet = readonly { readonly plan: Plan; readonly withheld: readonly string[] }[];

/** The company in the PSA: as linked before, or as chosen in this wizard. */
export function linkFor(facts: SyncFacts, choices: SyncChoices): SyncFacts['link'] {
  return choices.link ?? facts.link;
}

/** The bindings that hold, with those that this wizard would make in front. */
export function bindingsWith(facts: SyncFacts, choices: SyncChoices): readonly Binding[] {
  const base = { connection: facts.connection.id, product: facts.customer.product, exportPlan: null, from: null, until: null, seq: 0 };
  const chosen = [
    ...choices.exports.map((exported): Binding => ({
      ...base,
      subProduct: exported.subProduct,
      psaProductId: null,
      identifier: exported.identifier,
      description: exported.name,
      taxable: exported.taxable,
      origin: 'exported',
    })),
    ...choices.bindings.map(({ subProduct, psaProduct }): Binding => ({
      ...base,
      subProduct,
      psaProductId: psaProduct.id,
      identifier: psaProduct.identifier,
      description: psaProduct.description,
      taxable: psaProduct.taxable,
      origin: 'bound',
    })),
  ];
  const taken = new Set(chosen.map(({ subProduct }) => subProduct));
  return [...chosen, ...facts.bindings.filter(({ subProduct }) => !taken.has(subProduct))];
}

export function agreementFor(facts: SyncFacts, choices: SyncChoices): Agreement | null {
  return facts.agreements?.find(({ id }) => id === choices.agreementId) ?? null;
}

/**
 * Why an agreement cannot take this customer's lines, and what it warns of. Where the PSA does not say the currency of its agreements, the
 * connection does.
 */
export function judgeFor(facts: SyncFacts, choices: SyncChoices, rules: PsaRules, agreement: Agreement): ReturnType<PsaRules['judge']> {
  const { period, today, connection } = facts;
  const judged = { ...agreement, currency: agreement.currency ?? connection.currency };
  return rules.judge(judged, { period, today, currency: currencyOf(facts), option: choices.option });
}

/** The lines of a sync. Without an agreement they show what an option would make on one that takes everything. */
export function gridFor(facts: SyncFacts, choices: SyncChoices, rules: PsaRules): Grid {
  return once(GRIDS, facts, choices, rules, gridNow);
}

function gridNow(facts: SyncFacts, choices: SyncChoices, rules: PsaRules): Grid {
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
}

/** Whether the period is one whose invoice has gone by: then only one-time lines can still bill it. */
export function isMissed({ period, today, calendar }: Pick<SyncFacts, 'period' | 'today' | 'calendar'>): boolean {
  return period < newestFinalPeriod(today, calendar);
}

/** Why an option is not possible for this customer and month; empty when it is. */
export function refusalsOf(facts: SyncFacts, choices: SyncChoices, rules: PsaRules): readonly Problem[] {
  const { option } = choices;
  const missed = isRecurring(option) && isMissed(facts) ? [problem('option is refused', { option, reason: MISSED })] : [];
  return [...missed, ...gridFor(facts, choices, rules).blocks.filter(({ code }) => code === 'option is refused')];
}

const MISSED = 'not the newest final period';

/** The options in the order in which they are offered. */
export const OPTIONS: readonly SyncOption[] = SYNC_OPTIONS;

/** The plans of one Confirm Sync: product exports first, then the lines. Or every limit and block in the way. */
export function planSetFor(facts: SyncFacts, choices: SyncChoices, rules: PsaRules): Result<PlanSet, readonly Problem[]> {
  return once(PLANS, facts, choices, rules, planSetNow);
}

function planSetNow(facts: SyncFacts, choices: SyncChoices, rules: PsaRules): Result<PlanSet, readonly Problem[]> {
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
}

function aroundOf({ linesByAgreement, lookups, connection }: SyncFacts): Omit<Around, 'earlier'> {
  return { linesOf: (agreement) => linesByAgreement.get(agreement) ?? null, lookups, settings: connection.settings };
}

/** The PSA's limits, with what the partner set for this connection. */
function limitsFor({ connection }: SyncFacts, { limits }: PsaRules): GridInput['limits'] {
  const set = parseDecimal(connection.settings['mostRounding'] ?? '');
  return set.ok ? { ...limits, mostRounding: set.value } : limits;
}

/** The day on which the period becomes final, while it is not. */
export function finalOn({ period, today, calendar }: SyncFacts): Day | null {
  return periodState(period, today, calendar) === 'final' ? null : finalDayOf(period, calendar);
}

/** Sub-products of this customer that bill in the period. */
export function billingOf({ count }: SyncFacts): SiteCount['counts'] {
  return count.counts.filter(bills);
}

/** The currency of the lines: the usage's own, else that of the price list which prices them. */
function currencyOf(facts: SyncFacts): string | null {
  const { company, prices, period } = facts;
  const currencies = [...new Set(billingOf(facts).flatMap((count) => priceOf(count, company?.id ?? null, prices, period).currency ?? []))];
  return currencies.length === 1 ? (currencies[0] ?? null) : null;
}

/** A late count bills with one reason for all of its lines. */
function editsWith({ count }: SyncFacts, { edits, lateReason }: SyncChoices): Readonly<Record<string, LineEdit>> {
  const reason = lateReason.trim();
  if (count.how !== 'late' || reason === '') return edits;
  const slots = [...count.counts.map(({ subProduct }) => subProduct), '*'];
  return { ...edits, ...Object.fromEntries(slots.map((slot) => [slot, { reason, ...edits[slot] }])) };
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

/** The same facts and choices have the same lines: steps, summary and confirmation ask for them again and again. */
type Known<T> = WeakMap<SyncFacts, { readonly choices: SyncChoices; readonly rules: PsaRules; readonly value: T }>;
const GRIDS: Known<Grid> = new WeakMap();
const PLANS: Known<Result<PlanSet, readonly Problem[]>> = new WeakMap();

function once<T>(
  known: Known<T>,
  facts: SyncFacts,
  choices: SyncChoices,
  rules: PsaRules,
  work: (facts: SyncFacts, choices: SyncChoices, rules: PsaRules) => T,
): T {
  const last = known.get(facts);
  if (last?.choices === choices && last.rules === rules) return last.value;
  const value = work(facts, choices, rules);
  known.set(facts, { choices, rules, value });
  return value;
}
