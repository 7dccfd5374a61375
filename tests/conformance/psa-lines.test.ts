import { describe, expect, test } from 'vitest';
import { finalDayOf, type Period } from '../../src/domain/calendar';
import { isRecurring, SYNC_OPTIONS } from '../../src/domain/change';
import { decimalOf, ZERO } from '../../src/domain/decimal';
import type { UsageLine } from '../../src/domain/usage';
import { december } from '../support/grid.ts';
import { billed, everyPsa, lastMonth, lookAt, syncAt, under, type Held } from './customer.ts';

const RECURRING = SYNC_OPTIONS.filter(isRecurring);
const ONE_TIME = SYNC_OPTIONS.filter((option) => !isRecurring(option));

const of = (quantity: number, row: Partial<UsageLine> = {}) => ({ count: december({ quantity: decimalOf(quantity), ...row }) });

function inMonth(period: Period, quantity: number) {
  return { count: { ...of(quantity).count, period }, period, today: finalDayOf(period) };
}

describe.each(everyPsa)('%s, the life of a line', (_, fixture) => {
  const { can, limits } = fixture.adapter;

  test.each(RECURRING)('%s: created, unchanged, updated, ended, and created anew when usage returns', async (option) => {
    const created = await syncAt(fixture, option, of(15));
    expect([statusesOf(created), billed(fixture, created.state)]).toEqual([['Creating'], '45']);
    const same = lookAt(fixture, option, of(15), created);
    expect([statusesOf(same), changesOf(same), codesOf(same)]).toEqual([['Unchanged'], [], ['nothing to sync']]);
    const fewer = await syncAt(fixture, option, of(9), created);
    expect(statusesOf(fewer)).toEqual(['Updating']);
    if (!can.change) {
      const ended = await syncAt(fixture, option, of(0), created);
      expect([methodsOf(fewer), methodsOf(ended), billed(fixture, ended.state)]).toEqual([['HAND'], ['HAND'], '45']);
      return;
    }
    expect(billed(fixture, fewer.state)).toBe('27');
    const ended = await syncAt(fixture, option, inMonth('2021-01', 0), fewer);
    expect([statusesOf(ended), billed(fixture, ended.state)]).toEqual([['Ending'], ZERO]);
    expect(changesOf(lookAt(fixture, option, inMonth('2021-01', 0), ended))).toEqual([]);
    const returned = await syncAt(fixture, option, inMonth('2021-02', 4), ended);
    const anew = limits.productRepeats ? 'Creating' : 'Updating';
    expect([statusesOf(returned), billed(fixture, returned.state)]).toEqual([[anew], '12']);
  });

  test.each(RECURRING)('%s: ended in the month in which it was made, which no PSA takes as an end before the start', async (option) => {
    const created = await syncAt(fixture, option, of(15));
    const ended = await syncAt(fixture, option, of(0), created);
    if (!can.change) {
      expect([methodsOf(ended), billed(fixture, ended.state)]).toEqual([['HAND'], '45']);
      return;
    }
    const starts = created.synced?.lines[0]?.effectiveDate ?? '';
    expect(ended.grid.lines.map(({ sentDate, status }) => [status, sentDate === null || sentDate >= starts])).toEqual([['Ending', true]]);
    expect([ended.rows.map(({ state }) => state), billed(fixture, ended.state)]).toEqual([ended.rows.map(() => 'sent'), ZERO]);
    expect(changesOf(lookAt(fixture, option, of(0), ended))).toEqual([]);
  });

  test.each(ONE_TIME)('%s: charged once, never corrected in place, and charged again for the next month', async (option) => {
    const charged = await syncAt(fixture, option, of(15));
    if (!can.oneTime) {
      expect([statusesOf(charged), methodsOf(charged), billed(fixture, charged.state)]).toEqual([['Creating'], ['HAND'], ZERO]);
      return;
    }
    expect([statusesOf(charged), billed(fixture, charged.state)]).toEqual([['Creating'], '45']);
    expect(codesOf(lookAt(fixture, option, of(15), charged))).toEqual(['nothing to sync']);
    const corrected = lookAt(fixture, option, of(17), charged);
    expect([codesOf(corrected), changesOf(corrected)]).toEqual([['line was invoiced already'], []]);
    expect(changesOf(lookAt(fixture, option, of(0), charged))).toEqual([]);
    const next = await syncAt(fixture, option, inMonth('2021-01', 4), charged);
    expect([statusesOf(next), billed(fixture, next.state)]).toEqual([['Creating'], '57']);
  });
});

/** Usage that stops, as the vendor may show it. */
const STOPPED: readonly (readonly [name: string, row: Partial<UsageLine>])[] = [
  ['0 users', { quantity: ZERO }],
  ['a trial instead of the paid users', { trial: true }],
  ['another product of the vendor alone', { subProductName: 'Proofpoint Advanced', quantity: ZERO }],
];

describe.each(everyPsa)('%s, usage that stops', (_, fixture) => {
  const { can } = fixture.adapter;
  const ways = under(STOPPED, RECURRING).flatMap((each) => (['date', 'zero'] as const).map((zero) => [...each, zero] as const));

  test.each(ways)('%s, %s: the line ends (%4$s)', async (option, _name, row, zero) => {
    const before = lastMonth(fixture, option);
    const ended = await syncAt(fixture, option, { count: december(row) }, before, { zero });
    expect([statusesOf(ended), ended.grid.totals.price]).toEqual([['Ending'], ZERO]);
    if (can.change)
      expect([ended.rows.map(({ state }) => state), billed(fixture, ended.state)]).toEqual([ended.rows.map(() => 'sent'), ZERO]);
    else expect([methodsOf(ended), billed(fixture, ended.state)]).toEqual([['HAND'], '36']);
  });

  test.each(under(STOPPED, ONE_TIME))('%s, %s: what was charged last month stays, and nothing new is charged', (option, _name, row) => {
    const { grid } = lookAt(fixture, option, { count: december(row) }, emptied(lastMonth(fixture, option)));
    expect([grid.lines, grid.totals.price]).toEqual([[], ZERO]);
  });

  test.each(SYNC_OPTIONS)('%s: a customer that vanished is unknown, not 0, and its line stays', (option) => {
    const look = lookAt(fixture, option, { count: december() }, lastMonth(fixture, isRecurring(option) ? option : 'multi-product'));
    expect([codesOf(look).includes('no usage reported'), look.grid.lines]).toEqual([true, []]);
  });

  test.each(RECURRING)('%s: another package from the 19th on is billed alone, the old one of the 15th no more', async (option) => {
    const rows = [{ date: '2020-12-15' }, { subProductName: 'Proofpoint Pro', quantity: decimalOf(4), unitPrice: decimalOf(5), row: 2 }];
    const [given, before] = [{ count: december(...rows) }, lastMonth(fixture, option)];
    const look = lookAt(fixture, option, given, before);
    expect(look.grid.totals.price).toBe('20');
    if (!fixture.adapter.limits.productRepeats && option === 'multi-product') {
      expect(codesOf(look)).toEqual(['product cannot repeat on the agreement']);
      return;
    }
    const moved = await syncAt(fixture, option, given, before);
    if (can.change) expect(billed(fixture, moved.state)).toBe('20');
    else expect(methodsOf(moved)).toEqual(option === 'single line' ? ['HAND'] : ['HAND', 'POST']);
  });
});

/** No line of ours at the PSA: one-time lines leave none for the next month. */
function emptied({ state }: Held): Held {
  return { state, synced: null };
}

type Look = ReturnType<typeof lookAt>;

function statusesOf({ grid }: Pick<Look, 'grid'>) {
  return grid.lines.map(({ status }) => status);
}

function changesOf({ grid }: Pick<Look, 'grid'>) {
  return grid.lines.flatMap(({ changes }) => changes);
}

function codesOf({ problems }: Look) {
  return problems.map(({ code }) => code);
}

function methodsOf({ plan }: Awaited<ReturnType<typeof syncAt>>) {
  return plan.requests.map(({ method }) => method);
}
