import * as z from 'zod/mini';
import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../../domain/agreement';
import { isDay, type Day } from '../../domain/calendar';
import { decimalOf, type Decimal } from '../../domain/decimal';
import type { Lookup } from '../psa';

/** What a row of an answer must be. Open records: ConnectWise adds fields with every version. */
export interface RecordType<T> {
  readonly what: string;
  readonly read: (value: unknown, agreementId: string | null) => T | null;
}

const id = z.int().check(z.positive());
const text = z.optional(z.nullable(z.string()));
const flag = z.optional(z.nullable(z.boolean()));
/** A day or a date-time. One that is not readable makes the row not understood: an unread end would count as open. */
const date = z.optional(z.nullable(z.string().check(z.refine((value) => value === '' || isDay(value.slice(0, 10))))));
const number = z.optional(z.nullable(z.number()));
const reference = z.optional(z.nullable(z.looseObject({ id: z.optional(z.nullable(id)), identifier: text, name: text })));

const CompanyRecord = z.looseObject({
  id,
  name: z.string(),
  identifier: z.string(),
  website: text,
  accountNumber: text,
  deletedFlag: flag,
  status: reference,
});

export const company: RecordType<PsaCompany> = {
  what: 'company',
  read: (value) => {
    const row = CompanyRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    return {
      id: String(data.id),
      name: data.name,
      identifier: data.identifier,
      website: filled(data.website),
      externalId: filled(data.accountNumber),
      active: data.deletedFlag !== true && data.status?.name?.toLowerCase() !== 'inactive',
    };
  },
};

const AgreementRecord = z.looseObject({
  id,
  name: z.string(),
  company: z.looseObject({ id }),
  type: reference,
  startDate: date,
  endDate: date,
  noEndingDateFlag: flag,
  cancelledFlag: flag,
  agreementStatus: text,
  billingCycle: reference,
  oneTimeFlag: flag,
  currency: z.optional(z.nullable(z.looseObject({ currencyCode: text }))),
  prorateFlag: flag,
  nextInvoiceDate: date,
  billProducts: text,
  billableProductInvoice: flag,
  coverAgreementProduct: flag,
});

export const agreement: RecordType<Agreement> = {
  what: 'agreement',
  read: (value) => {
    const row = AgreementRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    const cycle = filled(data.billingCycle?.name);
    return {
      id: String(data.id),
      name: data.name,
      companyId: String(data.company.id),
      type: filled(data.type?.name),
      status: data.cancelledFlag === true ? 'cancelled' : (STATUS.get(data.agreementStatus ?? '') ?? 'unknown'),
      startDate: dayIn(data.startDate),
      endDate: data.noEndingDateFlag === true ? null : dayIn(data.endDate),
      cycle,
      monthly: data.oneTimeFlag === true ? false : cycle === null ? null : isMonthly(cycle),
      currency: filled(data.currency?.currencyCode)?.toUpperCase() ?? null,
      prorates: data.prorateFlag ?? null,
      nextInvoiceDate: dayIn(data.nextInvoiceDate),
      billsProducts: billsProducts(data),
    };
  },
};

const ProductRecord = z.looseObject({
  id,
  identifier: z.string(),
  description: z.string(),
  price: number,
  cost: number,
  taxableFlag: flag,
  inactiveFlag: flag,
  productClass: text,
  integrationXRef: text,
});

/** A bundle counts as inactive: ConnectWise refuses its class as an addition. */
export const product: RecordType<PsaProduct> = {
  what: 'product',
  read: (value) => {
    const row = ProductRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    return {
      id: String(data.id),
      identifier: data.identifier,
      description: data.description,
      price: decimalIn(data.price),
      cost: decimalIn(data.cost),
      taxable: data.taxableFlag ?? null,
      active: data.inactiveFlag !== true && data.productClass !== 'Bundle',
      reference: filled(data.integrationXRef),
    };
  },
};

const AdditionRecord = z.looseObject({
  id,
  agreementId: z.optional(z.nullable(id)),
  product: z.looseObject({ id: z.optional(z.nullable(id)), identifier: text }),
  description: text,
  invoiceDescription: text,
  quantity: number,
  unitPrice: number,
  unitCost: number,
  lessIncluded: number,
  effectiveDate: date,
  cancelledDate: date,
  serialNumber: text,
});

export const addition: RecordType<PsaLine> = {
  what: 'addition',
  read: (value, agreementId) => {
    const row = AdditionRecord.safeParse(value);
    const parent = row.success ? (idIn(row.data.agreementId) ?? agreementId) : null;
    if (!row.success || parent === null) return null;
    const { data } = row;
    return {
      id: String(data.id),
      agreementId: parent,
      kind: 'recurring',
      productId: idIn(data.product.id),
      productIdentifier: filled(data.product.identifier),
      description: filled(data.invoiceDescription) ?? data.description ?? '',
      quantity: decimalIn(data.quantity),
      price: decimalIn(data.unitPrice),
      cost: decimalIn(data.unitCost),
      effectiveDate: dayIn(data.effectiveDate),
      endDate: dayIn(data.cancelledDate),
      lessIncluded: decimalIn(data.lessIncluded),
      invoiced: null,
      key: keyIn(data.serialNumber),
    };
  },
};

const OneTimeRecord = z.looseObject({
  id,
  agreement: z.looseObject({ id }),
  catalogItem: z.looseObject({ id: z.optional(z.nullable(id)), identifier: text }),
  description: text,
  quantity: number,
  price: number,
  cost: number,
  purchaseDate: date,
  cancelledFlag: flag,
  cancelledDate: date,
  invoice: reference,
  integrationXRef: text,
});

/** A procurement product on an agreement. Its invoice proves that it was billed. */
export const oneTime: RecordType<PsaLine> = {
  what: 'product on the agreement',
  read: (value) => {
    const row = OneTimeRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    return {
      id: String(data.id),
      agreementId: String(data.agreement.id),
      kind: 'one-time',
      productId: idIn(data.catalogItem.id),
      productIdentifier: filled(data.catalogItem.identifier),
      description: data.description ?? '',
      quantity: decimalIn(data.quantity),
      price: decimalIn(data.price),
      cost: decimalIn(data.cost),
      effectiveDate: dayIn(data.purchaseDate),
      endDate: dayIn(data.cancelledDate) ?? (data.cancelledFlag === true ? LONG_AGO : null),
      lessIncluded: null,
      invoiced: idIn(data.invoice?.id) !== null,
      key: keyIn(data.integrationXRef),
    };
  },
};

const LookupRecord = z.looseObject({ id, name: z.string(), category: reference });

/** Sub-categories, types and units; a sub-category is named with its category. */
export const lookup: RecordType<Lookup> = {
  what: 'choice',
  read: (value) => {
    const row = LookupRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    const category = filled(data.category?.name);
    return { id: String(data.id), name: category === null ? data.name : `${category} - ${data.name}` };
  },
};

const STATUS = new Map<string, Agreement['status']>([
  ['Active', 'active'],
  ['Cancelled', 'cancelled'],
  ['Expired', 'ended'],
  ['Inactive', 'inactive'],
]);
/** The end of a one-time line that was cancelled on a day that ConnectWise does not say. */
const LONG_AGO: Day = '1970-01-01';

/** Billing cycles are named by the partner: a month, and not two, three, six or half of one. */
function isMonthly(cycle: string): boolean {
  return /month/i.test(cycle) && !/\b(bi|semi|half|twice|other|quarter|two|three|four|six|[2-9]|1\d)\b|bi-?month|semi-?month/i.test(cycle);
}

/**
 * Whether a product on the agreement reaches an invoice. False when the agreement overrides it (`billProducts`), covers it,
 * or says that billable products are not invoiced; null when it says nothing.
 */
function billsProducts(data: z.infer<typeof AgreementRecord>): boolean | null {
  if (data.billProducts === 'DoNotBill' || data.billProducts === 'NoCharge') return false;
  if (data.coverAgreementProduct === true || data.billableProductInvoice === false) return false;
  return data.billProducts === 'Billable' || data.billableProductInvoice === true ? true : null;
}

function idIn(value: number | null | undefined): string | null {
  return value === undefined || value === null ? null : String(value);
}

function filled(value: string | null | undefined): string | null {
  return value === undefined || value === null || value.trim() === '' ? null : value;
}

function dayIn(value: string | null | undefined): Day | null {
  return value === undefined || value === null || value === '' ? null : value.slice(0, 10);
}

function decimalIn(value: number | null | undefined): Decimal | null {
  return value === undefined || value === null ? null : decimalOf(String(value));
}

function keyIn(value: string | null | undefined): string | null {
  return value !== undefined && value !== null && /^tl1-[0-9a-f]{32}$/.test(value) ? value : null;
}
