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
  return total(values);
}

/** The sum of any number of decimals, also of more than a call takes arguments. */
export function total(values: readonly Decimal[]): Decimal {
  if (values.length < 2) return values[0] ?? ZERO;
  let sum = 0;
  let scale = 0;
  for (const value of values) {
    const own = scaleOf(value);
    if (own > scale) {
      sum *= 10 ** (own - scale);
      scale = own;
    }
    const added = integerOf(value) * 10 ** (scale - own);
    if (!Number.isSafeInteger(added) || !Number.isSafeInteger(sum) || !Number.isSafeInteger((sum += added)))
      return canonical(values.reduce((whole, one) => whole.plus(one), new Big(0)));
  }
  return fromScaled(sum, scale);
}

export function subtract(from: Decimal, value: Decimal): Decimal {
  return total([from, negate(value)]);
}

export function multiply(left: Decimal, right: Decimal): Decimal {
  const product = integerOf(left) * integerOf(right);
  return Number.isSafeInteger(product) ? fromScaled(product, scaleOf(left) + scaleOf(right)) : canonical(new Big(left).times(right));
}

/** Quotient rounded half away from zero to `places`; null when the divisor is zero. */
export function divide(value: Decimal, by: Decimal, places: number): Decimal | null {
  if (isZero(by)) return null;
  return canonical(new Big(value).div(by).round(places, Big.roundHalfUp));
}

export function negate(value: Decimal): Decimal {
  if (value === ZERO) return value;
  return (isNegative(value) ? value.slice(1) : `-${value}`) as Decimal;
}

export function compare(left: Decimal, right: Decimal): -1 | 0 | 1 {
  if (left === right) return 0;
  if (left.length > EXACT || right.length > EXACT) return new Big(left).cmp(right);
  return Number(left) < Number(right) ? -1 : 1;
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
  const digits = minorDigits(currency);
  const total = multiply(quantity, price);
  return scaleOf(total) <= digits ? total : round(total, digits);
}

/** A scaled integer as a decimal: `(4500, 2)` is `45`. Exact up to 2^53. */
export function fromScaled(value: number, scale: number): Decimal {
  if (!(Number.isInteger(value) && value >= 0 && value < KEPT && scale < KEPT_SCALES)) return writtenOut(value, scale);
  const slot = value * KEPT_SCALES + scale;
  return (SMALL[slot] ??= writtenOut(value, scale));
}

/** A month says the same few numbers thousands of times, so small ones are written once. */
const SMALL: Decimal[] = [];
const KEPT = 10_000;
const KEPT_SCALES = 5;

function writtenOut(value: number, scale: number): Decimal {
  if (scale === 0) return String(value) as Decimal;
  const digits = String(Math.abs(value)).padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  const whole = digits.slice(0, -scale);
  const sign = value < 0 ? '-' : '';
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}` as Decimal;
}

/** Decimals of no more characters have their own double each, in the same order. */
const EXACT = 15;

/** A decimal without its point, to be divided by 10 as often as it has digits behind it; NaN where a double may not hold it. */
function integerOf(value: Decimal): number {
  if (value.length > EXACT) return NaN;
  const point = value.indexOf('.');
  return Number(point < 0 ? value : value.slice(0, point) + value.slice(point + 1));
}

function canonical(value: Big): Decimal {
  const text = value.toFixed();
  return (text === '-0' ? '0' : text) as Decimal;
}
