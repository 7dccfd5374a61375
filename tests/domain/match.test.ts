import { describe, expect, test } from 'vitest';
import { exactCompany, suggestCompanies } from '../../src/domain/company-match';
import { domainOf, normalName, suggestByName, SURE } from '../../src/domain/match';
import type { Company } from '../../src/domain/marketplace';

const company = (id: string, name: string, given: Partial<Company> = {}): Company => ({
  id,
  name,
  domains: [],
  externalId: null,
  status: 'active',
  source: 'pax8',
  ...given,
});
const site = (name: string, namedCompany: string | null = null) => ({ site: name, account: name, namedCompany });

describe('suggestions for a site', () => {
  test('the seed: 1stwestinsurance.com is suggested for 1st West Insurance by name, surely, and never by itself', () => {
    const companies = [company('a', 'Acme Ltd'), company('w', '1st West Insurance, LLC')];
    const found = suggestCompanies(site('1stwestinsurance.com'), companies);
    expect(found).toEqual([{ item: company('w', '1st West Insurance, LLC'), score: 0.97, reason: { kind: 'same name' } }]);
    expect((found[0]?.score ?? 0) >= SURE).toBe(true);
    expect(exactCompany(site('1stwestinsurance.com'), companies)).toBeNull();
  });

  test('the same domain, the same external id, or a company that the usage names is exact evidence', () => {
    const companies = [company('w', 'West', { domains: ['acme.com'] }), company('x', 'X', { externalId: 'EXT-7' })];
    expect(exactCompany(site('acme.com'), companies)?.item.id).toBe('w');
    expect(exactCompany(site('anything', 'EXT-7'), companies)?.reason).toEqual({
      kind: 'same external id',
      id: 'EXT-7',
    });
    expect(exactCompany(site('anything', 'x'), companies)?.reason).toEqual({ kind: 'named by the usage' });
  });

  test('a domain owned by two customers is no evidence for either', () => {
    const companies = [company('a', 'Acme US', { domains: ['acme.com'] }), company('b', 'Acme EU', { domains: ['acme.com'] })];
    const found = suggestCompanies(site('acme.com'), companies);
    expect([found.map(({ item }) => item.id).sort(), exactCompany(site('acme.com'), companies)]).toEqual([['a', 'b'], null]);
  });

  test('what is unlike is not suggested at all', () => {
    expect(suggestCompanies(site('zebra-logistics.com'), [company('a', 'Acme Ltd'), company('b', 'Northwind Dental')])).toEqual([]);
  });

  test('a name that only contains the other is suggested and never sure', () => {
    const found = suggestCompanies(site('harbor.com'), [company('d', 'Harbor Dental Group'), company('p', 'Harbour')]);
    expect(found.map(({ item, score }) => [item.id, score < SURE])).toEqual([
      ['p', true],
      ['d', true],
    ]);
    expect(found.at(1)?.score).toBe(0.75);
  });

  test('spelling, accents, legal forms and endings do not hide a company', () => {
    for (const [name, own] of [
      ['cafe-zurich.ch', 'Café Zürich AG'],
      ['smithandsons.co.uk', 'Smith & Sons Ltd.'],
      ['northwinddental.com', 'Northwind Dental'],
      ['The Harbor Company', 'Harbor'],
    ] as const) {
      expect([name, suggestCompanies(site(name), [company('x', own)])[0]?.score ?? 0]).toEqual([name, expect.closeTo(0.97, 5)]);
    }
  });
});

test('domains are read out of web addresses', () => {
  expect(['https://www.Acme.com/about', 'acme.com', 'http://user@shop.acme.co.uk:8080/x', 'Acme', '', null].map(domainOf)).toEqual([
    'acme.com',
    'acme.com',
    'shop.acme.co.uk',
    null,
    null,
    null,
  ]);
});

test('a name of legal forms only keeps them', () => {
  expect([normalName('The Company'), normalName('Limited')]).toEqual(['the company', 'limited']);
});

test('products are suggested by our reference first, then by name', () => {
  const products = [
    { names: ['Proofpoint Essentials Business'], reference: null },
    { names: ['Something else'], reference: 'tl1-x' },
  ];
  const found = suggestByName({ name: 'Proofpoint Business', reference: 'tl1-x', domain: null }, products, (item) => ({
    ...item,
    domain: null,
  }));
  expect(found.map(({ item, reason }) => [item.names[0], reason.kind])).toEqual([
    ['Something else', 'same reference'],
    ['Proofpoint Essentials Business', 'similar name'],
  ]);
});
