import { finalDayOf, shiftPeriod, type Day, type Period } from '../domain/calendar';
import { hashOf } from '../domain/canonical';
import { decimalOf, lineTotal } from '../domain/decimal';
import { UsagePacker } from '../domain/pack';
import type { ImportRecord, UsageChunk, UsageLine } from '../domain/usage';
import { summaryOf } from './marketplace';
import { subProductOf } from './products';
import { PERIODS, sites, type Counted, type DemoSite } from './sites';

/** One committed import for each period, as if its saved usage lines had been read on the day it was final. */
export function imports(next: () => number): readonly { readonly record: ImportRecord; readonly chunks: readonly UsageChunk[] }[] {
  return PERIODS.map((period) => importOf(period, next()));
}

function importOf(period: Period, seq: number): { record: ImportRecord; chunks: UsageChunk[] } {
  const name = `usage-lines-${period}.json`;
  const lines = linesOf(period, name);
  const id = hashOf(['demo', name, lines.map((line) => ({ ...line }))]);
  const packer = new UsagePacker(id);
  const full = lines.map((line) => packer.add(line));
  const chunks = [...full, packer.finish()].filter((chunk) => chunk !== null);
  const record: ImportRecord = {
    id,
    seq,
    source: 'pax8',
    profile: null,
    state: 'committed',
    files: [{ name, bytes: lines.length * 310, kind: 'usage-lines' }],
    counts: { read: lines.length, accepted: lines.length, rejected: 0, blank: 0, warned: 0 },
    slices: chunks.length,
    periods: [period],
    final: null,
    complete: false,
    at: `${finalDayOf(period)}T06:00:00.000Z`,
  };
  return { record, chunks };
}

/** The snapshot of the 19th, and an earlier nightly count of last month's numbers. */
function linesOf(period: Period, file: string): UsageLine[] {
  const lines: UsageLine[] = [];
  sites.forEach((site, index) => {
    const days = site.counted?.[period] === undefined ? [12, 19] : [site.counted[period]];
    for (const day of days) {
      const counted = day === 12 && PERIODS.includes(shiftPeriod(period, -1)) ? shiftPeriod(period, -1) : period;
      for (const [subProduct, counts] of Object.entries(site.counts)) {
        const count = counts[PERIODS.indexOf(counted)] ?? null;
        const billed = counts[PERIODS.indexOf(period)] ?? null;
        if (count === null || (billed === null && isGone(site, period))) continue;
        lines.push(lineOf(site, summaryOf(index), subProduct, count, { date: `${period}-${String(day)}`, file, row: lines.length + 1 }));
      }
    }
  });
  return lines;
}

/** A site that reports nothing on the 19th of a period was not counted earlier in it either. */
function isGone({ counts }: DemoSite, period: Period): boolean {
  return Object.values(counts).every((numbers) => (numbers[PERIODS.indexOf(period)] ?? null) === null);
}

function lineOf(
  { price: ownPrice, cost: ownCost, trial = false }: DemoSite,
  summary: string,
  key: string,
  count: Exclude<Counted, null>,
  place: { readonly date: Day; readonly file: string; readonly row: number },
): UsageLine {
  const { name, ids, unit, ...usual } = subProductOf(key);
  const quantity = count === 'missing' ? null : decimalOf(count);
  const price = ownPrice === undefined ? usual.price : decimalOf(ownPrice);
  return {
    ...place,
    site: null,
    summary,
    account: null,
    company: null,
    product: null,
    subProductId: (ids[0] ?? '').replace('pax8:', ''),
    subProductName: name,
    unit,
    currency: 'USD',
    quantity,
    unitPrice: price,
    unitCost: ownCost === undefined ? usual.cost : decimalOf(ownCost),
    total: quantity === null ? null : lineTotal(quantity, price, 'USD'),
    licences: null,
    trial,
  };
}
