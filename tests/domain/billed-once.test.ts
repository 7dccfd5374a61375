import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import { gridOf } from '../../src/domain/lines';
import type { GridInput } from '../../src/domain/grid';
import { syncedKey, type Synced, type SyncedLine } from '../../src/domain/synced';
import { agreement, binding, december, gridInput, psaLine, syncedLine } from '../support/grid';

const CUSTOMER = 'proofpoint\u001f1stwestinsurance.com';
const KEY = gridOf(gridInput()).lines[0]?.lineKey ?? '';
const two = december({}, { subProductName: 'Proofpoint Pro', quantity: decimalOf(5), unitPrice: decimalOf(6), unitCost: decimalOf(4) });
const unknownPro = december({}, { subProductName: 'Proofpoint Pro', quantity: null, unitPrice: decimalOf(6) });

describe('a month is billed by recurring lines or by one-time lines, never by both', () => {
  test.each(['one-time itemised', 'one-time single'] as const)('going over to %s ends the recurring line', (option) => {
    const grid = gridOf(gridInput({ option, psaLines: [psaLine({ key: KEY })], synced: synced(syncedLine({ lineKey: KEY })) }));
    expect(grid.lines.flatMap(({ changes }) => changes)).toMatchObject([
      { kind: 'end', lineKey: KEY, lineId: '900', agreementId: '12', how: 'date', after: { endDate: '2020-12-31' } },
      { kind: 'charge' },
    ]);
  });

  test('but a missed month leaves the recurring lines alone: its invoice is out', () => {
    const held = new Map([['proofpoint-business', decimalOf(12)]]);
    expect(shown({ option: 'one-time itemised', held, synced: synced(syncedLine({ lineKey: KEY })) })).toEqual([
      ['proofpoint-business', 'Creating', '3', '3', '9', []],
    ]);
  });

  test.each([
    ['another option', { option: 'one-time single' }, 'Proofpoint (15 Proofpoint Business)'],
    ['another agreement', { option: 'one-time itemised', agreement: { ...agreement, id: '13' } }, 'Proofpoint Business'],
    ['a recurring line', { option: 'multi-product' }, 'Proofpoint Business'],
  ] as const)('what was charged for the period is not billed for it again by %s', (_, given, name) => {
    const charged = syncedLine({ lineKey: 'tl1-charged', option: 'one-time itemised', lineId: '70', period: '2020-12' });
    expect(gridOf(gridInput({ ...given, synced: synced(charged) })).lines.map(({ blocks, changes }) => [blocks, changes])).toEqual([
      [[{ code: 'line was invoiced already', line: `1stwestinsurance.com - 1stwestinsurance.com - ${name}` }], []],
    ]);
  });

  test('the charge of another month is no obstacle', () => {
    const charged = syncedLine({ lineKey: 'tl1-charged', option: 'one-time itemised', lineId: '70', period: '2020-11' });
    expect(shown({ synced: synced(charged) })).toEqual([['proofpoint-business', 'Creating', '15', '3', '45', []]]);
  });
});

describe('a missed month bills only what its invoice did not hold', () => {
  test('one-time single is the difference, not the whole month again', () => {
    const held = new Map([
      ['proofpoint-business', decimalOf(12)],
      ['proofpoint-pro', decimalOf(9)],
    ]);
    expect(shown({ count: two, option: 'one-time single', held })).toEqual([['*', 'Creating', '1', '-15', '-15', []]]);
  });

  test('one-time single makes no line where the differences come to nothing', () => {
    const held = new Map([
      ['proofpoint-business', decimalOf(13)],
      ['proofpoint-pro', decimalOf(6)],
    ]);
    expect(shown({ count: two, option: 'one-time single', held })).toEqual([]);
  });

  test('one-time single bills the difference in money also where the quantities come to nothing', () => {
    const held = new Map([
      ['proofpoint-business', decimalOf(13)],
      ['proofpoint-pro', decimalOf(7)],
    ]);
    expect(shown({ count: two, option: 'one-time single', held })).toEqual([['*', 'Creating', '1', '-6', '-6', []]]);
  });

  test('a sub-product that fell to 0 is a credit, whether it is reported as 0 or no longer at all', () => {
    const held = new Map([
      ['proofpoint-business', decimalOf(15)],
      ['proofpoint-pro', decimalOf(4)],
    ]);
    const zero = december({}, { subProductName: 'Proofpoint Pro', quantity: decimalOf(0), unitPrice: decimalOf(6) });
    expect(shown({ count: zero, option: 'one-time itemised', held })).toEqual([['proofpoint-pro', 'Creating', '4', '-6', '-24', []]]);
    expect(shown({ option: 'one-time itemised', held })).toEqual([['proofpoint-pro', 'Creating', '4', null, null, ['price is missing']]]);
  });

  test('what a single line billed cannot be told apart, so nothing is billed beside it', () => {
    const held = new Map([['proofpoint-business', null]]);
    expect(gridOf(gridInput({ option: 'one-time itemised', held })).blocks).toEqual([
      { code: 'option is refused', option: 'one-time itemised', reason: 'a month that a single line has billed' },
    ]);
  });
});

test('a line of the PSA is adopted by one sub-product only: the other gets a line of its own', () => {
  const given = {
    count: two,
    bindings: [binding(null, '40')],
    psaLines: [psaLine({ productId: '40' })],
    edits: { 'proofpoint-business': { adopt: '900' }, 'proofpoint-pro': { adopt: '900' } },
  };
  expect(shown(given).map(([slot, status]) => [slot, status])).toEqual([
    ['proofpoint-business', 'Updating'],
    ['proofpoint-pro', 'Creating'],
  ]);
});

describe('a single line says what it bills', () => {
  const key = gridOf(gridInput({ option: 'single line' })).lines[0]?.lineKey ?? '';
  const odd = december({}, { subProductName: 'Proofpoint Pro', quantity: decimalOf(2), unitPrice: decimalOf(6), unitCost: decimalOf(4) });
  const line = (quantity: number, description: string) =>
    psaLine({ key, productId: '40', quantity: decimalOf(quantity), price: decimalOf(57), cost: decimalOf('44.6'), description });

  test('the counts in its name change with them', () => {
    const before = line(1, '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint (11 Proofpoint Business, 4 Proofpoint Pro)');
    expect(changed({ count: odd, option: 'single line', psaLines: [before] })).toEqual([
      { name: '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint (15 Proofpoint Business, 2 Proofpoint Pro)', quantity: '1' },
    ]);
  });

  test('and leave it when the quantity says it again', () => {
    const before = line(1, '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint (11 Proofpoint Business, 4 Proofpoint Pro)');
    expect(changed({ count: two, option: 'single line', psaLines: [before] })).toEqual([
      { name: '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint', quantity: '20' },
    ]);
  });

  test('a name that the partner gave a plain sum stays', () => {
    expect(changed({ count: two, option: 'single line', psaLines: [line(19, 'Mail protection')] })).toEqual([
      { name: null, quantity: '20' },
    ]);
  });
});

function changed(given: Partial<GridInput>) {
  return gridOf(gridInput(given)).lines.flatMap(({ changes }) =>
    changes.map((change) => (change.kind === 'update' ? { name: change.after.name, quantity: change.after.quantity } : change.kind)),
  );
}

describe('an unknown quantity is never 0', () => {
  test.each(['multi-product', 'single line', 'one-time single'] as const)('it stops %s, and its line is not ended', (option) => {
    const { blocks, lines } = gridOf(gridInput({ count: unknownPro, option }));
    expect([blocks, lines.some(({ status }) => status === 'Ending')]).toEqual([
      [
        {
          code: 'quantity is missing',
          site: '1stwestinsurance.com',
          subProduct: 'Proofpoint Pro',
          file: expect.any(String) as string,
          row: expect.any(Number) as number,
        },
      ],
      false,
    ]);
  });

  test('the others can be synced without it', () => {
    expect(gridOf(gridInput({ count: unknownPro, deselected: ['proofpoint-pro'] })).blocks).toEqual([]);
  });

  test('a refused quantity below zero stops the sync, too', () => {
    const negative = december({}, { subProductName: 'Proofpoint Pro', quantity: decimalOf(-2), unitPrice: decimalOf(6) });
    expect(gridOf(gridInput({ count: negative, option: 'single line' })).blocks).toEqual([
      { code: 'quantity is negative', site: '1stwestinsurance.com', subProduct: 'Proofpoint Pro', quantity: '-2' },
    ]);
  });
});

describe('what is left untouched stays', () => {
  test('the line of a deselected sub-product does not end with a move to another agreement', () => {
    const grid = gridOf(
      gridInput({
        agreement: { ...agreement, id: '13' },
        deselected: ['proofpoint-business'],
        synced: synced(syncedLine({ lineKey: KEY })),
      }),
    );
    expect([grid.lines, grid.withheld]).toEqual([[], ['proofpoint-business']]);
  });

  test('a line that we know to stand at 0 is not ended again where the PSA was not read', () => {
    const gone = december({ subProductName: 'Proofpoint Pro' });
    const atZero = syncedLine({ lineKey: KEY, quantity: decimalOf(0) });
    expect(gridOf(gridInput({ count: gone, psaLines: null, synced: synced(atZero) })).lines.map(({ slot }) => slot)).toEqual([
      'proofpoint-pro',
    ]);
  });
});

function synced(...lines: SyncedLine[]): Synced {
  const key = syncedKey(CUSTOMER, 'cw');
  const place = { customer: CUSTOMER, connection: 'cw', company: 'c1', agreementId: '12' };
  return { key, ...place, option: 'multi-product', lines, withheld: null };
}

function shown(given: Partial<GridInput>) {
  return gridOf(gridInput(given)).lines.map(({ slot, status, syncedQuantity, price, total, blocks }) => [
    slot,
    status,
    syncedQuantity,
    price,
    total,
    blocks.map(({ code }) => code),
  ]);
}
