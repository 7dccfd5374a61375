import { dayOf, numberOfDay, periodOf, snapshotDayOf, type BillingCalendar, type Day, type Period, DEFAULT_CALENDAR } from './calendar';
import { add, fromScaled, isNegative, isZero, lineTotal, ZERO, type Decimal } from './decimal';
import type { Catalogue } from './catalogue';
import { customerKey } from './marketplace';
import { problem, type Problem } from './problem';
import { isValid, type ImportRecord, type NumberColumn, type TextColumn, type UsageChunk } from './usage';

/** Where a count comes from: the file and the row that the partner can open. */
export interface Evidence {
  readonly importId: string;
  readonly file: string;
  readonly row: number;
}

/** What one sub-product of one site counts for the period. `quantity` is paid usage only; null is unknown, never 0. */
export interface SubProductCount {
  readonly subProduct: string;
  readonly name: string;
  readonly quantity: Decimal | null;
  readonly trialQuantity: Decimal;
  readonly unit: string | null;
  readonly currency: string | null;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  /** The vendor's own charge for it, to compare with ours. */
  readonly vendorTotal: Decimal | null;
  readonly licences: Decimal | null;
  readonly evidence: readonly Evidence[];
}

/**
 * What one site reports of one product for one period, all from one date. `how`: the snapshot day, a file that is final for the
 * period, an earlier date (`stale`), only later dates (`late`), or nothing (`unknown`, which is never 0).
 */
export interface SiteCount {
  readonly product: string;
  readonly site: string;
  readonly period: Period;
  readonly account: string;
  readonly how: 'snapshot' | 'final' | 'stale' | 'late' | 'unknown';
  readonly date: Day | null;
  readonly source: string | null;
  readonly subscription: string | null;
  /** The company that the usage itself names, as evidence for the assignment. */
  readonly namedCompany: string | null;
  readonly counts: readonly SubProductCount[];
  /** `blocks` stop the customer; `warnings` are shown. */
  readonly blocks: readonly Problem[];
  readonly warnings: readonly Problem[];
}
