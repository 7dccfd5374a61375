import { isDomain } from '../../domain/marketplace';
import { flagIn, has, textIn, type JsonRecord } from '../json-record';
import type { Reading, SourceFile, SourceRecord, SourceRow } from '../source';
import { Notes } from './notes';
import { readLine } from './usage-line';

export type Kind = 'usage-lines' | 'usage-summaries' | 'subscriptions' | 'companies' | 'products';

/** What a record is, by the fields that only its kind has. */
export function kindOf(record: JsonRecord): Kind | null {
  if (has(record, 'usageDate')) return 'usage-lines';
  if (has(record, 'resourceGroup')) return 'usage-summaries';
  if (has(record, 'productId') && (has(record, 'billingTerm') || has(record, 'startDate'))) return 'subscriptions';
  if (has(record, 'selfServiceAllowed') || has(record, 'billOnBehalfOfEnabled') || (has(record, 'name') && has(record, 'website')))
    return 'companies';
  return has(record, 'name') && has(record, 'vendorName') ? 'products' : null;
}

/** Fields of a kind: a record that lacks the one that tells it, but has one of these, is a bad record of the kind of its file. */
const FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  'usage-lines': ['usageDate', 'usageSummaryId', 'productName', 'currentCharges'],
  'usage-summaries': ['resourceGroup', 'productId', 'subscriptionId', 'currentCharges'],
  subscriptions: ['productId', 'companyId', 'billingTerm', 'startDate'],
  companies: ['name', 'website'],
  products: ['name', 'vendorName'],
};

/** What a record that tells no kind itself lacks, where its reader could do without. */
const TELLING: Readonly<Partial<Record<Kind, string>>> = { subscriptions: 'startDate', companies: 'website', products: 'vendorName' };

/** One record, read as its own kind, else as that of its file; null where an error makes it unusable. */
export function readRecord(
  record: JsonRecord,
  ofFile: Kind | null,
  file: SourceFile,
  row: number,
  reading: Reading,
): Omit<SourceRow, 'bytes'> {
  const own = kindOf(record);
  const kind = own ?? (ofFile !== null && FIELDS[ofFile].some((name) => Object.hasOwn(record, name)) ? ofFile : null);
  if (kind === 'usage-lines') return readLine(record, file, row, reading);
  const notes = new Notes(record, file.name, row);
  const telling = own === null && kind !== null ? TELLING[kind] : undefined;
  if (telling !== undefined) notes.needed(telling);
  const read = kind === null ? null : readers[kind](record, notes);
  if (kind === null)
    notes.error(
      null,
      JSON.stringify(record).slice(0, 80),
      'This is no company, product, subscription, usage summary or usage line of Pax8',
    );
  return { row, record: notes.failed ? null : read, problems: notes.all };
}

const readers: Record<Exclude<Kind, 'usage-lines'>, (record: JsonRecord, notes: Notes) => SourceRecord> = {
  companies: (record, notes) => ({
    kind: 'company',
    company: {
      id: notes.needed('id'),
      name: notes.needed('name'),
      domains: domainsOf(textIn(record, 'website')),
      externalId: textIn(record, 'externalId'),
      status: textIn(record, 'status') === 'Active' ? 'active' : 'inactive',
      source: 'pax8',
    },
  }),
  products: (record, notes) => ({
    kind: 'product',
    product: { key: '', name: notes.needed('name'), vendor: textIn(record, 'vendorName') ?? '', ids: [notes.needed('id')] },
  }),
  subscriptions: (record, notes) => ({
    kind: 'subscription',
    subscription: {
      id: notes.needed('id'),
      companyId: textIn(record, 'companyId'),
      productId: notes.needed('productId'),
      productName: textIn(record, 'productName'),
      startDate: notes.day('startDate', false),
      status: textIn(record, 'status') ?? 'Unknown',
      currency: textIn(record, 'currencyCode'),
    },
  }),
  'usage-summaries': (record, notes) => ({
    kind: 'summary',
    summary: {
      id: notes.needed('id'),
      companyId: textIn(record, 'companyId'),
      productId: notes.needed('productId'),
      resourceGroup: notes.needed('resourceGroup'),
      vendorName: textIn(record, 'vendorName') ?? '',
      subscriptionId: textIn(record, 'subscriptionId'),
      currency: textIn(record, 'currencyCode'),
      trial: flagIn(record, 'isTrial'),
    },
  }),
};

function domainsOf(website: string | null): readonly string[] {
  const host = (website ?? '')
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/[/?#:].*$/, '')
    .replace(/^www\./, '');
  return isDomain(host) ? [host] : [];
}
