import type { Day, Period } from './calendar';
import type { Decimal } from './decimal';
import type { RuleKind } from './rule';

/** Every problem the core can name, with the data its sentence needs. `ui/copy.ts` alone speaks. */
export interface ProblemData
  extends
    UsageProblems,
    AssignmentProblems,
    MoneyProblems,
    RuleProblems,
    AgreementProblems,
    LineProblems,
    EntryProblems,
    PlanProblems,
    ConnectionProblems,
    DeliveryProblems,
    ImportProblems,
    AutomationProblems,
    StorageProblems {
  unexpected: { message: string };
}

/** Usage and the count of the snapshot day. */
export interface UsageProblems {
  'no usage reported': { site: string; period: Period; lastSeen: Day | null };
  'count is stale': { site: string; period: Period; date: Day };
  'count is late': { site: string; period: Period; date: Day };
  'quantity is missing': { site: string; subProduct: string; file: string; row: number };
  'quantity is negative': { site: string; subProduct: string; quantity: Decimal };
  'prices differ within the count': { site: string; subProduct: string; prices: readonly Decimal[] };
  'currencies differ within the count': { site: string; subProduct: string; currencies: readonly string[] };
  'trial usage is not billed': { site: string; subProduct: string; quantity: Decimal };
  'totals disagree with the vendor': { site: string; subProduct: string; ours: Decimal; vendors: Decimal; currency: string };
  'licences differ': { site: string; subProduct: string; quantity: Decimal; licences: Decimal };
  'another source differs': { site: string; subProduct: string; source: string; ours: Decimal | null; theirs: Decimal | null };
  'usage has no customer yet': { rows: number };
  'change is unusual': { site: string; subProduct: string; delta: Decimal; before: Decimal; limit: string };
  'change needs a look': { site: string; subProduct: string; gone: boolean };
  'line was decided by hand': { site: string };
  'customer is synced elsewhere': { site: string; connection: string };
  'currency is unknown': { subProduct: string };
  'period is not final': { period: Period; finalOn: Day };
}

/** Which company a site is, and which product of the PSA a sub-product is. */
export interface AssignmentProblems {
  'no company assigned': { site: string };
  'company is not linked': { company: string; psa: string };
  'no product bound': { product: string };
  'sub-product uses the top-level product': { subProduct: string; money: Decimal | null; currency: string | null };
  'sub-products have no product': { names: readonly string[]; topLevel: string | null };
}

/** Prices, costs and the currencies they are in. */
export interface MoneyProblems {
  'price is missing': { subProduct: string };
  'cost is unknown': { subProduct: string };
  'price is below cost': { subProduct: string; price: Decimal; cost: Decimal };
  'currency differs': { expected: string; found: string };
  'quantity was rounded': { line: string; from: Decimal; to: Decimal; money: Decimal | null; currency: string | null };
  'price was rounded': { line: string; from: Decimal; to: Decimal; money: Decimal | null; currency: string | null };
  'cost was rounded': { line: string; from: Decimal; to: Decimal; money: Decimal | null; currency: string | null };
  'rounding is too much': { line: string; from: Decimal; to: Decimal; money: Decimal; limit: Decimal; currency: string };
}

/** Rules of the partner for quantities and prices. */
export interface RuleProblems {
  'usage is not billed by a rule': { subProduct: string; kind: RuleKind; counted: Decimal; reason: string };
  'rule needs a cost': { subProduct: string };
  'rule is in another currency': { subProduct: string; kind: RuleKind; expected: string; found: string | null };
  'rule needs a field': { field: string; kind: RuleKind };
  'rule ends before it begins': { field: string; from: Period; until: Period };
  'rule is gone': { seq: number };
}

/** What an agreement refuses, and what it warns of. */
export interface AgreementProblems {
  'agreement is ended': { agreement: string; on: Day | null };
  'agreement is cancelled': { agreement: string };
  'agreement is inactive': { agreement: string };
  'agreement is not monthly': { agreement: string; cycle: string | null };
  'agreement is in another currency': { agreement: string; expected: string; found: string };
  'agreement has not started': { agreement: string; startDate: Day };
  'agreement prorates': { agreement: string };
  'agreement does not bill products': { agreement: string };
  'agreement takes no services': { agreement: string; type: string | null };
  'word is not known': { agreement: string; what: 'status' | 'period'; found: string | null };
  'line has less included': { line: string; quantity: Decimal };
}

/** A line, beside what the PSA holds and keeps. */
export interface LineProblems {
  'option is refused': {
    option: string;
    reason:
      'mixed units' | 'mixed currencies' | 'mixed taxability' | 'not the newest final period' | 'a month that a single line has billed';
  };
  'several lines could be ours': { line: string; candidates: number };
  'line may already be there': { line: string; candidate: string };
  'line was invoiced already': { line: string };
  'line cannot end before it starts': { line: string; start: Day };
  'line has ended already': { line: string; on: Day | null };
  'charge is not there': { line: string };
  'product cannot repeat on the agreement': { product: string; money: Decimal | null; currency: string | null };
  'name was cut': { name: string; limit: number };
  'name is taken': { name: string };
  'name is not kept': { line: string; name: string };
  'cost is not kept': { line: string };
  'line is counted by the PSA': { line: string };
  'period was posted already': { line: string; through: Day };
  'quantity changes later': { line: string; quantity: Decimal | null; from: Day };
  'later quantity would move': { line: string; quantity: Decimal | null; from: Day };
}

/** What the partner enters. */
export interface EntryProblems {
  'field is read-only': { field: string };
  'field is required': { field: string; record: string };
  'choice is needed': { field: string; choices: readonly string[] };
  'text is too long': { field: string; value: string; limit: number };
  'text is missing': { field: string };
  'number is not accepted': { field: string; value: string };
  'PSA takes fewer requests': { field: string; requests: number; most: number };
  'reason is missing': { line: string };
  'address is not accepted': { field: string };
  'value is not accepted': { field: string; value: string };
}

/** What a plan waits for. */
export interface PlanProblems {
  'lines of the agreement were never read': { agreement: string };
  'choices were never read': { what: string };
  'sync file is not marked': { plan: string };
  'delivery is not settled': { plan: string };
  'newer plan has the line': { line: string; plan: string };
  'nothing to sync': { site: string };
  'connection is not chosen': Record<never, never>;
  'agreement is not chosen': Record<never, never>;
  'plan changed meanwhile': Record<never, never>;
  'lines were never read': { site: string };
  'choice is not remembered': { site: string };
  'effective date is out of range': { site: string; date: Day; first: Day | null; last: Day };
  'decision rests': { reason: 'gone' | 'newer' | 'plan' | 'changed' };
  'split is not possible': { line: string; reason: 'file' | 'not final' | 'product once' | 'price' | 'no update' };
  /** `next` is the day of the invoice that its last reading, at `readAt`, expected. */
  'agreement may be invoiced since': { agreement: string; readAt: string; next: Day };
  'undo is not possible': { reason: 'no lines' | 'newer plan' | 'nothing sent' | 'charges' | 'not compared' };
}

/** The way to a PSA, and the secrets for it. */
export interface ConnectionProblems {
  'answer is not understood': { what: string; detail: string };
  'credentials are missing': { field: string };
  'credentials were refused': { status: number; message: string };
  'endpoint is unreachable': { url: string };
  'rate limit': { seconds: number };
  'secret is locked': { connection: string };
  'connection is in use': { connection: string; customers: number };
  'passphrase is wrong': { connection: string };
  'browser cannot lock': Record<never, never>;
}

/** What became of a request. */
export interface DeliveryProblems {
  'request was refused': { status: number; message: string };
  'line was changed meanwhile': { line: string; field: string; believed: string | null; found: string | null };
  'line is gone': { line: string };
  'another line was changed': { line: string; field: string; believed: string | null; found: string | null };
  'line exists more than once': { line: string; ids: readonly string[] };
  'outcome is unknown': { line: string };
  'request was withdrawn': { line: string };
  'key was used for something else': { line: string; message: string };
  'product is not exported yet': { line: string; product: string };
}

/**
 * Files that one import takes together: those of one source and, where they are tables, of one header. The header is null where the
 * source tells the group from the others.
 */
export type FileGroup = ImportProblems['files do not belong together']['groups'][number];

/** Picked files, and their import. */
export interface ImportProblems {
  'file is not recognised': { file: string };
  'saved list is empty': { file: string };
  'page is missing': { file: string };
  'file is too large': { file: string; bytes: number; limit: number };
  'file is empty': { file: string };
  'encoding is not readable': { file: string };
  'header is repeated': { file: string; names: readonly string[] };
  'files do not belong together': {
    groups: readonly { source: string; header: readonly string[] | null; files: readonly string[] }[];
  };
  'another import is running': Record<never, never>;
  'import was not started': Record<never, never>;
}

/** Why auto-sync leaves a customer to the partner. */
export interface AutomationProblems {
  'customer is ignored': { site: string; reason: string; until: Day | null };
  'auto-sync is paused': { site: string | null; product: string | null; reason: string; until: Day | null };
  'line differs in the PSA': { line: string; synced: Decimal | null; found: Decimal | null };
  'month was synced already': { site: string; period: Period };
  'hand-work is left': { site: string; lines: number };
  'file cannot be sent': { connection: string };
}

/** What this browser keeps. */
export interface StorageProblems {
  'database is newer': Record<never, never>;
  'database was replaced': Record<never, never>;
  'storage is full': Record<never, never>;
  'record is damaged': { what: string };
}

export type ProblemCode = keyof ProblemData;
export type Problem = { readonly [C in ProblemCode]: { readonly code: C } & Readonly<ProblemData[C]> }[ProblemCode];

export function problem<C extends ProblemCode>(code: C, data: ProblemData[C]): Extract<Problem, { code: C }> {
  return { code, ...data } as unknown as Extract<Problem, { code: C }>;
}

/** An effect that fails throws this, and nothing else on purpose. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(reason: Problem) {
    super(reason.code);
    this.name = 'ProblemError';
    this.problem = reason;
  }
}

export function problemOf(reason: unknown): Problem {
  if (reason instanceof ProblemError) return reason.problem;
  return problem('unexpected', { message: reason instanceof Error ? reason.message : String(reason) });
}
