import { decimalOf, parseDecimal, type Decimal } from '../domain/decimal';
import { isPackable } from '../domain/scaled';

/** A record as JSON.parse gives it, but every number is its exact text behind a mark: read it with `textIn`, `numberIn` and `flagIn`. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Numbers are marked as text before JSON.parse sees them: a double would already have lost digits. */
export function recordOf(text: string): JsonRecord | null {
  try {
    const parsed: unknown = JSON.parse(text.replace(TOKENS, (token) => (token.startsWith('"') ? unmarked(token) : `"\\u0001${token}"`)));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as JsonRecord) : null;
  } catch {
    return null;
  }
}

/** The text of a member; a number is answered as its digits, everything else is null. Members of the prototype are not seen. */
export function textIn(record: JsonRecord, name: string): string | null {
  const value = Object.hasOwn(record, name) ? record[name] : null;
  if (typeof value !== 'string') return null;
  const text = (value.startsWith(NUMBER_MARK) ? value.slice(1) : value).trim();
  return text === '' ? null : text;
}

/** The exact number of a member: null when it is missing or null, an error when it is something else. */
export function numberIn(record: JsonRecord, name: string): Decimal | null | 'not a number' {
  const value = Object.hasOwn(record, name) ? record[name] : null;
  if (value === null || value === undefined) return null;
  const text = textIn(record, name);
  if (text === null) return 'not a number';
  const parsed = parseDecimal(text);
  return parsed.ok && isPackable(parsed.value) ? parsed.value : 'not a number';
}

/** True for `true`, 1, "true" and "yes", as the clients of these APIs were seen to write flags. */
export function flagIn(record: JsonRecord, name: string): boolean {
  const value = Object.hasOwn(record, name) ? record[name] : null;
  return value === true || ['1', 'true', 'yes'].includes((textIn(record, name) ?? '').toLowerCase());
}

export function has(record: JsonRecord, name: string): boolean {
  return Object.hasOwn(record, name) && record[name] !== null;
}

/** What a member holds, as the partner may read it in a list of problems. */
export function shownIn(record: JsonRecord, name: string): string {
  return textIn(record, name) ?? (has(record, name) ? JSON.stringify(record[name]).slice(0, 80) : '');
}

export function wholeNumber(record: JsonRecord, name: string): number | null {
  const value = numberIn(record, name);
  return value === null || value === 'not a number' ? null : Number(decimalOf(value));
}

const NUMBER_MARK = '\u0001';
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A text that carries the mark itself must not pass for a number. */
function unmarked(token: string): string {
  return token.startsWith('"\\u0001') ? token.replace(/^"(?:\\u0001)+/, '"') : token;
}
