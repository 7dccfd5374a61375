import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { ZERO } from '../../src/domain/decimal';
import { customerKey, type Customer } from '../../src/domain/marketplace';
import type { RuleVersion } from '../../src/domain/rule';
import type { Standing } from '../../src/domain/standing';
import { choicesFrom } from '../../src/domain/sync-bulk';
import type { SyncFacts } from '../../src/domain/sync-facts';
import { gridFor } from '../../src/domain/sync-grid';
import { adapterOf } from '../../src/psa';
import { connectwise } from '../../src/psa/connectwise';
import { bulkPlans } from '../../src/storage/bulk';
import type { Database } from '../../src/storage/db';
import { factsOf as factsOfStored, gridFacts, monthFacts } from '../../src/storage/grid';
import type { MonthFacts } from '../../src/storage/grid-question';
import { monthStanding } from '../../src/storage/month';
import { reconciliations } from '../../src/storage/reconciliation';
import type { Choice } from '../../src/storage/rows';
import { storedForAll, type Stored } from '../../src/storage/stored';
import { counted, free, included, minimum, exclusion, override, rule } from '../support/rules';
import { CONNECTION, december, devices, january, seeded, standingOf } from './demo';

const cedar = devices('Cedar Ridge Law');
const bayview = devices('Bayview Dental');
const PRODUCT = 'northvault-backup';
const workstation = { product: PRODUCT, subProduct: 'northvault-workstation' };

describe('a rule in the demo', () => {
  test('shows in what is unsynced what bills, and last month as it billed by the rules of last month', async () => {
    const db = await withRules(minimum(25, { ...workstation, site: cedar.site }), minimum(21, { ...workstation, until: '2020-11' }));
    const { movements, flag, price } = await standingOf(db, cedar);
    expect([flag, price]).toEqual(['changed', '137.5']);
    expect(movements).toMatchObject([{ previous: '25', synced: '20', current: '25', delta: '5', money: '27.5' }]);
    const { movements: others } = await standingOf(db, bayview);
    expect(others.map(({ subProduct, previous, current }) => [subProduct, previous, current])).toEqual([
      ['northvault-server', '2', '2'],
      ['northvault-workstation', '21', '14'],
    ]);
  });

  test('ends the line of an excluded customer, in the grid, among the unsynced and three ways', async () => {
    const db = await withRules(exclusion({ product: PRODUCT, site: bayview.site, reason: 'Sponsored' }));
    const { flag, movements } = await standingOf(db, bayview);
    expect([flag, movements.map(({ reason, current }) => [reason, current])]).toEqual([
      'changed',
      [
        ['gone', '0'],
        ['gone', '0'],
      ],
    ]);
    const lines = (await gridOf(db, bayview)).lines;
    expect(lines.map(({ status, quantity, changes }) => [status, quantity, changes.map(({ kind }) => kind)])).toEqual([
      ['Ending', '2', ['end']],
      ['Ending', '14', ['end']],
    ]);
    const three = await reconciliations(db, { ...december, calendar: DEFAULT_CALENDAR }, adapterOf);
    const own = three.flatMap((one) =>
      one.lines.filter(({ customer }) => customer !== null && customerKey(customer) === customerKey(bayview)),
    );
    expect(own.map(({ usage, psa }) => [usage, psa])).toEqual([
      ['0', '2'],
      ['0', '14'],
    ]);
  });

  test('is named by the plan that a sync of many makes', async () => {
    const db = await withRules(minimum(25, { ...workstation, seq: 901 }));
    const [item] = await bulk(db, [cedar]);
    expect(item?.plans.map(({ plan }) => [plan.inputs.rules, plan.totals.price])).toEqual([
      [[`${PRODUCT}/northvault-workstation#901`], '137.5'],
    ]);
  });

  test('counts what the plan rests on: the facts have another fingerprint', async () => {
    const print = async (...rules: RuleVersion[]) => (await factsOf(await withRules(...rules), cedar)).fingerprint;
    const plain = await print();
    expect(await print(minimum(5, workstation))).toBe(plain);
    const [least, fixed] = [await print(minimum(25, workstation)), await print(override(25, { ...workstation, site: cedar.site }))];
    expect(new Set([plain, least, fixed]).size).toBe(3);
  });
});

test('standings, grid and bulk plans agree under any rules', async () => {
  const db = await seeded();
  const plain = await monthStanding(db, december);
  const monthOf = ({ period, today }: typeof december | typeof january) => monthFacts(db, period, today, DEFAULT_CALENDAR);
  const months = { '2020-12': monthOf(december), '2021-01': monthOf(january) } as const;
  const places = plain.flatMap(({ product, standings }) => standings.map(({ customer }) => ({ product, site: customer.site })));
  const subProducts = (await db.subProducts.toArray()).map(({ key, product }) => ({ key, product }));
  const anyPlace = fc
    .record({ at: fc.nat(places.length - 1), every: fc.boolean(), part: fc.nat(), whole: fc.boolean(), old: fc.boolean() })
    .map(({ at, every, part, whole, old }) => {
      const { product = '', site = '' } = places[at] ?? {};
      const own = subProducts.filter((one) => one.product === product);
      const subProduct = whole ? null : (own[part % own.length]?.key ?? null);
      return { product, site: every ? null : site, subProduct, until: old ? '2020-11' : null };
    });
  const anyRule = fc.tuple(fc.nat(6), fc.nat(40), anyPlace).map(([kind, n, place]): RuleVersion => {
    const made = [exclusion, (p: typeof place) => override(n, p), (p: typeof place) => minimum(n, p), (p: typeof place) => included(n, p)];
    const more = [(p: typeof place) => free(n % 2 === 0 ? null : n, p), (p: typeof place) => rule({ kind: 'whole units', how: 'up' }, p)];
    const markup = (p: typeof place) =>
      rule({ kind: 'markup', percent: counted(n).quantity ?? ZERO, overCost: null, least: null, currency: null }, p);
    return [...made, ...more, markup][kind]?.(place) ?? exclusion(place);
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyRule, { minLength: 1, maxLength: 12 }), fc.constantFrom(december, january), async (rules, when) => {
      await db.rules.clear();
      await db.rules.bulkPut(rules);
      const [stored, choices, month] = [await storedForAll(db), await db.choices.toArray(), await months[when.period]];
      const standings = (await monthStanding(db, when)).flatMap((product) => product.standings);
      const chosen = standings.filter(({ company, count }) => company !== null && count.how !== 'unknown');
      const plans = new Map(
        (
          await bulk(
            db,
            chosen.map(({ customer }) => customer),
            when,
          )
        ).map((item) => [customerKey(item.customer), item]),
      );
      for (const standing of chosen) {
        const grid = linesOf(choices, factsIn(month, stored, choices, standing.customer));
        expect(grid.counts).toEqual(standing.count.counts);
        for (const { slot, syncedQuantity, subProducts: covered } of grid.lines.filter(
          (line) => line.slot !== '*' && !line.slot.startsWith('old:'),
        ))
          expect([slot, syncedQuantity]).toEqual([slot, currentOf(standing, covered[0] ?? '')]);
        const planned = plans.get(standing.key)?.plans.at(-1)?.plan;
        if (planned !== undefined)
          expect(planned.lines.map(({ lineKey, syncedQuantity }) => [lineKey, syncedQuantity])).toEqual(
            grid.lines.map(({ lineKey, syncedQuantity }) => [lineKey, syncedQuantity]),
          );
        if (standing.flag === 'nothing to bill' || standing.flag === 'synced')
          expect(grid.lines.filter(({ changes }) => changes.length > 0)).toEqual([]);
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);

function currentOf({ movements }: Standing, subProduct: string) {
  return movements.find((movement) => movement.subProduct === subProduct)?.current;
}
async function withRules(...rules: RuleVersion[]): Promise<Database> {
  const db = await seeded();
  await db.rules.bulkAdd(rules);
  return db;
}
async function factsOf(db: Database, customer: Customer) {
  const choice = await db.choices.get([customerKey(customer), CONNECTION]);
  return gridFacts(db, { customer, connection: CONNECTION, agreementId: choice?.agreementId ?? null, psaCompany: null, ...december });
}
function choiceOf(choices: readonly Choice[], customer: Customer) {
  return choices.find((choice) => choice.customer === customerKey(customer) && choice.connection === CONNECTION);
}
function factsIn(month: MonthFacts, stored: Stored, choices: readonly Choice[], customer: Customer) {
  const agreementId = choiceOf(choices, customer)?.agreementId ?? null;
  return factsOfStored(month, stored, { customer, connection: CONNECTION, agreementId, psaCompany: null });
}
function linesOf(choices: readonly Choice[], facts: SyncFacts) {
  const { option = 'multi-product', zero = 'date', agreementId = '' } = choiceOf(choices, facts.customer) ?? {};
  return { ...gridFor(facts, choicesFrom(facts, { option, zero, agreementId }), connectwise), counts: facts.count.counts };
}
async function gridOf(db: Database, customer: Customer) {
  return linesOf(await db.choices.toArray(), await factsOf(db, customer));
}
function bulk(db: Database, customers: readonly Customer[], when: typeof december | typeof january = december) {
  return bulkPlans(db, { customers, ...when, calendar: DEFAULT_CALENDAR }, adapterOf);
}
