import { Checksum } from './checksum';
import { fromScaled, type Decimal } from './decimal';
import { isRun, spread, type Run } from './run';
import { NUMBER_COLUMNS, TEXT_COLUMNS, type PackedNumber, type UsageChunk } from './usage';

/** The exact sum of a column: in doubles as long as that is exact, else in BigInt. Rows without a value hold 0. */
export function sumOf({ scale, values }: PackedNumber, rows: number): Decimal {
  if (isRun(values) && values.first === 0 && values.step === 0) return fromScaled(0, scale);
  const all = spread(values, rows);
  return all instanceof Float64Array ? sumOfDoubles(all, scale) : fromScaled(sumOfIntegers(all), scale);
}

/** A checksum over everything that a chunk holds but its sums. */
export function checksumOf(chunk: Omit<UsageChunk, 'sums' | 'checksum'>): string {
  const sum = new Checksum().text(chunk.importId).number(chunk.slice).number(chunk.rows);
  numbersInto(sum, chunk.days);
  numbersInto(sum, chunk.row);
  sum.array(chunk.trial);
  for (const name of TEXT_COLUMNS) {
    const { words, index } = chunk.texts[name];
    for (const word of words) sum.text(word);
    sum.array(index);
  }
  for (const name of NUMBER_COLUMNS) {
    const { scale, values, valid } = chunk.numbers[name];
    numbersInto(sum.number(scale), values);
    sum.array(valid);
  }
  return sum.hex;
}

function numbersInto(sum: Checksum, column: PackedNumber['values'] | Run): void {
  if (isRun(column)) sum.array(Float64Array.of(column.first, column.step));
  else sum.array(column);
}

/** At most 50,000 numbers of 32 bits: no sum of them is beyond 2^53. */
function sumOfIntegers(values: Int16Array | Int32Array): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += values[row] ?? 0;
  return sum;
}

function sumOfDoubles(values: Float64Array, scale: number): Decimal {
  let whole = 0n;
  let sum = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0;
    if (Math.abs(sum) + Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      whole += BigInt(sum);
      sum = 0;
    }
    sum += value;
  }
  whole += BigInt(sum);
  return scaledBigInt(whole, scale);
}

function scaledBigInt(value: bigint, scale: number): Decimal {
  const small = Number(value);
  if (Number.isSafeInteger(small)) return fromScaled(small, scale);
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const fraction = scale === 0 ? '' : digits.slice(-scale).replace(/0+$/, '');
  const whole = scale === 0 ? digits : digits.slice(0, -scale);
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}` as Decimal;
}
