import Big from 'big.js';
import { err, ok, type Result } from './result';

declare const decimal: unique symbol;
/** An exact number in canonical plain notation: `15`, `-2.44`, never `1e3`, `.5`, `2.50` or `-0`. */
export type Decimal = string & { readonly [decimal]: true };

export const ZERO = '0' as Decimal;
export const ONE = '1' as Decimal;

const PLAIN = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?$/i;

/** Reads a number in machine notation (`1234.56`). Locale notation is the import profile's business. */
export function parseDecimal(text: string): Result<Decimal, 'not a number'> {
  const trimmed = text.trim();
  return PLAIN.test(trimmed) ? ok(canonical(new Big(trimmed.replace(/^\+/, '')))) : err('not a number');
}

/** For literals and JSON numbers that are known to be finite; throws on anything else. */
export function decimalOf(value: string | number): Decimal {
  return canonical(new Big(value));
}

export function add(...values: readonly Decimal[]): Decimal {
  return canonical(values.reduce((sum, value) => sum.plus(value), new Big(0)));
}

export function subtract(from: Decimal, value: Decimal): Decimal {
  return canonical(new Big(from).minus(value));
}

export function multiply(left: Decimal, right: Decimal): Decimal {
  return canonical(new Big(left).times(right));
}

/** Quotient rounded half away from zero to `places`; null when the divisor is zero. */
export function divide(value: Decimal, by: Decimal, places: number): Decimal | null {
  if (isZero(by)) return null;
  return canonical(new Big(value).div(by).round(places, Big.roundHalfUp));
}

export function negate(value: Decimal): Decimal {
  return canonical(new Big(value).times(-1));
}

export function compare(left: Decimal, right: Decimal): -1 | 0 | 1 {
  return new Big(left).cmp(right);
}

export function equals(left: Decimal | null, right: Decimal | null): boolean {
  return left === right;
}

export function isZero(value: Decimal): boolean {
  return value === ZERO;
}

export function isNegative(value: Decimal): boolean {
  return value.startsWith('-');
}

export function isWhole(value: Decimal): boolean {
  return !value.includes('.');
}

/** Half away from zero, as invoices are rounded (product.md section 2). */
export function round(value: Decimal, places: number): Decimal {
  return canonical(new Big(value).round(places, Big.roundHalfUp));
}

/** To the next greater number of so many digits; what has no more than that stays. For values that are not below zero. */
export function roundUp(value: Decimal, places: number): Decimal {
  return canonical(new Big(value).round(places, Big.roundUp));
}

/** Digits behind the point. */
export function scaleOf(value: Decimal): number {
  const point = value.indexOf('.');
  return point < 0 ? 0 : value.length - point - 1;
}

const WITHOUT_MINOR_UNIT = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '));
const WITH_THREE_DIGITS = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/** Digits of the currency's minor unit (ISO 4217). */
export function minorDigits(currency: string): number {
  if (WITHOUT_MINOR_UNIT.has(currency)) return 0;
  return WITH_THREE_DIGITS.has(currency) ? 3 : 2;
}

/** Quantity x price in money: rounded half away from zero to the currency's minor unit. */
export function lineTotal(quantity: Decimal, price: Decimal, currency: string): Decimal {
  return round(multiply(quantity, price), minorDigits(currency));
}

/** A scaled integer as a decimal: `(4500, 2)` is `45`. Exact up to 2^53. */
export function fromScaled(value: number, scale: number): Decimal {
  if (scale === 0) return String(value) as Decimal;
  const digits = String(Math.abs(value)).padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  const whole = digits.slice(0, -scale);
  const sign = value < 0 ? '-' : '';
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}` as Decimal;
}

function canonical(value: Big): Decimal {
  const text = value.toFixed();
  return (text === '-0' ? '0' : text) as Decimal;
}
