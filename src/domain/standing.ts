import type { Day, Period, PeriodState } from './calendar';
import type { Decimal } from './decimal';
import type { Company, Customer } from './marketplace';
import type { Problem } from './problem';
import type { SiteCount } from './snapshot';

/** Why a line needs a look. */
export type ChangeReason = 'new' | 'quantity changed' | 'gone' | 'price changed' | 'agreement changed' | 'withheld';

/** One sub-product of one customer against last month and against what was last synced. Null is unknown, never 0. */
export interface Movement {
  readonly subProduct: string;
  readonly name: string;
  readonly previous: Decimal | null;
  readonly synced: Decimal | null;
  readonly current: Decimal | null;
  /** current - synced (0 where never synced). */
  readonly delta: Decimal | null;
  /** delta x price in the currency's minor unit; null when the price is unknown. */
  readonly money: Decimal | null;
  readonly currency: string | null;
  readonly reason: ChangeReason | null;
}

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

/** One product row of the Subscriptions screen. `compared` of `customers` says how many could be compared. */
export interface ProductStanding {
  readonly product: string;
  readonly name: string;
  readonly vendor: string;
  readonly customers: number;
  readonly synced: number;
  readonly changed: number;
  readonly needCompany: number;
  readonly blocked: number;
  readonly compared: number;
  readonly quantity: Decimal;
  readonly delta: Decimal | null;
  readonly cost: Decimal | null;
  readonly price: Decimal | null;
  readonly margin: Decimal | null;
  readonly currency: string | null;
  readonly subscriptionStart: Day | null;
  readonly standings: readonly Standing[];
}
