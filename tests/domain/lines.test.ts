import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import { gridOf } from '../../src/domain/lines';
import type { GridInput, GridLine } from '../../src/domain/grid';
import { lineKeyOf } from '../../src/domain/plan';
import { problem } from '../../src/domain/problem';
import type { SyncOption } from '../../src/domain/change';
import { syncedKey, type Synced, type SyncedLine } from '../../src/domain/synced';
import { agreement, binding, december, gridInput, psaLine, syncedLine } from '../support/grid';

const KEY = keyOf('proofpoint-business');

function keyOf(subProduct: string, option: SyncOption = 'multi-product', agreementId = '12'): string {
  return lineKeyOf({
    psa: 'connectwise',
    tenant: 'brightharbor',
    agreementId,
    vendor: 'Proofpoint',
    site: '1stwestinsurance.com',
    subProduct,
    option,
    period: '2020-12',
  });
}

function synced(...lines: SyncedLine[]): Synced {
  const customer = 'proofpoint\u001f1stwestinsurance.com';
  return {
    key: syncedKey(customer, 'cw'),
    customer,
    connection: 'cw',
    company: 'c1',
    agreementId: '12',
    option: 'multi-product',
    lines,
    withheld: null,
  };
}

function rows(given: Partial<GridInput>): [string, string, string | null, string | null, string | null][] {
  return gridOf(gridInput(given)).lines.map(({ slot, status, syncedQuantity, price, total }) => [
    slot,
    status,
    syncedQuantity,
    price,
    total,
  ]);
}

const single = (given: Partial<GridInput>): GridLine => gridOf(gridInput(given)).lines[0] as GridLine;
const codes = (line: GridLine): string[] => line.blocks.map(({ code }) => code);

describe('the seed line', () => {
  test('is Creating with the numbers of the guide, whole', () => {
    const line = single({});
    expect(line).toEqual({
      slot: 'proofpoint-business',
      lineKey: KEY,
      status: 'Creating',
      subProducts: ['proofpoint-business'],
      product: { id: '41', identifier: 'PFPT-proofpoint-business', use: null },
      name: '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business',
      usageDate: '2021-01-03',
      effectiveDate: '2020-07-01',
      sentDate: '2020-07-01',
      syncedQuantity: '15',
      quantity: '15',
      reason: null,
      rules: [],
      cost: '2.44',
      price: '3',
      total: '45',
      margin: '8.4',
      currency: 'USD',
      marketplacePrice: null,
      marketplaceCost: null,
      inPsa: null,
      delta: '15',
      candidates: [],
      blocks: [],
      warnings: [],
      again: false,
      settled: 0,
      changes: [
        {
          kind: 'create',
          lineKey: KEY,
          agreementId: '12',
          name: '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business',
          subProducts: ['proofpoint-business'],
          product: { id: '41', identifier: 'PFPT-proofpoint-business', use: null },
          follows: null,
          on: '2021-01-01',
          after: {
            quantity: '15',
            price: '3',
            cost: '2.44',
            name: '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business',
            effectiveDate: '2020-07-01',
            endDate: null,
          },
        },
      ],
    });
  });

  test('carries a key of the business identity: the same on every device, another for every part of it', () => {
    expect(KEY).toMatch(/^tl1-[0-9a-f]{32}$/);
    expect(
      new Set([
        KEY,
        keyOf('proofpoint-pro'),
        keyOf('proofpoint-business', 'single line'),
        keyOf('proofpoint-business', 'multi-product', '13'),
      ]).size,
    ).toBe(4);
    const april = lineKeyOf({
      psa: 'connectwise',
      tenant: 'brightharbor',
      agreementId: '12',
      vendor: 'Proofpoint',
      site: '1stwestinsurance.com',
      subProduct: 'proofpoint-business',
      option: 'multi-product',
      period: '2021-04',
    });
    expect(april).toBe(KEY);
    expect(keyOf('proofpoint-business', 'one-time itemised')).not.toBe(
      lineKeyOf({
        psa: 'connectwise',
        tenant: 'brightharbor',
        agreementId: '12',
        vendor: 'Proofpoint',
        site: '1stwestinsurance.com',
        subProduct: 'proofpoint-business',
        option: 'one-time itemised',
        period: '2021-01',
      }),
    );
  });
});

describe('what the PSA holds decides the status', () => {
  test('a line with our key and another quantity is Updating, and only the quantity is pushed', () => {
    const line = single({ psaLines: [psaLine({ key: KEY })] });
    expect([line.status, line.syncedQuantity, line.inPsa, line.delta]).toEqual(['Updating', '15', '12', '3']);
    expect(line.changes).toEqual([
      {
        kind: 'update',
        lineKey: KEY,
        agreementId: '12',
        name: 'Proofpoint for 1st West',
        subProducts: ['proofpoint-business'],
        product: { id: '41', identifier: 'PFPT-proofpoint-business', use: null },
        lineId: '900',
        adopt: false,
        on: '2021-01-01',
        before: { quantity: '12', price: null, cost: null, name: null, productId: '41', endDate: null },
        after: { quantity: '15', price: null, cost: null, name: null, effectiveDate: null, endDate: null },
      },
    ]);
  });

  test("an update shows the PSA line's price, which is what it will invoice, beside the marketplace's", () => {
    const line = single({ psaLines: [psaLine({ key: KEY })] });
    expect([line.price, line.total, line.marketplacePrice]).toEqual(['3.5', '52.5', '3']);
  });

  test('ticking the marketplace price pushes it with the quantity', () => {
    const line = single({ psaLines: [psaLine({ key: KEY })], edits: { 'proofpoint-business': { pushPrice: true } } });
    expect([line.price, line.total, line.changes[0]?.kind === 'update' && line.changes[0].after]).toEqual([
      '3',
      '45',
      { quantity: '15', price: '3', cost: '2.44', name: null, effectiveDate: null, endDate: null },
    ]);
  });

  test('the same quantity is Unchanged and changes nothing', () => {
    const line = single({ psaLines: [psaLine({ key: KEY, quantity: decimalOf(15) })] });
    expect([line.status, line.changes]).toEqual(['Unchanged', []]);
  });

  test('a line is found by its stored id even where the PSA lost our key', () => {
    expect(single({ psaLines: [psaLine()], synced: synced(syncedLine({ lineKey: KEY })) }).changes[0]).toMatchObject({
      kind: 'update',
      lineId: '900',
      adopt: false,
    });
  });

  test('where the PSA was not read, what we last synced is believed, and its line is found by key before the change', () => {
    const line = single({ psaLines: null, synced: synced(syncedLine({ lineKey: KEY, lineId: null })) });
    expect([line.status, line.inPsa, line.changes[0]]).toMatchObject([
      'Updating',
      null,
      { kind: 'update', lineId: null, before: { quantity: '12' } },
    ]);
  });

  test('an ended line of ours is not reused: returning usage makes a new line that follows it', () => {
    const line = single({ psaLines: [psaLine({ key: KEY, endDate: '2020-10-31' })] });
    expect([line.status, line.changes[0]]).toMatchObject(['Creating', { kind: 'create', follows: '900' }]);
  });

  test('one open line with the bound product is offered for adoption; creating beside it needs a word', () => {
    const offered = single({ psaLines: [psaLine()] });
    expect([offered.status, codes(offered), offered.candidates.map(({ id }) => id), offered.changes]).toEqual([
      'Creating',
      ['line may already be there'],
      ['900'],
      [],
    ]);
    const adopted = single({ psaLines: [psaLine()], edits: { 'proofpoint-business': { adopt: '900' } } });
    expect([adopted.status, codes(adopted), adopted.changes[0]]).toMatchObject([
      'Updating',
      [],
      { kind: 'update', lineId: '900', adopt: true, before: { quantity: '12', productId: '41' } },
    ]);
    const beside = single({ psaLines: [psaLine()], edits: { 'proofpoint-business': { adopt: 'new' } } });
    expect([beside.status, codes(beside), beside.changes.map(({ kind }) => kind)]).toEqual(['Creating', [], ['create']]);
  });

  test('where the PSA keeps no key, a line that we remember is not offered for another count of the same product', () => {
    const grid = gridOf(
      gridInput({
        ...{ bindings: [binding(null, '41')], psaLines: [psaLine()], synced: synced(syncedLine({ lineKey: KEY })) },
        count: december({ subProductName: 'Proofpoint Pro', quantity: decimalOf(4) }),
      }),
    );
    expect(grid.lines.map(({ slot, status, candidates, blocks }) => [slot, status, candidates, blocks])).toEqual([
      ['proofpoint-business', 'Ending', [], []],
      ['proofpoint-pro', 'Creating', [], []],
    ]);
  });

  test('where the PSA keeps no key, a line that was marked without its id is the one open line of its product and name', () => {
    const keyless = { ...gridInput().limits, lineKey: null };
    const marked = synced(syncedLine({ lineKey: KEY, lineId: null }));
    const statusOf = (...lines: Parameters<typeof psaLine>[0][]) => {
      const grid = gridOf(gridInput({ limits: keyless, synced: marked, psaLines: lines.map((line) => psaLine(line)) }));
      return grid.lines.map(({ status, changes, blocks }) => [
        status,
        changes.map((change) => 'lineId' in change && change.lineId),
        blocks.map(({ code }) => code),
      ]);
    };
    expect(statusOf({ id: '900' }, { id: '901', description: 'Somebody’s own' })).toEqual([['Updating', ['900'], []]]);
    const taken = { ...marked, lines: [...marked.lines, syncedLine({ lineKey: keyOf('proofpoint-pro'), lineId: '900' })] };
    const line = gridOf(gridInput({ limits: keyless, synced: taken, psaLines: [psaLine()] })).lines.find(({ lineKey }) => lineKey === KEY);
    expect(line?.changes.map((change) => 'lineId' in change && change.lineId)).not.toContain('900');
    expect(statusOf({ id: '900' }, { id: '901' })).toEqual([['Creating', [], ['several lines could be ours']]]);
    expect(statusOf({ id: '901', description: 'Somebody’s own' })).toEqual([['Creating', [], ['line may already be there']]]);
  });

  test('an adopted line of the right quantity still gets our key', () => {
    const line = single({ psaLines: [psaLine({ quantity: decimalOf(15) })], edits: { 'proofpoint-business': { adopt: '900' } } });
    expect([line.status, line.changes[0]]).toMatchObject(['Updating', { adopt: true }]);
  });

  test('several candidates are the choice of the partner, never a guess', () => {
    const line = single({ psaLines: [psaLine(), psaLine({ id: '901' })] });
    expect([codes(line), line.changes]).toEqual([['several lines could be ours'], []]);
  });

  test("another site's line of ours is no candidate", () => {
    const line = single({ psaLines: [psaLine({ key: `tl1-${'a'.repeat(32)}` })] });
    expect([line.status, line.candidates, codes(line)]).toEqual(['Creating', [], []]);
  });
});

describe('a true zero ends a line, and only a true zero', () => {
  const live = psaLine({ key: keyOf('proofpoint-pro'), id: '950', productId: '43', quantity: decimalOf(4) });

  test('a sub-product that the counted site no longer reports is Ending on the last day before the cycle', () => {
    const grid = gridOf(gridInput({ psaLines: [live] }));
    expect(grid.lines.map(({ slot, status, syncedQuantity, total }) => [slot, status, syncedQuantity, total])).toEqual([
      ['proofpoint-pro', 'Ending', '0', '0'],
      ['proofpoint-business', 'Creating', '15', '45'],
    ]);
    expect(grid.lines[0]?.changes).toMatchObject([
      {
        kind: 'end',
        lineId: '950',
        how: 'date',
        before: { quantity: '4', productId: '43' },
        after: { quantity: null, endDate: '2020-12-31' },
      },
    ]);
  });

  test('or goes to quantity 0, as the partner chooses', () => {
    expect(gridOf(gridInput({ psaLines: [live], zero: 'zero' })).lines[0]?.changes).toMatchObject([
      { kind: 'end', how: 'zero', after: { quantity: '0', endDate: null } },
    ]);
    const chosen = gridOf(gridInput({ psaLines: [live], edits: { 'proofpoint-pro': { ending: 'zero' } } }));
    expect(chosen.lines[0]?.changes).toMatchObject([{ how: 'zero' }]);
  });

  test('a line that starts after that day cannot end before it: it goes to quantity 0, and says so', () => {
    const late = { ...live, effectiveDate: '2021-01-01' };
    const [ending] = gridOf(gridInput({ psaLines: [late] })).lines;
    expect([ending?.sentDate, ending?.warnings, ending?.changes]).toMatchObject([
      null,
      [{ code: 'line cannot end before it starts', line: 'Proofpoint for 1st West', start: '2021-01-01' }],
      [{ kind: 'end', how: 'zero', after: { quantity: '0', endDate: null } }],
    ]);
    const lastDay = gridOf(gridInput({ psaLines: [{ ...late, effectiveDate: '2020-12-31' }] })).lines[0];
    expect([lastDay?.warnings, lastDay?.changes]).toMatchObject([[], [{ how: 'date', after: { endDate: '2020-12-31' } }]]);
  });

  test('a line that the PSA counts itself would not stay at 0, which is said where it may be written, and stops it where it may not', () => {
    const counted = { ...live, counted: true };
    const why = problem('line is counted by the PSA', { line: 'Proofpoint for 1st West' });
    const told = (line: typeof live, zero: 'date' | 'zero', writesCounted: boolean) => {
      const [ending] = gridOf(gridInput({ psaLines: [line], zero, limits: { ...gridInput().limits, writesCounted } })).lines;
      return [ending?.status, ending?.blocks, ending?.warnings, ending?.changes.map(({ kind }) => kind)];
    };
    expect(told(counted, 'zero', true)).toEqual(['Ending', [], [why], ['end']]);
    expect(told(counted, 'date', true)).toEqual(['Ending', [], [], ['end']]);
    expect(told(counted, 'zero', false)).toEqual(['Ending', [why], [], []]);
    expect(told(counted, 'date', false)).toEqual(['Ending', [why], [], []]);
    expect(told(live, 'zero', false)).toEqual(['Ending', [], [], ['end']]);
  });

  test('a line that is at 0 already is not ended again', () => {
    expect(rows({ psaLines: [{ ...live, quantity: decimalOf(0) }] }).map(([slot]) => slot)).toEqual(['proofpoint-business']);
  });

  test('an absent site ends nothing: unknown blocks', () => {
    const grid = gridOf(gridInput({ count: december(), psaLines: [live], synced: synced(syncedLine({ lineKey: KEY })) }));
    expect([grid.lines, grid.blocks.map(({ code }) => code)]).toEqual([[], ['no usage reported']]);
  });

  test('a missing quantity ends nothing', () => {
    const grid = gridOf(gridInput({ count: december({ subProductName: 'Proofpoint Pro', quantity: null }), psaLines: [live] }));
    expect(grid.lines.map(({ status }) => status)).not.toContain('Ending');
  });

  test('a trial that took over from paid usage is a paid count of 0: the line ends, and says why', () => {
    const count = december({}, { subProductName: 'Proofpoint Pro', quantity: decimalOf(4), trial: true });
    const grid = gridOf(gridInput({ count, psaLines: [live] }));
    expect(grid.lines.map(({ slot, status, warnings }) => [slot, status, warnings])).toEqual([
      [
        'proofpoint-pro',
        'Ending',
        [{ code: 'trial usage is not billed', site: '1stwestinsurance.com', subProduct: 'Proofpoint Pro', quantity: '4' }],
      ],
      ['proofpoint-business', 'Creating', []],
    ]);
    expect(gridOf(gridInput({ count })).left).toEqual([
      { subProduct: 'proofpoint-pro', name: 'Proofpoint Pro', reason: 'trial', money: null },
    ]);
  });

  test('a trial beside paid usage is never added to it, and ends nothing', () => {
    const count = december({ quantity: decimalOf(4) }, { quantity: decimalOf(2), trial: true });
    expect(rows({ count, psaLines: [psaLine({ key: KEY })] })).toEqual([['proofpoint-business', 'Updating', '4', '3.5', '14']]);
  });

  test('a single line ends when all of its counts are trials', () => {
    const count = december({ quantity: decimalOf(4), trial: true });
    const key = keyOf('proofpoint/*', 'single line');
    expect(rows({ count, option: 'single line', psaLines: [psaLine({ key, productId: '40' })] })).toEqual([
      ['*', 'Ending', '0', '3.5', '0'],
    ]);
  });

  test('a count of zero without a line creates nothing', () => {
    const grid = gridOf(gridInput({ count: december({ quantity: decimalOf(0) }) }));
    expect([grid.lines, grid.left]).toEqual([
      [],
      [{ subProduct: 'proofpoint-business', name: 'Proofpoint Business', reason: 'zero', money: '0' }],
    ]);
  });
});

test('where no key tells one month’s charge from the next one’s, its name does', () => {
  const named = (lineKey: number | null, option: SyncOption) =>
    gridOf(gridInput({ option, count: december({ quantity: decimalOf(3) }), limits: { ...gridInput().limits, lineKey } })).lines[0]?.name;
  expect(named(null, 'one-time itemised')).toMatch(/ 2020-12$/);
  expect(named(null, 'multi-product')).not.toMatch(/2020-12/);
  expect(named(50, 'one-time itemised')).not.toMatch(/2020-12/);
});

describe('moving a customer makes one plan that ends the old line and creates the new', () => {
  test('another agreement', () => {
    const grid = gridOf(gridInput({ agreement: { ...agreement, id: '13' }, synced: synced(syncedLine({ lineKey: KEY })) }));
    expect(grid.lines.map(({ slot, status }) => [slot, status])).toEqual([
      [`old:${KEY}`, 'Ending'],
      ['proofpoint-business', 'Creating'],
    ]);
    expect(grid.lines.flatMap(({ changes }) => changes)).toMatchObject([
      { kind: 'end', agreementId: '12', lineId: '900', how: 'date', before: { quantity: '12' } },
      { kind: 'create', agreementId: '13', follows: null },
    ]);
  });

  test('the old line ends by the cycle of the agreement that it leaves', () => {
    const datesOfOthers = { '12': { firstDay: '2021-02-01', lastDay: '2021-01-31' } };
    const grid = gridOf(gridInput({ agreement: { ...agreement, id: '13' }, datesOfOthers, synced: synced(syncedLine({ lineKey: KEY })) }));
    expect([grid.lines[0]?.sentDate, grid.lines.flatMap(({ changes }) => changes)]).toMatchObject([
      '2021-01-31',
      [
        { kind: 'end', agreementId: '12', after: { endDate: '2021-01-31' } },
        { kind: 'create', agreementId: '13' },
      ],
    ]);
  });

  test('another agreement, when the old line stands at zero already: there is nothing left to end', () => {
    const old = syncedLine({ lineKey: KEY, quantity: decimalOf(0) });
    const grid = gridOf(gridInput({ agreement: { ...agreement, id: '13' }, synced: synced(old) }));
    expect(grid.lines.map(({ slot, status }) => [slot, status])).toEqual([['proofpoint-business', 'Creating']]);
  });

  test('another option in the month in which the old line was made: it cannot end before it starts, so it goes to quantity 0', () => {
    const made = syncedLine({ lineKey: KEY, effectiveDate: '2021-01-01' });
    const [old] = gridOf(gridInput({ option: 'single line', synced: synced(made) })).lines;
    expect([old?.slot, old?.changes]).toMatchObject([
      `old:${KEY}`,
      [{ kind: 'end', how: 'zero', after: { quantity: '0', endDate: null } }],
    ]);
  });

  test('another option', () => {
    const grid = gridOf(gridInput({ option: 'single line', synced: synced(syncedLine({ lineKey: KEY })) }));
    expect(grid.lines.map(({ slot, status }) => [slot, status])).toEqual([
      [`old:${KEY}`, 'Ending'],
      ['*', 'Creating'],
    ]);
  });

  test('another product: the new line follows the old one, so its key is its own', () => {
    const grid = gridOf(
      gridInput({
        bindings: [binding('proofpoint-business', '77')],
        psaLines: [psaLine({ key: KEY })],
        synced: synced(syncedLine({ lineKey: KEY })),
      }),
    );
    expect(grid.lines.flatMap(({ changes }) => changes)).toMatchObject([
      { kind: 'end', lineId: '900', lineKey: KEY },
      { kind: 'create', lineKey: KEY, follows: '900', product: { id: '77' } },
    ]);
  });
});

describe('sync options', () => {
  const two = december({}, { subProductName: 'Proofpoint Pro', quantity: decimalOf(5), unitPrice: decimalOf(6), unitCost: decimalOf(4) });

  test('multi-product: one line per sub-product', () => {
    expect(rows({ count: two })).toEqual([
      ['proofpoint-business', 'Creating', '15', '3', '45'],
      ['proofpoint-pro', 'Creating', '5', '6', '30'],
    ]);
  });

  test('single line: the sum at the weighted price where that is exact', () => {
    expect(rows({ count: two, option: 'single line' })).toEqual([['*', 'Creating', '20', '3.75', '75']]);
  });

  test('single line: quantity 1 at the total with the counts in its name where it is not', () => {
    const count = december({}, { subProductName: 'Proofpoint Pro', quantity: decimalOf(2), unitPrice: decimalOf(6) });
    const line = single({ count, option: 'single line' });
    expect([line.syncedQuantity, line.price, line.total, line.name]).toEqual([
      '1',
      '57',
      '57',
      '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint (15 Proofpoint Business, 2 Proofpoint Pro)',
    ]);
  });

  test('single line always pushes price and cost', () => {
    const key = keyOf('proofpoint/*', 'single line');
    const line = single({
      count: two,
      option: 'single line',
      psaLines: [psaLine({ key, productId: '40', quantity: decimalOf(20), price: decimalOf(3) })],
    });
    expect([line.status, line.changes[0]]).toMatchObject(['Updating', { after: { quantity: '20', price: '3.75' } }]);
  });

  test('single line is refused for mixed units, currencies and taxability', () => {
    const mixed = (rowsGiven: Parameters<typeof december>[1], bindings = gridInput().bindings) =>
      gridOf(gridInput({ count: december({}, { subProductName: 'Proofpoint Pro', ...rowsGiven }), bindings, option: 'single line' }))
        .blocks;
    expect(mixed({ unit: 'Device' })).toEqual([{ code: 'option is refused', option: 'single line', reason: 'mixed units' }]);
    expect(mixed({ currency: 'EUR' }).map(({ code }) => code)).toEqual(['currencies differ within the count']);
    expect(
      mixed({}, [binding(null, '40'), binding('proofpoint-business', '41'), binding('proofpoint-pro', '43', { taxable: true })]),
    ).toEqual([{ code: 'option is refused', option: 'single line', reason: 'mixed taxability' }]);
  });

  test('one-time lines are charges of this period', () => {
    expect(gridOf(gridInput({ count: two, option: 'one-time itemised' })).lines.map(({ changes }) => changes[0]?.kind)).toEqual([
      'charge',
      'charge',
    ]);
    expect(rows({ count: two, option: 'one-time single' })).toEqual([['*', 'Creating', '1', '75', '75']]);
  });

  test('a charge that is there already is not made again', () => {
    const key = keyOf('proofpoint-business', 'one-time itemised');
    const there = psaLine({ kind: 'one-time', key, quantity: decimalOf(15), price: decimalOf(3) });
    expect([
      single({ option: 'one-time itemised', psaLines: [there] }).status,
      single({ option: 'one-time itemised', psaLines: [there] }).changes,
    ]).toEqual(['Unchanged', []]);
    expect(codes(single({ option: 'one-time itemised', psaLines: [{ ...there, quantity: decimalOf(14) }] }))).toEqual([
      'line was invoiced already',
    ]);
  });

  test('a charge of everything at another total is not taken for unchanged, though its quantity is 1', () => {
    const key = keyOf('proofpoint/*', 'one-time single');
    const there = psaLine({ kind: 'one-time', key, quantity: decimalOf(1), price: decimalOf(45) });
    const other = single({ option: 'one-time single', psaLines: [{ ...there, price: decimalOf(42) }] });
    expect([codes(single({ option: 'one-time single', psaLines: [there] })), codes(other), other.changes]).toEqual([
      [],
      ['line was invoiced already'],
      [],
    ]);
  });

  test('a missed month bills its difference once; a decrease is a credit', () => {
    const held = new Map([
      ['proofpoint-business', decimalOf(12)],
      ['proofpoint-pro', decimalOf(9)],
    ]);
    expect(rows({ count: two, option: 'one-time itemised', held })).toEqual([
      ['proofpoint-business', 'Creating', '3', '3', '9'],
      ['proofpoint-pro', 'Creating', '4', '-6', '-24'],
    ]);
  });
});

describe('products and what is left', () => {
  test('a skipped sub-product uses the top-level product and names itself', () => {
    const line = single({ bindings: [binding(null, '40')] });
    expect([line.product.id, line.name.endsWith('Proofpoint Business'), line.warnings]).toEqual([
      '40',
      true,
      [{ code: 'sub-product uses the top-level product', subProduct: 'Proofpoint Business', money: '45', currency: 'USD' }],
    ]);
  });

  test('without any product the line is blocked', () => {
    const line = single({ bindings: [] });
    expect([codes(line), line.changes]).toEqual([['no product bound'], []]);
  });

  test('an exported product is used by the name under which its id will be known', () => {
    const productOf = (identifier: string) =>
      single({ bindings: [binding('proofpoint-business', null, { identifier, origin: 'exported' })] }).product;
    const use = expect.stringMatching(/^product:proofpoint-business:[0-9a-f]{8}$/) as string;
    expect(productOf('TL-BUS')).toEqual({ id: null, identifier: 'TL-BUS', use });
    expect(productOf('TL-BUS').use).not.toBe(productOf('TL-BUS-2').use);
  });

  test('where a PSA cannot repeat a product, the second line is left out with its money and withholds the flag', () => {
    const count = december({}, { subProductName: 'Proofpoint Pro', quantity: decimalOf(5), unitPrice: decimalOf(6) });
    const grid = gridOf(gridInput({ count, bindings: [binding(null, '40')], limits: { ...gridInput().limits, productRepeats: false } }));
    expect([grid.lines.map(({ slot }) => slot), grid.left, grid.withheld]).toEqual([
      ['proofpoint-business'],
      [
        {
          subProduct: 'proofpoint-pro',
          name: 'Proofpoint Pro',
          reason: { code: 'product cannot repeat on the agreement', product: 'PFPT-TOP', money: '30', currency: 'USD' },
          money: '30',
        },
      ],
      ['proofpoint-pro'],
    ]);
  });

  test('a deselected sub-product stays untouched and withholds the flag', () => {
    const grid = gridOf(gridInput({ deselected: ['proofpoint-business'], psaLines: [psaLine({ key: KEY })] }));
    expect([grid.lines, grid.withheld, grid.left]).toEqual([
      [],
      ['proofpoint-business'],
      [{ subProduct: 'proofpoint-business', name: 'Proofpoint Business', reason: 'deselected', money: '45' }],
    ]);
  });
});

describe('money and edits', () => {
  test('a missing price blocks, a missing cost makes the margin unknown', () => {
    const unpriced = single({ count: december({ unitPrice: null }) });
    expect([unpriced.total, codes(unpriced)]).toEqual([null, ['price is missing']]);
    const uncosted = single({ count: december({ unitCost: null }) });
    expect([uncosted.total, uncosted.margin, uncosted.warnings.map(({ code }) => code)]).toEqual(['45', null, ['cost is unknown']]);
    expect(gridOf(gridInput({ count: december({ unitCost: null }) })).totals).toEqual({
      price: '45',
      cost: null,
      margin: null,
      before: null,
    });
  });

  test('the price list fills in, the customer price before the general one, dated', () => {
    const version = {
      subProduct: 'proofpoint-business',
      company: null,
      price: decimalOf(5),
      cost: decimalOf(4),
      currency: 'USD',
      from: null,
      until: null,
      seq: 1,
    };
    const prices = [
      version,
      { ...version, price: decimalOf('5.5'), from: '2021-01', seq: 2 },
      { ...version, company: 'c1', price: decimalOf('4.75'), seq: 3 },
    ];
    const line = single({ count: december({ unitPrice: null, unitCost: null }), prices });
    expect([line.price, line.cost, line.total]).toEqual(['4.75', '4', '71.25']);
    expect(single({ count: december({ unitPrice: null, unitCost: null }), prices, company: { id: 'c2', psaId: '1' } }).price).toBe('5');
  });

  test('another Synced Quantity needs a reason', () => {
    expect(codes(single({ edits: { 'proofpoint-business': { syncedQuantity: decimalOf(14) } } }))).toEqual(['reason is missing']);
    const line = single({ edits: { 'proofpoint-business': { syncedQuantity: decimalOf(14), reason: 'one mailbox is ours' } } });
    expect([line.syncedQuantity, line.quantity, line.total, line.reason, line.blocks]).toEqual([
      '14',
      '15',
      '42',
      'one mailbox is ours',
      [],
    ]);
  });

  test('a price below cost warns', () => {
    expect(single({ edits: { 'proofpoint-business': { price: decimalOf(2) } } }).warnings).toEqual([
      { code: 'price is below cost', subProduct: 'Proofpoint Business', price: '2', cost: '2.44' },
    ]);
  });

  test('a name is collapsed on request and cut to the limit of the PSA, shown', () => {
    expect(single({ template: { text: '{account} - {site} - {product}', collapse: true } }).name).toBe(
      '1stwestinsurance.com - Proofpoint Business',
    );
    const cut = single({ limits: { ...gridInput().limits, lineName: 20 } });
    expect([cut.name, cut.warnings]).toEqual(['1stwestinsurance.com', [{ code: 'name was cut', name: '1stwestinsurance.com', limit: 20 }]]);
  });

  test('the effective date is never before the start of the agreement, and nothing is back-billed where the PSA prorates', () => {
    expect(single({ agreement: { ...agreement, startDate: '2020-09-15' } })).toMatchObject({
      effectiveDate: '2020-09-15',
      sentDate: '2020-09-15',
    });
    expect(single({ agreement: { ...agreement, prorates: true } })).toMatchObject({ effectiveDate: '2020-07-01', sentDate: '2021-01-01' });
  });

  test('the total of the plan is the sum of its lines, to the cent, for any counts, prices and options', () => {
    const row = fc.record({
      quantity: fc.integer({ min: 1, max: 5000 }),
      price: fc.integer({ min: 0, max: 99_999 }),
      cost: fc.integer({ min: 0, max: 99_999 }),
    });
    const option = fc.constantFrom<SyncOption>('multi-product', 'single line', 'one-time itemised', 'one-time single');
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 3 }), option, (given, chosen) => {
        const names = ['Proofpoint Business', 'Proofpoint Advanced', 'Proofpoint Pro'];
        const count = december(
          ...given.map(({ quantity, price, cost }, index) => ({
            subProductName: names[index] ?? '',
            quantity: decimalOf(quantity),
            unitPrice: decimalOf(price / 100),
            unitCost: decimalOf(cost / 100),
          })),
        );
        const grid = gridOf(gridInput({ count, option: chosen }));
        const exact = given.reduce((sum, { quantity, price }) => sum.plus(new Big(quantity).times(price).div(100)), new Big(0));
        expect(grid.totals.price).toBe(decimalOf(exact.toFixed()));
        expect(grid.totals.price).toBe(decimalOf(grid.lines.reduce((sum, { total }) => sum.plus(total ?? 0), new Big(0)).toFixed()));
      }),
    );
  });
});

describe('what is not proven ends and sends nothing', () => {
  test('usage that names no customer yet could be the sub-product that seems gone: its line stays', () => {
    const count = { ...december({}), warnings: [problem('usage has no customer yet', { rows: 3 })] };
    const live = psaLine({ key: keyOf('proofpoint-pro'), id: '950', productId: '43', quantity: decimalOf(4) });
    const grid = gridOf(gridInput({ count, psaLines: [live] }));
    expect([grid.lines.map(({ slot, status }) => [slot, status]), grid.warnings]).toEqual([
      [['proofpoint-business', 'Creating']],
      [{ code: 'usage has no customer yet', rows: 3 }],
    ]);
  });

  test('a price without any currency blocks; the currency of the agreement serves where the usage has none', () => {
    const count = december({ currency: null });
    expect(single({ count }).total).toBe('45');
    const unknown = single({ count, agreement: { ...agreement, currency: null } });
    expect([unknown.total, codes(unknown), unknown.changes]).toEqual([null, ['currency is unknown'], []]);
  });
});

describe('a PSA whose lines have no name and no cost of their own', () => {
  const { limits } = gridInput({});
  const bare = { ...limits, keepsName: false, keepsCost: false };
  const bindings = [binding('proofpoint-business', '41', { description: 'Proofpoint Essentials - Business' })];
  const held = (given: Parameters<typeof psaLine>[0] = {}) =>
    psaLine({ key: KEY, cost: null, description: 'Proofpoint Essentials - Business', ...given });

  test('a new line is called as the product is, and a name that is typed is said to be lost', () => {
    const line = single({ limits: bare, bindings });
    expect([line.name, line.warnings]).toEqual(['Proofpoint Essentials - Business', []]);
    const typed = single({ limits: bare, bindings, edits: { 'proofpoint-business': { name: 'Mail' } } });
    expect([typed.name, typed.warnings]).toEqual([
      'Proofpoint Essentials - Business',
      [problem('name is not kept', { line: 'Mail', name: 'Proofpoint Essentials - Business' })],
    ]);
  });

  test('a line that holds the count is Unchanged whatever its name, and a typed cost is said to be lost', () => {
    const psaLines = [held({ quantity: decimalOf(15), price: decimalOf(3) })];
    const given = { limits: bare, bindings, psaLines };
    const line = single({ ...given, edits: { 'proofpoint-business': { name: 'Mail', cost: decimalOf(2), price: decimalOf(3) } } });
    expect([line.status, line.changes, line.warnings.map(({ code }) => code)]).toEqual([
      'Unchanged',
      [],
      ['name is not kept', 'cost is not kept'],
    ]);
  });

  test('a pushed price goes without the cost', () => {
    const psaLines = [held({ quantity: decimalOf(12), price: decimalOf(2) })];
    const [change] = single({ limits: bare, bindings, psaLines, edits: { 'proofpoint-business': { pushPrice: true } } }).changes;
    expect(change?.kind === 'update' ? [change.before.cost, change.after.price, change.after.cost, change.after.name] : change).toEqual([
      null,
      '3',
      null,
      null,
    ]);
  });

  test('a single line that holds the sum at the price is Unchanged, though the PSA has no cost of it', () => {
    const key = keyOf('proofpoint/*', 'single line');
    const psaLines = [held({ key, quantity: decimalOf(15), price: decimalOf(3) })];
    expect(single({ limits: bare, bindings, psaLines, option: 'single line' }).status).toBe('Unchanged');
  });
});
