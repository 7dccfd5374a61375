import type { Company } from './marketplace';
import { domainOf, MOST, mostSimilar, nameReason, SHOWN, similarity, spelledName, type Spelled, type Suggestion } from './match';

/** What the usage says about who a site is. */
export interface SeenSite {
  readonly site: string;
  readonly account: string;
  /** The id or external id of the company that the usage names. */
  readonly namedCompany: string | null;
}

/**
 * Companies that could be the customer behind a site, best first. What is read of the companies is kept with their array, so that many sites
 * can be asked of the same one: give each of them the same array, not a copy.
 */
export function suggestCompanies(seen: SeenSite, companies: readonly Company[]): Suggestion<Company>[] {
  const index = indexOf(companies);
  const exact = exactIn(seen, index);
  const taken = new Set(exact.map(({ item }) => item));
  const found = exact.map((suggestion) => ({ suggestion, at: -1 }));
  const names = [...new Set([seen.account, seen.site])].map((name) => ({ name, letters: lettersOf(spelledName(name)) }));
  const near = nearest(
    names.map(({ letters }) => letters),
    index,
  );
  for (const { row, at, most } of near) {
    if (most < (found[MOST - 1]?.suggestion.score ?? SHOWN)) break;
    const { company, letters } = row;
    if (taken.has(company)) continue;
    const scored = names
      .map((own) => ({ name: own.name, score: similarity(own.letters.spelled, letters.spelled) }))
      .sort((left, right) => right.score - left.score)[0];
    if (scored === undefined || scored.score < SHOWN) continue;
    const reason = nameReason(scored.name, company.name, scored.score);
    found.push({ suggestion: { item: company, score: scored.score, reason }, at });
    found.sort((left, right) => right.suggestion.score - left.suggestion.score || left.at - right.at).splice(MOST);
  }
  return found.slice(0, MOST).map(({ suggestion }) => suggestion);
}

/** The company that needs no partner to be assigned: named by the usage, or with its domain or external id, and the only such one. */
export function exactCompany(seen: SeenSite, companies: readonly Company[]): Suggestion<Company> | null {
  const exact = exactIn(seen, indexOf(companies));
  return exact.length === 1 ? (exact[0] ?? null) : null;
}

interface Row {
  readonly company: Company;
  readonly letters: Letters;
}
interface Index {
  readonly rows: readonly Row[];
  /** Positions of companies by their id, external id, and domains. */
  readonly byId: ReadonlyMap<string, readonly number[]>;
  readonly byExternalId: ReadonlyMap<string, readonly number[]>;
  readonly byDomain: ReadonlyMap<string, readonly number[]>;
}

const INDEXES = new WeakMap<readonly Company[], Index>();

function indexOf(companies: readonly Company[]): Index {
  const known = INDEXES.get(companies);
  if (known !== undefined) return known;
  const [byId, byExternalId, byDomain] = [new Map<string, number[]>(), new Map<string, number[]>(), new Map<string, number[]>()];
  const enter = (map: Map<string, number[]>, key: string, at: number) => map.set(key, [...(map.get(key) ?? []), at]);
  const rows = companies.map((company, at) => {
    enter(byId, company.id, at);
    if (company.externalId !== null) enter(byExternalId, company.externalId, at);
    for (const domain of new Set(company.domains.map((own) => own.toLowerCase()))) enter(byDomain, domain, at);
    return { company, letters: lettersOf(spelledName(company.name)) };
  });
  const index = { rows, byId, byExternalId, byDomain };
  INDEXES.set(companies, index);
  return index;
}

/** In the order of the companies; each with the strongest evidence it has. */
function exactIn({ site, namedCompany }: SeenSite, { rows, byId, byExternalId, byDomain }: Index): Suggestion<Company>[] {
  const found = new Map<number, Suggestion<Company>>();
  const enter = (positions: readonly number[] | undefined, reason: Suggestion<Company>['reason']) => {
    for (const at of positions ?? []) {
      const item = rows[at]?.company;
      if (item !== undefined && !found.has(at)) found.set(at, { item, score: 1, reason });
    }
  };
  if (namedCompany !== null) {
    enter(byId.get(namedCompany), { kind: 'named by the usage' });
    enter(byExternalId.get(namedCompany), { kind: 'same external id', id: namedCompany });
  }
  const domain = domainOf(site);
  if (domain !== null) enter(byDomain.get(domain), { kind: 'same domain', domain });
  return [...found].sort(([left], [right]) => left - right).map(([, suggestion]) => suggestion);
}

/** How often each letter stands in a name, letters of the same remainder together; null where a letter may be more than one code unit. */
interface Letters {
  readonly spelled: Spelled;
  readonly counts: Uint16Array | null;
}

/** The letters from a to z and the digits are of different kinds. */
const KINDS = 38;

function lettersOf(spelled: Spelled): Letters {
  if (!/^[\u0020-\u052f]*$/.test(spelled.name)) return { spelled, counts: null };
  const counts = new Uint16Array(KINDS);
  for (let at = 0; at < spelled.squashed.length; at++) {
    const kind = spelled.squashed.charCodeAt(at) % KINDS;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return { spelled, counts };
}

/**
 * The companies whose names may be similar enough to be shown, each with the score that it cannot exceed, the highest first. Whatever is
 * spelled with other letters is left out before anything is compared, which costs a thousand times more.
 */
function nearest(names: readonly Letters[], { rows }: Index): { readonly row: Row; readonly at: number; readonly most: number }[] {
  const found: { row: Row; at: number; most: number }[] = [];
  for (const [at, row] of rows.entries()) {
    let most = 0;
    for (const name of names) most = Math.max(most, mostAlike(name, row.letters));
    if (most >= SHOWN) found.push({ row, at, most });
  }
  return found.sort((left, right) => right.most - left.most);
}

/** Letters that only one of the two has must be changed, added or taken away, whatever their order is. */
function mostAlike(one: Letters, other: Letters): number {
  if (one.counts === null || other.counts === null) return 1;
  let more = 0;
  let less = 0;
  for (let kind = 0; kind < KINDS; kind++) {
    const difference = (one.counts[kind] ?? 0) - (other.counts[kind] ?? 0);
    if (difference > 0) more += difference;
    else less -= difference;
  }
  return mostSimilar(one.spelled, other.spelled, Math.max(more, less), more === 0 || less === 0);
}
