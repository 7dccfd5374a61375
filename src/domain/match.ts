import { fuzzy } from 'fast-fuzzy';
import type { Company } from './marketplace';
import { isDomain } from './marketplace';

/** Why one thing is suggested for another; `ui/copy.ts` says it in words. */
export type MatchReason =
  | { readonly kind: 'same domain'; readonly domain: string }
  | { readonly kind: 'same external id'; readonly id: string }
  | { readonly kind: 'named by the usage' }
  | { readonly kind: 'same name' }
  /** The name speaks for it, but the domains or external ids of the two differ. */
  | { readonly kind: 'name against evidence'; readonly own: string; readonly theirs: string }
  | { readonly kind: 'same reference'; readonly reference: string }
  | { readonly kind: 'similar name'; readonly left: string; readonly right: string };

export interface Suggestion<T> {
  readonly item: T;
  /** 1 is certain; only exact evidence (domain, external id, named by the usage) may assign by itself. */
  readonly score: number;
  readonly reason: MatchReason;
}

/** At and above it a suggestion is pre-selected for the partner to accept; below `SHOWN` it is not shown. */
export const SURE = 0.9;
export const SHOWN = 0.6;

/** Companies that could be the customer behind a site, best first. */
export function suggestCompanies(
  seen: { readonly site: string; readonly account: string; readonly namedCompany: string | null },
  companies: readonly Company[],
): Suggestion<Company>[] {
  const found: Suggestion<Company>[] = [];
  for (const company of companies) {
    const suggestion = scoreCompany(seen, company);
    if (suggestion !== null && suggestion.score >= SHOWN) found.push(suggestion);
  }
  return best(found);
}

/** Whether the best suggestion rests on evidence that needs no partner: exact, and of one company only. */
export function exactEvidence(suggestions: readonly Suggestion<Company>[]): Suggestion<Company> | null {
  const exact = suggestions.filter(({ reason }) => ['same domain', 'same external id', 'named by the usage'].includes(reason.kind));
  return exact.length === 1 ? (exact[0] ?? null) : null;
}

/** Things of the PSA (companies, products) that could be the one with this name or reference, best first. */
export function suggestByName<T>(
  wanted: { readonly name: string; readonly reference: string | null; readonly domain: string | null },
  items: readonly T[],
  read: (item: T) => { readonly names: readonly string[]; readonly reference: string | null; readonly domain: string | null },
): Suggestion<T>[] {
  const found: Suggestion<T>[] = [];
  for (const item of items) {
    const { names, reference, domain } = read(item);
    if (wanted.reference !== null && wanted.reference === reference)
      found.push({ item, score: 1, reason: { kind: 'same reference', reference } });
    else if (wanted.domain !== null && wanted.domain === domain) found.push({ item, score: 0.99, reason: { kind: 'same domain', domain } });
    else {
      const scored = names
        .map((name) => ({ name, score: similarity(wanted.name, name) }))
        .sort((left, right) => right.score - left.score)[0];
      if (scored && scored.score >= SHOWN)
        found.push({ item, score: scored.score, reason: nameReason(wanted.name, scored.name, scored.score) });
    }
  }
  return best(found);
}

/** `https://www.Acme.com/` is `acme.com`; null when there is no domain in it. */
export function domainOf(website: string | null): string | null {
  const host = (website ?? '')
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^[^@/]*@/, '')
    .replace(/[/:?#].*$/, '')
    .replace(/^www\./, '');
  return isDomain(host) ? host : null;
}

const LEGAL = /\b(incorporated|inc|llc|llp|ltd|limited|gmbh|ag|corp|corporation|company|co|plc|pty|bv|nv|sa|srl|sarl|oy|ab|as|kg|the)\b/g;

/** Lower case, accents and legal forms removed, `&` read as and, a domain without its ending. */
export function normalName(name: string): string {
  const text = isDomain(name.trim())
    ? name
        .trim()
        .replace(/^www\./i, '')
        .replace(/(\.(com?|org|net|gov|edu|ac))?\.[a-z]{2,}$/i, '')
    : name;
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ');
  const short = plain.replace(LEGAL, ' ').replace(/\s+/g, ' ').trim();
  return short === '' ? plain.trim() : short;
}

/** Of whole names: a name that only contains the other (`Proofpoint` in `Proofpoint Business`) is likely another thing, so never sure. */
function similarity(left: string, right: string): number {
  const a = normalName(left);
  const b = normalName(right);
  if (a === '' || b === '') return 0;
  if (squashed(a) === squashed(b)) return 0.97;
  const whole = Math.max(fuzzy(a, b, WHOLE), fuzzy(squashed(a), squashed(b), WHOLE));
  return Math.max(Math.min(0.95, whole), contains(a, b) || contains(b, a) ? CONTAINED : 0);
}

const WHOLE = { useSellers: false } as const;
const CONTAINED = 0.75;

function squashed(name: string): string {
  return name.replace(/ /g, '');
}

function contains(name: string, part: string): boolean {
  return squashed(part).length > 3 && ` ${name} `.includes(` ${part} `);
}

function nameReason(left: string, right: string, score: number): MatchReason {
  return score >= 0.97 ? { kind: 'same name' } : { kind: 'similar name', left, right };
}

function scoreCompany(seen: { site: string; account: string; namedCompany: string | null }, company: Company): Suggestion<Company> | null {
  if (seen.namedCompany !== null && seen.namedCompany === company.id)
    return { item: company, score: 1, reason: { kind: 'named by the usage' } };
  if (seen.namedCompany !== null && company.externalId !== null && seen.namedCompany === company.externalId) {
    return { item: company, score: 1, reason: { kind: 'same external id', id: company.externalId } };
  }
  const domain = domainOf(seen.site);
  if (domain !== null && company.domains.some((own) => own.toLowerCase() === domain))
    return { item: company, score: 1, reason: { kind: 'same domain', domain } };
  const names = [seen.account, seen.site]
    .map((name) => ({ name, score: similarity(name, company.name) }))
    .sort((left, right) => right.score - left.score)[0];
  return names === undefined ? null : { item: company, score: names.score, reason: nameReason(names.name, company.name, names.score) };
}

function best<T>(found: Suggestion<T>[]): Suggestion<T>[] {
  return found.sort((left, right) => right.score - left.score).slice(0, 8);
}
