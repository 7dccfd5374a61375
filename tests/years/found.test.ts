import { expect, test } from 'vitest';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import type { SyncOption } from '../../src/domain/change';
import { NO_CHOICES } from '../../src/domain/sync-choices';
import { gridFor } from '../../src/domain/sync-grid';
import { syncro } from '../../src/psa/syncro';
import { gridFacts } from '../../src/storage/grid';
import { playedPsa } from './psas';
import type { Counts } from './reference';
import { CONNECTION, customerOf, PRODUCTS, World } from './world';

/** What simulated years have found, each as the shortest life that went wrong. */
const SITE = 'a.example';
const THREE = 30_000;
const [NOVEMBER, DECEMBER, JANUARY] = ['2020-11', '2020-12', '2021-01'] as const;
const DAYS = { [NOVEMBER]: '2020-12-03', [DECEMBER]: '2021-01-03', [JANUARY]: '2021-02-03' } as const;

test.each(['one-time itemised', 'one-time single'] as const)(
  '%s: a charge is not made again when its product is bound anew',
  async (option) => {
    const world = await lifeOf(option);
    await month(world, NOVEMBER, { business: 4, pro: 0 });
    for (const key of ['top', 'business'] as const) await world.bound(key, PRODUCTS[key][1], null);
    await world.synced(NOVEMBER);
    expect([await world.db.plans.count(), world.charges().length]).toEqual([1, 1]);
    await world.db.delete();
  },
);

test('a single line of one sub-product follows its count, also where it had to be quantity 1 at the total', async () => {
  const world = await lifeOf('single line');
  await month(world, NOVEMBER, { business: 4, pro: 0 }, 33_350);
  await month(world, DECEMBER, { business: 1, pro: 0 }, 33_350);
  const [record] = await world.db.synced.toArray();
  expect(record?.lines.map(({ quantity, price }) => [quantity, price])).toEqual([['1', '3.34']]);
  await world.db.delete();
});

test('a single line whose sub-products become more moves to the product of them all, and bills once', async () => {
  const world = await lifeOf('single line');
  for (const [period, pro] of [
    [NOVEMBER, 0],
    [DECEMBER, 2],
    [JANUARY, 0],
  ] as const) {
    await month(world, period, { business: 4, pro });
    expect(billed(world, period)).toEqual([['*', pro === 0 ? '41' : '40', 4 + pro]]);
  }
  await world.db.delete();
});

test('a single line moves with the product of them all, also where its count stays', async () => {
  const world = await lifeOf('single line');
  await month(world, NOVEMBER, { business: 4, pro: 2 });
  await world.bound('top', PRODUCTS.top[1], DECEMBER);
  await month(world, DECEMBER, { business: 4, pro: 2 });
  expect(billed(world, DECEMBER)).toEqual([['*', '50', 6]]);
  await world.db.delete();
});

test('a line that was taken back and made again is no copy of itself when its copies are counted', async () => {
  const world = await lifeOf('multi-product');
  await month(world, NOVEMBER, { business: 4, pro: 0 });
  expect(await world.undone(NOVEMBER, SITE)).toBe(true);
  await world.synced(NOVEMBER);
  await month(world, DECEMBER, { business: 5, pro: 0 });
  expect((await world.db.deliveries.toArray()).map(({ duplicates }) => duplicates)).toEqual([[], [], [], []]);
  await world.db.delete();
});

test.each(['multi-product', 'single line'] as const)('%s: what is kept at 0 is synced while nothing is counted', async (option) => {
  const world = await lifeOf(option, 'zero');
  await month(world, NOVEMBER, { business: 4, pro: 2 });
  await month(world, DECEMBER, { business: 0, pro: 0 });
  expect([billed(world, DECEMBER), await world.unsynced(DECEMBER)]).toEqual([[], []]);
  await world.db.delete();
});

test('beside a line kept at 0 on another product, the one that bills holds the count, and nothing is left to sync', async () => {
  const world = await lifeOf('multi-product');
  await month(world, NOVEMBER, { business: 4, pro: 2 });
  await world.bound('pro', PRODUCTS.pro[1], DECEMBER);
  await month(world, DECEMBER, { business: 4, pro: 2 });
  expect(await world.undone(DECEMBER, SITE)).toBe(true);
  await world.synced(DECEMBER);
  const [again] = await world.planned(DECEMBER, [SITE]);
  expect(again?.problems.map(({ code }) => code)).toEqual(['nothing to sync']);
  await month(world, JANUARY, { business: 5, pro: 2 });
  const [record] = await world.db.synced.toArray();
  const open = record?.lines.filter(({ endedOn }) => endedOn === null).map(({ productId, quantity }) => [productId, quantity]);
  expect(open?.sort()).toEqual([
    ['41', '5'],
    ['42', '0'],
    ['52', '2'],
  ]);
  await world.db.delete();
});

test('a recurring line that an undo made again keeps its option, so charges never stand beside it', async () => {
  const world = await lifeOf('single line');
  await month(world, NOVEMBER, { business: 4, pro: 2 });
  await world.chosen(SITE, 'one-time itemised', SITE);
  await month(world, DECEMBER, { business: 4, pro: 4 });
  expect([await world.undone(DECEMBER, SITE), billed(world, DECEMBER)]).toEqual([true, [['*', '40', 6]]]);
  await world.synced(DECEMBER);
  expect([billed(world, DECEMBER), world.charges().length]).toEqual([[], 2]);
  await world.db.delete();
});

test('a line that ended because it moved is made again by an undo where the PSA asks for the name of its product', async () => {
  const world = await lifeOf('multi-product', 'date', 'syncro');
  await month(world, NOVEMBER, { business: 4, pro: 0 });
  await world.chosen(SITE, 'single line', SITE);
  await month(world, DECEMBER, { business: 5, pro: 2 });
  expect([await world.undone(DECEMBER, SITE), billed(world, DECEMBER)]).toEqual([true, [['business', '41', 4]]]);
  await world.db.delete();
});

test('the line of one customer is never offered to another on the same agreement, where the PSA keeps no key', async () => {
  const other = 'b.example';
  const world = await World.of({ psa: playedPsa('syncro'), sites: [SITE, other], others: [], option: () => 'multi-product', zero: 'date' });
  await world.assigned(other, SITE, null);
  await world.chosen(other, 'multi-product', SITE);
  await month(world, NOVEMBER, { business: 4, pro: 0 });
  await world.imported(DECEMBER, { [SITE]: { business: 4, pro: 0 }, [other]: { business: 3, pro: 0 } }, THREE);
  world.opened(DAYS[DECEMBER]);
  const facts = await gridFacts(world.db, { ...ASKED, customer: customerOf(other), agreementId: '10' });
  const grid = gridFor(facts, { ...NO_CHOICES, agreementId: '10' }, syncro);
  expect(grid.lines.map(({ status, candidates }) => [status, candidates])).toEqual([['Creating', []]]);
  expect([await world.synced(DECEMBER), billed(world, DECEMBER)]).toEqual([
    [],
    [
      ['business', '41', 4],
      ['business', '41', 3],
    ],
  ]);
  await world.db.delete();
});

const ASKED = { connection: CONNECTION, psaCompany: null, period: DECEMBER, today: DAYS[DECEMBER], calendar: DEFAULT_CALENDAR } as const;

function lifeOf(option: SyncOption, zero: 'date' | 'zero' = 'date', psa = 'connectwise'): Promise<World> {
  return World.of({ psa: playedPsa(psa), sites: [SITE], others: [], option: () => option, zero });
}

/** A month is counted, final and synced without a question. */
async function month(world: World, period: keyof typeof DAYS, counts: Counts, price = THREE): Promise<void> {
  await world.imported(period, { [SITE]: counts }, price);
  world.opened(DAYS[period]);
  expect(await world.synced(period)).toEqual([]);
}

/** What the next invoice bills: sub-product, product of the PSA and quantity. */
function billed(world: World, period: string) {
  return world
    .recurring(period)
    .filter(({ quantity }) => quantity > 0)
    .map(({ slot, product, quantity }) => [slot, product, quantity]);
}
