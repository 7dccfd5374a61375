import type { Agreement, Binding, Connection, PsaLine } from './agreement';
import { finalDayOf, newestFinalPeriod, periodState, type BillingCalendar, type Day, type Period } from './calendar';
import type { Around } from './change';
import type { Decimal } from './decimal';
import type { NameTemplate } from './line-name';
import type { Company, Customer, SubProduct } from './marketplace';
import { priceOf, type PriceVersion } from './price';
import { bills, type SiteCount } from './snapshot';
import type { Synced } from './synced';

/** Everything stored that one customer's sync is a function of, beside what the partner chooses. Null is "not known", never "none". */
export interface SyncFacts {
  readonly customer: Customer;
  readonly connection: Connection;
  readonly vendor: string;
  readonly productName: string;
  readonly company: Company | null;
  readonly link: { readonly id: string; readonly name: string } | null;
  readonly count: SiteCount;
  /** Price of last month's billable counts; null where one is unknown. */
  readonly lastMonth: Decimal | null;
  readonly subProducts: readonly SubProduct[];
  readonly prices: readonly PriceVersion[];
  readonly bindings: readonly Binding[];
  /** Agreements of the linked company as they were read, and when. */
  readonly agreements: readonly Agreement[] | null;
  readonly agreementsReadAt: string | null;
  /** The agreements that live lines of ours are on, of whatever company, as far as they were read. */
  readonly oldAgreements: readonly Agreement[];
  /** Lines of the chosen agreement as they were read, and when. */
  readonly psaLines: readonly PsaLine[] | null;
  readonly linesReadAt: string | null;
  /** Kinds of lines that were read before the customer's last change was proven, or never. */
  readonly olderKinds: readonly PsaLine['kind'][];
  /** Lines of every agreement that the lines above or a remembered line stand on, as they were read. */
  readonly linesByAgreement: ReadonlyMap<string, readonly PsaLine[]>;
  /** Choices of the PSA as they were read. */
  readonly lookups: Around['lookups'];
  readonly synced: Synced | null;
  readonly held: ReadonlyMap<string, Decimal | null> | null;
  readonly subscriptionStart: Day | null;
  readonly period: Period;
  readonly today: Day;
  readonly calendar: BillingCalendar;
  readonly template: NameTemplate;
  /** Imports that the count rests on. */
  readonly imports: readonly string[];
  /** Changes with the usage that the count rests on. */
  readonly fingerprint: string;
}

/** Whether the period is one whose invoice has gone by: then only one-time lines can still bill it. */
export function isMissed({ period, today, calendar }: Pick<SyncFacts, 'period' | 'today' | 'calendar'>): boolean {
  return period < newestFinalPeriod(today, calendar);
}

/** The day on which the period becomes final, while it is not. */
export function finalOn({ period, today, calendar }: SyncFacts): Day | null {
  return periodState(period, today, calendar) === 'final' ? null : finalDayOf(period, calendar);
}

/** Sub-products of this customer that bill in the period. */
export function billingOf({ count }: SyncFacts): SiteCount['counts'] {
  return count.counts.filter(bills);
}

/** The currency of the lines: the usage's own, else that of the price list which prices them. */
export function currencyOf(facts: SyncFacts): string | null {
  const { company, prices, period } = facts;
  const currencies = [...new Set(billingOf(facts).flatMap((count) => priceOf(count, company?.id ?? null, prices, period).currency ?? []))];
  return currencies.length === 1 ? (currencies[0] ?? null) : null;
}
