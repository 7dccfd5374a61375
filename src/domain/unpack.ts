import { dayOf } from './calendar';
import { fromScaled, type Decimal } from './decimal';
import { numberAt, isRun } from './run';
import { problem, ProblemError } from './problem';
import { checksumOf, sumOf } from './seal';
import {
  isValid,
  NUMBER_COLUMNS,
  TEXT_COLUMNS,
  type NumberColumn,
  type PackedNumber,
  type PackedText,
  type TextColumn,
  type UsageChunk,
  type UsageLine,
} from './usage';

/** The usage line of a row, exactly as it was packed. */
export function unpackLine(chunk: UsageChunk, row: number): UsageLine {
  const text = (column: TextColumn) => wordOf(chunk.texts[column], row);
  const number = (column: NumberColumn) => decimalOfRow(chunk.numbers[column], row);
  return {
    date: dayOf(numberAt(chunk.days, row)),
    site: text('site'),
    summary: text('summary'),
    account: text('account'),
    company: text('company'),
    product: text('product'),
    subProductId: text('subProductId'),
    subProductName: text('subProductName') ?? '',
    unit: text('unit'),
    currency: text('currency'),
    quantity: number('quantity'),
    unitPrice: number('unitPrice'),
    unitCost: number('unitCost'),
    total: number('total'),
    licences: number('licences'),
    trial: isValid(chunk.trial, row),
    file: text('file') ?? '',
    row: numberAt(chunk.row, row),
  };
}

/** Throws `record is damaged` unless the columns are as long as they say, and checksum and sums are what was packed. */
export function verifyChunk(chunk: UsageChunk): UsageChunk {
  const whole =
    ([1, 2] as number[]).includes(chunk.format) &&
    [
      chunk.days,
      chunk.row,
      ...TEXT_COLUMNS.map((name) => chunk.texts[name].index),
      ...NUMBER_COLUMNS.map((name) => chunk.numbers[name].values),
    ].every((column) => isRun(column) || column.length === chunk.rows) &&
    checksumOf(chunk) === chunk.checksum &&
    NUMBER_COLUMNS.every((name) => sumOf(chunk.numbers[name], chunk.rows) === chunk.sums[name]);
  if (!whole) throw new ProblemError(problem('record is damaged', { what: `usage ${chunk.importId} ${chunk.slice}` }));
  return chunk;
}

function wordOf({ words, index }: PackedText, row: number): string | null {
  return words[index[row] ?? -1] ?? null;
}

/** Null for a row without a value. */
export function decimalOfRow({ scale, values, valid }: PackedNumber, row: number): Decimal | null {
  return isValid(valid, row) ? fromScaled(numberAt(values, row), scale) : null;
}
