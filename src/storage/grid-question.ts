import type { BillingCalendar, Day, Period } from '../domain/calendar';
import type { Catalogue } from '../domain/catalogue';
import type { NameTemplate } from '../domain/line-name';
import type { Customer } from '../domain/marketplace';
import type { SiteCount } from '../domain/snapshot';

/** What the grid of one customer at one connection is asked for. */
export interface GridQuestion {
  readonly customer: Customer;
  readonly connection: string;
  readonly agreementId: string | null;
  /** The company in the PSA, where the wizard chose one that is not linked yet. */
  readonly psaCompany: string | null;
  readonly period: Period;
  readonly today: Day;
  readonly calendar?: BillingCalendar;
}

/** A counted month with what every customer of it shares. Counting is the dear part: it is done once for all of them. */
export interface MonthFacts {
  readonly period: Period;
  readonly today: Day;
  readonly calendar: BillingCalendar;
  readonly catalogue: Catalogue;
  readonly template: NameTemplate;
  readonly countOf: (customer: Customer) => SiteCount;
  readonly previousOf: (customer: Customer) => SiteCount | null;
}
