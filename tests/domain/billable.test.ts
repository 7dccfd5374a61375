import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { billableCount } from '../../src/domain/billable';
import { decimalOf, type Decimal } from '../../src/domain/decimal';
import type { PriceVersion } from '../../src/domain/price';
import { problem } from '../../src/domain/problem';
import type { RuleEffect, RuleVersion } from '../../src/domain/rule';
import { unknownCount, type SiteCount, type SubProductCount } from '../../src/domain/snapshot';
import { catalogueWith } from '../support/usage';
import { counted, exclusion, free, included, minimum, override, rule } from '../support/rules';

const SITE = '1stwestinsurance.com';
const here = { site: SITE, subProduct: 'proofpoint-business' };
const { subProducts } = catalogueWith('Proofpoint Business', 'Proofpoint Pro');

describe('what bills', () => {
  test.each<[string, readonly RuleVersion[], SubProductCount, string | null]>([
    ['without a rule, what is counted', [], counted(7), '7'],
    ['at least the minimum', [minimum(10)], counted(7), '10'],
    ['what is counted above the minimum', [minimum(10)], counted('10.5'), '10.5'],
    ['the minimum of a true 0', [minimum(10)], counted(0), '10'],
    ['nothing of a mere trial, where the minimum is of all customers', [minimum(10)], counted(0, { trialQuantity: decimalOf(4) }), '0'],
    ['the commitment of a customer who only tries', [minimum(10, here)], counted(0, { trialQuantity: decimalOf(4) }), '10'],
    ['paid usage beside a trial, lifted', [minimum(10)], counted(3, { trialQuantity: decimalOf(4) }), '10'],
    ['no included units', [included(5)], counted(7), '2'],
    ['nothing where all are included', [included(5)], counted(3), '0'],
    ['neither included nor free units', [included(5), free(1)], counted('7.5'), '1.5'],
    ['the minimum after the included units', [minimum(10), included(5)], counted(12), '10'],
    ['nothing where all are free, whatever the minimum', [free(null), minimum(10)], counted(7), '0'],
    ['a fixed quantity, whatever else there is', [minimum(20), included(5), override('4.5', here)], counted(7), '4.5'],
    ['nothing of an excluded customer, whatever else there is', [override(4, here), exclusion({ site: SITE })], counted(7), '0'],
    ['whole units, up', [rule({ kind: 'whole units', how: 'up' })], counted('2.01'), '3'],
    ['whole units, the nearer', [rule({ kind: 'whole units', how: 'half away from zero' })], counted('2.5'), '3'],
    ['the nearer whole below', [rule({ kind: 'whole units', how: 'half away from zero' })], counted('2.49'), '2'],
    ['an unknown quantity as unknown', [exclusion(), minimum(10)], counted(null), null],
    ['a negative quantity as it is, because it is refused', [exclusion(), minimum(10)], counted(-3), '-3'],
    ['the rule of the customer before that of all', [minimum(10, { site: SITE }), minimum(20)], counted(7), '10'],
    [
      'the rule of the customer before that of the sub-product',
      [minimum(10, { site: SITE }), minimum(20, { subProduct: 'proofpoint-business' })],
      counted(7),
      '10',
    ],
    [
      'the rule of the sub-product before that of the product',
      [minimum(10, { subProduct: 'proofpoint-business' }), minimum(20)],
      counted(7),
      '10',
    ],
    ['the newer of two rules', [minimum(10), minimum(8)], counted(7), '8'],
    ['a minimum of 0 for one customer', [minimum(0, { site: SITE }), minimum(20)], counted(7), '7'],
    ['by no rule of another customer', [minimum(10, { site: 'acme.com' })], counted(7), '7'],
    ['by no rule of another product', [minimum(10, { product: 'northvault-backup' })], counted(7), '7'],
    ['by no rule that ended', [minimum(10, { until: '2020-11' })], counted(7), '7'],
    ['by no rule that has not begun', [minimum(10, { from: '2021-01' })], counted(7), '7'],
    ['by a rule in its only month', [minimum(10, { from: '2020-12', until: '2020-12' })], counted(7), '10'],
  ])('%s', (_, rules, count, expected) => {
    expect(only(billed(rules, count)).quantity).toBe(expected);
  });

  test('beside what was counted, and every rule that changed something in its order', () => {
    const [least, first] = [minimum(10), included(5)];
    const count = only(billed([least, first, minimum(30, { until: '2020-11' })], counted(7)));
    expect([count.quantity, count.ruled]).toEqual([
      '10',
      {
        counted: '7',
        applied: [
          { rule: first, before: '7', after: '2' },
          { rule: least, before: '2', after: '10' },
        ],
        priceVersion: null,
      },
    ]);
  });

  test('is the very same count where no rule changes anything', () => {
    const count = site([counted(7)]);
    expect(billableCount(count, around([minimum(5), included(0)]))).toBe(count);
  });

  test('of a site that nobody counted stays unknown', () => {
    const count = unknownCount({ product: 'proofpoint', site: SITE }, '2020-12', null);
    expect(billableCount(count, around([minimum(10, here), override(3, here), exclusion()]))).toBe(count);
  });
});

describe('a sub-product that a counted site does not report', () => {
  const pro = { site: SITE, subProduct: 'proofpoint-pro' };
  const shown = ({ counts }: SiteCount) => counts.map(({ name, quantity, currency, unit }) => [name, quantity, currency, unit]);

  test.each([
    ['minimum', minimum(10, pro)],
    ['fixed quantity', override(10, pro)],
  ] as const)('bills the %s of its customer', (_, own) => {
    expect(shown(billed([own], counted(7)))).toEqual([
      ['Proofpoint Business', '7', 'USD', 'User'],
      ['Proofpoint Pro', '10', 'USD', 'User'],
    ]);
  });

  test.each([
    ['a minimum of all customers', [minimum(10, { subProduct: 'proofpoint-pro' })]],
    ['a minimum of each sub-product', [minimum(10, { site: SITE })]],
    ['a minimum that ended', [minimum(10, { ...pro, until: '2020-11' })]],
    ['a minimum under an exclusion', [minimum(10, pro), exclusion({ site: SITE, subProduct: 'proofpoint-pro' })]],
  ])('bills nothing by %s', (_, rules) => {
    expect(billed(rules, counted(12)).counts.map(({ name }) => name)).toEqual(['Proofpoint Business']);
  });

  test('is no true 0 while usage without a customer could be it', () => {
    const count = { ...site([counted(12)]), warnings: [problem('usage has no customer yet', { rows: 2 })] };
    expect(billableCount(count, around([minimum(10, pro)]))).toBe(count);
  });

  test('is priced by the price list and the markup on its cost', () => {
    const prices = [listed({ subProduct: 'proofpoint-pro', price: decimalOf(6), cost: decimalOf(4) })];
    const count = billableCount(site([]), { ...around([minimum(10, pro), markup(75)]), prices });
    expect(count.counts.map(({ quantity, price }) => [quantity, price])).toEqual([['10', '7']]);
  });
});

describe('the price', () => {
  test.each<[string, readonly RuleVersion[], Partial<SubProductCount>, string | null, readonly string[]]>([
    ['stays without a rule', [], {}, '3', []],
    ['is the cost with the markup', [markup(20)], {}, '2.928', []],
    ['is never below the cost and an amount', [markup(20, { overCost: decimalOf(1), currency: 'USD' })], {}, '3.44', []],
    ['is never below the least', [markup(20, { least: decimalOf(5), currency: 'USD' })], {}, '5', []],
    ['is the markup above its floor', [markup(200, { least: decimalOf(5), overCost: decimalOf(1), currency: 'USD' })], {}, '7.32', []],
    ['is given where there was none', [markup(25)], { price: null, cost: decimalOf(4) }, '5', []],
    ['stays where the cost is unknown', [markup(20)], { cost: null }, '3', ['rule needs a cost']],
    ['stays where the markup is in another currency', [markup(20, { currency: 'EUR' })], {}, '3', ['rule is in another currency']],
    ['is rounded to the minor unit', [rounding(null)], { price: decimalOf('3.005') }, '3.01', []],
    ['is rounded to the minor unit of its currency', [rounding(null)], { price: decimalOf('300.5'), currency: 'JPY' }, '301', []],
    ['is rounded to so many digits', [rounding(1)], { price: decimalOf('3.14') }, '3.1', []],
    ['is rounded after the markup', [markup(20), rounding(2)], {}, '2.93', []],
    ['is not rounded below the floor', [markup(0, { least: decimalOf('3.004'), currency: 'USD' }), rounding(2)], {}, '3.01', []],
    [
      'is not rounded by a rule in another currency',
      [rounding(0, 'EUR')],
      { price: decimalOf('3.4') },
      '3.4',
      ['rule is in another currency'],
    ],
    ['is not looked at where nothing bills', [markup(20, { currency: 'EUR' })], { quantity: decimalOf(0) }, '3', []],
    ['stays unknown where nothing gives one', [rounding(2)], { price: null }, null, []],
  ])('%s', (_, rules, given, expected, warnings) => {
    const count = billed(rules, counted(7, given));
    expect([only(count).price, count.warnings.map(({ code }) => code)]).toEqual([expected, warnings]);
  });

  test('says which currency a rule is for, and which the usage is in', () => {
    expect(billed([markup(20, { currency: 'EUR' })], counted(7)).warnings).toEqual([
      { code: 'rule is in another currency', subProduct: 'Proofpoint Business', kind: 'markup', expected: 'EUR', found: 'USD' },
    ]);
  });

  test('that was agreed with the customer stays, and is rounded', () => {
    const prices = [listed({ price: decimalOf('2.955'), company: 'c1' }), listed({ price: decimalOf(9) })];
    const rules = [markup(20), rounding(2)];
    const of = (company: string) => only(billableCount(site([counted(7, { price: null })]), { ...around(rules), company, prices }));
    expect([of('c1').price, of('c1').ruled?.priceVersion, of('c2').price]).toEqual(['2.96', 'proofpoint-business#1', '2.93']);
  });
});

describe('by property', () => {
  test('quantity and price are those of a small reference, exactly', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 8 }), anyCount, (rules, count) => {
        const ordered = rules.map((one, seq) => ({ ...one, seq }));
        const { quantity, price } = only(billed(ordered, count));
        expect({ quantity, price }).toEqual(reference(ordered, count));
      }),
      { numRuns: 2000 },
    );
  });

  test('a quantity is never below zero, and unknown only where it was', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 8 }), anyCount, (rules, count) => {
        const { quantity } = only(
          billed(
            rules.map((one, seq) => ({ ...one, seq })),
            count,
          ),
        );
        expect(quantity === null).toBe(count.quantity === null);
        expect(quantity === null || new Big(quantity).gte(0)).toBe(true);
      }),
    );
  });

  test('the order in which rules are stored makes no difference, and asking twice none either', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 8 }), anyCount, fc.nat(), (rules, count, turn) => {
        const ordered = rules.map((one, seq) => ({ ...one, seq }));
        const at = turn % (ordered.length + 1);
        const once = billed(ordered, count);
        expect(billed([...ordered.slice(at), ...ordered.slice(0, at)], count)).toEqual(once);
        expect(billed(ordered, count)).toEqual(once);
      }),
    );
  });

  test('every step goes on from the one before it, from what was counted to what bills', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 8 }), anyCount, (rules, count) => {
        const { quantity, price, ruled } = only(
          billed(
            rules.map((one, seq) => ({ ...one, seq })),
            count,
          ),
        );
        const isPrice = ({ kind }: RuleVersion) => kind === 'markup' || kind === 'price rounding';
        const chain = (of: boolean, from: Decimal | null) =>
          (ruled?.applied ?? [])
            .filter((step) => isPrice(step.rule) === of)
            .reduce((at, step) => (expect(step.before).toBe(at), step.after), from);
        expect([chain(false, count.quantity), chain(true, count.price)]).toEqual([quantity, price]);
      }),
    );
  });
});

/** The order of the rules once more, in a few lines of Big and nothing else. */
function reference(rules: readonly RuleVersion[], count: SubProductCount): { quantity: Decimal | null; price: Decimal | null } {
  const find = <K extends RuleVersion['kind']>(kind: K) =>
    rules
      .filter((one): one is Extract<RuleVersion, { kind: K }> => one.kind === kind)
      .filter(({ from, until }) => (from ?? '0') <= '2020-12' && '2020-12' <= (until ?? '9'))
      .filter(({ site, subProduct }) => (site ?? SITE) === SITE && (subProduct ?? here.subProduct) === here.subProduct)
      .sort((left, right) => rank(right) - rank(left))[0];
  const rank = ({ site, subProduct, seq }: RuleVersion) => (site === null ? 0 : 2000) + (subProduct === null ? 0 : 1000) + seq;
  const text = (value: Big) => decimalOf(value.toFixed());
  const price = priceBy(find('markup'), find('price rounding'), count);
  if (count.quantity === null) return { quantity: null, price: count.price };
  const fixed = find('override');
  if (find('exclusion') !== undefined) return { quantity: decimalOf(0), price };
  if (fixed !== undefined) return { quantity: fixed.quantity, price };
  const given = find('free');
  let quantity = new Big(count.quantity);
  for (const units of [find('included')?.quantity ?? '0', given?.kind === 'free' ? (given.quantity ?? quantity) : '0']) {
    quantity = quantity.minus(units);
    if (quantity.lt(0)) quantity = new Big(0);
  }
  const least = find('minimum');
  const tried = count.quantity === '0' && count.trialQuantity !== '0' && (least?.site === null || least?.subProduct === null);
  const lifted = least !== undefined && !tried && !(given !== undefined && given.quantity === null);
  if (lifted && quantity.lt(least.quantity)) quantity = new Big(least.quantity);
  const whole = find('whole units');
  if (whole !== undefined) quantity = quantity.round(0, whole.how === 'up' ? Big.roundUp : Big.roundHalfUp);
  return { quantity: text(quantity), price };

  function priceBy(
    up: Extract<RuleVersion, { kind: 'markup' }> | undefined,
    near: Extract<RuleVersion, { kind: 'price rounding' }> | undefined,
    { price: own, cost, currency }: SubProductCount,
  ): Decimal | null {
    let value = own === null ? null : new Big(own);
    let floor = new Big(0);
    if (up !== undefined && cost !== null && (up.currency ?? currency) === currency) {
      floor = [up.overCost === null ? floor : new Big(cost).plus(up.overCost), new Big(up.least ?? 0)].reduce((a, b) => (a.gt(b) ? a : b));
      value = new Big(cost).times(new Big(up.percent).plus(100)).div(100);
      if (value.lt(floor)) value = floor;
    }
    if (near !== undefined && value !== null && (near.currency ?? currency) === currency) {
      const rounded = value.round(near.places ?? 2, Big.roundHalfUp);
      value = rounded.lt(floor) ? value.round(near.places ?? 2, Big.roundUp) : rounded;
    }
    return value === null ? null : text(value);
  }
}

const hundredths = (max: number) => fc.integer({ min: 0, max }).map((value) => decimalOf(new Big(value).div(100).toFixed()));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const anyEffect: fc.Arbitrary<RuleEffect> = fc.oneof(
  fc.constant({ kind: 'exclusion' } as const),
  fc.record({ kind: fc.constantFrom('override' as const), quantity: hundredths(3000) }),
  fc.record({ kind: fc.constantFrom('included' as const), quantity: hundredths(3000) }),
  fc.record({ kind: fc.constantFrom('minimum' as const), quantity: hundredths(3000) }),
  fc.record({ kind: fc.constantFrom('free' as const), quantity: maybe(hundredths(3000)) }),
  fc.record({ kind: fc.constantFrom('whole units' as const), how: fc.constantFrom('up' as const, 'half away from zero' as const) }),
  fc.record({
    ...{
      kind: fc.constantFrom('markup' as const),
      percent: hundredths(20000),
      overCost: maybe(hundredths(300)),
      least: maybe(hundredths(900)),
    },
    currency: fc.constantFrom('USD', 'EUR', null),
  }),
  fc.record({ kind: fc.constantFrom('price rounding' as const), places: maybe(fc.nat(3)), currency: fc.constantFrom('USD', 'EUR', null) }),
);
const anyRule: fc.Arbitrary<RuleVersion> = fc
  .tuple(
    anyEffect,
    fc.record({
      ...{ product: fc.constant('proofpoint'), reason: fc.constant(''), seq: fc.constant(0) },
      ...{ subProduct: fc.constantFrom(null, here.subProduct), site: fc.constantFrom(null, SITE, 'acme.com') },
      ...{ from: fc.constantFrom(null, '2020-11', '2021-01'), until: fc.constantFrom(null, '2020-11', '2020-12') },
    }),
  )
  .map(([effect, place]) => ({ ...place, ...effect }));
const anyCount: fc.Arbitrary<SubProductCount> = fc
  .record({
    ...{ quantity: maybe(hundredths(3000)), trialQuantity: fc.constantFrom(decimalOf(0), decimalOf(4)) },
    ...{ price: maybe(hundredths(900)), cost: maybe(hundredths(900)) },
  })
  .map((given) => counted(0, given));

function markup(percent: number, given: Partial<Extract<RuleEffect, { kind: 'markup' }>> = {}): RuleVersion {
  return rule({ kind: 'markup', percent: decimalOf(percent), overCost: null, least: null, currency: null, ...given });
}
function rounding(places: number | null, currency: string | null = null): RuleVersion {
  return rule({ kind: 'price rounding', places, currency });
}
function listed(given: Partial<PriceVersion>): PriceVersion {
  const entry = {
    subProduct: 'proofpoint-business',
    company: null,
    price: null,
    cost: null,
    currency: 'USD',
    from: null,
    until: null,
    seq: 1,
  };
  return { ...entry, ...given };
}
function around(rules: readonly RuleVersion[]) {
  return { rules, company: 'c1', prices: [], subProducts };
}
function site(counts: readonly SubProductCount[]): SiteCount {
  const { blocks: _, ...unknown } = unknownCount({ product: 'proofpoint', site: SITE }, '2020-12', null);
  return { ...unknown, how: 'snapshot', date: '2020-12-19', counts, blocks: [] };
}
function billed(rules: readonly RuleVersion[], count: SubProductCount): SiteCount {
  return billableCount(site([count]), around(rules));
}
function only({ counts }: SiteCount): SubProductCount {
  const [count, ...others] = counts.filter(({ subProduct }) => subProduct === here.subProduct);
  if (count === undefined || others.length > 0) throw new Error('not one count');
  return count;
}
