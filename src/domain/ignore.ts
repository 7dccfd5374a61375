import type { Day } from './calendar';
import type { Customer } from './marketplace';

/**
 * The differences of a customer are left alone on purpose: from `at`, until the end of a day (`until`), or until the partner takes it
 * back. Versions are appended; the newest by `seq` holds, and one with `lifted` takes the one before it back.
 */
export interface Ignore extends Customer {
  /** The one line that it is about, by the key of its reconciliation; absent where it is the customer. */
  readonly line?: string;
  readonly reason: string;
  readonly until: Day | null;
  readonly lifted: boolean;
  readonly seq: number;
  readonly at: string;
}

/** The customer's ignore that holds on a day, or null. */
export function ignoreOn(versions: readonly Ignore[], today: Day): Ignore | null {
  const newest = versions.reduce<Ignore | null>((last, version) => (last === null || version.seq > last.seq ? version : last), null);
  return newest === null || newest.lifted || (newest.until !== null && newest.until < today) ? null : newest;
}
