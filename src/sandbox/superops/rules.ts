import type { Json } from '../../domain/canonical';
import type { Row } from '../sandbox';

/** What an input may hold: fields of an object with `!` behind the names that are required. */
export type Shape = 'id' | 'text' | 'decimal' | 'day' | 'count' | 'flag' | readonly string[] | { readonly [name: string]: Shape } | Many;
interface Many {
  readonly many: Shape;
}

const price: Shape = { 'model!': ['PER_UNIT'], 'details!': { many: { 'value!': 'decimal', afterHoursValue: 'decimal' } } };
const change: Shape = {
  ...{ changeId: 'id', effectiveDate: 'day', quantity: 'decimal' },
  quantityChangeOperation: ['INCREASE', 'DECREASE', 'BASELINE'],
};
const client: Shape = { 'accountId!': 'id' };
const item: Shape = { 'itemId!': 'id' };
const page: Shape = { page: 'count', pageSize: 'count' };

/** The inputs of the operations that the adapter uses; null where there is none. */
export const INPUTS: Readonly<Record<string, Shape | null>> = {
  getClientList: page,
  getClient: client,
  getClientContractList: page,
  getServiceCatalogItemList: page,
  getServiceCategoryList: null,
  getInvoiceList: page,
  createServiceCatalogItem: {
    ...{ 'name!': 'text', description: 'text', category: { 'categoryId!': 'id' }, 'itemType!': ['PRODUCT', 'SERVICE'], 'taxable!': 'flag' },
    ...{ sellingPrice: price, costPrice: price, serviceTypeItem: { 'offeringType!': ['QUANTITY'] } },
  },
  createClientContract: {
    ...{ 'client!': client, 'startDate!': 'day', endDate: 'day' },
    'contract!': {
      description: 'text',
      'billableContract!': {
        ...{ 'chargeItem!': item, 'sellingPriceOverridden!': 'flag', sellingPrice: price, 'billableSiteType!': ['HQ', 'ALL'] },
        'recurringContract!': {
          'recurringMode!': ['ARREAR', 'UPFRONT', 'ADVANCE'],
          ...{ 'frequencyDurationUnit!': ['MONTH', 'DAY', 'WEEK', 'YEAR'], 'frequencyInterval!': 'count' },
        },
        'change!': change,
      },
    },
  },
  updateClientContract: {
    'contract!': { 'contractId!': 'id', billableContract: { sellingPriceOverridden: 'flag', sellingPrice: price, change } },
    endDate: 'day',
  },
  createInvoice: {
    ...{ 'client!': client, 'site!': { 'id!': 'id' }, 'statusEnum!': ['DRAFT', 'APPROVED'], 'invoiceDate!': 'day' },
    'addItems!': {
      many: {
        'billedDate!': 'day',
        'serviceItem!': item,
        details: 'text',
        'quantity!': 'decimal',
        'unitPrice!': 'decimal',
        taxable: 'flag',
      },
    },
  },
  updateInvoice: { 'invoiceId!': 'id', statusEnum: ['DRAFT', 'APPROVED', 'VOID'] },
};

/** Every field that is missing, unknown or of another type, by its place. */
export function errorsIn(value: Json, shape: Shape, place: string): readonly string[] {
  if (isNames(shape)) return shape.some((name) => name === value) ? [] : [`${place} is not one of ${shape.join(', ')}`];
  if (typeof shape === 'string') return fits(value, shape) ? [] : [`${place} is no ${shape}`];
  if (isMany(shape))
    return Array.isArray(value)
      ? (value as readonly Json[]).flatMap((each, index) => errorsIn(each, shape.many, `${place}.${index}`))
      : [`${place} is no list`];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${place} is no object`];
  const rules = new Map(Object.entries(shape).map(([name, inner]) => [name.replace('!', ''), { inner, required: name.endsWith('!') }]));
  const row = value as Row;
  return [
    ...[...rules].flatMap(([name, { required }]) => (required && (row[name] ?? null) === null ? [`${place}.${name} is missing`] : [])),
    ...Object.entries(row).flatMap(([name, part]) => {
      const rule = rules.get(name);
      if (rule === undefined) return [`${place}.${name} is unknown`];
      return part === null ? [] : errorsIn(part, rule.inner, `${place}.${name}`);
    }),
  ];
}

function isNames(shape: Shape): shape is readonly string[] {
  return Array.isArray(shape);
}

function isMany(shape: Exclude<Shape, string | readonly string[]>): shape is Many {
  return 'many' in shape;
}

function fits(value: Json, shape: 'id' | 'text' | 'decimal' | 'day' | 'count' | 'flag'): boolean {
  switch (shape) {
    case 'id':
      return typeof value === 'string' && value !== '';
    case 'text':
      return typeof value === 'string';
    case 'decimal':
      return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
    case 'day':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
    case 'count':
      return typeof value === 'number' && Number.isInteger(value) && value > 0;
    case 'flag':
      return typeof value === 'boolean';
  }
}
