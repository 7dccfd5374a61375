import * as z from 'zod/mini';
import type { Agreement, PsaCompany, PsaProduct } from '../../domain/agreement';
import type { Lookup } from '../../domain/change';
import { date, dayIn, decimalIn, filled, flag, id, number, text, type RecordType } from '../fields';

const AccountRecord = z.looseObject({ Id: id, AccountName: z.string(), AccountCode: text, Website: text, IsActive: flag });

export const account: RecordType<PsaCompany> = {
  what: 'account',
  read: (value) => {
    const row = AccountRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    return {
      id: String(data.Id),
      name: data.AccountName,
      identifier: filled(data.AccountCode),
      website: filled(data.Website),
      externalId: null,
      active: data.IsActive !== false,
    };
  },
};

const ContractRecord = z.looseObject({
  Id: id,
  ContractName: z.string(),
  AccountName: z.string(),
  ContractType: text,
  Status: text,
  BillingCycle: text,
  StartDate: date,
  EndDate: date,
});

/** A contract of the summary names its account and does not tell its id; `placedAt` finds it. */
export const contract: RecordType<Agreement> = {
  what: 'contract',
  read: (value) => {
    const row = ContractRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    const type = filled(data.ContractType);
    const cycle = filled(data.BillingCycle);
    const takesServices = type === null || /recurring/i.test(type);
    return {
      ...UNTOLD,
      id: String(data.Id),
      name: data.ContractName,
      companyId: namedOnly(data.AccountName),
      type,
      status: STATUS.get(data.Status?.trim().toLowerCase() ?? '') ?? 'unknown',
      startDate: dayIn(data.StartDate),
      endDate: dayIn(data.EndDate),
      cycle: takesServices ? cycle : [type, cycle].filter((part) => part !== null).join(', '),
      monthly: !takesServices ? false : cycle === null ? null : /^\s*monthly\b/i.test(cycle),
    };
  },
};

const ContractLookupRecord = z.looseObject({ Id: id, Name: text, IsActive: flag, EndDate: date });

/** What the lookup by account knows of a contract: that it is this account's. Its cycle stays unknown, so it is not offered as monthly. */
export const contractOf = (companyId: string): RecordType<Agreement> => ({
  what: 'contract',
  read: (value) => {
    const row = ContractLookupRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    const status = data.IsActive === false ? 'inactive' : 'unknown';
    return { ...UNTOLD, id: String(data.Id), name: data.Name ?? '', companyId, status, endDate: dayIn(data.EndDate) };
  },
});

const UNTOLD = {
  ...{ type: null, startDate: null, cycle: null, monthly: null, currency: null, prorates: null, nextInvoiceDate: null },
  billsProducts: null,
} as const;

/** Contracts with the id of the account that they name; where no single account has that name, they stay without. */
export function placedAt(contracts: readonly Agreement[], accounts: readonly Pick<PsaCompany, 'id' | 'name'>[]): readonly Agreement[] {
  const ids = new Map<string, Set<string>>();
  for (const { id: own, name } of accounts) ids.set(namedOnly(name), (ids.get(namedOnly(name)) ?? new Set()).add(own));
  return contracts.map((one) => {
    const [own, other] = [...(ids.get(one.companyId) ?? [])];
    return own === undefined || other !== undefined ? one : { ...one, companyId: own };
  });
}

function namedOnly(name: string): string {
  return `name:${name.trim()}`;
}

const ServiceRecord = z.looseObject({ Id: id, Name: z.string(), UnitPrice: number, UnitCost: number, IsActive: flag, IsTaxable: flag });

/** A service is known by its name; it has no field for a reference of ours. */
export const service: RecordType<PsaProduct> = {
  what: 'service',
  read: (value) => {
    const row = ServiceRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    return {
      id: String(data.Id),
      identifier: data.Name,
      description: data.Name,
      price: decimalIn(data.UnitPrice),
      cost: decimalIn(data.UnitCost),
      taxable: data.IsTaxable ?? null,
      active: data.IsActive !== false,
      reference: null,
    };
  },
};

const LookupRecord = z.looseObject({ Id: id, Name: text, IsActive: flag });

/** A service category or an income account. */
export const choice: RecordType<Lookup> = {
  what: 'choice',
  read: (value) => {
    const row = LookupRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    return { id: String(data.Id), name: `${data.Name ?? ''}${data.IsActive === false ? ' (not active)' : ''}` };
  },
};

const STATUS = new Map<string, Agreement['status']>([
  ['active', 'active'],
  ['new', 'active'],
  ['inactive', 'inactive'],
  ['deactivated', 'inactive'],
  ['expired', 'ended'],
  ['completed', 'ended'],
  ['cancelled', 'cancelled'],
  ['canceled', 'cancelled'],
]);
