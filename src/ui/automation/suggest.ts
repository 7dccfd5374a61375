import type { PsaCompany, PsaProduct } from '../../domain/agreement';
import type { Company } from '../../domain/marketplace';
import { domainOf, normalName, SURE, suggestByName, type MatchReason, type Suggestion } from '../../domain/match';

/** PSA companies that could be a company of the marketplace, best first. */
export function suggestPsaCompanies(company: Company, psaCompanies: readonly PsaCompany[]): Suggestion<PsaCompany>[] {
  const own = company.domains.map((domain) => domain.toLowerCase());
  const domain =
    psaCompanies.map(({ website }) => domainOf(website)).find((found) => found !== null && own.includes(found)) ?? own[0] ?? null;
  return suggestByName(
    { name: company.name, reference: company.externalId, domain },
    psaCompanies.filter(({ active }) => active),
    (psaCompany) => ({
      names: [psaCompany.name, ...(psaCompany.identifier === null ? [] : [psaCompany.identifier])],
      reference: psaCompany.externalId,
      domain: domainOf(psaCompany.website),
    }),
  );
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

/** One link that needs no second look. */
export interface SureLink {
  readonly company: Company;
  readonly psaCompany: PsaCompany;
  readonly reason: MatchReason;
}

/**
 * Links on exact evidence (external id, domain, the same name without its legal form) that name one company on both sides. Looks
 * everything up instead of comparing all with all, so it holds for thousands.
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
    return only(byName.get(squashed(company.name)) ?? [], company, { kind: 'same name' });
  });
  const claims = groups(found, ({ psaCompany }) => [psaCompany.id]);
  return found.filter(({ psaCompany }) => claims.get(psaCompany.id)?.length === 1);
}

/** A company that is not linked yet, with its suggestions, best first; `sure` is the one link that needs no second look, and then the only one. */
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
  const rank = ({ sure, suggestions }: OpenLink) => (sure === null ? (suggestions[0]?.score ?? 0) : evidenceOf(sure.reason));
  return links.sort((left, right) => rank(right) - rank(left));
}

/** Above every score: an id or a domain stands before a name. */
function evidenceOf({ kind }: MatchReason): number {
  return kind === 'same name' ? 2 : 3;
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
