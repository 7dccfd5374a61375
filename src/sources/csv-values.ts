import { isDay, type Day } from '../domain/calendar';
import type { Decimal } from '../domain/decimal';
import { isPackable } from '../domain/scaled';
import type { DateStyle, DecimalStyle } from '../domain/csv-profile';

/** Reads a number as the column writes it; null is an empty cell. Refuses whatever the style does not allow, also `1e3` and `0x1F`. */
export function readNumber(text: string, style: DecimalStyle): Decimal | null | 'not a number' {
  const quick = plainDigits(text, style === 'point' ? POINT : COMMA);
  if (quick !== null) return quick;
  const trimmed = text.replace(/[\u00a0\u2007\u202f\u2009]/g, ' ').trim();
  if (trimmed === '') return null;
  const { negative, digits } = unsigned(trimmed);
  const match = GRAMMAR[style].exec(digits);
  if (match === null) return 'not a number';
  const decimal = canonical(negative, (match[1] ?? match[3] ?? '').replace(/[^\d]/g, ''), match[2] ?? match[4] ?? match[5] ?? '');
  return isPackable(decimal) ? decimal : 'not a number';
}

/** Reads a date in the chosen style; years of two digits are of this century. Null when it is none. */
export function readDate(text: string, style: DateStyle): Day | null {
  const trimmed = text.trim();
  const iso = ISO.exec(trimmed);
  if (iso) return dayFrom(iso[1], iso[2], iso[3]);
  if (style === 'iso') return null;
  const parts = PARTS.exec(trimmed);
  if (parts === null) return null;
  const [, first, , second, year] = parts;
  return style === 'us' ? dayFrom(year, first, second) : dayFrom(year, second, first);
}

/** What the values of a column prove about its decimal style: nothing, one of them, or both (then the column contradicts itself). */
export function decimalEvidence(values: Iterable<string>): { point: boolean; comma: boolean; doubtful: boolean } {
  const evidence = { point: false, comma: false, doubtful: false };
  for (const value of values) {
    const { digits } = unsigned(value.trim());
    const lastPoint = digits.lastIndexOf('.');
    const lastComma = digits.lastIndexOf(',');
    if (lastPoint < 0 && lastComma < 0) continue;
    if (!/^[\d.,'’ \u00a0\u202f\u2009]+$/.test(digits)) continue;
    const last = Math.max(lastPoint, lastComma);
    const single = lastPoint < 0 || lastComma < 0;
    const repeated = single && digits.indexOf(digits.charAt(last)) !== last;
    const pointLast = lastPoint > lastComma;
    if (repeated) evidence[pointLast ? 'comma' : 'point'] = true;
    else if (single && /^\d{1,3}$/.test(digits.slice(0, last)) && digits.length - last - 1 === 3 && !digits.startsWith('0'))
      evidence.doubtful = true;
    else evidence[pointLast ? 'point' : 'comma'] = true;
  }
  return evidence;
}

/** The same for dates. A day above 12 decides, and so does a point between the parts, which nobody writes month first. */
export function dateEvidence(values: Iterable<string>): { iso: boolean; us: boolean; eu: boolean; doubtful: boolean; other: boolean } {
  const evidence = { iso: false, us: false, eu: false, doubtful: false, other: false };
  for (const value of values) {
    const trimmed = value.trim();
    if (trimmed === '') continue;
    const parts = PARTS.exec(trimmed);
    if (ISO.test(trimmed)) evidence.iso = true;
    else if (parts === null) evidence.other = true;
    else if (Number(parts[1]) > 12 || parts[2] === '.') evidence.eu = true;
    else if (Number(parts[3]) > 12) evidence.us = true;
    else evidence.doubtful = true;
  }
  return evidence;
}

const POINT = 46;
const COMMA = 44;
const ISO = /^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ]\d{2}:\d{2}.*)?$/;
const PARTS = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:[T ,]+\d{1,2}:\d{2}.*)?$/;
const GRAMMAR: Readonly<Record<DecimalStyle, RegExp>> = {
  point: /^(?:(\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:['’]\d{3})+)(?:\.(\d*))?|(\d+)(?:\.(\d*))?|\.(\d+))$/,
  comma: /^(?:(\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:['’]\d{3})+)(?:,(\d*))?|(\d+)(?:,(\d*))?|,(\d+))$/,
};

/** The usual case without a regular expression: at most 15 digits with or without the decimal separator. Null is any other text. */
function plainDigits(text: string, separator: number): Decimal | null {
  const length = text.length;
  if (length === 0 || length > 15) return null;
  let point = -1;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code === separator && point < 0 && at > 0) point = at;
    else if (code < 48 || code > 57) return null;
  }
  if (point < 0) return (length > 1 && text.charCodeAt(0) === 48 ? canonical(false, text, '') : text) as Decimal;
  if (separator === POINT && text.charCodeAt(length - 1) !== 48 && point < length - 1 && (text.charCodeAt(0) !== 48 || point === 1))
    return text as Decimal;
  return canonical(false, text.slice(0, point), text.slice(point + 1));
}

/** Takes off one sign (leading, trailing or parentheses) and one currency sign. */
function unsigned(text: string): { negative: boolean; digits: string } {
  let digits = text;
  let signs = 0;
  const take = (pattern: RegExp) => {
    const match = pattern.exec(digits);
    if (match === null) return false;
    digits = (match[1] ?? '').trim();
    return true;
  };
  if (take(/^\((.*)\)$/)) signs++;
  take(/^[$€£](.*)$/);
  if (signs === 0 && take(/^[-−](.*)$/)) signs++;
  else if (signs === 0 && take(/^(.*)[-−]$/)) signs++;
  else if (signs === 0) take(/^\+(.*)$/);
  take(/^[$€£](.*)$/);
  take(/^(.*)[$€£]$/);
  return { negative: signs === 1, digits };
}

function canonical(negative: boolean, whole: string, fraction: string): Decimal {
  const left = whole.replace(/^0+(?=\d)/, '') || '0';
  const right = fraction.replace(/0+$/, '');
  const text = right === '' ? left : `${left}.${right}`;
  return (negative && text !== '0' ? `-${text}` : text) as Decimal;
}

function dayFrom(year = '', month = '', day = ''): Day | null {
  const written = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(written) ? written : null;
}
