import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalOf, type Decimal } from '../../src/domain/decimal';
import { catalogueOf } from '../../src/domain/catalogue';
import { customerKey, customerOf } from '../../src/domain/marketplace';
import { mergeRegistry } from '../../src/domain/registry';
import { countMonth, type MonthCount, type UsageImport } from '../../src/domain/month';
import { deltaOf } from '../../src/domain/month-delta';
import { entriesByCustomer, siteCountOf, type SiteCount } from '../../src/domain/snapshot';
import { catalogueWith, usageImport, usageLine } from '../support/usage';

const catalogue = catalogueWith('Proofpoint Business', 'Proofpoint Advanced', 'Proofpoint Pro');

function siteCounts(month: MonthCount): SiteCount[] {
  const entries = entriesByCustomer(month);
  return month.customers.map((_, customer) => siteCountOf(month, customer, entries[customer] ?? [], catalogue));
}

function counted(imports: readonly UsageImport[], period = '2020-12'): Record<string, Record<string, Decimal | null>> {
  return Object.fromEntries(
    siteCounts(countMonth(imports, catalogue, period)).map(({ site, counts }) => [
      site,
      Object.fromEntries(counts.map((count) => [count.subProduct, count.quantity])),
    ]),
  );
}

const only = (imports: readonly UsageImport[]): SiteCount => siteCounts(countMonth(imports, catalogue, '2020-12'))[0] as SiteCount;

describe('which count bills', () => {
  test('the snapshot of the 19th, not the counts before or after it', () => {
    const days = [1, 18, 19, 20, 31].map((day) => usageLine({ date: `2020-12-${String(day).padStart(2, '0')}`, quantity: decimalOf(day) }));
    const count = only([usageImport(days)]);
    expect([count.how, count.date, count.counts.map(({ quantity }) => quantity)]).toEqual(['snapshot', '2020-12-19', ['19']]);
  });

  test('without the 19th the newest earlier date, shown as stale with its date', () => {
    const count = only([
      usageImport([
        usageLine({ date: '2020-12-11', quantity: decimalOf(11) }),
        usageLine({ date: '2020-12-15', quantity: decimalOf(14) }),
        usageLine({ date: '2020-12-24' }),
      ]),
    ]);
    expect([count.how, count.date, count.counts[0]?.quantity]).toEqual(['stale', '2020-12-15', '14']);
    expect(count.warnings).toEqual([{ code: 'count is stale', site: '1stwestinsurance.com', period: '2020-12', date: '2020-12-15' }]);
    expect(count.blocks).toEqual([]);
  });

  test('only later dates are late and block until a reason is given; the one nearest to the 19th is taken', () => {
    const count = only([
      usageImport([usageLine({ date: '2020-12-24', quantity: decimalOf(24) }), usageLine({ date: '2020-12-22', quantity: decimalOf(22) })]),
    ]);
    expect([count.how, count.date, count.counts[0]?.quantity]).toEqual(['late', '2020-12-22', '22']);
    expect(count.blocks).toEqual([{ code: 'count is late', site: '1stwestinsurance.com', period: '2020-12', date: '2020-12-22' }]);
  });

  test('all sub-products come from that one date, so a changed package is never billed twice', () => {
    const moved = usageImport([
      usageLine({ date: '2020-12-10', subProductName: 'Proofpoint Business', quantity: decimalOf(15) }),
      usageLine({ date: '2020-12-19', subProductName: 'Proofpoint Pro', quantity: decimalOf(15) }),
    ]);
    expect(counted([moved])).toEqual({ '1stwestinsurance.com': { 'proofpoint-pro': '15' } });
  });

  test('each site has its own date', () => {
    const count = counted([
      usageImport([
        usageLine({ site: 'a.com', date: '2020-12-19' }),
        usageLine({ site: 'b.com', date: '2020-12-12', quantity: decimalOf(7) }),
      ]),
    ]);
    expect(count).toEqual({ 'a.com': { 'proofpoint-business': '15' }, 'b.com': { 'proofpoint-business': '7' } });
  });

  test('a file that is final for the month outranks daily counts', () => {
    const daily = usageImport([usageLine({ quantity: decimalOf(15) })]);
    const final = usageImport([usageLine({ quantity: decimalOf(16), date: '2020-12-19' })], { final: '2020-12' });
    expect([only([final, daily]).how, counted([daily, final])]).toEqual([
      'final',
      { '1stwestinsurance.com': { 'proofpoint-business': '16' } },
    ]);
  });

  test('a site that one file reports in other months only is absent from this one', () => {
    const file = usageImport([
      usageLine({ site: 'a.com' }),
      usageLine({ site: 'gone.com', date: '2020-11-19' }),
      usageLine({ site: 'new.com', date: '2021-01-19' }),
    ]);
    expect(counted([file])).toEqual({ 'a.com': { 'proofpoint-business': '15' } });
    expect(Object.keys(counted([file], '2020-11'))).toEqual(['gone.com']);
  });

  test('another month counts nothing here', () => {
    expect(counted([usageImport([usageLine({ date: '2020-11-19' }), usageLine({ date: '2021-01-01' })])])).toEqual({});
  });
});

describe('one source per product bills', () => {
  test('the source that was imported first bills, a second is never added', () => {
    const pax8 = usageImport([usageLine({ quantity: decimalOf(15) })]);
    const orgs = usageImport([usageLine({ quantity: decimalOf(17) })], { source: 'proofpoint-essentials' });
    expect(counted([pax8, orgs])).toEqual({ '1stwestinsurance.com': { 'proofpoint-business': '15' } });
  });

  test('the partner may choose the other', () => {
    const pax8 = usageImport([usageLine({ quantity: decimalOf(15) })]);
    const orgs = usageImport([usageLine({ quantity: decimalOf(17) })], { source: 'proofpoint-essentials' });
    const month = countMonth([pax8, orgs], catalogue, '2020-12', { billedBy: new Map([['proofpoint', 'proofpoint-essentials']]) });
    expect(siteCounts(month).map(({ counts, source }) => [source, counts[0]?.quantity])).toEqual([['proofpoint-essentials', '17']]);
  });
});

describe('imports that overlap', () => {
  test('the same rows again change nothing', () => {
    const rows = [usageLine(), usageLine({ subProductName: 'Proofpoint Pro', quantity: decimalOf(2) })];
    expect(counted([usageImport(rows), usageImport(rows)])).toEqual(counted([usageImport(rows)]));
  });

  test('a newer file corrects what it names and leaves the rest', () => {
    const first = usageImport([usageLine(), usageLine({ subProductName: 'Proofpoint Pro', quantity: decimalOf(2) })]);
    const correction = usageImport([usageLine({ quantity: decimalOf(12) })]);
    expect(counted([first, correction])).toEqual({ '1stwestinsurance.com': { 'proofpoint-business': '12', 'proofpoint-pro': '2' } });
  });

  test('a newer complete file says that what it does not name is zero, for its own sites only', () => {
    const first = usageImport([
      usageLine(),
      usageLine({ subProductName: 'Proofpoint Pro', quantity: decimalOf(2) }),
      usageLine({ site: 'b.com' }),
    ]);
    const correction = usageImport([usageLine({ quantity: decimalOf(12) })], { complete: true });
    expect(counted([first, correction])).toEqual({
      '1stwestinsurance.com': { 'proofpoint-business': '12' },
      'b.com': { 'proofpoint-business': '15' },
    });
  });

  test('the order in which rows and chunks come changes nothing', () => {
    const line = fc.record({
      site: fc.constantFrom('a.com', 'b.com', 'c.com'),
      name: fc.constantFrom('Proofpoint Business', 'Proofpoint Pro'),
      day: fc.integer({ min: 1, max: 28 }),
      quantity: fc.integer({ min: 0, max: 99 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(line, { selector: (one) => `${one.site}${one.name}${String(one.day)}`, maxLength: 40 }), (lines) => {
        const rows = lines.map(({ site, name, day, quantity }) =>
          usageLine({ site, subProductName: name, date: `2020-12-${String(day).padStart(2, '0')}`, quantity: decimalOf(quantity) }),
        );
        expect(counted([usageImport([...rows].reverse())])).toEqual(counted([usageImport(rows)]));
      }),
    );
  });

  test('what is counted is what a plain reading of the rule counts', () => {
    const line = fc.record({
      site: fc.constantFrom('a.com', 'b.com'),
      name: fc.constantFrom('Proofpoint Business', 'Proofpoint Pro'),
      day: fc.integer({ min: 1, max: 31 }),
      cents: fc.integer({ min: 0, max: 9999 }),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const rows = lines.map(({ site, name, day, cents }) =>
          usageLine({ site, subProductName: name, date: `2020-12-${String(day).padStart(2, '0')}`, quantity: decimalOf(cents / 100) }),
        );
        const expected: Record<string, Record<string, string>> = {};
        for (const site of new Set(lines.map((one) => one.site))) {
          const days = lines.filter((one) => one.site === site).map((one) => one.day);
          const early = days.filter((day) => day <= 19);
          const day = early.length > 0 ? Math.max(...early) : Math.min(...days);
          const own: Record<string, number> = {};
          for (const one of lines) if (one.site === site && one.day === day) own[one.name] = (own[one.name] ?? 0) + one.cents;
          expected[site] = Object.fromEntries(
            Object.entries(own).map(([name, cents]) => [name.toLowerCase().replace(' ', '-'), decimalOf(cents / 100)]),
          );
        }
        expect(counted([usageImport(rows)])).toEqual(expected);
      }),
    );
  });
});

describe('what a count holds', () => {
  test('the seed customer, whole', () => {
    expect(
      only([
        usageImport([
          usageLine({ account: '1stwestinsurance.com', total: decimalOf(45), licences: decimalOf(15), file: 'december.json', row: 7 }),
        ]),
      ]),
    ).toEqual({
      product: 'proofpoint',
      site: '1stwestinsurance.com',
      period: '2020-12',
      account: '1stwestinsurance.com',
      how: 'snapshot',
      date: '2020-12-19',
      source: 'pax8',
      subscription: null,
      namedCompany: null,
      counts: [
        {
          subProduct: 'proofpoint-business',
          name: 'Proofpoint Business',
          quantity: '15',
          trialQuantity: '0',
          unit: 'User',
          currency: 'USD',
          price: '3',
          cost: '2.44',
          vendorTotal: '45',
          licences: '15',
          evidence: [{ importId: expect.stringMatching(/^import-\d+$/) as string, file: 'december.json', row: 7 }],
        },
      ],
      blocks: [],
      warnings: [],
    });
  });

  test('rows of one site, sub-product and date sum when their price is one', () => {
    const count = only([
      usageImport([usageLine({ quantity: decimalOf('1.5'), row: 1 }), usageLine({ quantity: decimalOf('2.25'), row: 2 })]),
    ]);
    expect([count.counts[0]?.quantity, count.counts[0]?.evidence.map(({ row }) => row), count.blocks]).toEqual(['3.75', [1, 2], []]);
  });

  test('different prices are for the partner to decide', () => {
    const count = only([usageImport([usageLine(), usageLine({ unitPrice: decimalOf(4) })])]);
    expect(count.counts[0]?.price).toBeNull();
    expect(count.blocks).toEqual([
      { code: 'prices differ within the count', site: '1stwestinsurance.com', subProduct: 'Proofpoint Business', prices: ['3', '4'] },
    ]);
  });

  test('a missing quantity is unknown and blocks; it is never 0', () => {
    const count = only([usageImport([usageLine({ quantity: null, file: 'x.json', row: 9 })])]);
    expect(count.counts[0]?.quantity).toBeNull();
    expect(count.blocks).toEqual([
      { code: 'quantity is missing', site: '1stwestinsurance.com', subProduct: 'Proofpoint Business', file: 'x.json', row: 9 },
    ]);
  });

  test('a negative quantity is refused', () => {
    expect(only([usageImport([usageLine({ quantity: decimalOf(-2) })])]).blocks).toEqual([
      { code: 'quantity is negative', site: '1stwestinsurance.com', subProduct: 'Proofpoint Business', quantity: '-2' },
    ]);
  });

  test('trial usage is kept apart and never added to paid usage', () => {
    const count = only([
      usageImport([usageLine({ quantity: decimalOf(10) }), usageLine({ quantity: decimalOf(5), trial: true, unitPrice: decimalOf(0) })]),
    ]);
    expect([count.counts[0]?.quantity, count.counts[0]?.trialQuantity, count.counts[0]?.price]).toEqual(['10', '5', '3']);
    expect(count.warnings).toEqual([
      { code: 'trial usage is not billed', site: '1stwestinsurance.com', subProduct: 'Proofpoint Business', quantity: '5' },
    ]);
  });

  test("disagreement with the vendor's own total and with the licences is shown", () => {
    expect(only([usageImport([usageLine({ total: decimalOf('44.99'), licences: decimalOf(20) })])]).warnings).toEqual([
      { code: 'licences differ', site: '1stwestinsurance.com', subProduct: 'Proofpoint Business', quantity: '15', licences: '20' },
      {
        code: 'totals disagree with the vendor',
        site: '1stwestinsurance.com',
        subProduct: 'Proofpoint Business',
        ours: '45',
        vendors: '44.99',
        currency: 'USD',
      },
    ]);
  });

  test("a line's site is resolved through its usage summary, whenever that was imported", () => {
    const summary = {
      id: 's1',
      companyId: 'c1',
      productId: 'top',
      resourceGroup: 'Acme.COM',
      vendorName: 'Proofpoint',
      subscriptionId: 'sub',
      currency: 'USD',
      trial: false,
    };
    const usage = usageImport([usageLine({ site: null, product: null, summary: 's1' })]);
    const without = countMonth([usage], catalogue, '2020-12');
    expect([without.customers, without.orphans]).toEqual([[], 1]);
    const withSummary = catalogueOf({
      products: [...catalogue.products.values()],
      subProducts: [...catalogue.subProducts.values()],
      subscriptions: [],
      summaries: [summary],
    });
    const month = countMonth([usage], withSummary, '2020-12');
    expect([month.customers, month.orphans]).toEqual([[customerKey({ product: 'proofpoint', site: 'acme.com' })], 0]);
    const count = siteCountOf(month, 0, entriesByCustomer(month)[0] ?? [], withSummary);
    expect([count.site, count.namedCompany, count.subscription]).toEqual(['acme.com', 'c1', 'sub']);
  });
});

describe('month over month', () => {
  test('a vanished site is unknown, a vanished sub-product is zero, a new one was zero', () => {
    const november = countMonth(
      [
        usageImport([
          usageLine({ date: '2020-11-19', site: 'gone.com' }),
          usageLine({ date: '2020-11-19', site: 'a.com', quantity: decimalOf('3.5') }),
        ]),
      ],
      catalogue,
      '2020-11',
    );
    const december = countMonth(
      [usageImport([usageLine({ site: 'a.com', subProductName: 'Proofpoint Pro', quantity: decimalOf(4) })])],
      catalogue,
      '2020-12',
    );
    const delta = deltaOf(november, december);
    const rows = Array.from({ length: delta.length }, (_, row) => [
      delta.customer[row],
      delta.subProduct[row],
      delta.previous[row],
      delta.current[row],
    ]);
    const key = (site: string) => customerKey({ product: 'proofpoint', site });
    expect(rows).toEqual([
      [key('a.com'), 'proofpoint-pro', 0, 4],
      [key('gone.com'), 'proofpoint-business', 15, NaN],
      [key('a.com'), 'proofpoint-business', 3.5, 0],
    ]);
    expect(delta.changed).toBe(3);
  });

  test('says of every line what a plain join of the two months says', () => {
    const line = fc.record({
      site: fc.constantFrom('a.com', 'b.com', 'c.com', 'd.com'),
      name: fc.constantFrom('Proofpoint Business', 'Proofpoint Pro', 'Proofpoint Advanced'),
      cents: fc.option(fc.integer({ min: 0, max: 300 })),
      complete: fc.boolean(),
    });
    const lines = fc.array(line, { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, fc.boolean(), (november, december, whole) => {
        const month = (period: string, rows: typeof november) =>
          countMonth(
            [false, true].map((complete) =>
              usageImport(
                rows
                  .filter((row) => row.complete === complete)
                  .map(({ site, name, cents }) =>
                    usageLine({
                      ...{ site, subProductName: name, date: `${period}-19` },
                      quantity: cents === null ? null : decimalOf(whole ? cents : cents / 100),
                    }),
                  ),
                { complete },
              ),
            ),
            catalogue,
            period,
          );
        const [before, after] = [month('2020-11', november), month('2020-12', december)];
        const plain = (count: MonthCount) =>
          Array.from(count.entries.quantity, (quantity, entry) => ({
            customer: count.customers[count.entries.customer[entry] ?? 0] ?? '',
            subProduct: count.subProducts[count.entries.subProduct[entry] ?? 0] ?? '',
            quantity: quantity / 10 ** count.scale,
          }));
        const found = (count: MonthCount, customer: string, subProduct: string) => {
          if (!count.customers.includes(customer)) return NaN;
          return plain(count).find((row) => row.customer === customer && row.subProduct === subProduct)?.quantity ?? 0;
        };
        const named = [...plain(after), ...plain(before)].map(({ customer, subProduct }) => `${customer}|${subProduct}`);
        const expected = [...new Set(named)].map((name) => {
          const [customer = '', subProduct = ''] = name.split('|');
          return [customer, subProduct, found(before, customer, subProduct), found(after, customer, subProduct)];
        });
        const delta = deltaOf(before, after);
        expect(
          Array.from({ length: delta.length }, (_, row) => [
            ...[delta.customer[row], delta.subProduct[row]],
            ...[delta.previous[row], delta.current[row]],
          ]),
        ).toEqual(expected);
        expect(delta.changed).toBe(expected.filter(([, , previous, current]) => !Object.is(previous, current)).length);
      }),
    );
  });

  test('two equal months have no change', () => {
    const rows = (month: string) => [usageLine({ date: `${month}-19` }), usageLine({ date: `${month}-19`, site: 'b.com', quantity: null })];
    const delta = deltaOf(
      countMonth([usageImport(rows('2020-11'))], catalogue, '2020-11'),
      countMonth([usageImport(rows('2020-12'))], catalogue, '2020-12'),
    );
    expect([delta.length, delta.changed]).toEqual([2, 0]);
  });
});

test('two products that call different things the same are counted and keyed apart', () => {
  const merged = mergeRegistry(
    { companies: [], products: [], subProducts: [], subscriptions: [], summaries: [] },
    {
      companies: [],
      products: [],
      subscriptions: [],
      summaries: [],
      named: ['Mail', 'Archive'].map((product) => ({ product, summary: null, id: null, name: 'User', unit: null })),
    },
    'csv:x',
  );
  expect(merged.subProducts.map(({ key, product }) => [key, product])).toEqual([
    ['user', 'mail'],
    ['archive-user', 'archive'],
  ]);
  const usage = usageImport(
    [usageLine({ product: 'Mail', subProductName: 'User' }), usageLine({ product: 'Archive', subProductName: 'User' })],
    {
      source: 'csv:x',
    },
  );
  const month = countMonth([usage], catalogueOf(merged), '2020-12');
  expect([month.customers.map((key) => customerOf(key).product), month.subProducts]).toEqual([
    ['mail', 'archive'],
    ['user', 'archive-user'],
  ]);
});
