import { dayOf } from './calendar';
import { fromScaled, type Decimal } from './decimal';
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
    date: dayOf(chunk.days[row] ?? 0),
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
    row: chunk.row[row] ?? 0,
  };
}

/** Throws `record is damaged` unless the columns are as long as they say, and checksum and sums are what was packed. */
export function verifyChunk(chunk: UsageChunk): UsageChunk {
  const whole =
    (chunk.format as number) === 1 &&
    [
      chunk.days,
      chunk.row,
      ...TEXT_COLUMNS.map((name) => chunk.texts[name].index),
      ...NUMBER_COLUMNS.map((name) => chunk.numbers[name].values),
    ].every((column) => column.length === chunk.rows) &&
    checksumOf(chunk) === chunk.checksum &&
    NUMBER_COLUMNS.every((name) => sumOf(chunk.numbers[name]) === chunk.sums[name]);
  if (!whole) throw new ProblemError(problem('record is damaged', { what: `usage ${chunk.importId} ${chunk.slice}` }));
  return chunk;
}

function wordOf({ words, index }: PackedText, row: number): string | null {
  return words[index[row] ?? -1] ?? null;
}

function decimalOfRow({ scale, values, valid }: PackedNumber, row: number): Decimal | null {
  return isValid(valid, row) ? fromScaled(values[row] ?? 0, scale) : null;
}
