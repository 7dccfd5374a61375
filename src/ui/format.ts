import type { Day, Period } from '../domain/calendar';
import { isNegative, isZero, minorDigits, type Decimal } from '../domain/decimal';
import { regional } from './locale.svelte';

/** The word for a value that nobody knows. It is never written as 0. */
export const UNKNOWN = 'unknown';

/** `$45.00`; a unit price keeps up to six digits. */
export function formatMoney(value: Decimal | null, currency: string | null): string {
  if (value === null) return UNKNOWN;
  if (currency === null) return formatPrice(value, null);
  return numbers({ style: 'currency', currency, minimumFractionDigits: minorDigits(currency), maximumFractionDigits: 6 }).format(
    exact(value),
  );
}

/** A price without its currency, as the line grid shows it: `3.00`, `0.0125`. */
export function formatPrice(value: Decimal | null, currency: string | null): string {
  if (value === null) return UNKNOWN;
  return numbers({ minimumFractionDigits: currency === null ? 2 : minorDigits(currency), maximumFractionDigits: 6 }).format(exact(value));
}

/** `15.00` */
export function formatQuantity(value: Decimal | null): string {
  return value === null ? UNKNOWN : numbers({ minimumFractionDigits: 2, maximumFractionDigits: 6 }).format(exact(value));
}

/** A change of a quantity: `+3.00`, `-1.00`, `0.00`. */
export function formatDelta(value: Decimal | null): string {
  if (value === null) return UNKNOWN;
  return numbers({ minimumFractionDigits: 2, maximumFractionDigits: 6, signDisplay: 'exceptZero' }).format(exact(value));
}

/** A change of money: `+$9.00`. */
export function formatMoneyDelta(value: Decimal | null, currency: string | null): string {
  if (value === null) return UNKNOWN;
  return isZero(value) || isNegative(value) ? formatMoney(value, currency) : `+${formatMoney(value, currency)}`;
}

/** A whole number of things: `1,204`. */
export function formatCount(value: number): string {
  return numbers({ maximumFractionDigits: 0 }).format(value);
}

/** A day in a table: `01/03/2021` in the default locale. */
export function formatDay(day: Day | null): string {
  return day === null ? UNKNOWN : dates({ year: 'numeric', month: '2-digit', day: '2-digit' }).format(instant(day));
}

/** A day in a sentence: `Jan 3, 2021`. */
export function formatDayInWords(day: Day | null): string {
  return day === null ? UNKNOWN : dates({ year: 'numeric', month: 'short', day: 'numeric' }).format(instant(day));
}

/** A usage month: `December 2020`. */
export function formatPeriod(period: Period): string {
  return dates({ year: 'numeric', month: 'long' }).format(instant(`${period}-01`));
}

/** A usage month where space is short: `Dec 2020`. */
export function formatShortPeriod(period: Period): string {
  return dates({ year: 'numeric', month: 'short' }).format(instant(`${period}-01`));
}

/** An ISO instant in the reader's own time zone: `Jan 3, 2021, 2:05 PM`. */
export function formatInstant(iso: string): string {
  return new Intl.DateTimeFormat(regional.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

/** The day of an ISO instant in the reader's own time zone: `Jan 3, 2021`. */
export function formatDayOfInstant(iso: string): string {
  return new Intl.DateTimeFormat(regional.locale, { dateStyle: 'medium' }).format(new Date(iso));
}

/** Bytes in words: `1.4 MB`. */
export function formatBytes(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const unit = (['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const)[step] ?? 'byte';
  return numbers({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: step === 0 ? 0 : 1 }).format(bytes / 1000 ** step);
}

/** A share between 0 and 1: `97%`. */
export function formatShare(share: number): string {
  return numbers({ style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** `Business, Advanced and Pro` */
export function formatList(parts: readonly string[]): string {
  return new Intl.ListFormat(regional.locale, { type: 'conjunction' }).format(parts);
}

/** `plural(3, 'customer')` is `3 customers`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${regional.locale} ${JSON.stringify(options)}`;
  const known = numberFormats.get(key) ?? new Intl.NumberFormat(regional.locale, options);
  numberFormats.set(key, known);
  return known;
}

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${regional.locale} ${JSON.stringify(options)}`;
  const known = dateFormats.get(key) ?? new Intl.DateTimeFormat(regional.locale, { ...options, timeZone: 'UTC' });
  dateFormats.set(key, known);
  return known;
}

/** Decimals are formatted digit by digit, never through a float. */
function exact(value: Decimal): Intl.StringNumericLiteral {
  return value as unknown as Intl.StringNumericLiteral;
}

function instant(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}
