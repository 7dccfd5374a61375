import * as z from 'zod/mini';
import type { Agreement, PsaCompany, PsaProduct } from '../../domain/agreement';
import type { Lookup } from '../../domain/change';
import { date, dayIn, decimalIn, filled, flag, id, number, reference, text, type RecordType } from '../fields';

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
