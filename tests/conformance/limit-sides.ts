import { expect } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import type { SyncOption } from '../../src/domain/change';
import type { LineEdit } from '../../src/domain/grid';
import type { SyncFacts } from '../../src/domain/sync-facts';
import { gridFor } from '../../src/domain/sync-grid';
import { stepProblems } from '../../src/domain/sync-steps';
import type { Limits } from '../../src/psa/limits';
import { checksInto } from '../../src/psa/checks';
import { ITEM_REFERENCE } from '../../src/psa/halopsa/records';
import { checkConnection } from '../../src/storage/connections';
import type { Problem } from '../../src/domain/problem';
import { connectionOf } from '../delivery/scene';
import type { PsaFixture } from '../psa/fixture.ts';
import { keyFor, pagesIn } from '../psa/journeys.ts';
import { december } from '../support/grid.ts';
import { chargeChange, createChange, d } from '../support/plans.ts';
import { choicesOf, factsAt, knowing, lastMonth } from './customer.ts';
import {
  atLastMonth,
  digits,
  roundedIn,
  lineWith,
  namesLine,
  createOf,
  chargeOf,
  exportOf,
  sidesOfText,
  sent,
  problemsOf,
  codesOf,
} from './sides.ts';

/** Both sides of one limit at one PSA: what just fits goes out unchanged, one more is refused, cut or rounded. Null is no limit. */
type Sides<L extends keyof Limits> = (fixture: PsaFixture, limit: NonNullable<Limits[L]> | null) => void;

/** Every limit that a PSA may have. A new one does not compile until both of its sides are here. */
export const SIDES: { readonly [L in keyof Required<Limits>]: Sides<L> } = {
  lineName: (fixture, limit) => {
    const most = limit ?? 0;
    for (const change of namesLine(fixture)) sidesOfText(fixture, change, 'name', most);
    const option: SyncOption = fixture.adapter.limits.keepsName === false ? 'one-time itemised' : 'multi-product';
    const named = (name: string) => lineWith(fixture, option, { name });
    expect([named('x'.repeat(most)), named('x'.repeat(most + 1))].map((line) => [line.name, codesOf(line.warnings)])).toEqual([
      ['x'.repeat(most), []],
      ['x'.repeat(most), ['name was cut']],
    ]);
  },
  productIdentifier: (fixture, limit) => sidesOfText(fixture, (identifier) => exportOf(fixture, { identifier }), null, limit),
  productDescription: (fixture, limit) => sidesOfText(fixture, (name) => exportOf(fixture, { name }), 'name', limit),
  productReference: (fixture, limit) => {
    const of = (reference: string) => ({ ...exportOf(fixture, {}), reference });
    const beside = fixture.adapter.id === 'halopsa' ? ITEM_REFERENCE.length : 0;
    if (limit === null) expect(sent(fixture, of('x'.repeat(40)))).not.toContain('x'.repeat(40));
    else sidesOfText(fixture, of, 'reference', limit, beside);
  },
  productText: (fixture, limit) => sidesOfText(fixture, (description) => exportOf(fixture, { description }), 'description', limit),
  lineKey: (fixture, limit) => {
    if (limit === null) expect(sent(fixture, createOf(fixture))).not.toContain(keyFor(fixture));
    else sidesOfText(fixture, (lineKey) => createOf(fixture, { lineKey }), 'line key', limit);
  },
  oneTimeKey: (fixture, limit) => {
    if (limit === null) expect(sent(fixture, chargeOf(fixture))).not.toContain(keyFor(fixture, 'one-time itemised'));
    else sidesOfText(fixture, (lineKey) => chargeOf(fixture, { lineKey }), 'line key', limit);
  },
  oneTimeTitle: (fixture, limit) => {
    const most = limit ?? fixture.adapter.limits.lineName - 1;
    const bodyOf = (name: string) => sent(fixture, chargeOf(fixture, { after: { ...chargeChange().after, name } }));
    const count = (name: string, text: string) => bodyOf(name).split(JSON.stringify(text)).length - 1;
    const [fits, over] = ['x'.repeat(most), 'x'.repeat(most + 1)];
    if (!fixture.adapter.can.oneTime) expect(bodyOf(over)).toBe('[null]');
    else if (limit === null) expect([bodyOf(fits).includes(fits), bodyOf(over).includes(over)]).toEqual([true, true]);
    else expect([count(fits, fits), count(over, fits), count(over, over)]).toEqual([2, 1, 1]);
  },
  id: (fixture, limit) => {
    const of = (id: string) => createOf(fixture, { product: { id, identifier: 'x', use: null } });
    const isText = fixture.adapter.ids === 'text';
    const [fits, over] = isText ? ['9'.repeat(limit ?? 0), '9'.repeat((limit ?? 0) + 1)] : [String(limit), String((limit ?? 0) + 1)];
    expect(sent(fixture, of(fits))).toContain(isText ? `"${fits}"` : fits);
    expect(codesOf(problemsOf(fixture, of(over)))).toEqual([isText ? 'text is too long' : 'number is not accepted']);
  },
  days: (fixture, limit) => {
    const of = (day: string) => createOf(fixture, { on: day, after: { ...createChange().after, effectiveDate: day } });
    if (limit === null) {
      expect(sent(fixture, of('2023-02-28'))).not.toContain('2023-02-28');
      return;
    }
    expect(sent(fixture, of('2023-02-28'))).toContain(limit === 'day' ? '"2023-02-28"' : '"2023-02-28T00:00:00Z"');
    expect([...new Set(codesOf(problemsOf(fixture, of('2023-02-29'))))]).toEqual(['value is not accepted']);
  },
  quantityDecimals: (fixture, limit) => {
    const [fits, over] = digits(limit);
    const of = (quantity: string) => createOf(fixture, { after: { ...createChange().after, quantity: d(quantity) } });
    expect([problemsOf(fixture, of(fits)), codesOf(problemsOf(fixture, of(over)))]).toEqual([
      [],
      limit === null ? [] : ['number is not accepted'],
    ]);
    const counted = (quantity: string) => roundedIn(fixture, { quantity: d(quantity), unitPrice: d('3') }, 'quantity was rounded');
    expect([counted(fits).quantity, counted(fits).said]).toEqual([fits, false]);
    expect([counted(over).quantity === over, counted(over).said]).toEqual(limit === null ? [true, false] : [false, true]);
  },
  priceDecimals: (fixture, limit) => {
    const [fits, over] = digits(limit);
    const of = (price: string) => createOf(fixture, { after: { ...createChange().after, price: d(price) } });
    expect([problemsOf(fixture, of(fits)), codesOf(problemsOf(fixture, of(over)))]).toEqual([
      [],
      limit === null ? [] : ['number is not accepted'],
    ]);
    const priced = (price: string) => roundedIn(fixture, { quantity: d('1'), unitPrice: d(price) }, 'price was rounded');
    expect([priced(fits).price, priced(fits).said]).toEqual([fits, false]);
    expect([priced(over).price === over, priced(over).said]).toEqual(limit === null ? [true, false] : [false, true]);
  },
  pageSize: (fixture, limit) => {
    const [table, id] = fixture.companyTable;
    const state = fixture.sandbox();
    const [first = {}] = (state.tables[table] ?? []).filter((row) => JSON.stringify(row[id]).replaceAll('"', '') === fixture.companyId);
    const numbered = (n: number) => (typeof first[id] === 'number' ? 100_000 + n : String(100_000 + n));
    const pagesFor = (count: number) => {
      const rows = Array.from({ length: count }, (_, n) => ({ ...first, [id]: numbered(n) }));
      const pages = pagesIn(fixture, { ...state, tables: { ...state.tables, [table]: rows } }, fixture.adapter.read.companies());
      expect(new Set(pages.flat().map((row) => row.id)).size).toBe(count);
      return pages.map((rows) => rows.length).filter((length) => length > 0);
    };
    if (limit === null) expect(pagesFor(1500)).toEqual([1500]);
    else expect([pagesFor(limit), pagesFor(limit + 1)]).toEqual([[limit], [limit, 1]]);
  },
  requestsPerMinute: (fixture, limit) => {
    const most = limit ?? 0;
    const at = (rateLimit: number) => {
      const checked = checkConnection(
        { ...connectionOf({ psa: fixture.adapter.id, tenant: fixture.tenant, url: 'https://psa.example' }), rateLimit },
        most,
      );
      return checked.ok ? [] : codesOf(checked.error);
    };
    expect([at(most), at(most + 1)]).toEqual([[], ['PSA takes fewer requests']]);
  },
  productRepeats: (fixture, repeats) => {
    const [business, pro] = [{}, { subProductName: 'Proofpoint Pro', row: 2 }];
    const sellable = (count: SyncFacts['count']) => {
      const grid = gridFor(factsAt(fixture, { count }), choicesOf(fixture, 'multi-product'), fixture.adapter);
      return [grid.lines.length, grid.withheld.length];
    };
    expect([sellable(december(business)), sellable(december(business, pro))]).toEqual([[1, 0], repeats === true ? [2, 0] : [1, 1]]);
  },
  negativePrices: (fixture, takes) => {
    const price = (value: string) => {
      const problems: Problem[] = [];
      checksInto(fixture.adapter.limits, problems).price('price', d(value));
      const rules = { ...fixture.adapter, limits: { ...fixture.adapter.limits, negativePrices: takes === true } };
      const edits = { [lineWith(fixture, 'one-time itemised', {}).slot]: { price: d(value) } };
      const steps = stepProblems('grid', factsAt(fixture), choicesOf(fixture, 'one-time itemised', { edits }), rules);
      return [codesOf(problems), codesOf(steps)];
    };
    const refused = takes === true ? [[], []] : [['number is not accepted'], ['number is not accepted']];
    expect([price('0'), price('-0.01')]).toEqual([[[], []], refused]);
  },
  mostRounding: (fixture, limit) => {
    const { adapter } = fixture;
    const rules = { ...adapter, limits: { ...adapter.limits, priceDecimals: 2, quantityDecimals: null }, limitsIn: undefined };
    const moving = (quantity: number) => {
      const count = december({ quantity: decimalOf(quantity), unitPrice: d('3.005') });
      const { limitsIn: _, ...plain } = rules;
      const [line] = gridFor(factsAt(fixture, { count }), choicesOf(fixture, 'multi-product'), plain).lines;
      return [...codesOf(line?.warnings ?? []), ...codesOf(line?.blocks ?? [])].filter((code) => /round/.test(code));
    };
    const fits = Number(limit) * 200;
    expect([moving(fits), moving(fits + 2)]).toEqual([['price was rounded'], ['rounding is too much']]);
  },
  movesLater: (fixture, moves) => {
    const later = (from: string) => atLastMonth(fixture, { quantities: [...PLANNED, { from, until: null, quantity: d('20') }] }, 15);
    const planned = moves === true ? ['later quantity would move'] : ['quantity changes later'];
    expect([later('2020-12-15'), later('2021-03-01')]).toEqual([[], fixture.adapter.can.readBack ? planned : []]);
  },
  datesChanges: (fixture, dates) => {
    const before = lastMonth(fixture, 'multi-product');
    const facts = factsAt(fixture, { ...knowing(fixture, before.state, before.synced), count: december({ quantity: d('15') }) });
    const [line] = gridFor(facts, choicesOf(fixture, 'multi-product'), fixture.adapter).lines;
    expect([line?.status, line?.sentDate === null]).toEqual(['Updating', dates !== true]);
  },
  keepsCost: (fixture, keeps) => {
    const edited = (edit: LineEdit) => codesOf(lineWith(fixture, 'multi-product', edit).warnings);
    expect([edited({}), edited({ cost: d('2') })]).toEqual([[], keeps === false ? ['cost is not kept'] : []]);
  },
  keepsName: (fixture, keeps) => {
    const edited = (edit: LineEdit) => codesOf(lineWith(fixture, 'multi-product', edit).warnings);
    expect([edited({}), edited({ name: 'Mail' })]).toEqual([[], keeps === false ? ['name is not kept'] : []]);
  },
  writesCounted: (fixture, writes) => {
    const counted = (isCounted: boolean) => atLastMonth(fixture, { counted: isCounted }, 15);
    const said = fixture.adapter.can.readBack ? ['line is counted by the PSA'] : [];
    expect([counted(false), counted(true)]).toEqual([[], said]);
    const before = lastMonth(fixture, 'multi-product');
    const { psaLines } = knowing(fixture, before.state, before.synced);
    const lines = psaLines?.map((line) => ({ ...line, counted: true })) ?? null;
    const facts = factsAt(fixture, { psaLines: lines, synced: before.synced, count: december({ quantity: d('15') }) });
    const [line] = gridFor(facts, choicesOf(fixture, 'multi-product'), fixture.adapter).lines;
    expect(line?.changes.length).toBe(writes === true || !fixture.adapter.can.readBack ? 1 : 0);
  },
};

const PLANNED = [{ from: '2020-12-01', until: null, quantity: d('12') }];
