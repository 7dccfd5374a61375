import type { Json } from '../../domain/canonical';
import { json, type Row, type SandboxAnswer } from '../sandbox';

/** What a field may hold, as the contract says it. */
export interface Rule {
  readonly type: 'number' | 'text' | 'flag' | 'instant' | 'reference';
  readonly most?: number;
  readonly oneOf?: readonly string[];
  readonly required?: true;
}
export type Rules = Readonly<Record<string, Rule>>;

export interface FieldError {
  readonly code: string;
  readonly message: string;
  readonly resource: string;
  readonly field: string;
}

const billable = ['Billable', 'DoNotBill', 'NoCharge'];

export const ADDITION: Rules = {
  product: { type: 'reference', required: true },
  billCustomer: { type: 'text', oneOf: billable, required: true },
  quantity: { type: 'number' },
  lessIncluded: { type: 'number' },
  unitPrice: { type: 'number' },
  unitCost: { type: 'number' },
  effectiveDate: { type: 'instant' },
  cancelledDate: { type: 'instant' },
  taxableFlag: { type: 'flag' },
  serialNumber: { type: 'text', most: 50 },
  invoiceDescription: { type: 'text', most: 6000 },
  description: { type: 'text' },
  prorateCurrentPeriodFlag: { type: 'flag' },
};

export const ONE_TIME: Rules = {
  catalogItem: { type: 'reference', required: true },
  billableOption: { type: 'text', oneOf: billable, required: true },
  agreement: { type: 'reference' },
  company: { type: 'reference' },
  description: { type: 'text', most: 2000 },
  customerDescription: { type: 'text', most: 6000 },
  internalNotes: { type: 'text', most: 1000 },
  quantity: { type: 'number' },
  price: { type: 'number' },
  cost: { type: 'number' },
  taxableFlag: { type: 'flag' },
  purchaseDate: { type: 'instant' },
  integrationXRef: { type: 'text' },
};

export const CATALOG_ITEM: Rules = {
  identifier: { type: 'text', most: 75, required: true },
  description: { type: 'text', most: 60, required: true },
  subcategory: { type: 'reference', required: true },
  type: { type: 'reference', required: true },
  customerDescription: { type: 'text', most: 6000, required: true },
  productClass: { type: 'text', oneOf: ['Agreement', 'Bundle', 'Inventory', 'NonInventory', 'Service'] },
  unitOfMeasure: { type: 'reference' },
  price: { type: 'number' },
  cost: { type: 'number' },
  taxableFlag: { type: 'flag' },
  recurringFlag: { type: 'flag' },
  integrationXRef: { type: 'text', most: 50 },
  vendorSku: { type: 'text', most: 50 },
};

/** Every field that is missing, unknown or wrong. The real one ignores unknown fields; here they are mistakes of ours. */
export function errorsIn(record: Row, rules: Rules, resource: string): FieldError[] {
  const missing = Object.entries(rules).filter(([name, { required }]) => required === true && isMissing(record[name]));
  const wrong = Object.entries(record).filter(([name, value]) => !Object.hasOwn(rules, name) || !fits(value, rules[name]));
  return [
    ...missing.map(([field]) => ({ code: 'MissingField', message: `The ${field} field is required.`, resource, field })),
    ...wrong
      .filter(([field]) => !missing.some(([name]) => name === field))
      .map(([field]) => ({ code: 'InvalidField', message: `The ${field} field is not valid.`, resource, field })),
  ];
}

/** An error body as ConnectWise writes it. */
export function refusal(status: number, code: string, message: string, errors: readonly FieldError[] = []): SandboxAnswer {
  return json(status, { code, message, errors: errors.length === 0 ? null : errors.map((error) => ({ ...error })) });
}

export function invalid(resource: string, errors: readonly FieldError[]): SandboxAnswer {
  return refusal(400, 'InvalidObject', `${resource} object is invalid`, errors);
}

function isMissing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}

function fits(value: Json, rule: Rule | undefined): boolean {
  if (rule === undefined) return false;
  if (value === null) return rule.type === 'number' || rule.type === 'flag';
  switch (rule.type) {
    case 'number':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'instant':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(value);
    case 'reference':
      return typeof value === 'object' && !Array.isArray(value) && isReference(value as Row);
    case 'text':
      return typeof value === 'string' && value.length <= (rule.most ?? Infinity) && (rule.oneOf?.includes(value) ?? true);
  }
}

function isReference(value: Row): boolean {
  return Object.entries(value).every(([name, part]) =>
    name === 'id' ? Number.isInteger(part) : (name === 'identifier' || name === 'name') && typeof part === 'string',
  );
}
