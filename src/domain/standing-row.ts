import type { Period, PeriodState } from './calendar';
import type { Decimal } from './decimal';
import type { Company, Customer } from './marketplace';
import type { Movement } from './movement';
import type { Problem } from './problem';
import type { SiteCount } from './snapshot';

/**
 * `synced`: every billable count of the period is in the PSA. `changed`: synced before, and something differs now.
 * `never synced`: nothing of it is in the PSA yet. `needs company`, `blocked` (unknown, late or broken count), `nothing to bill` (only trials or true zeros).
 */
export type Flag = 'synced' | 'changed' | 'never synced' | 'needs company' | 'blocked' | 'nothing to bill';

/** One customer row of a subscription in a period: what the panel, the Unsynced list and the wizard's door show. */
export interface Standing {
  readonly key: string;
  readonly customer: Customer;
  readonly account: string;
  readonly company: Company | null;
  readonly assignedBy: 'partner' | 'summary' | 'domain' | 'external id' | null;
  readonly period: Period;
  readonly periodState: PeriodState;
  readonly count: SiteCount;
  readonly movements: readonly Movement[];
  readonly flag: Flag;
  /** Cost, price and margin of the period; null where a price (or cost) is unknown. One currency or null. */
  readonly cost: Decimal | null;
  readonly price: Decimal | null;
  readonly margin: Decimal | null;
  readonly currency: string | null;
  readonly problems: readonly Problem[];
}

/** Whether a sync of this customer has something to do. */
export function isUnsynced({ flag }: Standing): boolean {
  return flag === 'changed' || flag === 'never synced';
}

/** Whether a person has to look before anything can be synced. */
export function needsLook({ flag }: Standing): boolean {
  return flag === 'needs company' || flag === 'blocked';
}
