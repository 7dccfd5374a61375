import type { Day } from '../domain/calendar';
import type { CsvProfile } from '../domain/csv-profile';
import type { Company, Product, SubProduct, Subscription, UsageSummary } from '../domain/marketplace';
import type { RowProblem } from '../domain/importing';
import type { UsageLine } from '../domain/usage';

/** What a source reads, one record at a time. */
export type SourceRecord =
  | { readonly kind: 'usage'; readonly line: UsageLine }
  | { readonly kind: 'company'; readonly company: Company }
  | { readonly kind: 'product'; readonly product: Product }
  | { readonly kind: 'sub-product'; readonly subProduct: SubProduct }
  | { readonly kind: 'subscription'; readonly subscription: Subscription }
  | { readonly kind: 'summary'; readonly summary: UsageSummary };

/** What is in a file, told from its content and never from its name. `undated` files ask the partner which day or period they count. */
export interface Recognised {
  readonly source: string;
  readonly kind: string;
  readonly undated: boolean;
}

/** A file as it was picked, or as it lay in a zip (then `name` is `archive.zip/folder/name`). */
export interface SourceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What the partner and the database add to what a file says. */
export interface Reading {
  /** The day that an undated file counts; null for dated files. */
  readonly date: Day | null;
  /** How a CSV is read; null for every other source. */
  readonly profile: CsvProfile | null;
  /** Ids of the usage summaries that are known by now: those imported earlier and those read before this file. */
  readonly summaries: ReadonlySet<string>;
}

/**
 * One record of a file. Accepted: a record without an error (warnings are kept beside it). Blank: no record, no error. Rejected: an
 * error; a record beside an error is a usage line without any number, which keeps the customer unknown instead of counting 0.
 */
export interface SourceRow {
  readonly row: number;
  readonly record: SourceRecord | null;
  readonly problems: readonly RowProblem[];
  /** Bytes of the file that are read by now, for the progress. */
  readonly bytes: number;
  /** Set on a row 0 that is no row: a page of an answer with several, whose other pages may lie in other files. */
  readonly page?: PageNumber;
}
/** `answer` tells answers apart, `number` counts from 0. */
export interface PageNumber {
  readonly answer: string;
  readonly number: number;
  readonly total: number;
}

/** A pure reader of one kind of file. `read` never throws on content: whatever is wrong becomes a problem of a row. */
export interface Source {
  readonly name: string;
  readonly label: string;
  recognise(file: SourceFile): Recognised | null;
  read(file: SourceFile, reading: Reading): Generator<SourceRow>;
}

/** A usage line as far as its row could be read, without any number. */
export function withoutNumbers(line: UsageLine): UsageLine {
  return { ...line, quantity: null, unitPrice: null, unitCost: null, total: null, licences: null };
}

/** The one row of a file that is no text. */
export function unreadable(file: SourceFile): SourceRow {
  const reason = 'The bytes of this file are not readable text: save it as UTF-8 and try again';
  return {
    row: 1,
    bytes: file.bytes.length,
    record: null,
    problems: [{ file: file.name, row: 0, column: null, value: '', reason, severity: 'error' }],
  };
}
