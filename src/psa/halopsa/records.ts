import * as z from 'zod/mini';
import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../../domain/agreement';
import { shiftDay, type Day } from '../../domain/calendar';
import type { Json } from '../../domain/canonical';
import type { Lookup } from '../../domain/change';
import { date, dayIn, decimalIn, filled, flag, id, keyIn, number, text, type RecordType } from '../fields';

/** Ids of recurring invoices are negative. */
const anyId = z.int().check(z.refine((value) => value !== 0));

const ClientRecord = z.looseObject({
  id,
  name: z.string(),
  website: text,
  domain: text,
  accountsid: text,
  inactive: flag,
});

export const company: RecordType<PsaCompany> = {
  what: 'client',
  read: (value) => {
    const row = ClientRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    return {
      id: String(data.id),
      name: data.name,
      identifier: null,
      website: filled(data.website) ?? filled(data.domain),
      externalId: filled(data.accountsid),
      active: data.inactive !== true,
    };
  },
};

const InvoiceRecord = z.looseObject({
  id: anyId,
  client_id: id,
  name: text,
  reference: text,
  disabled: flag,
  startdate: date,
  enddate: date,
  periodname: text,
  period_start_date: date,
  period_end_date: date,
  nextcreationdate: date,
  currency: text,
  currency_code_name: text,
  invoice_prorata_periods_ahead: number,
});

export const agreement: RecordType<Agreement> = {
  what: 'recurring invoice',
  read: (value) => {
    const row = InvoiceRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    const cycle = filled(data.periodname);
    return {
      id: String(data.id),
      name: filled(data.reference) ?? filled(data.name) ?? `Recurring invoice ${data.id}`,
      companyId: String(data.client_id),
      type: null,
      status: data.disabled === true ? 'inactive' : 'active',
      startDate: realDay(data.startdate),
      endDate: realDay(data.enddate),
      cycle,
      monthly: cycle === null ? spansMonth(realDay(data.period_start_date), realDay(data.period_end_date)) : MONTHLY.test(cycle),
      currency: currencyIn(data.currency_code_name) ?? currencyIn(data.currency),
      prorates: decimalIn(data.invoice_prorata_periods_ahead) === null ? null : (data.invoice_prorata_periods_ahead ?? 0) > 0,
      nextInvoiceDate: realDay(data.nextcreationdate),
      billsProducts: null,
    };
  },
};

const ItemRecord = z.looseObject({
  id,
  name: z.string(),
  baseprice: number,
  costprice: number,
  isrecurringitem: flag,
  recurringprice: number,
  recurringcost: number,
  taxable: flag,
  externalreference: text,
});

/** A product is known by its name alone: the part code of an item is its supplier's. */
export const product: RecordType<PsaProduct> = {
  what: 'item',
  read: (value) => {
    const row = ItemRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    const recurring = data.isrecurringitem === true;
    return {
      id: String(data.id),
      identifier: data.name,
      description: data.name,
      price: decimalIn((recurring ? data.recurringprice : null) ?? data.baseprice),
      cost: decimalIn((recurring ? data.recurringcost : null) ?? data.costprice),
      taxable: data.taxable ?? null,
      active: true,
      reference: referenceIn(filled(data.externalreference)),
    };
  },
};

const LineRecord = z.looseObject({
  id: anyId,
  ihid: z.optional(z.nullable(anyId)),
  _itemid: z.optional(z.nullable(z.int())),
  item_shortdescription: text,
  qty_order: number,
  unit_price: number,
  unit_cost: number,
  startdate: date,
  enddate: date,
  isinactive: flag,
  onetimecharge: flag,
  onetimechargeinvoiceid: number,
  recurring_invoice_quantity_type: number,
  item_external_reference: text,
});

/** A line of a recurring invoice. It names its item by the id alone, and is kept as read, since every write sends it back. */
export const line: RecordType<PsaLine> = {
  what: 'recurring invoice line',
  read: (value, agreementId) => {
    const row = LineRecord.safeParse(value);
    const { data } = row;
    const parent = agreementId ?? (typeof data?.ihid === 'number' ? String(data.ihid) : null);
    if (data === undefined || parent === null || (typeof data.ihid === 'number' && String(data.ihid) !== parent)) return null;
    const once = data.onetimecharge === true;
    return {
      id: String(data.id),
      agreementId: parent,
      kind: once ? 'one-time' : 'recurring',
      productId: (data._itemid ?? 0) > 0 ? String(data._itemid) : null,
      productIdentifier: null,
      description: data.item_shortdescription ?? '',
      quantity: decimalIn(data.qty_order),
      price: decimalIn(data.unit_price),
      cost: decimalIn(data.unit_cost),
      effectiveDate: realDay(data.startdate),
      endDate: realDay(data.enddate) ?? (data.isinactive === true ? LONG_AGO : null),
      lessIncluded: null,
      invoiced: once ? (data.onetimechargeinvoiceid ?? 0) > 0 : null,
      key: keyIn(data.item_external_reference),
      counted: (data.recurring_invoice_quantity_type ?? 0) !== 0,
      raw: value as Json,
    };
  },
};

const GroupRecord = z.looseObject({ id, name: z.string() });

export const group: RecordType<Lookup> = {
  what: 'item group',
  read: (value) => {
    const row = GroupRecord.safeParse(value);
    return row.success ? { id: String(row.data.id), name: row.data.name } : null;
  },
};

/**
 * Our key on an item is told from that on a line: HaloPSA may show an item's reference on each of its lines, and that must not be taken
 * for the line's own.
 */
export const ITEM_REFERENCE = 'item:';

function referenceIn(found: string | null): string | null {
  return found?.startsWith(ITEM_REFERENCE) === true ? found.slice(ITEM_REFERENCE.length) : found;
}

/** HaloPSA answers `1899-12-30` or `1900-01-01` where there is no date. */
export function realDay(value: string | null | undefined): Day | null {
  const day = dayIn(value);
  return day === null || day <= '1900-01-01' ? null : day;
}

/** The last day of a line that was made inactive on a day that HaloPSA does not say. */
const LONG_AGO: Day = '1970-01-01';

/** `6 Monthly` and `Quarterly` are not. */
const MONTHLY = /^(calendar\s+)?month(ly)?\b|^(1|one|every|each)\s+month\b/i;

/** Where the period has no name: whether the current one is a month long, its last day in it or not. Null when it is not known. */
function spansMonth(start: Day | null, end: Day | null): boolean | null {
  if (start === null || end === null) return null;
  const [shortest, longest] = [shiftDay(start, 27), shiftDay(start, 31)];
  return end >= shortest && end <= longest;
}

function currencyIn(value: string | null | undefined): string | null {
  return value !== undefined && value !== null && /^[A-Za-z]{3}$/.test(value.trim()) ? value.trim().toUpperCase() : null;
}
