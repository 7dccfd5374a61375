import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shiftPeriod, type Period } from '../../src/domain/calendar';
import { bindProduct } from '../../src/storage/bindings';
import { checkRecords } from '../../src/storage/history';
import type { EndpointFault } from '../support/endpoint';
import { placeOf, SUB_PRODUCTS, World, type Counts, type Held, type SubProduct } from './world';

const SITES = ['a.example', 'b.example', 'c.example'] as const;
type Site = (typeof SITES)[number];

/** One month of a partner's life. */
interface Month {
  readonly counts: Readonly<Record<Site, Counts>>;
  /** Whose usage comes only after the first sync of the month. */
  readonly late: Site | null;
  readonly price: number;
  readonly edit: { readonly site: Site; readonly key: SubProduct; readonly quantity: number } | null;
  readonly faults: readonly EndpointFault[];
  readonly undo: Site | null;
}

const site = fc.constantFrom(...SITES);
const counts = fc.option(fc.record({ business: fc.nat(4), pro: fc.nat(4) }), { freq: 6, nil: null });
const month: fc.Arbitrary<Month> = fc.record({
  counts: fc.record({ 'a.example': counts, 'b.example': counts, 'c.example': counts }),
  late: fc.option(site, { nil: null, freq: 1 }),
  price: fc.integer({ min: 2, max: 4 }),
  edit: fc.option(fc.record({ site, key: fc.constantFrom(...SUB_PRODUCTS), quantity: fc.integer({ min: 5, max: 9 }) }), {
    nil: null,
    freq: 1,
  }),
  faults: fc.array(
    fc.constantFrom<EndpointFault>('reset before', 'reset after', '500 before', '500 after', '429', 'hang after', 'truncated'),
    {
      maxLength: 2,
    },
  ),
  undo: fc.option(site, { nil: null, freq: 1 }),
});

/** What is billable, in a few words: a count replaces what a line held, nobody's absence is a 0, and a price is the one a line began with. */
class Reference {
  #lines: Readonly<Record<string, { readonly quantity: number; readonly price: number }>> = {};

  count(of: string, own: NonNullable<Counts>, price: number): void {
    for (const key of SUB_PRODUCTS) {
      const place = placeOf(of, key);
      const { [place]: line, ...others } = this.#lines;
      this.#lines = own[key] === 0 ? others : { ...others, [place]: { quantity: own[key], price: line?.price ?? price } };
    }
  }
  get held(): Held {
    return Object.fromEntries(Object.entries(this.#lines).map(([place, { quantity, price }]) => [place, [[quantity, price]]]));
  }
}

async function lived(months: readonly Month[]): Promise<void> {
  const world = await World.of(SITES);
  const reference = new Reference();
  for (const [at, { counts: all, late, price, edit, faults, undo }] of months.entries()) {
    const period: Period = shiftPeriod('2020-11', at);
    const early = Object.fromEntries(Object.entries(all).filter(([of]) => of !== late));
    world.finalOf(period);
    await world.imported(period, early, price);
    if (edit !== null) world.edited(edit.site, edit.key, edit.quantity);
    const counted = (given: Readonly<Record<string, Counts>>) => {
      for (const [of, own] of Object.entries(given)) if (own !== null) reference.count(of, own, price);
    };
    counted(early);
    expect(await world.synced(period, faults)).toEqual([]);
    if (late !== null) {
      await world.imported(period, { [late]: all[late] }, price);
      counted({ [late]: all[late] });
      expect(await world.synced(period)).toEqual([]);
    }
    const known = (own: Held) => Object.fromEntries(Object.entries(own).filter(([place]) => isKnown(place, all, edit)));
    expect(known(world.held(period))).toEqual(known(reference.held));
    if (undo !== null && (await world.undone(period, undo))) {
      expect(await world.synced(period)).toEqual([]);
      expect(known(world.held(period))).toEqual(known(reference.held));
    }
  }
  const { brokenAt } = await checkRecords(world.db);
  expect(brokenAt).toBeNull();
  await world.db.delete();
}

/** Of a customer whom nobody counted this month, an edit by hand is nobody's to judge. */
function isKnown(place: string, all: Readonly<Record<Site, Counts>>, edit: Month['edit']): boolean {
  return edit === null || place !== placeOf(edit.site, edit.key) || all[edit.site] !== null;
}

test('at the end of every month the PSA holds what is billable, each line once', async () => {
  await fc.assert(fc.asyncProperty(fc.array(month, { minLength: 2, maxLength: 6 }), lived), { numRuns: Number(process.env['YEARS'] ?? 8) });
}, 180_000);

const rebound = { id: '42', identifier: 'P-2', description: '', taxable: false, price: null, cost: null, active: true, reference: null };

test.each(['one-time itemised', 'one-time single'] as const)(
  '%s: a charge is not made again when its product is bound anew',
  async (option) => {
    const world = await World.of(['a.example']);
    await world.db.choices.toCollection().modify({ option });
    await world.imported('2020-11', { 'a.example': { business: 4, pro: 0 } }, 3);
    world.finalOf('2020-11');
    await world.synced('2020-11');
    for (const subProduct of [null, 'proofpoint-business'])
      await bindProduct(world.db, '2020-12-03T10:00:00.000Z', {
        connection: 'cw',
        product: 'proofpoint',
        subProduct,
        from: null,
        psaProduct: rebound,
      });
    await world.synced('2020-11');
    expect(await world.db.plans.count()).toBe(1);
    await world.db.delete();
  },
);

test('a single line of one sub-product follows its count, also where it had to be quantity 1 at the total', async () => {
  const world = await World.of(['a.example']);
  await world.db.choices.toCollection().modify({ option: 'single line' });
  for (const [period, business] of [
    ['2020-11', 4],
    ['2020-12', 1],
  ] as const) {
    await world.imported(period, { 'a.example': { business, pro: 0 } }, 3.335);
    world.finalOf(period);
    await world.synced(period);
  }
  const [record] = await world.db.synced.toArray();
  expect(record?.lines.map(({ quantity, price }) => [quantity, price])).toEqual([['1', '3.34']]);
  await world.db.delete();
});
