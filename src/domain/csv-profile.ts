import * as z from 'zod/mini';
import { hashOf } from '../domain/canonical';
import { LIMITS } from './limits';

/** What a column of a CSV can be. */
export const CSV_COLUMNS = [
  'site',
  'account',
  'company',
  'product',
  'subProductName',
  'subProductId',
  'date',
  'quantity',
  'unitPrice',
  'unitCost',
  'total',
  'currency',
  'unit',
  'licences',
  'trial',
] as const;
export type CsvColumn = (typeof CSV_COLUMNS)[number];

export const DECIMAL_STYLES = ['point', 'comma'] as const;
export const DATE_STYLES = ['iso', 'us', 'eu'] as const;
/** `point` is 1,234.56, `comma` is 1.234,56. */
export type DecimalStyle = (typeof DECIMAL_STYLES)[number];
/** `iso` is 2026-03-19, `us` 3/19/2026, `eu` 19/3/2026. */
export type DateStyle = (typeof DATE_STYLES)[number];

const column = z.optional(z.int().check(z.gte(0), z.lt(LIMITS.columns)));

/**
 * How one kind of CSV is read. `columns` are positions in `header`; a file fits when one of its first 20 rows is that header.
 * `constants` stand for columns that the file does not have.
 */
export const CsvProfile = z.strictObject({
  delimiter: z.string().check(z.length(1)),
  header: z.array(z.string()).check(z.minLength(2), z.maxLength(LIMITS.columns)),
  decimals: z.enum(DECIMAL_STYLES),
  dates: z.enum(DATE_STYLES),
  columns: z.strictObject({
    site: z.int().check(z.gte(0), z.lt(LIMITS.columns)),
    quantity: z.int().check(z.gte(0), z.lt(LIMITS.columns)),
    account: column,
    company: column,
    product: column,
    subProductName: column,
    subProductId: column,
    date: column,
    unitPrice: column,
    unitCost: column,
    total: column,
    currency: column,
    unit: column,
    licences: column,
    trial: column,
  }),
  constants: z.strictObject({ product: z.nullable(z.string()), subProductName: z.nullable(z.string()), currency: z.nullable(z.string()) }),
});
export type CsvProfile = z.infer<typeof CsvProfile>;

/** Files with the same header share a profile. */
export function profileIdOf(header: readonly string[]): string {
  return hashOf(header.map(headerName)).slice(0, 16);
}

/** A header cell as files are compared by: without spaces around it. */
export function headerName(cell: string): string {
  return cell.trim();
}

export function sameHeader(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((cell, index) => headerName(cell) === headerName(right[index] ?? ''));
}
