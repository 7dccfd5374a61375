import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import type { GridInput, GridLine } from '../../src/domain/grid';
import { gridOf } from '../../src/domain/lines';
import { requestsOf } from '../../src/psa/connectwise/requests';
import { freezePlan } from '../../src/domain/plan';
import { draftOf } from '../../src/domain/draft';
import { settledIn, syncedAfter, syncedKey, syncedWhenDone, type Synced, type SyncedLine } from '../../src/domain/synced';
import { agreement, binding, december, gridInput, psaLine, syncedLine } from '../support/grid';

const CUSTOMER = 'proofpoint\u001f1stwestinsurance.com';
const keyOf = (given: Partial<GridInput>) => gridOf(gridInput(given)).lines.at(-1)?.lineKey ?? '';
const KEY = keyOf({});
const PRO = december({ subProductName: 'Proofpoint Pro', quantity: decimalOf(4) });
const PRO_KEY = keyOf({ count: PRO });
const CHARGE = keyOf({ option: 'one-time itemised' });

describe('lines that were read before our last change was proven', () => {
  const older = { olderKinds: ['recurring'] } as const;

  test('do not hide a line that we remember: it is changed, and never made a second time', () => {
    const given = { ...older, psaLines: [], synced: synced(syncedLine({ lineKey: KEY, lineId: null })) };
    expect(changes(given)).toMatchObject([{ kind: 'update', lineId: null, before: { quantity: '12' }, after: { quantity: '15' } }]);
  });

  test('do not say what it holds', () => {
    const given = { ...older, psaLines: [psaLine({ key: KEY })], synced: synced(syncedLine({ lineKey: KEY, quantity: decimalOf(15) })) };
    expect(shown(given)).toEqual([['proofpoint-business', 'Unchanged', '15']]);
  });

  test('do not bring back another line of its key when it moves to the product of that one', () => {
    const moved = synced(syncedLine({ lineKey: KEY, lineId: '54', productId: '55', quantity: decimalOf(12) }));
    const given = { ...older, psaLines: [psaLine({ id: '53', key: KEY })], synced: moved };
    expect(changes(given)).toMatchObject([
      { kind: 'end', lineId: '54' },
      { kind: 'create', follows: '54' },
    ]);
  });

  test('do not bring back a line that we ended', () => {
    const ended = synced(syncedLine({ lineKey: KEY, endedOn: '2020-11-30' }));
    const given = { ...older, psaLines: [psaLine({ key: KEY })], synced: ended };
    expect(changes(given)).toMatchObject([{ kind: 'create', follows: '900' }]);
    expect(shown({ ...given, count: december({ quantity: decimalOf(0) }) })).toEqual([]);
  });

  test('do not say that a line is gone', () => {
    const zero = { count: december({ quantity: decimalOf(0) }), synced: synced(syncedLine({ lineKey: KEY })) };
    expect(changes({ ...older, ...zero, psaLines: [] })).toMatchObject([{ kind: 'end', lineId: '900' }]);
  });
});

describe('a line that we remember and the PSA no longer holds', () => {
  const memory = synced(syncedLine({ lineKey: PRO_KEY, subProducts: ['proofpoint-pro'], lineId: '950', productId: '43' }));

  test.each([
    ['is gone', [], null, '2020-12-31'],
    ['was ended by hand', [psaLine({ id: '950', key: PRO_KEY, endDate: '2020-10-31' })], '2020-10-31', '2020-10-31'],
  ])('and that %s ends here at a true zero, with nothing to send', (_, psaLines, on, sentDate) => {
    const [line] = gridOf(gridInput({ psaLines, synced: memory })).lines;
    expect([line?.slot, line?.status, line?.changes, line?.sentDate, line?.warnings]).toEqual([
      'proofpoint-pro',
      'Ending',
      [],
      sentDate,
      [{ code: 'line has ended already', line: 'Proofpoint for 1st West', on }],
    ]);
  });

  test('is remembered as ended once the plan is done', () => {
    const { plan, grid } = planned({ psaLines: [], synced: memory });
    const done = syncedWhenDone(memory, { customer: CUSTOMER, connection: 'cw', plan, withheld: grid.withheld, at: null });
    expect(done.lines.map(({ lineId, endedOn }) => [lineId, endedOn])).toEqual([['950', '2020-12-31']]);
  });

  test.each([
    ['900', '900'],
    [null, 'unknown'],
  ])('makes a new line that follows it (%s), so that no receiver takes the two for one', (lineId, follows) => {
    expect(changes({ psaLines: [], synced: synced(syncedLine({ lineKey: KEY, lineId })) })).toMatchObject([{ kind: 'create', follows }]);
  });

  test('is forgotten with the line that follows it', () => {
    const before = synced(syncedLine({ lineKey: KEY }));
    const { plan } = planned({ psaLines: [], synced: before });
    const request = plan.requests[0]!;
    const frame = { customer: CUSTOMER, connection: 'cw', plan, withheld: [], at: null };
    expect(syncedAfter(before, frame, request, { lineId: '901', productId: '41' }).lines.map(({ lineId }) => lineId)).toEqual(['901']);
  });
});

describe('a line of ours under another option that nobody here remembers', () => {
  test('ends: two recurring lines would bill the month twice', () => {
    expect(shown({ option: 'single line', psaLines: [psaLine({ key: KEY })] })).toEqual([
      [`old:${KEY}`, 'Ending', '0'],
      ['*', 'Creating', '15'],
    ]);
  });

  test('ends before the month is charged once', () => {
    expect(changes({ option: 'one-time itemised', psaLines: [psaLine({ key: KEY })] })).toMatchObject([
      { kind: 'end', lineId: '900', agreementId: '12', before: { quantity: '12' }, after: { endDate: '2020-12-31' } },
      { kind: 'charge' },
    ]);
  });

  test('stays while its sub-product is deselected', () => {
    const given = { option: 'one-time itemised', deselected: ['proofpoint-business'], psaLines: [psaLine({ key: KEY })] } as const;
    expect(shown(given)).toEqual([]);
  });
});

test('a line that moves to another product and has no count any more ends once', () => {
  const given = {
    count: december({ quantity: decimalOf(0) }),
    bindings: [binding('proofpoint-business', '77')],
    psaLines: [psaLine({ key: KEY })],
    synced: synced(syncedLine({ lineKey: KEY })),
  };
  expect(shown(given)).toEqual([[`old:${KEY}`, 'Ending', '0']]);
});

describe('a line that bills beside one of its key that is kept at 0 on another product, whichever is remembered first', () => {
  const billing = syncedLine({ lineKey: KEY, settled: 4 });
  const kept = syncedLine({ lineKey: KEY, lineId: '901', productId: '77', quantity: decimalOf(0), settled: 2 });
  const psaLines = [psaLine({ key: KEY }), psaLine({ id: '901', key: KEY, productId: '77', quantity: decimalOf(0) })];

  test.each([
    ['first', synced(billing, kept)],
    ['last', synced(kept, billing)],
  ])('ends at a true zero, and counts its own requests (%s)', (_, memory) => {
    expect(changes({ psaLines, synced: memory, count: december({ quantity: decimalOf(0) }) })).toMatchObject([
      { kind: 'end', lineId: '900', before: { quantity: '12' } },
    ]);
    const [line] = gridOf(gridInput({ psaLines, synced: memory })).lines;
    expect([line?.changes.map((change) => [change.kind, 'lineId' in change && change.lineId]), line?.settled]).toEqual([
      [['update', '900']],
      4,
    ]);
    expect(settledIn(memory, KEY)).toBe(4);
  });
});

test('a line that is wanted on a product again raises the one that was kept at 0 on it, also where the PSA keeps no key', () => {
  const billing = syncedLine({ lineKey: KEY, lineId: '901', productId: '77' });
  const kept = syncedLine({ lineKey: KEY, quantity: decimalOf(0), settled: 5 });
  const psaLines = [psaLine({ quantity: decimalOf(0) }), psaLine({ id: '901', productId: '77' })];
  const { lines } = gridOf(gridInput({ psaLines, synced: synced(billing, kept) }));
  expect(lines.map(({ changes: [change], settled }) => [change?.kind, change && 'lineId' in change && change.lineId, settled])).toEqual([
    ['end', '901', 1],
    ['update', '900', 5],
  ]);
});

describe('a charge that somebody deleted in the PSA', () => {
  const charged = synced(charge({}));
  const option = 'one-time itemised' as const;
  const again = { 'proofpoint-business': { again: true } };

  test('is not made again by itself: the line says so and offers it', () => {
    const [line] = gridOf(gridInput({ option, psaLines: [], synced: charged })).lines;
    expect([line?.status, line?.changes, line?.again, line?.warnings.map(({ code }) => code)]).toEqual([
      'Unchanged',
      [],
      true,
      ['charge is not there'],
    ]);
  });

  test('is made again by the word of the partner, under a key of its own', () => {
    const first = planned({ option, psaLines: [] }).plan;
    const { plan } = planned({ option, psaLines: [], synced: charged, edits: again });
    expect(plan.requests.map(({ operation }) => operation)).toEqual(['charge']);
    expect(plan.requests[0]?.key).not.toBe(first.requests[0]?.key);
  });

  test('is replaced in what we remember', () => {
    const { plan } = planned({ option, psaLines: [], synced: charged, edits: again });
    const frame = { customer: CUSTOMER, connection: 'cw', plan, withheld: [], at: null };
    const after = syncedAfter(charged, frame, plan.requests[0]!, { lineId: '71', productId: '41' });
    expect(after.lines.map(({ lineId }) => lineId)).toEqual(['71']);
  });

  test.each([
    ['it was not looked at', { psaLines: null }],
    ['it was looked at before the charge', { psaLines: [], olderKinds: ['one-time'] }],
    ['it is there', { psaLines: [psaLine({ id: '70', kind: 'one-time', key: CHARGE, price: decimalOf(3), quantity: decimalOf(15) })] }],
  ] as const)('is not made again while %s, whatever the partner says', (_, given) => {
    const [line] = gridOf(gridInput({ ...given, option, synced: charged, edits: again })).lines;
    expect([line?.status, line?.changes, line?.again]).toEqual(['Unchanged', [], false]);
  });

  describe('and that stands under another key', () => {
    const other = synced(charge({ lineKey: 'tl1-other', option: 'one-time single' }));

    test('blocks until the partner says that it was deleted; then it ends here, and nothing is sent for it', () => {
      const [blocked] = gridOf(gridInput({ option, psaLines: [], synced: other })).lines;
      expect([blocked?.blocks.map(({ code }) => code), blocked?.again]).toEqual([['line was invoiced already'], true]);
      const { grid, plan } = planned({ option, psaLines: [], synced: other, edits: again });
      expect(grid.lines.map(({ slot, status }) => [slot, status])).toEqual([
        ['old:tl1-other', 'Ending'],
        ['proofpoint-business', 'Creating'],
      ]);
      expect(plan.requests.map(({ operation }) => operation)).toEqual(['charge']);
    });

    test('blocks whatever the partner says while the PSA shows it', () => {
      const psaLines = [psaLine({ id: '70', kind: 'one-time', key: null })];
      const [line] = gridOf(gridInput({ option, psaLines, synced: other, edits: again })).lines;
      expect([line?.blocks.map(({ code }) => code), line?.again, line?.changes]).toEqual([['line was invoiced already'], false, []]);
    });
  });
});

test('a line that somebody brought to the count by hand is remembered as it is', () => {
  const before = synced(syncedLine({ lineKey: KEY }));
  const { plan } = planned({ psaLines: [psaLine({ key: KEY, quantity: decimalOf(15), price: decimalOf(4) })], synced: before });
  const done = syncedWhenDone(before, { customer: CUSTOMER, connection: 'cw', plan, withheld: [], at: null });
  expect(done.lines.map(({ quantity, price, period }) => [quantity, price, period])).toEqual([['15', '4', '2020-12']]);
});

function charge(given: Partial<SyncedLine>): SyncedLine {
  const held = { quantity: decimalOf(15), price: decimalOf(3), cost: decimalOf('2.44'), period: '2020-12', lineId: '70' };
  return syncedLine({ lineKey: CHARGE, option: 'one-time itemised', ...held, ...given });
}

function synced(...lines: SyncedLine[]): Synced {
  const place = { customer: CUSTOMER, connection: 'cw', company: 'c1', agreementId: '12' };
  return { key: syncedKey(CUSTOMER, 'cw'), ...place, option: 'multi-product', lines, withheld: null };
}

function changes(given: Partial<GridInput>): GridLine['changes'] {
  return gridOf(gridInput(given)).lines.flatMap((line) => line.changes);
}

function shown(given: Partial<GridInput>) {
  return gridOf(gridInput(given)).lines.map(({ slot, status, syncedQuantity }) => [slot, status, syncedQuantity]);
}

function planned(given: Partial<GridInput>) {
  const input = gridInput(given);
  const grid = gridOf(input);
  const company = { id: 'c1', name: '1st West Insurance', domains: [], externalId: null, status: 'active', source: 'pax8' } as const;
  const draft = draftOf(grid, {
    ...{
      psa: 'connectwise',
      connection: { name: 'Ours', tenant: 'brightharbor' },
      company: { company, psaId: '250' },
      vendor: 'Proofpoint',
    },
    ...{
      customer: { product: 'proofpoint', site: '1stwestinsurance.com' },
      agreement,
      period: input.period,
      option: input.option,
      imports: [],
    },
  });
  const plan = freezePlan(draft, requestsOf);
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return { grid, plan: plan.value };
}
