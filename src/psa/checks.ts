import { isDay, type Day } from '../domain/calendar';
import type { RequestDraft } from '../domain/change';
import { decimalOf, isNegative, scaleOf, type Decimal } from '../domain/decimal';
import { problem, type Problem } from '../domain/problem';
import { err, ok, type Result } from '../domain/result';
import type { Limits } from './limits';

/** Values as a PSA takes them, by its limits. Numbers are such as a double holds exactly. */
export interface Checks {
  /** A text that is there and not longer than `limit` characters (null is any length). */
  readonly text: (field: string, value: string, limit: number | null) => string;
  readonly quantity: (field: string, value: Decimal | null, sign: 'any sign' | 'not negative') => Decimal;
  /** A price or a cost of one. */
  readonly price: (field: string, value: Decimal | null) => Decimal;
  /** A day that the calendar has, in the PSA's form. */
  readonly day: (field: string, value: Day | null) => string;
  /** An id that is a positive number. */
  readonly id: (field: string, value: string) => number;
  /** An id that is a text, where numbers would lose digits. */
  readonly idText: (field: string, value: string) => string;
}

/** The greatest id of most PSAs. */
export const INT32 = 2_147_483_647;

/** The drafts, or everything that is in the way of one of them: a change leaves whole or not at all. */
export function draftsOrProblems(
  limits: Limits,
  draft: (check: Checks, problems: Problem[]) => readonly RequestDraft[],
): Result<readonly RequestDraft[], readonly Problem[]> {
  const problems: Problem[] = [];
  const drafts = draft(checksInto(limits, problems), problems);
  return problems.length > 0 ? err(problems) : ok(drafts);
}

/** What a PSA would not take is added to `problems`, and a harmless value stands in its place: such a request is never made. */
export function checksInto(limits: Limits, problems: Problem[]): Checks {
  const text: Checks['text'] = (field, value, limit) => {
    if (value.trim() === '') problems.push(problem('text is missing', { field }));
    if (limit !== null && value.length > limit) problems.push(problem('text is too long', { field, value, limit }));
    return value;
  };
  const amount = (field: string, value: Decimal | null, decimals: number | null, negative: boolean): Decimal => {
    const exact = value !== null && Number.isFinite(Number(value)) && decimalOf(Number(value)) === value;
    if (exact && (negative || !isNegative(value)) && (decimals === null || scaleOf(value) <= decimals)) return value;
    problems.push(problem('number is not accepted', { field, value: value ?? '' }));
    return '0' as Decimal;
  };
  return {
    text,
    quantity: (field, value, sign) => amount(field, value, limits.quantityDecimals, sign === 'any sign'),
    price: (field, value) => amount(field, value, limits.priceDecimals, limits.negativePrices),
    day: (field, value) => {
      if (value === null || value === '') problems.push(problem('text is missing', { field }));
      else if (!isDay(value)) problems.push(problem('value is not accepted', { field, value }));
      return dayIn(limits, value ?? '');
    },
    id: (field, value) => {
      const number = Number(value);
      if (!/^[1-9]\d{0,15}$/.test(value) || number > limits.id) problems.push(problem('number is not accepted', { field, value }));
      return number;
    },
    idText: (field, value) => text(field, value, limits.id),
  };
}

/** A day as the PSA writes it: bare, or as midnight UTC where it wants a time. */
export function dayIn({ days }: Limits, day: Day): string {
  return days === 'instant' ? `${day}T00:00:00Z` : day;
}
