import type { Connection, PsaLine } from './agreement';
import { sha256Hex } from './canonical';
import type { Around } from './change';
import type { Decimal } from './decimal';
import type { PlanDraft } from './plan';
import type { PriceVersion } from './price';
import type { SyncChoices } from './sync-choices';
import type { SyncFacts } from './sync-facts';

/** Everything that a plan was made of: the facts and choices of a sync, or the changes themselves where no usage was planned. */
export type Basis =
  | { readonly kind: 'sync'; readonly facts: SyncFacts; readonly choices: SyncChoices }
  | { readonly kind: 'changes'; readonly draft: PlanDraft; readonly around: Omit<Around, 'earlier'> };

/** A basis as it is kept: two JSON texts under their hashes, of which many plans have the second one in common. */
export interface BasisText {
  readonly hash: string;
  readonly own: string;
  readonly common: { readonly hash: string; readonly text: string };
}

/** The basis of a sync. It holds what a plan is a function of: no prices of other companies, and no number that only the page shows. */
export function syncBasis(facts: SyncFacts, choices: SyncChoices): BasisText {
  const { connection, vendor, productName, subProducts, bindings, lookups, period, calendar, template } = facts;
  const { customer, company, link, count, agreements, agreementsReadAt, oldAgreements, linesReadAt, olderKinds } = facts;
  const { linesByAgreement, psaLines, synced, held, subscriptionStart, today, imports } = facts;
  const lines = [...linesByAgreement];
  const read = lines.find(([, rows]) => rows === psaLines)?.[0] ?? null;
  return basisText(
    {
      ...{ kind: 'sync', customer, company, link, count, prices: pricesOf(facts, (whose) => whose === company?.id), agreements },
      ...{ agreementsReadAt, oldAgreements, linesReadAt, olderKinds, lines, psaLines: read === null ? psaLines : { of: read }, synced },
      ...{ held: held === null ? null : [...held], subscriptionStart, today, imports, choices },
    } satisfies SyncOwn,
    {
      ...{ connection: withoutQuery(connection), vendor, productName, subProducts, bindings, lookups, period, calendar, template },
      prices: pricesOf(facts, (whose) => whose === null),
    } satisfies SyncCommon,
  );
}

/** A connection as it may be kept when it is changed or forgotten: some relays have a secret in the query of their address. */
export function withoutQuery(connection: Connection): Connection {
  return { ...connection, url: connection.url?.split(/[?#]/)[0] ?? null };
}

/** The basis of a plan that is made of changes: what takes another back, ends one line, or exports products. */
export function changesBasis(draft: PlanDraft, around: Omit<Around, 'earlier'>): BasisText {
  const { linesOf, ...rest } = around;
  const agreements = [...new Set(draft.changes.flatMap(({ change }) => (change.kind === 'export' ? [] : [change.agreementId])))];
  const lines = agreements.map((agreement) => [agreement, linesOf(agreement)] as const);
  return basisText({ kind: 'changes', draft, lines } satisfies ChangesOwn, rest satisfies ChangesCommon);
}

/** What was kept, as the planner takes it. Throws a SyntaxError for a text that is none of ours. */
export function basisFrom(own: string, common: string): Basis {
  const kept = JSON.parse(own) as SyncOwn | ChangesOwn;
  if (kept.kind === 'changes') {
    const lines = new Map(kept.lines);
    return {
      kind: 'changes',
      draft: kept.draft,
      around: { ...(JSON.parse(common) as ChangesCommon), linesOf: (agreement) => lines.get(agreement) ?? null },
    };
  }
  const { kind, choices, lines, psaLines, held, prices, ...rest } = kept;
  const shared = JSON.parse(common) as SyncCommon;
  const linesByAgreement = new Map(lines);
  return {
    kind,
    choices,
    facts: {
      ...{ ...shared, ...rest, linesByAgreement, prices: [...shared.prices, ...prices], lastMonth: null, fingerprint: '' },
      psaLines: psaLines !== null && 'of' in psaLines ? (linesByAgreement.get(psaLines.of) ?? null) : psaLines,
      held: held === null ? null : new Map(held),
    },
  };
}

type SyncCommon = Pick<
  SyncFacts,
  'connection' | 'vendor' | 'productName' | 'subProducts' | 'bindings' | 'lookups' | 'period' | 'calendar' | 'template' | 'prices'
>;
type SyncOwn = Omit<SyncFacts, keyof SyncCommon | 'lastMonth' | 'fingerprint' | 'linesByAgreement' | 'held' | 'psaLines'> & {
  readonly kind: 'sync';
  readonly prices: readonly PriceVersion[];
  readonly lines: readonly (readonly [string, readonly PsaLine[]])[];
  /** Those of an agreement among `lines`, or lines by themselves. */
  readonly psaLines: readonly PsaLine[] | { readonly of: string } | null;
  readonly held: readonly (readonly [string, Decimal | null])[] | null;
  readonly choices: SyncChoices;
};
interface ChangesOwn {
  readonly kind: 'changes';
  readonly draft: PlanDraft;
  readonly lines: readonly (readonly [string, readonly PsaLine[] | null])[];
}
type ChangesCommon = Omit<Around, 'earlier' | 'linesOf'> & { readonly settings: Connection['settings'] };

function pricesOf({ prices }: SyncFacts, is: (company: string | null) => boolean): readonly PriceVersion[] {
  return prices.filter(({ company }) => is(company));
}

function basisText(own: SyncOwn | ChangesOwn, common: SyncCommon | ChangesCommon): BasisText {
  const [text, other] = [JSON.stringify(own), JSON.stringify(common)];
  const hash = hashOnce(other);
  return { hash: sha256Hex(`${hash}${text}`), own: text, common: { hash, text: other } };
}

/** One customer after the other has the same connection and product. */
function hashOnce(text: string): string {
  if (last?.text !== text) last = { text, hash: sha256Hex(text) };
  return last.hash;
}
let last: { readonly text: string; readonly hash: string } | null = null;
