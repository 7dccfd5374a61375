import { describe, expect, test } from 'vitest';
import { isRecurring, SYNC_OPTIONS } from '../../src/domain/change';
import { decimalOf } from '../../src/domain/decimal';
import { problem } from '../../src/domain/problem';
import { delivered } from '../psa/deliver.ts';
import { december } from '../support/grid.ts';
import { agreementsIn, billed, choicesOf, everyPsa, factsAt, knowing, lastMonth, lookAt, planFor, syncAt } from './customer.ts';

const RECURRING = SYNC_OPTIONS.filter(isRecurring);
const ONE_TIME = SYNC_OPTIONS.filter((option) => !isRecurring(option));
const FIFTEEN = { count: december({}) };

describe.each(everyPsa)('%s, what somebody changed in the PSA by hand', (_, fixture) => {
  const { can } = fixture.adapter;

  test.each(RECURRING)('%s: another quantity is shown and replaced knowingly', async (option) => {
    const before = lastMonth(fixture, option, { quantity: 20 });
    const { grid } = lookAt(fixture, option, FIFTEEN, before);
    const [line] = grid.lines;
    const [change] = line?.changes ?? [];
    const found = can.readBack ? '20' : '12';
    expect([line?.status, line?.inPsa, line?.delta]).toEqual(can.readBack ? ['Updating', '20', '-5'] : ['Updating', null, '3']);
    expect(change?.kind === 'update' ? [change.before.quantity, change.after.quantity] : change).toEqual([found, '15']);
    const { plan, state } = await syncAt(fixture, option, FIFTEEN, before);
    if (can.change) expect(billed(fixture, state)).toBe('45');
    else expect([plan.requests.map(({ method }) => method), billed(fixture, state)]).toEqual([['HAND'], '60']);
  });

  test.each(RECURRING)('%s: another quantity since the plan was made stops it, and stays', async (option) => {
    const seen = lastMonth(fixture, option);
    const facts = factsAt(fixture, { ...knowing(fixture, seen.state, seen.synced), ...FIFTEEN });
    const plan = planFor(fixture, facts, choicesOf(fixture, option));
    const { state: start, synced: memory } = lastMonth(fixture, option, { quantity: 20 });
    const { rows, writes, state } = await delivered(fixture, { held: [], plans: () => [plan] }, null, { start, memory });
    expect([writes, billed(fixture, state)]).toEqual([[], '60']);
    const line = plan.requests[0]?.line.name ?? '';
    const changed = problem('line was changed meanwhile', { line, field: 'quantity', believed: '12', found: '20' });
    const [first, ...others] = rows.map((row) => [row.state, row.problem]);
    expect([first, others]).toEqual([can.change ? ['refused', changed] : ['pending', null], others.map(() => ['pending', null])]);
  });

  test.each(ONE_TIME)('%s: a charge of another quantity is never written over', async (option) => {
    const charged = await syncAt(fixture, option, FIFTEEN);
    if (!can.oneTime) {
      expect(charged.plan.requests.map(({ method }) => method)).toEqual(['HAND']);
      return;
    }
    const { psaLines } = knowing(fixture, charged.state, charged.synced);
    const changed = (psaLines ?? []).map((line) => ({ ...line, quantity: decimalOf(20) }));
    const { grid, problems } = lookAt(fixture, option, { ...FIFTEEN, psaLines: changed, synced: charged.synced });
    expect(problems.map(({ code }) => code)).toEqual(['line was invoiced already']);
    expect(grid.lines.map(({ inPsa, changes }) => [inPsa, changes])).toEqual([['20', []]]);
  });

  test.each(ONE_TIME)('%s: a charge that was deleted or credited is made again by the word of the partner alone', async (option) => {
    const charged = await syncAt(fixture, option, FIFTEEN);
    if (!can.oneTime) {
      expect(charged.plan.requests.map(({ method }) => method)).toEqual(['HAND']);
      return;
    }
    const deleted = { state: fixture.sandbox(), synced: charged.synced };
    const { grid } = lookAt(fixture, option, FIFTEEN, deleted);
    expect(grid.lines.map(({ warnings, again, changes }) => [warnings.map(({ code }) => code), again, changes])).toEqual([
      [['charge is not there'], true, []],
    ]);
    const edits = Object.fromEntries(grid.lines.map(({ slot }) => [slot, { again: true }]));
    const { state } = await syncAt(fixture, option, FIFTEEN, deleted, { edits });
    expect(billed(fixture, state)).toBe('45');
  });
});

describe.each(everyPsa)('%s, what the PSA has invoiced', (_, fixture) => {
  const { limits, can } = fixture.adapter;
  const invoiced = agreementsIn(fixture, fixture.sandbox()).map((each) => ({ ...each, nextInvoiceDate: '2021-02-01' }));

  test.each(RECURRING)('%s: a change counts from the first day that is not invoiced yet, an end up to the day before', (option) => {
    const before = lastMonth(fixture, option);
    const changed = lookAt(fixture, option, { ...FIFTEEN, agreements: invoiced }, before).grid.lines;
    expect(
      changed.map(({ status, sentDate, changes }) => [status, sentDate, changes.map((change) => 'on' in change && change.on)]),
    ).toEqual([['Updating', limits.datesChanges ? '2021-02-01' : null, ['2021-02-01']]]);
    const nothing = { count: december({ quantity: decimalOf(0) }), agreements: invoiced };
    const ended = lookAt(fixture, option, nothing, before).grid.lines;
    expect(ended.map(({ status, sentDate }) => [status, sentDate])).toEqual([['Ending', '2021-01-31']]);
  });

  test.each(RECURRING)('%s: a month that the PSA has posted is not changed any more, nor ended', (option) => {
    const before = lastMonth(fixture, option);
    const { psaLines } = knowing(fixture, before.state, before.synced);
    const posted = psaLines?.map((line) => ({ ...line, postedThrough: '2021-01-31' })) ?? null;
    for (const quantity of ['15', '0']) {
      const count = december({ quantity: decimalOf(quantity) });
      const { grid } = lookAt(fixture, option, { count, psaLines: posted, synced: before.synced });
      const codes = grid.lines.flatMap(({ blocks }) => blocks.map(({ code }) => code));
      if (can.readBack) expect([codes, grid.lines.flatMap(({ changes }) => changes)]).toEqual([['period was posted already'], []]);
      else expect([codes, grid.lines.flatMap(({ changes }) => changes).length]).toEqual([[], 1]);
    }
  });

  /** A month whose invoice has gone by: what its recurring line held, what is counted now, and the difference in money. */
  const missed = [
    ['a line that held too few', 12, '9'],
    ['a line that held too many, credited', 17, '-6'],
  ] as const;

  test.each(ONE_TIME.flatMap((option) => missed.map((each) => [option, ...each] as const)))(
    '%s: %s is corrected by the difference, once',
    async (option, _name, quantity, money) => {
      const before = await syncAt(fixture, 'multi-product', { count: december({ quantity: decimalOf(quantity) }) });
      const gone = { ...FIFTEEN, held: new Map([['proofpoint-business', decimalOf(quantity)]]), today: '2021-02-03' };
      const corrected = await syncAt(fixture, option, gone, before);
      expect(corrected.grid.totals.price).toBe(money);
      if (can.oneTime) expect(billed(fixture, corrected.state)).toBe('45');
      else expect(corrected.plan.requests.map(({ method }) => method)).toEqual(['HAND']);
      if (can.oneTime) expect(lookAt(fixture, option, gone, corrected).problems.map(({ code }) => code)).toEqual(['nothing to sync']);
    },
  );

  test.each(RECURRING)('%s: no recurring line takes a month whose invoice has gone by', (option) => {
    const { problems } = lookAt(fixture, option, { ...FIFTEEN, held: new Map(), today: '2021-02-03' });
    expect(problems).toEqual([problem('option is refused', { option, reason: 'not the newest final period' })]);
  });
});
