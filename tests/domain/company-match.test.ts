import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactCompany, suggestCompanies, type SeenSite } from '../../src/domain/company-match';
import type { Company } from '../../src/domain/marketplace';
import { domainOf, nameReason, SHOWN, similarity, spelledName, type Suggestion } from '../../src/domain/match';

/** Every site with every company, one after another. */
function plainly(seen: SeenSite, companies: readonly Company[]): Suggestion<Company>[] {
  return companies
    .map((company) => scored(seen, company))
    .filter(({ score }) => score >= SHOWN)
    .sort((left, right) => right.score - left.score)
    .slice(0, 8);
}

function scored({ site, account, namedCompany }: SeenSite, item: Company): Suggestion<Company> {
  if (namedCompany !== null && namedCompany === item.id) return { item, score: 1, reason: { kind: 'named by the usage' } };
  if (namedCompany !== null && namedCompany === item.externalId)
    return { item, score: 1, reason: { kind: 'same external id', id: item.externalId } };
  const domain = domainOf(site);
  if (domain !== null && item.domains.some((own) => own.toLowerCase() === domain))
    return { item, score: 1, reason: { kind: 'same domain', domain } };
  const [byAccount, bySite] = [account, site].map((name) => similarity(spelledName(name), spelledName(item.name)));
  const [name, score] = (bySite ?? 0) > (byAccount ?? 0) ? [site, bySite ?? 0] : [account, byAccount ?? 0];
  return { item, score, reason: nameReason(name, item.name, score) };
}

const word = fc.constantFrom(
  ...'Harbor Harbour Dental Dentla West Wset 1st 2nd Müller Muller straße 한글 한국 日本 Group Acme Ltd é ﬁne & x'.split(' '),
);
const name = fc.oneof(
  fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' ')),
  fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'ё', '한', '글', ' '), { maxLength: 9 }).map((letters) => letters.join('')),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('abcdefgh', 'badcefgh', 'abcdefxy', 'abcdefg', 'abcdefgh klm'),
);
const site = fc.oneof(name, fc.constantFrom('harbor-dental.com', 'www.WEST.com', 'acme.co.uk', 'harbour.io'));
const id = fc.constantFrom('one', 'two', 'three', 'four');
/** Of several equally good ones the first stay, whatever was looked at first. */
const alike = fc.constantFrom('badcefgh', 'abcdefxy', 'abcdefgh klm');
const companies = fc
  .array(
    fc.record({
      name: fc.oneof(name, alike),
      domains: fc.array(fc.constantFrom('harbor-dental.com', 'Acme.co.uk', 'harbour.io'), { maxLength: 2 }),
      externalId: fc.option(id, { freq: 2 }),
    }),
    { maxLength: 40 },
  )
  .map((rows) =>
    rows.map((row, at): Company => ({ ...row, id: ['one', 'two'][at] ?? `company-${String(at)}`, status: 'active', source: 'pax8' })),
  );
const seen = fc.record({ site: fc.oneof(site, fc.constant('abcdefgh')), account: name, namedCompany: fc.option(id) });

describe('many sites asked of the same companies', () => {
  test('get the suggestions that comparing each with all gives: the same, in the same order, with the same scores', () => {
    fc.assert(
      fc.property(companies, fc.array(seen, { minLength: 1, maxLength: 4 }), (all, sites) => {
        for (const one of sites) expect(suggestCompanies(one, all)).toEqual(plainly(one, all));
      }),
      { numRuns: 1500 },
    );
  });

  test('are assigned where comparing each with all finds exact evidence of one company', () => {
    fc.assert(
      fc.property(companies, seen, (all, one) => {
        const exact = all.map((company) => scored(one, company)).filter(({ score }) => score === 1);
        expect(exactCompany(one, all)).toEqual(exact.length === 1 ? exact[0] : null);
      }),
      { numRuns: 1500 },
    );
  });
});
