import type { Day, Period } from './calendar';
import type { SyncOption } from './change';
import type { Decimal } from './decimal';

/** One line of ours as the PSA held it when we last proved or marked it. */
export interface SyncedLine {
  readonly lineKey: string;
  readonly option: SyncOption;
  readonly agreementId: string;
  /** The sub-products it bills; several for a single line. */
  readonly subProducts: readonly string[];
  readonly lineId: string | null;
  readonly productId: string | null;
  readonly name: string;
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  readonly effectiveDate: Day | null;
  /** The period whose count it holds. */
  readonly period: Period;
  /** How many requests of this line are settled: part of the next requestKey. */
  readonly settled: number;
  readonly endedOn: Day | null;
}

/** The last synced state of one customer at one connection: one record with its lines inside, read for every customer at once. */
export interface Synced {
  /** customerKey and connection, joined by the unit separator. */
  readonly key: string;
  readonly customer: string;
  readonly connection: string;
  readonly company: string | null;
  readonly agreementId: string;
  readonly option: SyncOption;
  readonly lines: readonly SyncedLine[];
  /** Sub-products that the partner left out or that the PSA could not take, by period: they withhold the flag. */
  readonly withheld: { readonly period: Period; readonly subProducts: readonly string[] } | null;
}

export function syncedKey(customer: string, connection: string): string {
  return `${customer}\u001f${connection}`;
}
