import type { Json } from '../../domain/canonical';
import type { Row } from '../sandbox';

/** What a field may hold, as the contract says it. */
interface Rule {
  readonly type: 'whole' | 'number' | 'text' | 'flag' | 'instant';
  readonly most?: number;
  readonly required?: true;
  /** The active values of a picklist. */
  readonly values?: readonly number[];
}
export type Rules = Readonly<Record<string, Rule>>;

const whole = { type: 'whole' } as const;
const number = { type: 'number' } as const;
const flag = { type: 'flag' } as const;
const text = (most: number) => ({ type: 'text', most }) as const;
const required = <T extends Rule>(rule: T) => ({ ...rule, required: true }) as const;

export const ADJUSTMENT: Rules = {
  contractID: whole,
  serviceID: whole,
  contractServiceID: whole,
  unitChange: required(whole),
  effectiveDate: required({ type: 'instant' }),
  adjustedUnitPrice: number,
  adjustedUnitCost: number,
  allowRepeatService: flag,
};

export const CONTRACT_SERVICE: Rules = {
  id: required(whole),
  invoiceDescription: text(1000),
  internalDescription: text(100),
  unitPrice: number,
  unitCost: number,
};

export const SERVICE: Rules = {
  name: required(text(150)),
  billingCodeID: required(whole),
  periodType: required(whole),
  unitPrice: required(number),
  unitCost: number,
  description: text(400),
  invoiceDescription: text(1000),
  externalID: text(100),
  isActive: flag,
};

export const CHARGE: Rules = {
  contractID: required(whole),
  chargeType: required(whole),
  datePurchased: required({ type: 'instant' }),
  name: required(text(100)),
  unitQuantity: required(number),
  billingCodeID: required(whole),
  description: text(2000),
  unitPrice: number,
  unitCost: number,
  isBillableToCompany: flag,
  purchaseOrderNumber: text(50),
};

/** Everything that is missing, unknown or wrong, in words. */
export function errorsIn(record: Row, rules: Rules): string[] {
  const missing = Object.entries(rules).filter(([name, rule]) => rule.required === true && (record[name] ?? '') === '');
  const wrong = Object.entries(record).filter(([name, value]) => value !== null && !fits(value, rules[name]));
  const unknown = Object.entries(record).filter(
    ([name, value]) => typeof value === 'number' && rules[name]?.values?.includes(value) === false,
  );
  return [
    ...missing.map(([name]) => `Missing Required Field: ${name}`),
    ...wrong.map(([name]) => `Invalid value or length for ${name}.`),
    ...unknown.map(([name, value]) => `The value ${JSON.stringify(value)} is not a valid choice of the picklist field ${name}.`),
  ];
}

function fits(value: Json, rule: Rule | undefined): boolean {
  switch (rule?.type) {
    case 'whole':
      return typeof value === 'number' && Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'instant':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(value);
    case 'text':
      return typeof value === 'string' && value.length <= (rule.most ?? Infinity);
    case undefined:
      return false;
  }
}
