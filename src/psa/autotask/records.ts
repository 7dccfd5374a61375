import * as z from 'zod/mini';
import type { Agreement, PsaCompany, PsaProduct } from '../../domain/agreement';
import type { Lookup } from '../../domain/change';
import { date, dayIn, decimalIn, filled, flag, id, number, text, type RecordType } from '../fields';

/** The partner's own company has the id 0. */
export const anyId = z.int().check(z.nonnegative());
const pick = z.optional(z.nullable(z.union([z.int(), z.string()])));

const CompanyRecord = z.looseObject({ id: anyId, companyName: z.string(), companyNumber: text, webAddress: text, isActive: flag });

export const company: RecordType<PsaCompany> = {
  what: 'company',
  read: (value) => {
    const row = CompanyRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    return {
      id: String(data.id),
      name: data.companyName,
      identifier: null,
      website: filled(data.webAddress),
      externalId: filled(data.companyNumber),
      active: data.isActive !== false,
    };
  },
};

/** A contract as one answer holds it: its picklist values are numbers that only the tenant's field information can name. */
export interface Contract extends Agreement {
  readonly picks: Readonly<Record<(typeof CONTRACT_PICKS)[number], string | null>>;
}
export const CONTRACT_PICKS = ['contractType', 'status', 'contractPeriodType'] as const;

const ContractRecord = z.looseObject({
  id,
  contractName: z.string(),
  companyID: anyId,
  contractType: pick,
  contractPeriodType: pick,
  status: pick,
  startDate: date,
  endDate: date,
});

export const contract: RecordType<Contract> = {
  what: 'contract',
  read: (value) => {
    const row = ContractRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    const picked = (found: string | number | null | undefined) => (found === undefined || found === null ? null : String(found));
    return {
      ...BLANK,
      id: String(data.id),
      name: data.contractName,
      companyId: String(data.companyID),
      startDate: dayIn(data.startDate),
      endDate: dayIn(data.endDate),
      picks: {
        contractType: picked(data.contractType),
        status: picked(data.status),
        contractPeriodType: picked(data.contractPeriodType),
      },
    };
  },
};

/** What Autotask does not say of a contract. */
export const BLANK = {
  type: null,
  status: 'unknown',
  cycle: null,
  monthly: null,
  currency: null,
  prorates: null,
  nextInvoiceDate: null,
  billsProducts: null,
} as const;

const ServiceRecord = z.looseObject({
  id,
  name: z.string(),
  description: text,
  invoiceDescription: text,
  unitPrice: number,
  unitCost: number,
  isActive: flag,
  externalID: text,
});

/** A service is known by its name. Tenants without `externalID` carry our reference in the description, which no customer sees. */
export const service: RecordType<PsaProduct> = {
  what: 'service',
  read: (value) => {
    const row = ServiceRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    return {
      id: String(data.id),
      identifier: data.name,
      description: filled(data.invoiceDescription) ?? data.name,
      price: decimalIn(data.unitPrice),
      cost: decimalIn(data.unitCost),
      taxable: null,
      active: data.isActive !== false,
      reference: filled(data.externalID) ?? /tl1-[0-9a-f]{32}/.exec(data.description ?? '')?.[0] ?? null,
    };
  },
};

const LookupRecord = z.looseObject({ id: anyId, name: z.string() });

export const lookup: RecordType<Lookup> = {
  what: 'choice',
  read: (value) => {
    const row = LookupRecord.safeParse(value);
    return row.success ? { id: String(row.data.id), name: row.data.name } : null;
  },
};
