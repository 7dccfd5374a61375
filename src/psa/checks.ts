import type { RequestDraft } from '../domain/change';
import { decimalOf, isNegative, scaleOf, type Decimal } from '../domain/decimal';
import { problem, type Problem } from '../domain/problem';
import { err, ok, type Result } from '../domain/result';

/** Values as a PSA takes them. */
export interface Checks {
  /** A text that is there and not longer than `limit` characters (null is any length). */
  readonly text: (field: string, value: string, limit: number | null) => string;
  /** A number that a double holds exactly, with at most `decimals` digits behind the point (null is any). */
  readonly number: (field: string, value: Decimal | null, rule?: NumberRule) => number;
  /** A number as the PSA wants it in text, under the same rules. */
  readonly decimal: (field: string, value: Decimal | null, rule?: NumberRule) => Decimal;
  /** A positive int32. */
  readonly id: (field: string, value: string) => number;
}
export interface NumberRule {
  readonly decimals?: number | null;
  readonly notNegative?: boolean;
}

/** The drafts, or everything that is in the way of one of them: a change leaves whole or not at all. */
export function draftsOrProblems(
  draft: (check: Checks, problems: Problem[]) => readonly RequestDraft[],
): Result<readonly RequestDraft[], readonly Problem[]> {
  const problems: Problem[] = [];
  const drafts = draft(checksInto(problems), problems);
  return problems.length > 0 ? err(problems) : ok(drafts);
}

/** What a PSA would not take is added to `problems`, and a harmless value stands in its place: such a request is never made. */
export function checksInto(problems: Problem[]): Checks {
  const isTaken = (value: Decimal | null, { decimals = null, notNegative = false }: NumberRule = {}): value is Decimal => {
    const number = Number(value ?? Number.NaN);
    if (value === null || !Number.isFinite(number) || decimalOf(number) !== value) return false;
    return !(notNegative && isNegative(value)) && (decimals === null || scaleOf(value) <= decimals);
  };
  const refuse = (field: string, value: string | null) => {
    problems.push(problem('number is not accepted', { field, value: value ?? '' }));
  };
  return {
    text: (field, value, limit) => {
      if (value.trim() === '') problems.push(problem('text is missing', { field }));
      if (limit !== null && value.length > limit) problems.push(problem('text is too long', { field, value, limit }));
      return value;
    },
    number: (field, value, rule) => {
      if (isTaken(value, rule)) return Number(value);
      refuse(field, value);
      return 0;
    },
    decimal: (field, value, rule) => {
      if (isTaken(value, rule)) return value;
      refuse(field, value);
      return '0' as Decimal;
    },
    id: (field, value) => {
      const number = Number(value);
      if (!/^[1-9]\d{0,9}$/.test(value) || number > MAX_ID) refuse(field, value);
      return number;
    },
  };
}

/** Ids are int32. */
const MAX_ID = 2_147_483_647;
