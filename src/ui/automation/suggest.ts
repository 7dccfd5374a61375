import type { PsaCompany, PsaProduct } from '../../domain/agreement';
import type { Company } from '../../domain/marketplace';
import { domainOf, normalName, SURE, suggestByName, type MatchReason, type Suggestion } from '../../domain/match';

/** PSA companies that could be a company of the marketplace, best first. A name that domains or external ids speak against is never sure. */
export function suggestPsaCompanies(company: Company, psaCompanies: readonly PsaCompany[]): Suggestion<PsaCompany>[] {
  const own = company.domains.map((domain) => domain.toLowerCase());
  const domain =
    psaCompanies.map(({ website }) => domainOf(website)).find((found) => found !== null && own.includes(found)) ?? own[0] ?? null;
  const found = suggestByName(
    { name: company.name, reference: company.externalId, domain },
    psaCompanies.filter(({ active }) => active),
    (psaCompany) => ({
      names: [psaCompany.name, ...(psaCompany.identifier === null ? [] : [psaCompany.identifier])],
      reference: psaCompany.externalId,
      domain: domainOf(psaCompany.website),
    }),
  );
  return found.map((suggestion) => doubted(company, suggestion)).sort((left, right) => right.score - left.score);
}

function doubted(company: Company, suggestion: Suggestion<PsaCompany>): Suggestion<PsaCompany> {
  const { item, score, reason } = suggestion;
  const against = reason.kind === 'same name' || reason.kind === 'similar name' ? evidenceAgainst(company, item) : null;
  return against === null ? suggestion : { item, score: Math.min(score, DOUBTED), reason: { kind: 'name against evidence', ...against } };
}

/** Well below sure, and still shown. */
const DOUBTED = 0.75;

/** External ids or domains that both sides have and that differ. */
function evidenceAgainst(
  { externalId, domains }: Company,
  psaCompany: PsaCompany,
): { readonly own: string; readonly theirs: string } | null {
  if (externalId !== null && psaCompany.externalId !== null && externalId !== psaCompany.externalId)
    return { own: externalId, theirs: psaCompany.externalId };
  const theirs = domainOf(psaCompany.website);
  const [own] = domains;
  const differ = own !== undefined && theirs !== null && !domains.some((domain) => domain.toLowerCase() === theirs);
  return differ ? { own, theirs } : null;
}

/** PSA products that could stand for a product, best first. `reference` is the key that an export of ours would carry. */
export function suggestPsaProducts(name: string, reference: string, psaProducts: readonly PsaProduct[]): Suggestion<PsaProduct>[] {
  return suggestByName(
    { name, reference, domain: null },
    psaProducts.filter(({ active }) => active),
    (product) => ({
      names: [product.description, product.identifier],
      reference: product.reference,
      domain: null,
    }),
  );
}

/** The one suggestion that may be ticked in advance: sure, and not rivalled by another. */
export function standsAlone<T>(suggestions: readonly Suggestion<T>[]): Suggestion<T> | null {
  const [best, rival] = suggestions;
  if (best === undefined || best.score < SURE) return null;
  return rival !== undefined && best.score - rival.score < 0.02 ? null : best;
}

/** One link that is ticked in advance. */
export interface SureLink {
  readonly company: Company;
  readonly psaCompany: PsaCompany;
  readonly reason: MatchReason;
}

/**
 * Links on exact evidence (external id, domain) that name one company on both sides. Where there is none, the same name without its legal
 * form counts if nothing speaks against it; it is no exact evidence (`isExact`). Looks everything up instead of comparing all with all, so
 * it holds for thousands.
 */
export function sureLinks(companies: readonly Company[], psaCompanies: readonly PsaCompany[]): SureLink[] {
  const active = psaCompanies.filter((psaCompany) => psaCompany.active);
  const byReference = groups(active, ({ externalId }) => (externalId === null ? [] : [externalId]));
  const byDomain = groups(active, ({ website }) => [domainOf(website) ?? ''].filter((domain) => domain !== ''));
  const byName = groups(active, ({ name }) => [squashed(name)]);
  const found = companies.flatMap((company): SureLink[] => {
    const reference = company.externalId === null ? [] : (byReference.get(company.externalId) ?? []);
    if (company.externalId !== null && reference.length > 0) {
      return only(reference, company, { kind: 'same external id', id: company.externalId });
    }
    const domain = company.domains.map((own) => own.toLowerCase()).find((own) => byDomain.has(own));
    if (domain !== undefined) {
      const all = company.domains.flatMap((own) => byDomain.get(own.toLowerCase()) ?? []);
      return only([...new Set(all)], company, { kind: 'same domain', domain });
    }
    return only(byName.get(squashed(company.name)) ?? [], company, { kind: 'same name' }).filter(
      ({ psaCompany }) => evidenceAgainst(company, psaCompany) === null,
    );
  });
  const claims = groups(found, ({ psaCompany }) => [psaCompany.id]);
  return found.filter(({ psaCompany }) => claims.get(psaCompany.id)?.length === 1);
}

/** Whether it rests on an external id or a domain; a name is never that sure. */
export function isExact({ reason }: SureLink): boolean {
  return reason.kind !== 'same name';
}

/** A company that is not linked yet, with its suggestions, best first; `sure` is the one link that is ticked in advance, and then the only one. */
export interface OpenLink {
  readonly company: Company;
  readonly suggestions: readonly Suggestion<PsaCompany>[];
  readonly sure: SureLink | null;
}

/**
 * Suggestions for many at once: exact evidence first, then by score, those without any last. Names are compared only where they share a
 * word that is not common, so it holds for thousands; what is only spelled alike is found one by one (`suggestPsaCompanies`).
 */
export function openLinks(companies: readonly Company[], psaCompanies: readonly PsaCompany[]): OpenLink[] {
  const sureOf = new Map(sureLinks(companies, psaCompanies).map((link) => [link.company.id, link]));
  const found = groups(psaCompanies, (psaCompany) => [
    ...cluesOf(psaCompany.name),
    `${psaCompany.externalId ?? ''}#`,
    domainOf(psaCompany.website) ?? '',
  ]);
  const links = companies.map((company): OpenLink => {
    const sure = sureOf.get(company.id) ?? null;
    if (sure !== null) return { company, sure, suggestions: [{ item: sure.psaCompany, score: 1, reason: sure.reason }] };
    const clues = [...cluesOf(company.name), `${company.externalId ?? ''}#`, ...company.domains.map((domain) => domain.toLowerCase())];
    const near = clues.filter((clue) => clue !== '' && clue !== '#').map((clue) => found.get(clue) ?? []);
    return { company, sure, suggestions: suggestPsaCompanies(company, [...new Set(near.filter(({ length }) => length <= COMMON).flat())]) };
  });
  const rank = ({ sure, suggestions }: OpenLink) => (sure === null ? (suggestions[0]?.score ?? 0) : evidenceOf(sure));
  return links.sort((left, right) => rank(right) - rank(left));
}

/** Above every score: an id or a domain stands before a name. */
function evidenceOf(link: SureLink): number {
  return isExact(link) ? 3 : 2;
}

/** A word that more companies share than this says nothing. */
const COMMON = 30;

function cluesOf(name: string): readonly string[] {
  const words = normalName(name).split(' ');
  return [...words.filter(({ length }) => length > 2), words.join('')];
}

function only(candidates: readonly PsaCompany[], company: Company, reason: MatchReason): SureLink[] {
  const [psaCompany, ...others] = candidates;
  return psaCompany === undefined || others.length > 0 ? [] : [{ company, psaCompany, reason }];
}

function squashed(name: string): string {
  return normalName(name).replace(/ /g, '');
}

function groups<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items)
    for (const key of keysOf(item)) {
      const group = found.get(key);
      if (group === undefined) found.set(key, [item]);
      else group.push(item);
    }
  return found;
}
