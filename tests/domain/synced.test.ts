import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/domain/change';
import { decimalOf } from '../../src/domain/decimal';
import { syncedAfter, syncedWhenDone, type Synced, type SyncedFrame, type SyncedLine } from '../../src/domain/synced';
import * as scene from '../delivery/scene';

const customer = 'proofpoint\u001facme.com';
const business: SyncedLine = {
  ...{
    lineKey: scene.keyOf('business'),
    option: 'multi-product',
    agreementId: '10',
    subProducts: ['business'],
    lineId: '502',
    productId: '40',
  },
  ...{
    name: 'acme.com - acme.com - business',
    quantity: decimalOf(15),
    price: decimalOf(3),
    cost: decimalOf(2),
    effectiveDate: '2026-04-01',
  },
  ...{ period: '2026-03', settled: 1, endedOn: null },
};
const record: Synced = {
  ...{ key: `${customer}\u001fcw`, customer, connection: 'cw', company: 'c1', agreementId: '10', option: 'multi-product' },
  ...{ lines: [business], withheld: null },
};

describe('the last synced state', () => {
  it('begins with the line that was created', () => {
    expect(after(null, scene.createOf('business', 15), { lineId: '502', productId: '40' })).toEqual(record);
  });

  it('takes only what an update wrote, and counts it as settled', () => {
    const change = scene.updateOf('business', 15, 16, '502');
    expect(after(record, change, { lineId: '502', productId: null }).lines).toEqual([
      { ...business, quantity: decimalOf(16), productId: '41', settled: 2 },
    ]);
  });

  it('learns an adopted line from what the plan believed and wrote', () => {
    const change = scene.updateOf('advanced', 5, 6, '500');
    expect(after(record, change, { lineId: '500', productId: null }).lines).toEqual([
      business,
      {
        ...{
          lineKey: scene.keyOf('advanced'),
          option: 'multi-product',
          agreementId: '10',
          subProducts: ['advanced'],
          lineId: '500',
          productId: '41',
        },
        ...{
          name: 'advanced',
          quantity: decimalOf(6),
          price: null,
          cost: null,
          effectiveDate: null,
          period: '2026-03',
          settled: 1,
          endedOn: null,
        },
      },
    ]);
  });

  it('remembers the last day of an ended line', () => {
    const change = scene.endOf('business', 15, '502');
    expect(after(record, change, { lineId: '502', productId: null }).lines).toEqual([
      { ...business, productId: '41', settled: 2, endedOn: '2026-03-31' },
    ]);
  });

  it('a line that moved to another product stays beside its successor until its own end is proven', () => {
    const leaving = { ...record, lines: [{ ...business, productId: '41' }] };
    const moved = after(leaving, scene.createOf('business', 15), { lineId: '600', productId: '40' });
    expect(moved.lines.map(({ lineId, endedOn }) => [lineId, endedOn])).toEqual([
      ['600', null],
      ['502', null],
    ]);
    const ended = after(moved, scene.endOf('business', 15, '502'), { lineId: '502', productId: null });
    expect(ended.lines.map(({ lineId, endedOn }) => [lineId, endedOn])).toEqual([
      ['600', null],
      ['502', '2026-03-31'],
    ]);
  });

  it('a line without an id that moved to another product is told from its successor by the product', () => {
    const unnamed = { ...record, lines: [{ ...business, lineId: null, productId: '41' }] };
    const moved = after(unnamed, scene.createOf('business', 15), { lineId: '600', productId: '40' });
    expect(moved.lines.map(({ lineId, productId, endedOn }) => [lineId, productId, endedOn])).toEqual([
      ['600', '40', null],
      [null, '41', null],
    ]);
    const ended = after(moved, scene.endOf('business', 15, null), { lineId: null, productId: null });
    expect(ended.lines.map(({ lineId, productId, endedOn }) => [lineId, productId, endedOn])).toEqual([
      ['600', '40', null],
      [null, '41', '2026-03-31'],
    ]);
  });

  it('a successor replaces a line that was ended before', () => {
    const ended = { ...record, lines: [{ ...business, endedOn: '2026-02-28', settled: 4 }] };
    expect(after(ended, scene.createOf('business', 15), { lineId: '600', productId: '40' }).lines).toEqual([
      { ...business, lineId: '600', settled: 5 },
    ]);
  });

  it('moves unchanged lines on when the whole plan is sent, and says what was withheld', () => {
    const frame = frameOf([scene.updateOf('advanced', 5, 6, '500')], ['pro']);
    const line = {
      lineKey: business.lineKey,
      status: 'Unchanged',
      name: 'b',
      subProducts: [],
      effectiveDate: null,
      sentDate: null,
    } as const;
    const none = { quantity: null, syncedQuantity: null, reason: null, before: null, cost: null, price: null, total: null };
    const plan = { ...frame.plan, period: '2026-04', lines: [{ ...line, ...none }] };
    expect(syncedWhenDone(record, { ...frame, plan })).toEqual({
      ...record,
      lines: [{ ...business, period: '2026-04' }],
      withheld: { period: '2026-04', subProducts: ['pro'] },
    });
  });
});

function after(synced: Synced | null, change: Change, told: { lineId: string | null; productId: string | null }): Synced {
  const frame = frameOf([change], []);
  const request = frame.plan.requests.at(-1);
  if (request === undefined) throw new Error('the plan has one request');
  return syncedAfter(synced, frame, request, told);
}

function frameOf(changes: readonly Change[], withheld: readonly string[]): SyncedFrame {
  return { customer, connection: 'cw', plan: scene.planOf(changes), withheld, at: null };
}
