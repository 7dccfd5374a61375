import { isDay } from '../domain/calendar';
import { add, compare, decimalOf, divide, equals, isNegative, multiply, subtract, type Decimal } from '../domain/decimal';
import { isDomain } from '../domain/marketplace';
import type { RowProblem } from '../domain/importing';
import type { UsageLine } from '../domain/usage';
import { brokenJson, flagIn, has, jsonItems, numberIn, shownIn, textIn, wholeNumber, type JsonRecord } from './json';
import {
  unreadable,
  withoutNumbers,
  type PageNumber,
  type Reading,
  type Source,
  type SourceFile,
  type SourceRecord,
  type SourceRow,
} from './source';
import { headOf, textOf } from './text';

/**
 * Answers of the Pax8 Partner API v1: companies, products, subscriptions, usage summaries and usage lines (the vendor's OpenAPI file).
 * `unitPrice` is what the customer pays; the partner's unit cost is `partnerTotal / quantity`, as in the vendor's own example
 * (3 x 5.33 = 15.99, 10.38 / 3 = 3.46). Ids are any text: one in that example is no UUID.
 */
export const pax8: Source = {
  name: 'pax8',
  label: 'Pax8 Partner API',
  recognise(file) {
    let page = false;
    for (const item of jsonItems(headOf(file.bytes))) {
      if ('record' in item) {
        const kind = kindOf(item.record);
        return kind === null ? null : { source: 'pax8', kind, undated: false };
      }
      if ('page' in item) page = has(item.page, 'totalElements');
    }
    return page ? { source: 'pax8', kind: 'empty page', undated: false } : null;
  },
  *read(file, reading) {
    const text = textOf(file.bytes);
    if (!text.ok) {
      yield unreadable(file);
      return;
    }
    const share = file.bytes.length / Math.max(text.value.length, 1);
    let row = 0;
    let kind: Kind | null = null;
    for (const item of jsonItems(text.value)) {
      const bytes = Math.round(item.at * share);
      if ('record' in item) {
        kind = kindOf(item.record);
        yield { ...readRecord(item.record, kind, file, ++row, reading), bytes };
      } else if ('fault' in item) yield { ...brokenJson(file, ++row, item), bytes };
      else {
        const page = pageOf(item.page, kind);
        if (page !== null) yield { row: 0, bytes, record: null, problems: [], page };
      }
    }
  },
};

type Kind = 'usage-lines' | 'usage-summaries' | 'subscriptions' | 'companies' | 'products';
type Read = Omit<SourceRow, 'bytes'>;

function kindOf(record: JsonRecord): Kind | null {
  if (has(record, 'usageDate')) return 'usage-lines';
  if (has(record, 'resourceGroup')) return 'usage-summaries';
  if (has(record, 'productId') && (has(record, 'billingTerm') || has(record, 'startDate'))) return 'subscriptions';
  if (has(record, 'selfServiceAllowed') || has(record, 'billOnBehalfOfEnabled') || (has(record, 'name') && has(record, 'website')))
    return 'companies';
  return has(record, 'name') && has(record, 'vendorName') ? 'products' : null;
}

function readRecord(record: JsonRecord, kind: Kind | null, file: SourceFile, row: number, reading: Reading): Read {
  if (kind === 'usage-lines') return readLine(record, file, row, reading);
  const notes = new Notes(record, file.name, row);
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

function readLine(record: JsonRecord, file: SourceFile, row: number, reading: Reading): Read {
  const notes = new Notes(record, file.name, row);
  const summary = textIn(record, 'usageSummaryId') ?? summaryOfPath(file.name, reading.summaries);
  if (summary === null) {
    notes.error(
      'usageSummaryId',
      '',
      'The line does not say whose usage it is: import the usage summaries too and put the id of the summary into the file name',
    );
  }
  const date = notes.day('usageDate', true);
  const subProductName = notes.needed('productName');
  const quantity = notes.number('quantity');
  const charges = notes.number('currentCharges');
  const profit = notes.number('currentProfit');
  const partnerTotal = notes.number('partnerTotal');
  const unitPrice = notes.number('unitPrice');
  const identified = summary !== null && date !== null && subProductName !== '';
  if (!identified) return { row, record: null, problems: notes.all };
  if (quantity === null && !notes.failed) notes.warning('quantity', '', 'The quantity is not reported: it stays unknown, not 0');
  notes.compareTotals({ quantity, unitPrice, charges, profit, partnerTotal });
  const line: UsageLine = {
    date,
    site: null,
    summary,
    account: null,
    company: null,
    product: null,
    subProductId: textIn(record, 'productId'),
    subProductName,
    unit: textIn(record, 'unitOfMeasure'),
    currency: textIn(record, 'currencyCode'),
    quantity,
    unitPrice,
    unitCost: unitCostOf(partnerTotal, quantity),
    total: charges,
    licences: null,
    trial: flagIn(record, 'isTrial'),
    file: file.name,
    row,
  };
  return { row, record: { kind: 'usage', line: notes.failed ? withoutNumbers(line) : line }, problems: notes.all };
}

/** Exact when it divides within six places; a division beyond them is rounded half away from zero. */
function unitCostOf(partnerTotal: Decimal | null, quantity: Decimal | null): Decimal | null {
  return partnerTotal === null || quantity === null ? null : divide(partnerTotal, quantity, 6);
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** A saved answer of `/usage-summaries/{id}/usage-lines` often keeps the id in its path. Only one known summary counts. */
function summaryOfPath(path: string, known: ReadonlySet<string>): string | null {
  const named = new Set((path.match(UUID) ?? []).flatMap((id) => [id, id.toLowerCase()]).filter((id) => known.has(id)));
  const [only, second] = named;
  return only === undefined || second !== undefined ? null : only;
}

function domainsOf(website: string | null): readonly string[] {
  const host = (website ?? '')
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/[/?#:].*$/, '')
    .replace(/^www\./, '');
  return isDomain(host) ? [host] : [];
}

/** Everything that is wrong with one record. */
class Notes {
  readonly all: RowProblem[] = [];
  failed = false;
  readonly #record: JsonRecord;
  readonly #file: string;
  readonly #row: number;

  constructor(record: JsonRecord, file: string, row: number) {
    this.#record = record;
    this.#file = file;
    this.#row = row;
  }

  error(column: string | null, value: string, reason: string): void {
    this.failed = true;
    this.all.push({ file: this.#file, row: this.#row, column, value, reason, severity: 'error' });
  }

  warning(column: string, value: string, reason: string): void {
    this.all.push({ file: this.#file, row: this.#row, column, value, reason, severity: 'warning' });
  }

  needed(name: string): string {
    const text = textIn(this.#record, name);
    if (text === null) this.error(name, shownIn(this.#record, name), `${name} is missing`);
    return text ?? '';
  }

  /** A day, or the day of an instant, as it is written. */
  day(name: string, needed: boolean): string | null {
    const text = textIn(this.#record, name);
    if (text === null && !needed) return null;
    const day = (text ?? '').slice(0, 10);
    if (isDay(day)) return day;
    if (needed) this.error(name, text ?? '', text === null ? `${name} is missing` : `${name} is no date`);
    else this.warning(name, text ?? '', `${name} is no date and is left out`);
    return null;
  }

  number(name: string): Decimal | null {
    const value = numberIn(this.#record, name);
    if (value !== 'not a number') return value;
    this.error(name, shownIn(this.#record, name), `${name} is not a number that can be kept exactly`);
    return null;
  }

  /** The vendor's arithmetic, and what billing would stop at later. A mismatch is a warning: the vendor's own example has one. */
  compareTotals(line: {
    quantity: Decimal | null;
    unitPrice: Decimal | null;
    charges: Decimal | null;
    profit: Decimal | null;
    partnerTotal: Decimal | null;
  }): void {
    const { quantity, unitPrice, charges, profit, partnerTotal } = line;
    if (quantity !== null && isNegative(quantity))
      this.warning('quantity', quantity, 'A negative quantity is imported, but it cannot be billed');
    if (quantity !== null && unitPrice !== null && charges !== null && !isNear(multiply(quantity, unitPrice), charges)) {
      this.warning('currentCharges', charges, `quantity x unitPrice is ${multiply(quantity, unitPrice)}`);
    }
    if (charges !== null && profit !== null && partnerTotal !== null && !equals(subtract(charges, profit), partnerTotal)) {
      this.warning('partnerTotal', partnerTotal, `currentCharges - currentProfit is ${subtract(charges, profit)}`);
    }
  }
}

const HALF_A_CENT = decimalOf('0.005');

/** Charges are rounded to cents by the vendor. */
function isNear(left: Decimal, right: Decimal): boolean {
  return compare(left, add(right, HALF_A_CENT)) <= 0 && compare(add(left, HALF_A_CENT), right) >= 0;
}

function pageOf(page: JsonRecord, kind: Kind | null): PageNumber | null {
  const total = wholeNumber(page, 'totalPages');
  const number = wholeNumber(page, 'number');
  if (total === null || number === null || total <= 1) return null;
  return { answer: `${kind ?? 'records'}, ${wholeNumber(page, 'totalElements') ?? '?'} in all`, number, total };
}
