import * as z from 'zod/mini';
import type { PsaLine } from '../../domain/agreement';
import { shiftDay, type Day } from '../../domain/calendar';
import { NO_END } from '../../domain/dated-quantity';
import { date, dayIn, decimalIn, filled, flag, id, idIn, keyIn, number, text, type RecordType } from '../fields';
import type { Reading } from '../psa';
import { equal, link, query, reading } from './http';

/** Services of a contract, then the units of each period. */
export function lines(contractId: string): Reading<PsaLine> {
  const filter = [equal('contractID', Number(contractId))];
  return {
    ...reading<PsaLine>(query('ContractServices', filter), [
      link('ContractServices', contractService, () => query('ContractServiceUnits', filter)),
      link('ContractServiceUnits', unitsOfPeriod),
    ]),
    join: withUnits,
  };
}

const ContractServiceRecord = z.looseObject({
  id,
  contractID: id,
  serviceID: z.optional(z.nullable(id)),
  invoiceDescription: text,
  internalDescription: text,
  unitPrice: number,
  unitCost: number,
});

export const contractService: RecordType<PsaLine> = {
  what: 'contract service',
  read: (value) => {
    const row = ContractServiceRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    return {
      ...LINE,
      id: String(data.id),
      agreementId: String(data.contractID),
      kind: 'recurring',
      productId: idIn(data.serviceID),
      description: data.invoiceDescription ?? '',
      price: decimalIn(data.unitPrice),
      cost: decimalIn(data.unitCost),
      key: keyIn(data.internalDescription),
    };
  },
};

/** Units of one period on their way to the line that they belong to. */
interface Units extends PsaLine {
  readonly units: {
    readonly id: number;
    readonly count: number | null;
    readonly start: Day;
    readonly end: Day | null;
    readonly posted: boolean;
  };
}

const UnitsRecord = z.looseObject({
  id,
  contractServiceID: z.optional(z.nullable(id)),
  units: z.optional(z.nullable(z.int())),
  startDate: date,
  endDate: date,
  approveAndPostDate: date,
});

export const unitsOfPeriod: RecordType<Units> = {
  what: 'units of a period',
  read: (value) => {
    const row = UnitsRecord.safeParse(value);
    const start = row.success ? dayIn(row.data.startDate) : null;
    if (!row.success || start === null) return null;
    const { data } = row;
    const posted = filled(data.approveAndPostDate) !== null;
    const units = { id: data.id, count: data.units ?? null, start, end: dayIn(data.endDate), posted };
    return {
      ...LINE,
      id: idIn(data.contractServiceID) ?? '',
      agreementId: '',
      kind: 'recurring',
      productId: null,
      description: '',
      ...NO_MONEY,
      units,
    };
  },
};

/** Without a row of units the quantity stays unknown: a change of it would be a guess. */
export function withUnits(rows: readonly PsaLine[]): readonly PsaLine[] {
  const units = rows.filter(isUnits);
  return rows
    .filter((row) => !isUnits(row))
    .map((line) => {
      const own = units
        .filter((row) => row.id === line.id)
        .map((row) => row.units)
        .sort((left, right) => (left.start === right.start ? left.id - right.id : left.start < right.start ? -1 : 1));
      const quantities = own.map(({ start, end, count }) => ({ from: start, until: end, quantity: decimalIn(count) }));
      const postedThrough =
        own
          .flatMap(({ posted, end, start }) => (posted ? [end ?? endBefore(own, start)] : []))
          .sort()
          .at(-1) ?? null;
      const effectiveDate = own[0]?.start ?? null;
      return { ...line, quantity: quantities.at(-1)?.quantity ?? null, quantities, effectiveDate, postedThrough };
    });
}

/** Units without an end last until others begin. */
function endBefore(own: readonly { readonly start: Day }[], start: Day): Day {
  const next = own.find((row) => row.start > start);
  return next === undefined ? NO_END : shiftDay(next.start, -1);
}

function isUnits(row: PsaLine): row is Units {
  return 'units' in row;
}

const ChargeRecord = z.looseObject({
  id,
  contractID: id,
  name: text,
  description: text,
  unitQuantity: number,
  unitPrice: number,
  unitCost: number,
  datePurchased: date,
  isBilled: flag,
  purchaseOrderNumber: text,
});

/** A charge on a contract; it carries no service. */
export const charge: RecordType<PsaLine> = {
  what: 'contract charge',
  read: (value) => {
    const row = ChargeRecord.safeParse(value);
    if (!row.success) return null;
    const { data } = row;
    return {
      ...LINE,
      id: String(data.id),
      agreementId: String(data.contractID),
      kind: 'one-time',
      productId: null,
      description: filled(data.description) ?? data.name ?? '',
      quantity: decimalIn(data.unitQuantity),
      price: decimalIn(data.unitPrice),
      cost: decimalIn(data.unitCost),
      effectiveDate: dayIn(data.datePurchased),
      invoiced: data.isBilled ?? null,
      key: keyIn(data.purchaseOrderNumber),
    };
  },
};

export function charges(contractId: string): Reading<PsaLine> {
  return reading(query('ContractCharges', [equal('contractID', Number(contractId))]), [link('ContractCharges', charge)]);
}

const LINE = {
  productIdentifier: null,
  quantity: null,
  effectiveDate: null,
  endDate: null,
  lessIncluded: null,
  invoiced: null,
  key: null,
} as const;
const NO_MONEY = { price: null, cost: null } as const;
