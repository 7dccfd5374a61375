import type { Day, Period } from './calendar';
import type { Decimal } from './decimal';
import type { Run } from './run';

/**
 * One counted thing of one site on one day, as a source reads it. Null is "not reported", which is not 0.
 * `site` or `summary` names the customer (a summary's site is resolved on read); `unitPrice` is what the customer pays,
 * `unitCost` what the partner pays, `total` the vendor's own charge for the row, `licences` a second opinion on the quantity.
 */
export interface UsageLine {
  readonly date: Day;
  readonly site: string | null;
  readonly summary: string | null;
  readonly account: string | null;
  readonly company: string | null;
  readonly product: string | null;
  readonly subProductId: string | null;
  readonly subProductName: string;
  readonly unit: string | null;
  readonly currency: string | null;
  readonly quantity: Decimal | null;
  readonly unitPrice: Decimal | null;
  readonly unitCost: Decimal | null;
  readonly total: Decimal | null;
  readonly licences: Decimal | null;
  readonly trial: boolean;
  readonly file: string;
  readonly row: number;
}

export const TEXT_COLUMNS = [
  'site',
  'summary',
  'account',
  'company',
  'product',
  'subProductId',
  'subProductName',
  'unit',
  'currency',
  'file',
] as const;
export const NUMBER_COLUMNS = ['quantity', 'unitPrice', 'unitCost', 'total', 'licences'] as const;
export type TextColumn = (typeof TEXT_COLUMNS)[number];
export type NumberColumn = (typeof NUMBER_COLUMNS)[number];

/** `index[row]` points into `words`; -1 is null. As narrow as the number of words allows. */
export interface PackedText {
  readonly words: readonly string[];
  readonly index: Int8Array | Int16Array | Int32Array;
}
/**
 * `values[row] / 10^scale`, exact up to 2^53, as narrow as the largest allows; a bit of `valid` per row (bit `row & 7` of byte
 * `row >> 3`), unset is null and 0 in `values`.
 */
export interface PackedNumber {
  readonly scale: number;
  readonly values: Int16Array | Int32Array | Float64Array | Run;
  readonly valid: Uint8Array;
}
/**
 * At most 50,000 usage lines in columns. Never edited: a correction is a new import. Chunks of format 1 hold arrays where those of
 * format 2 may hold runs.
 */
export interface UsageChunk {
  readonly format: 1 | 2;
  readonly importId: string;
  readonly slice: number;
  readonly rows: number;
  readonly days: Int32Array | Run;
  readonly row: Int32Array | Run;
  readonly trial: Uint8Array;
  readonly texts: Readonly<Record<TextColumn, PackedText>>;
  readonly numbers: Readonly<Record<NumberColumn, PackedNumber>>;
  /** Exact column sums as decimals, and a checksum over all columns; the reader verifies both. */
  readonly sums: Readonly<Record<NumberColumn, Decimal>>;
  readonly checksum: string;
}
export const CHUNK_ROWS = 50_000;

/**
 * What one import brought. `id` = sha256 of bytes, source and profile version. `final` names the period that an undated file
 * is final for; `complete` says that the file is everything its sites reported on its dates (what it does not name there is 0).
 */
export interface ImportRecord {
  readonly id: string;
  readonly seq: number;
  readonly source: string;
  readonly profile: string | null;
  readonly state: 'staged' | 'committed';
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly kind: string }[];
  readonly counts: {
    readonly read: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly blank: number;
    readonly warned: number;
  };
  readonly slices: number;
  readonly periods: readonly Period[];
  readonly final: Period | null;
  readonly complete: boolean;
  readonly at: string;
}

export function isValid(valid: Uint8Array, row: number): boolean {
  return ((valid[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
}
