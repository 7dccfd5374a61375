import type { Decimal } from './decimal';

/** True when a number can be kept exactly: a whole number of at most 2^53 at its own scale, with at most 15 digits behind the point. */
export function isPackable(value: Decimal): boolean {
  return readScaled(value);
}

/** What `readScaled` read last: `scaled.value / 10^scaled.scale`. One object, since an import reads a million numbers. */
export const scaled = { value: 0, scale: 0 };

/** Reads a canonical decimal into `scaled`; false when it is not packable. */
export function readScaled(decimal: Decimal): boolean {
  let value = 0;
  let scale = -1;
  const negative = decimal.charCodeAt(0) === MINUS;
  for (let at = negative ? 1 : 0; at < decimal.length; at++) {
    const code = decimal.charCodeAt(at);
    if (code === POINT) scale = 0;
    else {
      value = value * 10 + (code - ZERO_CODE);
      if (scale >= 0) scale++;
      if (value > Number.MAX_SAFE_INTEGER) return false;
    }
  }
  scaled.value = negative ? -value : value;
  scaled.scale = Math.max(scale, 0);
  return scaled.scale <= 15;
}

export function powerOfTen(power: number): number {
  return POWERS[power] ?? Infinity;
}

const POWERS = Array.from({ length: 16 }, (_, power) => 10 ** power);
const MINUS = 45;
const POINT = 46;
const ZERO_CODE = 48;
