import * as z from 'zod/mini';
import { isDay, type Day } from '../domain/calendar';
import { decimalOf, type Decimal } from '../domain/decimal';

/** What a row of an answer must be. Records stay open: every PSA adds fields with every version. */
export interface RecordType<T> {
  readonly what: string;
  readonly read: (value: unknown, agreementId: string | null) => T | null;
}

export const id = z.int().check(z.positive());
export const text = z.optional(z.nullable(z.string()));
export const flag = z.optional(z.nullable(z.boolean()));
/** A day or a date-time. One that is not readable makes the row not understood: an unread end would count as open. */
export const date = z.optional(z.nullable(z.string().check(z.refine((value) => value === '' || isDay(value.slice(0, 10))))));
export const number = z.optional(z.nullable(z.number()));
export const reference = z.optional(z.nullable(z.looseObject({ id: z.optional(z.nullable(id)), identifier: text, name: text })));

export function filled(value: string | null | undefined): string | null {
  return value === undefined || value === null || value.trim() === '' ? null : value;
}

export function dayIn(value: string | null | undefined): Day | null {
  return value === undefined || value === null || value === '' ? null : value.slice(0, 10);
}

export function decimalIn(value: number | null | undefined): Decimal | null {
  return value === undefined || value === null ? null : decimalOf(String(value));
}

export function idIn(value: number | null | undefined): string | null {
  return value === undefined || value === null ? null : String(value);
}

/** Our line key, or the mark of a split, where a field holds one, else null: anything else there is somebody's own. */
export function keyIn(value: string | null | undefined): string | null {
  return value !== undefined && value !== null && /^(tl1|split)-[0-9a-f]{32}$/.test(value) ? value : null;
}
