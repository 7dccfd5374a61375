import * as z from 'zod/mini';
import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../../domain/agreement';
import type { Lookup } from '../../domain/change';
import { decimalOf, divide, type Decimal } from '../../domain/decimal';
import { date, dayIn, decimalIn, filled, flag, id, idIn, number, text, type RecordType } from '../fields';
import { isRecord } from '../paging';
import type { Kind, PsaAdapter } from '../psa';

const CompanyRecord = z.looseObject({ id, business_name: text, fullname: text, business_then_name: text, email: text, disabled: flag });
export const company: RecordType<PsaCompany> = {
  what: 'customer',
  read: (value) => {
    const row = CompanyRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    const domain = filled(data.email)?.split('@')[1] ?? null;
    return {
      id: String(data.id),
      name: filled(data.business_name) ?? filled(data.business_then_name) ?? filled(data.fullname) ?? '',
      ...{ identifier: null, website: domain, externalId: null, active: data.disabled !== true },
    };
  },
};

const ScheduleRecord = z.looseObject({ id, customer_id: id, name: text, frequency: text, next_run: date, paused: flag });
export const schedule: RecordType<Agreement> = {
  what: 'recurring invoice',
  read: (value) => {
    const row = ScheduleRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    const cycle = filled(data.frequency);
    return {
      ...{
        id: String(data.id),
        name: filled(data.name) ?? `Recurring invoice ${String(data.id)}`,
        companyId: String(data.customer_id),
        type: null,
      },
      ...{ status: data.paused === true ? 'inactive' : 'active', startDate: null, endDate: null },
      ...{ cycle, monthly: cycle === null ? null : cycle === 'Monthly', currency: null, prorates: null },
      ...{ nextInvoiceDate: dayIn(data.next_run), billsProducts: null },
    };
  },
};

const ProductRecord = z.looseObject({
  id,
  name: z.string(),
  price_cost: number,
  price_retail: number,
  taxable: flag,
  disabled: flag,
  upc_code: text,
});
/** A product is known by its name; `upc_code` carries our key. */
export const product: RecordType<PsaProduct> = {
  what: 'product',
  read: (value) => {
    const row = ProductRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    return {
      ...{
        id: String(data.id),
        identifier: data.name,
        description: data.name,
        price: decimalIn(data.price_retail),
        cost: decimalIn(data.price_cost),
      },
      ...{ taxable: data.taxable ?? null, active: data.disabled !== true, reference: filled(data.upc_code) },
    };
  },
};

const CategoryRecord = z.looseObject({ id, name: z.string(), names_depth_cache: text });
export const category: RecordType<Lookup> = {
  what: 'category',
  read: (value) => {
    const row = CategoryRecord.safeParse(value);
    return row.success ? { id: String(row.data.id), name: filled(row.data.names_depth_cache) ?? row.data.name } : null;
  },
};

const LineRecord = z.looseObject({
  ...{ id, schedule_id: z.optional(z.nullable(id)), product_id: z.optional(z.nullable(id)), description: text, name: text },
  quantity: z.optional(z.nullable(z.union([z.number(), z.string().check(z.regex(/^-?\d+(\.\d+)?$/))]))),
  ...{ retail_cents: number, cost_cents: number, recurring_type_id: number, one_time_charge: flag },
});
/** Money in integer cents. A line with a `recurring_type_id` is counted by Syncro itself. */
export const lineItem: RecordType<PsaLine> = {
  what: 'line item',
  read: (value, agreementId) => {
    const row = LineRecord.safeParse(value);
    const parent = row.success ? (idIn(row.data.schedule_id) ?? agreementId) : null;
    if (!row.success || parent === null) return null;
    const { data } = row;
    return {
      ...{ id: String(data.id), agreementId: parent, kind: data.one_time_charge === true ? 'one-time' : 'recurring' },
      ...{
        productId: idIn(data.product_id),
        productIdentifier: filled(data.name),
        description: filled(data.description) ?? data.name ?? '',
      },
      quantity: data.quantity === undefined || data.quantity === null ? null : decimalOf(data.quantity),
      ...{ price: fromCents(data.retail_cents), cost: fromCents(data.cost_cents), effectiveDate: null, endDate: null, lessIncluded: null },
      ...{ invoiced: null, key: null, counted: (data.recurring_type_id ?? null) !== null },
    };
  },
};

export const HUNDRED = decimalOf(100);

function fromCents(cents: number | null | undefined): Decimal | null {
  return cents === undefined || cents === null ? null : divide(decimalOf(cents), HUNDRED, 2);
}

export function recognise(saved: unknown): ReturnType<PsaAdapter['recognise']> {
  for (const { plural, kind, type } of SHAPES) {
    const values = isRecord(saved) ? saved[plural] : undefined;
    if (!Array.isArray(values)) continue;
    const rows = values.map((value) => type.read(value, null));
    return rows.every((row) => row !== null) ? { kind, rows } : null;
  }
  const one = isRecord(saved) && isRecord(saved['schedule']) ? saved['schedule'] : null;
  if (one === null || !Array.isArray(one['lines'])) return null;
  const agreementId = idIn(one['id'] as number);
  const rows = one['lines'].map((value) => lineItem.read(value, agreementId));
  if (agreementId === null || !rows.every((row) => row !== null)) return null;
  return { kind: 'lines', rows, whole: { agreementId, kinds: ['recurring', 'one-time'] } };
}

const SHAPES: readonly { readonly plural: string; readonly kind: Kind; readonly type: RecordType<PsaCompany | Agreement | PsaProduct> }[] =
  [
    { plural: 'customers', kind: 'companies', type: company },
    { plural: 'schedules', kind: 'agreements', type: schedule },
    { plural: 'products', kind: 'products', type: product },
  ];
