import { expect, test } from 'vitest';
import { correctionOf } from '../../src/domain/correction';
import type { Plan, PlanLine } from '../../src/domain/plan';

const line = (lineKey: string, given: Partial<PlanLine>): PlanLine => ({
  ...{ lineKey, status: 'Updating', name: lineKey, subProducts: [], effectiveDate: null, sentDate: null, quantity: null, reason: null },
  ...{ syncedQuantity: '0', before: null, cost: null, price: '3', total: null, ...given },
});
const plan = (lines: readonly PlanLine[]): Plan => ({
  ...{ format: 'tallyline.plan/1', id: '', hash: '', kind: 'lines', psa: 'connectwise', connection: { name: 'C', tenant: 'c' } },
  ...{ company: null, customer: null, agreement: null, period: '2020-12', option: 'multi-product', currency: 'USD' },
  ...{ inputs: { imports: [], bindings: [], prices: [] }, lines, left: [], requests: [] },
  totals: { cost: null, price: '0', margin: null, before: null },
});

test('a line that was made, one that was raised with its price, and one that was ended are billed too much and too little', () => {
  const done = plan([
    line('made', { status: 'Creating', syncedQuantity: '15' }),
    line('raised', { before: '5', syncedQuantity: '7', price: '4' }),
    line('ended', { status: 'Ending', before: '2', price: '10' }),
  ]);
  const undone = [
    line('ended', { status: 'Creating', syncedQuantity: '2', price: '10' }),
    line('raised', { before: '7', syncedQuantity: '5', price: '3' }),
    line('made', { status: 'Ending', before: '15' }),
  ];
  expect(correctionOf(done, { undone, since: '2021-01-01', from: '2021-02-01', invoiced: [] })).toEqual({
    ...{ invoices: ['2021-01'], currency: 'USD', excess: '38' },
    lines: [
      { lineKey: 'ended', name: 'ended', billed: '0', instead: '20', invoices: 1, excess: '-20' },
      { lineKey: 'raised', name: 'raised', billed: '28', instead: '15', invoices: 1, excess: '13' },
      { lineKey: 'made', name: 'made', billed: '45', instead: '0', invoices: 1, excess: '45' },
    ],
  });
});

test('a line that moved to another product is corrected by the price of each of the two, which have one key', () => {
  const done = plan([
    line('moved', { status: 'Ending', before: '4', price: '3' }),
    line('moved', { status: 'Creating', syncedQuantity: '4', price: '5' }),
  ]);
  const undone = [
    line('moved', { status: 'Ending', before: '4', price: '5' }),
    line('moved', { status: 'Creating', syncedQuantity: '4', price: '3' }),
  ];
  expect(correctionOf(done, { undone, since: '2021-01-01', from: '2021-02-01', invoiced: [] })).toEqual({
    ...{ invoices: ['2021-01'], currency: 'USD', excess: '8' },
    lines: [
      { lineKey: 'moved', name: 'moved', billed: '20', instead: '0', invoices: 1, excess: '20' },
      { lineKey: 'moved', name: 'moved', billed: '0', instead: '12', invoices: 1, excess: '-12' },
    ],
  });
});

test('a price that nobody knows is no sum of 0', () => {
  const done = plan([line('made', { price: null }), line('raised', { before: '5', syncedQuantity: '7' })]);
  const undone = [line('raised', { before: '7', syncedQuantity: '5' }), line('made', { status: 'Ending', before: '15', price: null })];
  expect(correctionOf(done, { undone, since: '2021-01-01', from: '2021-02-01', invoiced: [] })).toEqual({
    ...{ invoices: ['2021-01'], currency: 'USD', excess: null },
    lines: [
      { lineKey: 'raised', name: 'raised', billed: '21', instead: '15', invoices: 1, excess: '6' },
      { lineKey: 'made', name: 'made', billed: null, instead: '0', invoices: 1, excess: null },
    ],
  });
});

test('there is none where no invoice went out, and where the invoice billed the same', () => {
  const done = plan([line('raised', { before: '5', syncedQuantity: '7' })]);
  const undone = [line('raised', { before: '7', syncedQuantity: '5' })];
  expect(correctionOf(done, { undone, since: '2021-01-01', from: '2021-01-01', invoiced: [] })).toBeNull();
  const renamed = [line('raised', { before: '7', syncedQuantity: '7' })];
  expect(correctionOf(done, { undone: renamed, since: '2021-01-01', from: '2021-02-01', invoiced: [] })).toBeNull();
});

test('a charge is corrected once, however many invoices went out since', () => {
  const charge = { lineKey: 'once', name: 'once', why: 'charge' } as const;
  const done = plan([line('once', { status: 'Creating', syncedQuantity: '4', total: '12' })]);
  expect(correctionOf(done, { undone: [], since: '2021-01-01', from: '2021-03-01', invoiced: [charge] })).toEqual({
    ...{ invoices: ['2021-01'], currency: 'USD', excess: '12' },
    lines: [{ lineKey: 'once', name: 'once', billed: '12', instead: '0', invoices: 1, excess: '12' }],
  });
});
