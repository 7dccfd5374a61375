import { describe, expect, test } from 'vitest';
import { isRecurring, SYNC_OPTIONS } from '../../src/domain/change';
import { decimalOf } from '../../src/domain/decimal';
import type { SyncFacts } from '../../src/domain/sync-facts';
import type { UsageLine } from '../../src/domain/usage';
import { contractCheckOf, isWrite } from '../psa/deliver.ts';
import { fixtures } from '../psa/fixtures/index.ts';
import { asObjectOrList, misspeltIn, retypedIn } from '../support/contract.ts';
import { december } from '../support/grid.ts';
import { COUNTS, lastMonth, syncAt, under } from './customer.ts';

const RECURRING = SYNC_OPTIONS.filter(isRecurring);
const ONE_TIME = SYNC_OPTIONS.filter((option) => !isRecurring(option));

const rowOf = ([quantity, unitPrice, unitCost]: readonly [string, string, string]): Partial<UsageLine> => ({
  ...{ quantity: decimalOf(quantity), unitPrice: decimalOf(unitPrice), unitCost: decimalOf(unitCost) },
});
const counted = (...rows: readonly Partial<UsageLine>[]): Pick<SyncFacts, 'count'> => ({ count: december(...rows) });

/** What a month brings: each of the counts by itself, and counts that make several lines. */
const MONTHS: readonly (readonly [name: string, rows: readonly Partial<UsageLine>[]])[] = [
  ...COUNTS.map((count) => [count.join(' / '), [rowOf(count)]] as const),
  ['Business beside Pro', [{}, { subProductName: 'Proofpoint Pro', quantity: decimalOf(4), unitPrice: decimalOf(5), row: 2 }]],
  ['two subscriptions', [{ quantity: decimalOf(10) }, { quantity: decimalOf(5), row: 2 }]],
];

/** Every body that really leaves, under every option: it is what the contract takes, and spoilt anywhere it is refused. */
describe.each(fixtures.map((fixture) => [fixture.adapter.id, fixture] as const))('%s, what is sent', (_, fixture) => {
  const { can } = fixture.adapter;
  const check = contractCheckOf(fixture);

  test.each(under(MONTHS))('%s, %s: of new lines', async (option, _name, rows) => {
    const sent = await syncAt(fixture, option, counted(...rows));
    expect(sent.grid.lines.length).toBeGreaterThan(0);
    expectTaken(sent, isRecurring(option) ? can.recurring : can.oneTime);
  });

  test.each(under(MONTHS, RECURRING))('%s, %s: of a line that changes', async (option, _name, rows) => {
    const sent = await syncAt(fixture, option, counted(...rows), lastMonth(fixture, option));
    expect(sent.grid.lines.map(({ status }) => status)).toContain('Updating');
    expectTaken(sent, can.change || sent.plan.requests.some(({ operation, method }) => operation === 'create' && method !== 'HAND'));
  });

  test.each(under([['date'] as const, ['zero'] as const], RECURRING))('%s: of a line that ends, by %s', async (option, zero) => {
    const sent = await syncAt(fixture, option, counted({ quantity: decimalOf(0) }), lastMonth(fixture, option), { zero });
    expect(sent.grid.lines.map(({ status }) => status)).toEqual(['Ending']);
    expectTaken(sent, can.change);
  });

  test.each(RECURRING)('%s: of a line that stays, nothing', async (option) => {
    const first = await syncAt(fixture, option, counted({}));
    const { plan, writes } = await syncAt(fixture, option, counted({}), first);
    expect([plan.requests, writes]).toEqual([[], []]);
  });

  test.each(under([[12] as const, [17] as const], ONE_TIME))('%s: of a month that was invoiced as %i', async (option, quantity) => {
    const before = await syncAt(fixture, 'multi-product', counted({ quantity: decimalOf(quantity) }));
    const held = new Map([['proofpoint-business', decimalOf(quantity)]]);
    expectTaken(await syncAt(fixture, option, { ...counted({}), held, today: '2021-02-03' }, before), can.oneTime);
  });

  function expectTaken({ runs, rows, plan }: Awaited<ReturnType<typeof syncAt>>, writes: boolean): void {
    const open = rows.filter(({ n, state }) => plan.requests[n]?.method !== 'HAND' && state !== 'sent');
    expect(open).toEqual([]);
    expect(runs.some((run) => isWrite(fixture, run))).toBe(writes);
    for (const { method, path, body } of runs) {
      expect([path, check(method, path, body)]).toEqual([path, []]);
      if (body === null) continue;
      const spoilt = [['a list for an object', asObjectOrList(body)] as const, ...misspeltIn(body), ...retypedIn(body)];
      expect([path, spoilt.filter(([, wrong]) => check(method, path, wrong).length === 0).map(([where]) => where)]).toEqual([path, []]);
    }
  }
});
