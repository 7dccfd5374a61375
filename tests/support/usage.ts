import { catalogueOf, type Catalogue } from '../../src/domain/catalogue';
import { decimalOf } from '../../src/domain/decimal';
import type { UsageImport } from '../../src/domain/month';
import { slugOf } from '../../src/domain/marketplace';
import { UsagePacker } from '../../src/domain/pack';
import type { ImportRecord, UsageChunk, UsageLine } from '../../src/domain/usage';

/** A usage line with the seed's numbers; give only what the test is about. */
export function usageLine(given: Partial<UsageLine> = {}): UsageLine {
  return {
    date: '2020-12-19',
    site: '1stwestinsurance.com',
    summary: null,
    account: null,
    company: null,
    product: 'Proofpoint',
    subProductId: null,
    subProductName: 'Proofpoint Business',
    unit: 'User',
    currency: 'USD',
    quantity: decimalOf(15),
    unitPrice: decimalOf(3),
    unitCost: decimalOf('2.44'),
    total: null,
    licences: null,
    trial: false,
    file: 'usage.json',
    row: 1,
    ...given,
  };
}

let imports = 0;
/** A committed import of these lines, newer than all before it. */
export function usageImport(lines: readonly UsageLine[], given: Partial<ImportRecord> = {}): UsageImport {
  const seq = ++imports;
  const id = `import-${String(seq)}`;
  const packer = new UsagePacker(id);
  const chunks: UsageChunk[] = [];
  for (const line of lines) {
    const full = packer.add(line);
    if (full) chunks.push(full);
  }
  const last = packer.finish();
  if (last) chunks.push(last);
  const record: ImportRecord = {
    id,
    seq,
    source: 'pax8',
    profile: null,
    state: 'committed',
    files: [],
    counts: { read: lines.length, accepted: lines.length, rejected: 0, blank: 0, warned: 0 },
    slices: chunks.length,
    periods: [...new Set(lines.map(({ date }) => date.slice(0, 7)))].sort(),
    final: null,
    complete: false,
    at: '2021-01-03T00:00:00Z',
    ...given,
  };
  return { record, chunks };
}

/** A catalogue in which Proofpoint has these sub-products. */
export function catalogueWith(...names: string[]): Catalogue {
  return catalogueOf({
    products: [{ key: 'proofpoint', name: 'Proofpoint', vendor: 'Proofpoint', ids: ['pax8:top'] }],
    subProducts: names.map((name) => ({ key: slugOf(name), product: 'proofpoint', name, unit: 'User', ids: [] })),
    summaries: [],
    subscriptions: [
      {
        id: 'sub',
        companyId: 'partner',
        productId: 'top',
        productName: 'Proofpoint',
        startDate: '2020-07-01',
        status: 'Active',
        currency: 'USD',
      },
    ],
  });
}
