import type { Agreement, PsaLine } from '../../src/domain/agreement';
import { decimalOf } from '../../src/domain/decimal';
import { customerKey } from '../../src/domain/marketplace';
import { UsagePacker } from '../../src/domain/pack';
import { lineKeyOf } from '../../src/domain/plan';
import type { ImportRecord, UsageChunk, UsageLine } from '../../src/domain/usage';
import type { Database } from '../../src/storage/db';
import { openDatabase } from '../../src/storage/open';

/** Committed usage of two months: one line for every customer and sub-product on each snapshot day. */
export async function usageOfTwoMonths(db: Database, customers: number, subs: readonly string[]): Promise<void> {
  for (const [seq, period] of ['2020-11', '2020-12'].entries()) {
    const { record, chunks } = monthOf(seq + 1, period, customers, subs);
    await db.transaction('rw', ['imports', 'usage'], async () => {
      await db.imports.add(record);
      await db.usage.bulkAdd(chunks);
    });
  }
  await db.products.put({ key: 'proofpoint', name: 'Proofpoint', vendor: 'Proofpoint', ids: [] });
  await db.subProducts.bulkPut(subs.map((key) => ({ key, product: 'proofpoint', name: nameOf(key), unit: 'User', ids: [] })));
}

/** A partner whose customers are all synced before, with the PSA's lines read, and every second count changed. */
export async function partnerWith(customers: number, each: number): Promise<Database> {
  const subs = subProducts(each);
  const db = await openDatabase(`bench-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
  await usageOfTwoMonths(db, customers, subs);
  const all = Array.from({ length: customers }, (_, at) => ({
    product: 'proofpoint',
    site: siteOf(at),
    company: `company-${String(at)}`,
    at,
  }));
  const connection = {
    id: 'cw',
    psa: 'connectwise',
    name: 'ConnectWise',
    protocol: 'file',
    url: null,
    tenant: 'bench',
    currency: 'USD',
  } as const;
  const lines = all.map((own) => subs.map((subProduct, index) => lineOf(own, subProduct, index, each)));
  await db.transaction('rw', db.tables, async () => {
    await db.connections.add({ ...connection, rateLimit: 60, quarantineMinutes: 10, checksKeys: false, settings: {}, remember: false });
    await db.companies.bulkAdd(
      all.map(({ company }) => ({ id: company, name: company, domains: [], externalId: null, status: 'active', source: 'bench' })),
    );
    await db.assignments.bulkAdd(
      all.map(({ product, site, company, at }) => ({ product, site, company, from: null, until: null, seq: at + 1, evidence: 'partner' })),
    );
    await db.links.bulkAdd(
      all.map(({ company, at }) => ({ connection: 'cw', company, psaCompany: String(at + 1), psaName: company, seq: at + 1 })),
    );
    await db.bindings.bulkAdd(
      [null, ...subs].map((subProduct, index) => ({
        ...{ connection: 'cw', product: 'proofpoint', subProduct, psaProductId: String(40 + index), identifier: subProduct ?? 'top' },
        ...{ description: '', taxable: false, origin: 'bound', exportPlan: null, from: null, until: null, seq: index + 1 },
      })),
    );
    await db.mirrors.add({ connection: 'cw', kind: 'agreements', scope: '', readAt: NOW, rows: all.map(({ at }) => agreementOf(at)) });
    await db.mirrors.bulkAdd(
      all.map(({ at }) => ({ connection: 'cw', kind: 'lines', scope: String(1000 + at), readAt: NOW, rows: lines[at] ?? [] })),
    );
    await db.choices.bulkAdd(
      all.map((own) => ({
        ...{
          customer: customerKey(own),
          connection: 'cw',
          option: 'multi-product',
          agreementId: String(1000 + own.at),
          zero: 'date',
          at: NOW,
        },
      })),
    );
  });
  return db;
}

export function subProducts(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `proofpoint-${String(at)}`);
}

export function siteOf(at: number): string {
  return `customer-${String(at)}.example.com`;
}

const NOW = '2021-01-03T08:00:00.000Z';

function nameOf(key: string): string {
  return key.replace('proofpoint-', 'Proofpoint ');
}

function monthOf(seq: number, period: string, customers: number, subs: readonly string[]): { record: ImportRecord; chunks: UsageChunk[] } {
  const rows = customers * subs.length;
  const id = `bench-${period}`;
  const packer = new UsagePacker(id);
  const chunks: UsageChunk[] = [];
  for (let row = 0; row < rows; row++) {
    const full = packer.add(usageOf(period, row, seq, subs));
    if (full) chunks.push(full);
  }
  const last = packer.finish();
  if (last) chunks.push(last);
  const counts = { read: rows, accepted: rows, rejected: 0, blank: 0, warned: 0 };
  return {
    record: {
      ...{ id, seq, source: 'bench', profile: null, state: 'committed', files: [], counts, slices: chunks.length },
      ...{ periods: [period], final: null, complete: false, at: NOW },
    },
    chunks,
  };
}

function usageOf(period: string, row: number, seq: number, subs: readonly string[]): UsageLine {
  const at = Math.floor(row / subs.length);
  const changed = seq === 2 && at % 2 === 0 ? 1 : 0;
  return {
    ...{ date: `${period}-19`, site: siteOf(at), summary: null, account: null, company: null, product: 'Proofpoint', subProductId: null },
    ...{
      subProductName: nameOf(subs[row % subs.length] ?? ''),
      unit: 'User',
      currency: 'USD',
      quantity: decimalOf(5 + (row % 40) + changed),
    },
    ...{ unitPrice: decimalOf(3), unitCost: decimalOf('2.44'), total: null, licences: null, trial: false, file: 'bench.csv', row },
  };
}

function agreementOf(at: number): Agreement {
  return {
    ...{
      id: String(1000 + at),
      name: 'Managed Services',
      companyId: String(at + 1),
      type: null,
      status: 'active',
      startDate: '2020-01-01',
    },
    ...{
      endDate: null,
      cycle: 'Monthly',
      monthly: true,
      currency: 'USD',
      prorates: false,
      nextInvoiceDate: '2021-01-01',
      billsProducts: true,
    },
  };
}

function lineOf({ site, at }: { site: string; at: number }, subProduct: string, index: number, each: number): PsaLine {
  const agreementId = String(1000 + at);
  const identity = { psa: 'connectwise', tenant: 'bench', agreementId, vendor: 'Proofpoint', site, subProduct };
  return {
    ...{ id: String(at * each + index + 1), agreementId, kind: 'recurring', productId: String(41 + index), productIdentifier: subProduct },
    ...{
      description: `${site} ${subProduct}`,
      quantity: decimalOf(5 + ((at * each + index) % 40)),
      price: decimalOf(3),
      cost: decimalOf('2.44'),
    },
    ...{ effectiveDate: '2020-07-01', endDate: null, lessIncluded: null, invoiced: null },
    key: lineKeyOf({ ...identity, option: 'multi-product', period: '2020-12' }),
  };
}
