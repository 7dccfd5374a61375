import { finalDayOf, type Day, type Period } from '../domain/calendar';
import { hashOf } from '../domain/canonical';
import { decimalOf, lineTotal } from '../domain/decimal';
import { UsagePacker } from '../domain/pack';
import type { ImportRecord, UsageChunk, UsageLine } from '../domain/usage';
import { summaryOf } from './marketplace';
import { subProductOf } from './products';
import { PERIODS, sites, type Counted, type DemoSite } from './sites';

/** A committed import, but for its place in the order of the database. */
export interface DemoImport {
  readonly record: Omit<ImportRecord, 'seq'>;
  readonly chunks: readonly UsageChunk[];
}

/** One import for each period, as if its saved usage lines had been read on the day it was final. */
export function imports(): readonly DemoImport[] {
  return PERIODS.map((period, index) => importOf(period, index));
}

function importOf(period: Period, index: number): DemoImport {
  const name = `usage-lines-${period}.json`;
  const lines = linesOf(period, index, name);
  const id = hashOf(['demo', name, lines.map((line) => ({ ...line }))]);
  const packer = new UsagePacker(id);
  const full = lines.map((line) => packer.add(line));
  const chunks = [...full, packer.finish()].filter((chunk) => chunk !== null);
  return {
    record: {
      id,
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
    },
    chunks,
  };
}

const NIGHTLY = 12;
const SNAPSHOT = 19;

/** The snapshot of the 19th, and an earlier nightly count that still has last month's numbers. */
function linesOf(period: Period, index: number, file: string): UsageLine[] {
  const lines: UsageLine[] = [];
  sites.forEach((site, n) => {
    if (isAbsent(site, index)) return;
    const own = site.counted?.[period];
    for (const day of own === undefined ? [NIGHTLY, SNAPSHOT] : [own]) {
      for (const [subProduct, counts] of Object.entries(site.counts)) {
        const count = counts[day === NIGHTLY ? Math.max(index - 1, 0) : index] ?? null;
        if (count === null) continue;
        lines.push(lineOf(site, summaryOf(n), subProduct, count, { date: `${period}-${String(day)}`, file, row: lines.length + 1 }));
      }
    }
  });
  return lines;
}

/** A site that reports nothing on the 19th of a period was not counted earlier in it either. */
function isAbsent({ counts }: DemoSite, index: number): boolean {
  return Object.values(counts).every((numbers) => (numbers[index] ?? null) === null);
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
