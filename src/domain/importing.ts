import type { Day, Period } from './calendar';
import type { CsvColumn, CsvProfile, DateStyle, DecimalStyle } from './csv-profile';
import type { ProductOverlap } from './overlap';
import type { Problem } from './problem';
import type { ImportRecord } from './usage';

/** One bad or doubtful row: which file, row (1-based, as the partner sees it; 0 is the file as a whole), column, value, and why. */
export interface RowProblem {
  readonly file: string;
  readonly row: number;
  readonly column: string | null;
  readonly value: string;
  readonly reason: string;
  /** An `error` row stays out unless repaired; a `warning` row goes in. */
  readonly severity: 'error' | 'warning';
}

/** A guess and why; a null value says that the partner has to choose. */
export interface Guess<T> {
  readonly value: T | null;
  readonly reason: string;
}

/** What a CSV seems to be. Every part is a guess that the partner sees as one; `repeated` headers make the file unreadable. */
export interface CsvGuess {
  readonly encoding: string;
  readonly delimiter: string;
  /** 1-based row of the file. */
  readonly headerRow: number;
  readonly header: readonly string[];
  readonly repeated: readonly string[];
  readonly columns: readonly { readonly column: CsvColumn; readonly index: number; readonly reason: string }[];
  readonly decimals: Guess<DecimalStyle>;
  readonly dates: Guess<DateStyle>;
  /** The first rows as they lie in the file, to choose the header from. */
  readonly top: readonly (readonly string[])[];
}

/** What lies in the picked files. `kind` null: nobody knows this file. `sameAs`: another file with the same bytes, which counts. */
export interface FileFinding {
  readonly name: string;
  readonly bytes: number;
  readonly kind: string | null;
  readonly sameAs: string | null;
}
export interface Inspection {
  readonly files: readonly FileFinding[];
  readonly source: string;
  /** The files carry no dates: ask what they count. For a CSV it depends on the profile. */
  readonly undated: boolean;
  readonly csv: { readonly guess: CsvGuess; readonly saved: { readonly name: string; readonly profile: CsvProfile } | null } | null;
}

/** What the partner adds: for undated files the day they counted or the month they are final for; for a CSV how it is read. */
export interface Answers {
  readonly date: Day | null;
  readonly final: Period | null;
  readonly profile: CsvProfile | null;
  /** Exact copies of a row count once (they are listed as bad rows), or each is real usage. */
  readonly copies: 'once' | 'each';
}

export interface Progress {
  readonly bytes: number;
  readonly total: number;
  readonly rows: number;
}

export interface ReasonGroup {
  readonly reason: string;
  readonly severity: RowProblem['severity'];
  readonly count: number;
}

/** What a staged import would bring. `clean`: nothing is rejected, changed or left unmentioned, so nothing needs a decision. */
export interface Review {
  readonly importId: string;
  readonly counts: ImportRecord['counts'];
  readonly periods: readonly Period[];
  readonly reasons: readonly ReasonGroup[];
  /** The first bad rows; all of them are in the table `rejects`. */
  readonly samples: readonly RowProblem[];
  readonly copies: number;
  readonly overlap: readonly ProductOverlap[];
  readonly registry: { readonly companies: number; readonly products: number; readonly subscriptions: number; readonly summaries: number };
  readonly clean: boolean;
}

/** How the importer in the worker answers. */
export type ImporterReply =
  | { readonly type: 'inspected'; readonly inspection: Inspection }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'staged'; readonly review: Review }
  | { readonly type: 'known'; readonly record: ImportRecord }
  | { readonly type: 'committed'; readonly record: ImportRecord; readonly assigned: number }
  | { readonly type: 'failed'; readonly problem: Problem };
