import { describe, expect, test } from 'vitest';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { add, decimalOf, ZERO } from '../../src/domain/decimal';
import { countMonth } from '../../src/domain/month';
import { monthFigures } from '../../src/domain/month-figures';
import { priceIndex } from '../../src/domain/priced-line';
import { monthStanding } from '../../src/storage/month';
import { figuresOfMonths } from '../../src/storage/month-figures';
import { setPrices } from '../../src/storage/prices';
import { december, demo, emptyDatabase, NOW, seeded } from '../demo/demo';
import { catalogueWith, usageImport, usageLine } from '../support/usage';

const asked = { until: '2020-12', most: 12, calendar: DEFAULT_CALENDAR };
const atOnce = () => Promise.resolve();

describe('the figures of the demo’s months', () => {
  test('begin with the first month that has usage and end with the one asked for', async () => {
    const months = await figuresOfMonths(await demo(), asked, atOnce);
    expect(months.map(({ period, unknown }) => [period, unknown])).toEqual([
      ['2020-08', 0],
      ['2020-09', 0],
      ['2020-10', 0],
      ['2020-11', 0],
      ['2020-12', 1],
    ]);
    expect((await figuresOfMonths(await demo(), { ...asked, most: 2 }, atOnce)).map(({ period }) => period)).toEqual([
      '2020-11',
      '2020-12',
    ]);
  });

  test('are what the standings of the month say', async () => {
    const db = await demo();
    const products = await monthStanding(db, december);
    const month = (await figuresOfMonths(db, asked, atOnce)).at(-1);
    const sum = (read: 'cost' | 'price' | 'margin' | 'quantity') => add(ZERO, ...products.map((product) => product[read] ?? ZERO));
    expect(month?.money).toEqual([{ currency: 'USD', cost: sum('cost'), price: sum('price'), margin: sum('margin') }]);
    expect(add(ZERO, ...(month?.subProducts ?? []).map(({ quantity }) => quantity))).toBe(sum('quantity'));
    expect(month?.subProducts.map(({ name, quantity }) => [name, quantity])).toEqual([
      ['Latchkey Business', '44'],
      ['Latchkey Enterprise', '17'],
      ['Northvault Server', '5'],
      ['Northvault Workstation', '124'],
      ['Proofpoint Advanced', '109'],
      ['Proofpoint Advanced+', '51'],
      ['Proofpoint Business', '176'],
      ['Proofpoint Business+', '41'],
      ['Proofpoint Pro', '65'],
    ]);
  });

  test('are what the standings say under rules, too', async () => {
    const db = await seeded();
    await db.rules.add({
      ...{ kind: 'exclusion', product: 'proofpoint', subProduct: null, site: null, from: null, until: null, reason: 'ours', seq: 9001 },
    });
    const products = await monthStanding(db, december);
    const month = (await figuresOfMonths(db, asked, atOnce)).at(-1);
    const sum = (read: 'cost' | 'price' | 'margin') => add(ZERO, ...products.map((product) => product[read] ?? ZERO));
    expect(month?.money).toEqual([{ currency: 'USD', cost: sum('cost'), price: sum('price'), margin: sum('margin') }]);
    expect(sum('price')).toBe('1105');
  });

  test('rest before and after each month is added up', async () => {
    let rests = 0;
    const count = () => {
      rests += 1;
      return Promise.resolve();
    };
    await figuresOfMonths(await demo(), asked, count);
    expect(rests).toBe(10);
  });

  test('are none where nothing was imported', async () => {
    expect(await figuresOfMonths(await emptyDatabase(), asked, atOnce)).toEqual([]);
  });

  test('keep a month without usage between others', async () => {
    const db = await seeded();
    await db.imports.filter(({ periods }) => periods[0] === '2020-10').delete();
    const months = await figuresOfMonths(db, asked, atOnce);
    expect(months.map(({ period }) => period)).toEqual(['2020-08', '2020-09', '2020-10', '2020-11', '2020-12']);
    expect(months[2]).toEqual({ period: '2020-10', subProducts: [], money: [], unknown: 0 });
  });

  test('take what the price list of their month says for the company of their month', async () => {
    const db = await seeded();
    const trial = {
      subProduct: 'proofpoint-business',
      company: null,
      currency: 'USD',
      cost: decimalOf(1),
      price: decimalOf(2),
      until: null,
    };
    const bare = usageImport([usageLine({ site: 'bare.com', date: '2020-07-19', unitPrice: null, unitCost: null, currency: null })]);
    await db.imports.add(bare.record);
    await db.usage.bulkAdd([...bare.chunks]);
    const july = async () => (await figuresOfMonths(db, { ...asked, until: '2020-07' }, atOnce))[0];
    expect(await july()).toMatchObject({ money: [], unknown: 1 });
    await setPrices(db, NOW, [{ ...trial, from: '2020-08' }]);
    expect(await july()).toMatchObject({ money: [], unknown: 1 });
    await setPrices(db, NOW, [{ ...trial, from: '2020-07' }]);
    expect(await july()).toMatchObject({ money: [{ currency: 'USD', cost: '15', price: '30', margin: '15' }], unknown: 0 });
  });
});

test('currencies are sums of their own, and what has no price or no quantity is unknown instead of 0', () => {
  const catalogue = catalogueWith('Proofpoint Business', 'Proofpoint Pro');
  const usage = usageImport([
    usageLine({ site: 'a.com' }),
    usageLine({ site: 'b.eu', currency: 'EUR', quantity: decimalOf(4), unitPrice: decimalOf('2.50'), unitCost: null }),
    usageLine({ site: 'c.com', unitPrice: null }),
    usageLine({ site: 'd.com', quantity: null }),
    usageLine({ site: 'e.com', quantity: decimalOf(7), trial: true }),
  ]);
  const steps = monthFigures(countMonth([usage], catalogue, '2020-12'), {
    catalogue,
    prices: priceIndex([]),
    companyOf: () => null,
    billed: (count) => count,
  });
  steps.next();
  expect(steps.next()).toEqual({
    done: true,
    value: {
      period: '2020-12',
      subProducts: [{ product: 'proofpoint', subProduct: 'proofpoint-business', name: 'Proofpoint Business', quantity: '34' }],
      money: [
        { currency: 'EUR', cost: '0', price: '10', margin: '0' },
        { currency: 'USD', cost: '73.2', price: '45', margin: '8.4' },
      ],
      unknown: 3,
    },
  });
});

test('a month of many customers is added up in steps', () => {
  const catalogue = catalogueWith('Proofpoint Business');
  const usage = usageImport(Array.from({ length: 1_000 }, (_, at) => usageLine({ site: `site-${String(at)}.com` })));
  const steps = monthFigures(countMonth([usage], catalogue, '2020-12'), {
    catalogue,
    prices: priceIndex([]),
    companyOf: () => null,
    billed: (count) => count,
  });
  let rests = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) rests++;
  expect([rests, step.value.money]).toEqual([11, [{ currency: 'USD', cost: '36600', price: '45000', margin: '8400' }]]);
});

test('the standings of a month are the same in small steps, with a rest after each count, index and product', async () => {
  const db = await demo();
  let rests = 0;
  const inSteps = await monthStanding(db, december, () => {
    rests += 1;
    return Promise.resolve();
  });
  expect(inSteps).toEqual(await monthStanding(db, december));
  expect(rests).toBe(6);
});
