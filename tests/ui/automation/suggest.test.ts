import { expect, test } from 'vitest';
import type { PsaCompany, PsaProduct } from '../../../src/domain/agreement';
import { decimalOf } from '../../../src/domain/decimal';
import type { Company } from '../../../src/domain/marketplace';
import { isExact, openLinks, standsAlone, suggestPsaCompanies, suggestPsaProducts, sureLinks } from '../../../src/ui/automation/suggest';

const company = (id: string, name: string, rest: Partial<Company> = {}): Company => ({
  ...{ id, name, domains: [], externalId: null, status: 'active', source: 'partner' },
  ...rest,
});
const psa = (id: string, name: string, rest: Partial<PsaCompany> = {}): PsaCompany => ({
  ...{ id, name, identifier: null, website: null, externalId: null, active: true },
  ...rest,
});

test('exact evidence comes before a similar name', () => {
  const found = suggestPsaCompanies(company('c1', 'Acme', { domains: ['acme.com'] }), [
    psa('1', 'Acme Ltd'),
    psa('2', 'Something else', { website: 'https://www.acme.com/' }),
  ]);
  expect(found.map(({ item, reason }) => [item.id, reason])).toEqual([
    ['2', { kind: 'same domain', domain: 'acme.com' }],
    ['1', { kind: 'same name' }],
  ]);
});

test('an inactive company of the PSA is not suggested', () => {
  expect(suggestPsaCompanies(company('c1', 'Acme'), [psa('1', 'Acme', { active: false })])).toEqual([]);
});

test('two that fit equally well: neither is ticked in advance', () => {
  const found = suggestPsaCompanies(company('c1', 'Acme'), [psa('1', 'Acme Ltd'), psa('2', 'Acme Inc')]);
  expect([found.length, standsAlone(found)]).toEqual([2, null]);
});

test('our own key on a product of the PSA is certain, whatever it is called', () => {
  const product: PsaProduct = {
    ...{ id: '40', identifier: 'X', description: 'Mail Guard', price: decimalOf(3), cost: null, taxable: null, active: true },
    reference: 'tl1-abc',
  };
  expect(suggestPsaProducts('Proofpoint Business', 'tl1-abc', [product])).toEqual([
    { item: product, score: 1, reason: { kind: 'same reference', reference: 'tl1-abc' } },
  ]);
});

test('sure links rest on one exact fact that names one company on both sides', () => {
  const acme = company('c1', 'Acme', { externalId: 'A-1' });
  const bolt = company('c2', 'Bolt Inc');
  const city = company('c3', 'City', { domains: ['city.org'] });
  const twin = company('c4', 'Twin');
  const left = company('c5', 'Shared LLC');
  const right = company('c6', 'Shared');
  const rows = [
    psa('1', 'Other name', { externalId: 'A-1' }),
    psa('2', 'Bolt'),
    psa('3', 'City of X', { website: 'city.org' }),
    psa('4', 'Twin Ltd'),
    psa('5', 'Twin Inc'),
    psa('6', 'Shared'),
  ];
  expect(
    sureLinks([acme, bolt, city, twin, left, right], rows).map(({ company: own, psaCompany, reason }) => [
      own.id,
      psaCompany.id,
      reason.kind,
    ]),
  ).toEqual([
    ['c1', '1', 'same external id'],
    ['c2', '2', 'same name'],
    ['c3', '3', 'same domain'],
  ]);
});

test.each<[string, Partial<Company>, Partial<PsaCompany>, { own: string; theirs: string }]>([
  ['domain', { domains: ['smith.com'] }, { website: 'https://smith-dental.com' }, { own: 'smith.com', theirs: 'smith-dental.com' }],
  ['external id', { externalId: 'B2' }, { externalId: 'A1' }, { own: 'B2', theirs: 'A1' }],
  ['id and domain', { domains: ['smith.com'], externalId: 'B2' }, { website: 'smith.org', externalId: 'A1' }, { own: 'B2', theirs: 'A1' }],
])('an equal name with another %s is shown with what speaks against it, and never ticked in advance', (_, own, theirs, against) => {
  const smith = company('c1', 'Smith', own);
  const rows = [psa('1', 'Smith Ltd', theirs)];
  const found = suggestPsaCompanies(smith, rows);
  expect(found).toEqual([{ item: rows[0], score: 0.75, reason: { kind: 'name against evidence', ...against } }]);
  expect([sureLinks([smith], rows), standsAlone(found), openLinks([smith], rows)[0]?.sure]).toEqual([[], null, null]);
});

test.each([
  ['a domain', { domains: ['smith-plumbing.com'] }, {}],
  ['a domain of the PSA', {}, { website: 'smith-plumbing.com' }],
  ['an external id', { externalId: 'B2' }, {}],
] as const)('an equal name where only one side has %s is ticked, and is no exact evidence', (_, own, theirs) => {
  expect(
    sureLinks([company('c1', 'Smith', own)], [psa('1', 'Smith Ltd', theirs)]).map((link) => [link.reason.kind, isExact(link)]),
  ).toEqual([['same name', false]]);
});

test('two companies of the PSA with two domains of one company: neither is sure', () => {
  const acme = company('c1', 'Acme', { domains: ['acme.com', 'acme.org'] });
  expect(sureLinks([acme], [psa('1', 'One', { website: 'acme.com' }), psa('2', 'Two', { website: 'acme.org' })])).toEqual([]);
});

test('open links come exact evidence first, then by score, then those that nothing looks like; only evidence is sure', () => {
  const named = company('c1', 'Bolt Fasteners');
  const exact = company('c2', 'Acme', { domains: ['acme.com'] });
  const twin = company('c3', 'Twin');
  const none = company('c4', 'Nobody');
  const rows = [
    ...[
      psa('1', 'Bolt Fastener Works'),
      psa('2', 'Another name', { website: 'https://acme.com' }),
      psa('3', 'Twin Ltd'),
      psa('4', 'Twin Inc'),
    ],
    psa('5', 'Acme Tools'),
  ];
  expect(
    openLinks([none, named, twin, exact], rows).map((link) => [link.company.name, link.sure?.psaCompany.id ?? null, ids(link)]),
  ).toEqual([
    ['Acme', '2', ['2']],
    ['Twin', null, ['3', '4']],
    ['Bolt Fasteners', null, ['1']],
    ['Nobody', null, []],
  ]);
  function ids({ suggestions }: ReturnType<typeof openLinks>[number]): string[] {
    return suggestions.map(({ item }) => item.id);
  }
});

test('thousands of companies are suggested for within a moment, when nobody else takes the processor', async () => {
  const names = Array.from({ length: 3000 }, (_, n) => `Customer ${String.fromCharCode(97 + (n % 26))}${n.toString(36)} Services`);
  const suggest = () => {
    const started = performance.now();
    const links = openLinks(
      names.map((name, n) => company(`c${n}`, name)),
      names.map((name, n) => psa(String(n), `${name} Ltd`)),
    );
    expect(links.filter(({ sure }) => sure !== null)).toHaveLength(3000);
    return performance.now() - started;
  };
  await expect.poll(suggest).toBeLessThan(2000);
});
