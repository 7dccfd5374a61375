import * as z from 'zod/mini';
import type { PsaLine } from '../../domain/agreement';
import type { Day } from '../../domain/calendar';
import { date, dayIn, decimalIn, filled, flag, id, idIn, keyIn, number, reference, text, type RecordType } from '../fields';

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

/** The end of a one-time line that was cancelled on a day that ConnectWise does not say. */
const LONG_AGO: Day = '1970-01-01';
