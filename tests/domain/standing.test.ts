import { describe, expect, test } from 'vitest';
import type { Agreement, Binding } from '../../src/domain/agreement';
import { decimalOf } from '../../src/domain/decimal';
import type { Assignment, Company } from '../../src/domain/marketplace';
import { countMonth } from '../../src/domain/month';
import type { ChangeReason } from '../../src/domain/movement';
import type { Ground } from '../../src/domain/moved-line';
import type { RuleVersion } from '../../src/domain/rule';
import { standingsOf, type ProductStanding, type Standing } from '../../src/domain/standing';
import { syncedKey, type Synced, type SyncedLine } from '../../src/domain/synced';
import type { UsageLine } from '../../src/domain/usage';
import { agreement, binding, syncedLine } from '../support/grid';
import { exclusion, minimum, rule } from '../support/rules';
import { catalogueWith, usageImport, usageLine } from '../support/usage';

const catalogue = catalogueWith('Proofpoint Business', 'Proofpoint Pro');
const west: Company = { id: 'w', name: '1st West Insurance', domains: [], externalId: null, status: 'active', source: 'pax8' };
const assigned: Assignment = {
  product: 'proofpoint',
  site: '1stwestinsurance.com',
  company: 'w',
  from: null,
  until: null,
  seq: 1,
  evidence: 'partner',
};
const customer = 'proofpoint\u001f1stwestinsurance.com';

function synced(line: Partial<SyncedLine>, withheld: Synced['withheld'] = null): Synced {
  return {
    key: syncedKey(customer, 'cw'),
    customer,
    connection: 'cw',
    company: 'w',
    agreementId: '12',
    option: 'multi-product',
    lines: [syncedLine({ lineKey: `tl1-${'0'.repeat(32)}`, ...line })],
    withheld,
  };
}

function withLines(...lines: Partial<SyncedLine>[]): Synced {
  const { lines: _, ...record } = synced({});
  return { ...record, lines: lines.map((line, at) => syncedLine({ lineKey: `tl1-${String(at).repeat(32)}`, ...line })) };
}

function products(given: {
  now?: Partial<UsageLine>[];
  before?: Partial<UsageLine>[];
  synced?: Synced[];
  assignments?: Assignment[];
  ground?: Pick<Ground, 'bindings' | 'agreements'>;
  rules?: RuleVersion[];
}): ProductStanding[] {
  const usage = [
    usageImport([
      ...(given.before ?? []).map((row) => usageLine({ date: '2020-11-19', ...row })),
      ...(given.now ?? [{}]).map((row) => usageLine(row)),
    ]),
  ];
  return standingsOf({
    month: countMonth(usage, catalogue, '2020-12'),
    others: [{ source: 'proofpoint-essentials', month: countMonth(usage, catalogue, '2020-12') }],
    rules: given.rules ?? [],
    previous: countMonth(usage, catalogue, '2020-11'),
    catalogue,
    companies: [west],
    assignments: given.assignments ?? [assigned],
    synced: given.synced ?? [],
    prices: [],
    ...(given.ground === undefined ? {} : { ground: given.ground }),
    today: '2021-01-03',
  });
}

const one = (given: Parameters<typeof products>[0]): Standing => products(given)[0]?.standings[0] as Standing;

describe('the flag of a customer', () => {
  test.each<[string, Parameters<typeof products>[0], Standing['flag']]>([
    ['no company', { assignments: [] }, 'needs company'],
    ['nothing of it in the PSA', {}, 'never synced'],
    ['the count is what the line holds', { synced: [synced({ quantity: decimalOf(15) })] }, 'synced'],
    [
      'a missed month was settled by a one-time line beside the recurring one',
      { synced: [withLines({ option: 'one-time itemised', quantity: decimalOf(3), period: '2020-11' }, { quantity: decimalOf(15) })] },
      'synced',
    ],
    [
      'nothing is left of what was charged once, a month ago',
      {
        now: [{ subProductName: 'Proofpoint Pro', trial: true }],
        synced: [withLines({ option: 'one-time itemised', quantity: decimalOf(15), period: '2020-11' })],
      },
      'nothing to bill',
    ],
    ['the count differs', { synced: [synced({ quantity: decimalOf(12) })] }, 'changed'],
    [
      'a new sub-product beside a synced one',
      { now: [{}, { subProductName: 'Proofpoint Pro' }], synced: [synced({ quantity: decimalOf(15) })] },
      'changed',
    ],
    [
      'a sub-product is gone',
      {
        now: [{ subProductName: 'Proofpoint Pro' }],
        synced: [
          synced({ quantity: decimalOf(15) }),
          { ...synced({ subProducts: ['proofpoint-pro'], quantity: decimalOf(15) }), key: 'other' },
        ],
      },
      'changed',
    ],
    ['the line was ended since', { synced: [synced({ quantity: decimalOf(15), endedOn: '2020-12-31' })] }, 'never synced'],
    ['absent, with a live line', { now: [], synced: [synced({ quantity: decimalOf(15) })] }, 'blocked'],
    ['a late count', { now: [{ date: '2020-12-24' }] }, 'blocked'],
    ['only a trial', { now: [{ trial: true }] }, 'nothing to bill'],
    ['a true zero', { now: [{ quantity: decimalOf(0) }] }, 'nothing to bill'],
    [
      'part of it was withheld',
      { synced: [synced({ quantity: decimalOf(15) }, { period: '2020-12', subProducts: ['proofpoint-pro'] })] },
      'changed',
    ],
    [
      'a one-time line of this period',
      { synced: [synced({ option: 'one-time itemised', quantity: decimalOf(15), period: '2020-12' })] },
      'synced',
    ],
    [
      'a one-time line of another period',
      { synced: [synced({ option: 'one-time itemised', quantity: decimalOf(15), period: '2020-11' })] },
      'changed',
    ],
    [
      'a single line of the same sum and price',
      {
        now: [{}, { subProductName: 'Proofpoint Pro', quantity: decimalOf(5) }],
        synced: [
          synced({
            option: 'single line',
            subProducts: ['proofpoint-business', 'proofpoint-pro'],
            quantity: decimalOf(20),
            price: decimalOf(3),
          }),
        ],
      },
      'synced',
    ],
    [
      'a single line of another sum',
      {
        synced: [
          synced({
            option: 'single line',
            subProducts: ['proofpoint-business', 'proofpoint-pro'],
            quantity: decimalOf(20),
            price: decimalOf(3),
          }),
        ],
      },
      'changed',
    ],
  ])('%s', (_, given, flag) => {
    expect(one(given).flag).toBe(flag);
  });
});

test('a movement says old, new, delta, money and why', () => {
  expect(one({ before: [{ quantity: decimalOf(13) }], synced: [synced({ quantity: decimalOf(12) })] }).movements).toEqual([
    {
      subProduct: 'proofpoint-business',
      name: 'Proofpoint Business',
      previous: '13',
      synced: '12',
      current: '15',
      delta: '3',
      money: '9',
      currency: 'USD',
      reason: 'quantity changed',
    },
  ]);
});

describe('a line that holds the count lies elsewhere, or was synced at another price', () => {
  const held = synced({ quantity: decimalOf(15), price: decimalOf(3) });
  const agreements = (given: Partial<Agreement>) => ({ bindings: [], agreements: new Map([['cw', [{ ...agreement, ...given }]]]) });
  const bindings = (...bound: Binding[]) => ({ bindings: bound, agreements: new Map() });
  test.each<[string, Parameters<typeof products>[0], [Standing['flag'], ChangeReason | null]]>([
    ['it does not', { ground: { ...agreements({}), bindings: [binding('proofpoint-business', '41')] } }, ['synced', null]],
    ['another company', { synced: [{ ...held, company: 'other' }] }, ['changed', 'company changed']],
    ['a company that nobody remembers', { synced: [{ ...held, company: null }] }, ['synced', null]],
    ['its agreement is cancelled', { ground: agreements({ status: 'cancelled' }) }, ['changed', 'agreement ended']],
    ['its agreement ended yesterday', { ground: agreements({ endDate: '2021-01-02' }) }, ['changed', 'agreement ended']],
    ['its agreement ends today', { ground: agreements({ endDate: '2021-01-03' }) }, ['synced', null]],
    ['another agreement ended', { ground: agreements({ id: '13', status: 'ended' }) }, ['synced', null]],
    [
      'its end beside the line of another product was never made',
      {
        synced: [withLines({ ...held.lines[0], lineId: '901', productId: '42' }, { ...held.lines[0] })],
        ground: bindings(binding('proofpoint-business', '42')),
      },
      ['changed', 'product changed'],
    ],
    ['bound to another product', { ground: bindings(binding('proofpoint-business', '42')) }, ['changed', 'product changed']],
    ['the top-level product that it never used is another', { ground: bindings(binding(null, '40')) }, ['synced', null]],
    [
      'the top-level product that it uses was bound anew',
      { ground: bindings(binding(null, '41'), binding(null, '40', { seq: 9 })) },
      ['changed', 'product changed'],
    ],
    [
      'bound to its own product beside the top-level one',
      { ground: bindings(binding(null, '40'), binding('proofpoint-business', '41')) },
      ['synced', null],
    ],
    [
      'bound to another from the next month on',
      { ground: bindings(binding('proofpoint-business', '41'), binding('proofpoint-business', '42', { from: '2021-01', seq: 9 })) },
      ['synced', null],
    ],
    ['exported and not made yet', { ground: bindings(binding('proofpoint-business', null)) }, ['synced', null]],
    ['the price rose since last month', { before: [{ unitPrice: decimalOf('2.9') }] }, ['synced', 'price changed']],
    ['the cost rose since last month', { before: [{ unitCost: decimalOf('2.4') }] }, ['synced', 'cost changed']],
    ['the same price in other digits', { before: [{ unitPrice: decimalOf('3.00'), quantity: decimalOf('14.5') }] }, ['synced', null]],
    ['no price was named last month', { before: [{ unitPrice: null, unitCost: null }] }, ['synced', null]],
    [
      'the price rose and so did the count',
      { before: [{ unitPrice: decimalOf(2) }], now: [{ quantity: decimalOf(16) }] },
      ['changed', 'quantity changed'],
    ],
    ['never synced at the old price', { before: [{ unitPrice: decimalOf(2) }], synced: [] }, ['never synced', 'new']],
  ])('%s', (_, given, expected) => {
    const { flag, movements } = one({ synced: [held], ...given });
    expect([flag, ...movements.map(({ reason }) => reason)]).toEqual(expected);
  });
});

describe('one line for all that bills, of which a sub-product was left out', () => {
  const now = [{}, { subProductName: 'Proofpoint Pro', quantity: decimalOf(5) }];
  const own = [binding(null, '40'), binding('proofpoint-business', '41'), binding('proofpoint-pro', '43')];
  const ground = { bindings: own, agreements: new Map() };
  const line = { subProducts: ['proofpoint-business'], quantity: decimalOf(15), price: decimalOf(3) } as const;
  const charge = { ...line, option: 'one-time single', period: '2020-12', quantity: decimalOf(1), price: decimalOf(45) } as const;
  const reasons = (held: Partial<SyncedLine>, period: string) =>
    one({ now, ground, synced: [synced(held, { period, subProducts: ['proofpoint-pro'] })] }).movements.map(({ reason }) => reason);

  test.each([
    ['recurring', { ...line, option: 'single line' } as const],
    ['for one month', charge],
  ])('holds what was selected, on the product of that, and only what was left out is new (%s)', (_, held) => {
    expect(reasons(held, '2020-12')).toEqual([null, 'new']);
  });

  test('is to hold all of it the month after', () => {
    expect(reasons({ ...line, option: 'single line' }, '2020-11')).toEqual(['quantity changed', 'new']);
  });
});

test('an absent site is unknown in every number', () => {
  expect(one({ now: [], before: [{}] })).toMatchObject({
    flag: 'blocked',
    price: null,
    movements: [{ previous: '15', current: null, delta: null, money: null, reason: null }],
  });
});

test('a product sums what is known and says of how many', () => {
  const product = products({
    now: [{}, { site: 'b.com', quantity: decimalOf(4) }],
    before: [{ quantity: decimalOf(14) }, { site: 'gone.com', quantity: decimalOf(1) }],
  })[0];
  expect({ ...product, standings: product?.standings.map(({ customer: { site }, flag }) => [site, flag]) }).toEqual({
    product: 'proofpoint',
    name: 'Proofpoint',
    vendor: 'Proofpoint',
    customers: 3,
    synced: 0,
    changed: 0,
    needCompany: 2,
    blocked: 0,
    compared: 2,
    quantity: '19',
    delta: '5',
    cost: '46.36',
    price: '57',
    margin: '10.64',
    currency: 'USD',
    subscriptionStart: '2020-07-01',
    standings: [
      ['1stwestinsurance.com', 'never synced'],
      ['b.com', 'needs company'],
      ['gone.com', 'needs company'],
    ],
  });
});

test('a source that does not bill is compared and never added', () => {
  const billing = usageImport([usageLine()]);
  const second = usageImport([usageLine({ quantity: decimalOf(17) }), usageLine({ site: 'only-there.com' })], {
    source: 'proofpoint-essentials',
  });
  const month = countMonth([billing, second], catalogue, '2020-12');
  const standings = standingsOf({
    month,
    others: [
      {
        source: 'proofpoint-essentials',
        month: countMonth([billing, second], catalogue, '2020-12', { billedBy: new Map([['proofpoint', 'proofpoint-essentials']]) }),
      },
    ],
    previous: countMonth([], catalogue, '2020-11'),
    catalogue,
    companies: [west],
    assignments: [assigned],
    synced: [],
    prices: [],
    today: '2021-01-03',
  })[0]?.standings;
  expect([[...month.compared], standings?.map(({ customer: { site } }) => site), standings?.[0]?.movements[0]?.current]).toEqual([
    [['proofpoint', new Set(['proofpoint-essentials'])]],
    ['1stwestinsurance.com'],
    '15',
  ]);
  expect(standings?.[0]?.problems).toEqual([
    {
      code: 'another source differs',
      site: '1stwestinsurance.com',
      source: 'proofpoint-essentials',
      subProduct: 'Proofpoint Business',
      ours: '15',
      theirs: '17',
    },
  ]);
});

test('currencies are never mixed in a total', () => {
  const product = products({ now: [{}, { site: 'b.com', currency: 'EUR' }] })[0];
  expect([product?.price, product?.cost, product?.currency]).toEqual([null, null, null]);
});

describe('under a rule', () => {
  const shown = ({ flag, price, cost, margin, movements, problems }: Standing) => ({ flag, price, cost, margin, problems, movements });

  test('a customer stands by what bills, and by what billed last month; another source is held against what was counted', () => {
    const standing = one({ before: [{ quantity: decimalOf(12) }], synced: [synced({ quantity: decimalOf(15) })], rules: [minimum(20)] });
    expect(shown(standing)).toMatchObject({
      ...{ flag: 'changed', price: '60', cost: '48.8', margin: '11.2', problems: [] },
      movements: [{ previous: '20', synced: '15', current: '20', delta: '5', money: '15', reason: 'quantity changed' }],
    });
    expect(standing.count.counts.map(({ ruled }) => ruled?.counted)).toEqual(['15']);
  });

  test('a line that holds what bills is synced, and one of an excluded customer is to end', () => {
    expect(one({ synced: [synced({ quantity: decimalOf(20) })], rules: [minimum(20)] }).flag).toBe('synced');
    expect(one({ rules: [exclusion()] }).flag).toBe('nothing to bill');
    expect(shown(one({ synced: [synced({ quantity: decimalOf(15) })], rules: [exclusion()] }))).toMatchObject({
      ...{ flag: 'changed', movements: [{ current: '0', delta: '-15', reason: 'gone' }] },
    });
  });

  test('a site that nobody counted stays unknown', () => {
    const standing = one({ now: [], synced: [synced({ quantity: decimalOf(15) })], rules: [minimum(20), exclusion()] });
    expect(shown(standing)).toMatchObject({ flag: 'blocked', price: null, movements: [{ current: null, delta: null, reason: null }] });
  });

  test.each<[string, number, RuleVersion[], string | null]>([
    ['a markup of two months is no change', 3, [markup(50)], null],
    ['a markup that begins is', 3, [markup(50, '2020-12')], 'price changed'],
    ['a price that the markup outweighs is none', 4, [markup(50)], null],
    ['a price without a rule is', 4, [minimum(20)], 'price changed'],
  ])('%s', (_, unitPrice, rules, reason) => {
    const standing = one({
      before: [{ unitPrice: decimalOf(unitPrice) }],
      synced: [synced({ quantity: decimalOf(rules[0]?.kind === 'minimum' ? 20 : 15) })],
      rules,
    });
    expect([standing.flag, standing.movements.map((movement) => movement.reason)]).toEqual(['synced', [reason]]);
  });
});

function markup(percent: number, from: string | null = null): RuleVersion {
  return rule({ kind: 'markup', percent: decimalOf(percent), overCost: null, least: null, currency: null }, { from });
}
