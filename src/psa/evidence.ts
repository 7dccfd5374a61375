import type { Json } from '../domain/canonical';
import type { PsaRequest } from './exchange';

/**
 * A value that a row holds. `field` is a dotted path into the row, in which `[last x]` is the element of a list whose `x` is the greatest,
 * and `[last x to y]` the one with the greatest `x` up to the day `y`. `equals` may be `{"$use": name}`.
 */
export interface Held {
  readonly field: string;
  readonly equals: Json;
  /** Compared exactly, as days (ten characters), as a day that is not after it, as numbers (in a text, too), or as a part of the text. */
  readonly as: 'value' | 'day' | 'until' | 'number' | 'part';
}

/**
 * How a script that knows no PSA finds what a request writes: one read, the rows that are ours, and what they must hold. `rows` is the
 * dotted path of the rows in the answer, '' for the answer itself.
 */
export interface Evidence {
  readonly read: PsaRequest;
  readonly rows: string;
  /** The dotted path of a row's id, with the JSON type that later requests use. */
  readonly id: string;
  /**
   * The dotted path of the flag that says that another page follows, where the PSA cannot search: the page is then `{"$use": "page"}` in
   * the body of `read`. Absent where one answer holds all.
   */
  readonly more?: string;
  /** All of them make a row ours. */
  readonly where: readonly Held[];
  /** All of these make a row ours as well, at a PSA that may not keep our key. */
  readonly alike?: readonly Held[];
  /** The field whose day ends a row; ended rows are not ours. Null where an end is what the request writes, or the PSA has none. */
  readonly ended: string | null;
  /** What the row must hold for the change to be sent; empty for a new row, which must not be there. */
  readonly before: readonly Held[];
  readonly after: readonly Held[];
  /** What each row of the answer must hold for the change to be sent, where it moves others along with ours. Absent, they do not matter. */
  readonly every?: readonly Held[];
  /** True where the change takes the row away: afterwards there is none. */
  readonly gone?: boolean;
  /** Rows beside ours that must still hold what the request sends back with it. */
  readonly others: readonly { readonly where: readonly Held[]; readonly held: readonly Held[] }[];
  /** How many rows must be there before the write, where it sends all of them back: one more would be lost. Absent, any number. */
  readonly rowsBefore?: number;
}
