import { fuzzy } from 'fast-fuzzy';
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

/** Things of the PSA (companies, products) that could be the one with this name or reference, best first. */
export function suggestByName<T>(
  wanted: { readonly name: string; readonly reference: string | null; readonly domain: string | null },
  items: readonly T[],
  read: (item: T) => { readonly names: readonly string[]; readonly reference: string | null; readonly domain: string | null },
): Suggestion<T>[] {
  const found: Suggestion<T>[] = [];
  const spelled = spelledName(wanted.name);
  for (const item of items) {
    const { names, reference, domain } = read(item);
    if (wanted.reference !== null && wanted.reference === reference)
      found.push({ item, score: 1, reason: { kind: 'same reference', reference } });
    else if (wanted.domain !== null && wanted.domain === domain) found.push({ item, score: 0.99, reason: { kind: 'same domain', domain } });
    else {
      const scored = names
        .map((name) => ({ name, score: similarity(spelled, spelledName(name)) }))
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

/** A name as it is compared, with and without its spaces. */
export interface Spelled {
  readonly name: string;
  readonly squashed: string;
}

export function spelledName(name: string): Spelled {
  const normal = normalName(name);
  return { name: normal, squashed: normal.replace(/ /g, '') };
}

/** Of whole names: a name that only contains the other (`Proofpoint` in `Proofpoint Business`) is likely another thing, so never sure. */
export function similarity(left: Spelled, right: Spelled): number {
  if (left.name === '' || right.name === '') return 0;
  if (left.squashed === right.squashed) return SAME;
  const whole = Math.max(fuzzy(left.name, right.name, WHOLE), fuzzy(left.squashed, right.squashed, WHOLE));
  return Math.max(Math.min(ALIKE, whole), contains(left, right) || contains(right, left) ? CONTAINED : 0);
}

const WHOLE = { useSellers: false } as const;
/** The scores of equal names and of a name within the other, and the highest of names that are only alike. */
const SAME = 0.97;
const ALIKE = 0.95;
const CONTAINED = 0.75;

function contains({ name }: Spelled, part: Spelled): boolean {
  return part.squashed.length > 3 && ` ${name} `.includes(` ${part.name} `);
}

/** The score that `similarity` cannot exceed where at least `apart` letters would have to change, and one may contain the other. */
export function mostSimilar(left: Spelled, right: Spelled, apart: number, mayContain: boolean): number {
  if (apart === 0) return SAME;
  const alike = Math.min(ALIKE, 1 - apart / Math.max(left.name.length, right.name.length));
  return mayContain ? Math.max(alike, CONTAINED) : alike;
}

export function nameReason(left: string, right: string, score: number): MatchReason {
  return score >= SAME ? { kind: 'same name' } : { kind: 'similar name', left, right };
}

function best<T>(found: Suggestion<T>[]): Suggestion<T>[] {
  return found.sort((left, right) => right.score - left.score).slice(0, MOST);
}

/** So many suggestions are answered. */
export const MOST = 8;
