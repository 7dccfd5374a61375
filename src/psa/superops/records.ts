import * as z from 'zod/mini';
import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../../domain/agreement';
import type { Day } from '../../domain/calendar';
import type { Lookup } from '../../domain/change';
import { decimalOf, parseDecimal, type Decimal } from '../../domain/decimal';
import { date, dayIn, filled, flag, number, text, type RecordType } from '../fields';

/** Ids have 19 digits, more than a number holds: one that is no text is not understood. */
const id = z.string().check(z.minLength(1));
/** Quantities and money are texts. */
const amount = z.optional(z.nullable(z.string().check(z.refine((value) => parseDecimal(value).ok))));
const priced = z.optional(z.nullable(z.looseObject({ details: z.array(z.looseObject({ value: amount })) })));

const ClientRecord = z.looseObject({
  accountId: id,
  name: z.string(),
  stage: text,
  emailDomains: z.optional(z.nullable(z.array(z.nullable(z.string())))),
});

/** A client, whose e-mail domain stands for its web site. */
export const company: RecordType<PsaCompany> = {
  what: 'client',
  read: (value) => {
    const row = ClientRecord.safeParse(value);
    if (!row.success) return null;
    const { accountId, name, stage, emailDomains } = row.data;
    const [website] = (emailDomains ?? []).flatMap((domain) => filled(domain) ?? []);
    return { id: accountId, name, identifier: null, website: website ?? null, externalId: null, active: !isInactive(stage) };
  },
};

/** There is no document around the contracts of a client: the client itself is what they stand on. */
export const agreement: RecordType<Agreement> = {
  what: 'client',
  read: (value) => {
    const row = ClientRecord.safeParse(value);
    if (!row.success) return null;
    const { accountId, name, stage } = row.data;
    return {
      ...{ id: accountId, name: `Client contracts of ${name}`, companyId: accountId, type: null },
      status: isInactive(stage) ? 'inactive' : 'active',
      ...{ startDate: null, endDate: null, cycle: 'Monthly', monthly: true, currency: null, prorates: null, nextInvoiceDate: null },
      billsProducts: true,
    };
  },
};

const ItemRecord = z.looseObject({
  itemId: id,
  name: z.string(),
  description: text,
  status: text,
  taxable: flag,
  sellingPrice: priced,
  costPrice: priced,
  serviceTypeItem: z.optional(z.nullable(z.looseObject({ offeringType: text }))),
});

/** A product or service, known by its name, which is unique. What is sold by the hour, in blocks or as a bundle is not for a count of users. */
export const product: RecordType<PsaProduct> = {
  what: 'product or service',
  read: (value) => {
    const row = ItemRecord.safeParse(value);
    if (!row.success) return null;
    const { itemId, name, description, status, taxable, sellingPrice, costPrice, serviceTypeItem } = row.data;
    return {
      ...{ id: itemId, identifier: name, description: name, price: priceIn(sellingPrice), cost: priceIn(costPrice) },
      taxable: taxable ?? null,
      active: status !== 'INACTIVE' && (serviceTypeItem?.offeringType ?? 'QUANTITY') === 'QUANTITY',
      reference: keyWithin(description),
    };
  },
};

const CategoryRecord = z.looseObject({ categoryId: id, name: z.string() });

export const category: RecordType<Lookup> = {
  what: 'category',
  read: (value) => {
    const row = CategoryRecord.safeParse(value);
    return row.success ? { id: row.data.categoryId, name: row.data.name } : null;
  },
};

const Change = z.looseObject({ changeId: id, effectiveDate: date, quantity: amount, quantityChangeOperation: z.string() });
const ContractRecord = z.looseObject({
  client: z.looseObject({ accountId: id }),
  startDate: date,
  endDate: date,
  contractStatus: text,
  contract: z.looseObject({
    contractId: id,
    name: text,
    description: text,
    billableContract: z.optional(
      z.nullable(
        z.looseObject({
          chargeItem: z.looseObject({ itemId: id, name: text }),
          quantityCalculationType: text,
          sellingPrice: priced,
          recurringContract: z.optional(z.nullable(z.looseObject({ frequencyDurationUnit: text, frequencyInterval: number }))),
          changes: z.optional(z.nullable(z.array(Change))),
        }),
      ),
    ),
  }),
});

/**
 * A client contract. It has no name that can be written: its item's name stands for it, with the cycle where that is not a month. `raw`
 * keeps which change stands on which day, so that a correction of the same day goes to that change instead of a second one.
 */
export const contract: RecordType<PsaLine> = {
  what: 'client contract',
  read: (value) => {
    const row = ContractRecord.safeParse(value);
    if (!row.success) return null;
    const { client, startDate, endDate, contractStatus, contract: own } = row.data;
    const billable = own.billableContract ?? null;
    const changes = billable?.changes ?? [];
    const quantities = changes
      .map(({ effectiveDate, quantity, quantityChangeOperation }) => ({
        ...{ from: dayIn(effectiveDate) ?? LONG_AGO, until: null },
        quantity: quantityChangeOperation === 'BASELINE' ? amountIn(quantity) : null,
      }))
      .sort((left, right) => (left.from === right.from ? 0 : left.from < right.from ? -1 : 1));
    const name = filled(billable?.chargeItem.name) ?? filled(own.name) ?? '';
    return {
      ...{ id: own.contractId, agreementId: client.accountId, kind: 'recurring' },
      productId: billable?.chargeItem.itemId ?? null,
      productIdentifier: filled(billable?.chargeItem.name),
      description: `${name}${cycleIn(billable?.recurringContract)}`,
      ...{ quantity: quantities.at(-1)?.quantity ?? null, quantities },
      price: priceIn(billable?.sellingPrice),
      cost: null,
      effectiveDate: dayIn(startDate),
      endDate: dayIn(endDate) ?? (contractStatus === 'INACTIVE' ? LONG_AGO : null),
      ...{ lessIncluded: null, invoiced: null },
      key: keyWithin(own.description),
      ...(cycleIn(billable?.recurringContract) === '' ? {} : { monthly: false as const }),
      counted: billable?.quantityCalculationType === 'DYNAMIC',
      raw: changes.map(({ changeId, effectiveDate }) => ({ changeId, effectiveDate: dayIn(effectiveDate) })),
    };
  },
};

const InvoiceRecord = z.looseObject({
  invoiceId: id,
  client: z.optional(z.nullable(z.looseObject({ accountId: id }))),
  statusEnum: text,
  invoiceDate: date,
  items: z.optional(
    z.nullable(
      z.array(
        z.looseObject({
          details: text,
          quantity: amount,
          unitPrice: amount,
          serviceItem: z.optional(z.nullable(z.looseObject({ itemId: id, name: text }))),
        }),
      ),
    ),
  ),
});

/** An invoice by its item with our key, else by its first. Its number is the line's id, since a one-time line is an invoice of its own. */
export const invoice: RecordType<PsaLine> = {
  what: 'invoice',
  read: (value) => {
    const row = InvoiceRecord.safeParse(value);
    if (!row.success) return null;
    const { invoiceId, client, statusEnum, invoiceDate, items } = row.data;
    const item = (items ?? []).find(({ details }) => keyWithin(details) !== null) ?? items?.[0];
    return {
      ...{ id: invoiceId, agreementId: client?.accountId ?? '', kind: 'one-time' },
      productId: item?.serviceItem?.itemId ?? null,
      productIdentifier: filled(item?.serviceItem?.name),
      description: (item?.details ?? '').replace(KEY_AT_END, ''),
      quantity: amountIn(item?.quantity),
      price: amountIn(item?.unitPrice),
      cost: null,
      effectiveDate: dayIn(invoiceDate),
      endDate: statusEnum === 'VOID' ? LONG_AGO : null,
      lessIncluded: null,
      invoiced: filled(statusEnum) === null ? null : statusEnum !== 'DRAFT',
      key: keyWithin(item?.details),
    };
  },
};

/** Our key beside a text that people read. */
export function withKey(written: string, key: string): string {
  return written.trim() === '' ? `[${key}]` : `${written} [${key}]`;
}

/** The first day that is over for sure: the end of what ended on a day that SuperOps does not say. */
const LONG_AGO: Day = '1970-01-01';
const KEY_AT_END = /\s*\[(tl1|split)-[0-9a-f]{32}\]\s*$/;

function keyWithin(written: string | null | undefined): string | null {
  return /(tl1|split)-[0-9a-f]{32}/.exec(written ?? '')?.[0] ?? null;
}

function amountIn(value: string | null | undefined): Decimal | null {
  return value === undefined || value === null ? null : decimalOf(value);
}

function priceIn(price: z.infer<typeof priced>): Decimal | null {
  return amountIn(price?.details[0]?.value);
}

function cycleIn(
  cycle:
    | { readonly frequencyDurationUnit?: string | null | undefined; readonly frequencyInterval?: number | null | undefined }
    | null
    | undefined,
): string {
  const { frequencyDurationUnit: unit, frequencyInterval: each } = cycle ?? {};
  return (unit ?? 'MONTH') === 'MONTH' && (each ?? 1) === 1 ? '' : ` (every ${each ?? '?'} ${(unit ?? '').toLowerCase()})`;
}

function isInactive(stage: string | null | undefined): boolean {
  return stage?.toLowerCase() === 'inactive';
}
