import { newestFinalPeriod, shiftPeriod, type BillingCalendar, type Day, type Period } from '../domain/calendar';
import { billableCount } from '../domain/billable';
import { customerKey, customerOf, versionFor } from '../domain/marketplace';
import { countMonth } from '../domain/month';
import type { MonthFigures } from '../domain/month-figures';
import { priceIndex, pricedLines } from '../domain/priced-line';
import type { ProjectedLine } from '../domain/what-if';
import { entriesByCustomer, siteCountOf, type SiteCount } from '../domain/snapshot';
import { STEP, type Rest } from '../domain/steps';
import { billingSources } from './billing-source';
import type { Database } from './db';
import { catalogue, committedUsage } from './month';
import { figuresOfMonths } from './month-figures';
import { grouped } from './stored';

/** What the month that is not final yet is expected to bill, and the months before it. */
export interface ProjectionFacts {
  readonly period: Period;
  readonly lines: readonly ProjectedLine[];
  /** Customers counted in the period so far, those whose count of the month before stands in, and those of whom a quantity is unknown. */
  readonly counted: number;
  readonly carried: number;
  readonly unknown: number;
  readonly months: readonly MonthFigures[];
}

const MONTHS = 12;

/** The newest count of each site until today; a site that is not counted in the period yet counts as in the month before. */
export async function projectionFacts(
  db: Database,
  { today, calendar }: { readonly today: Day; readonly calendar: BillingCalendar },
  rest: Rest,
): Promise<ProjectionFacts> {
  const period = shiftPeriod(newestFinalPeriod(today, calendar), 1);
  const before = shiftPeriod(period, -1);
  const [usage, names, billedBy, assignments, prices, rules, months] = await Promise.all([
    committedUsage(db, [period, before]),
    catalogue(db),
    billingSources(db),
    db.assignments.toArray(),
    db.prices.toArray(),
    db.rules.toArray(),
    figuresOfMonths(db, { until: before, most: MONTHS, calendar }, rest),
  ]);
  const companies = grouped(assignments, customerKey);
  const index = priceIndex(prices);
  const seen = new Set<string>();
  const lines: ProjectedLine[] = [];
  const found = { counted: 0, carried: 0, unknown: 0 };
  for (const own of [period, before]) {
    const month = countMonth(usage, names, own, { calendar, billedBy });
    await rest();
    const entries = entriesByCustomer(month);
    for (const [customer, key] of month.customers.entries()) {
      if (customer % STEP === STEP - 1) await rest();
      const count = siteCountOf(month, customer, entries[customer] ?? [], names);
      if (seen.has(key) || !isReached(count, today)) continue;
      seen.add(key);
      found[month.period === period ? 'counted' : 'carried'] += 1;
      found.unknown += count.counts.filter(({ quantity }) => quantity === null).length;
      lines.push(...linesOf(count));
    }
  }
  return { period, lines, months, ...found };

  function linesOf(count: SiteCount): ProjectedLine[] {
    const { product } = customerOf(customerKey(count));
    const company = versionFor(companies.get(customerKey(count)) ?? [], period)?.company ?? null;
    const billed = billableCount({ ...count, period }, { rules, company, prices, subProducts: names.subProducts });
    return pricedLines(billed, company, index).map(({ subProduct, name, quantity, unitPrice, unitCost, currency }) => ({
      ...{ product, productName: names.products.get(product)?.name ?? product, subProduct, name },
      ...{ quantity, unitPrice, unitCost, currency },
    }));
  }
}

function isReached({ date }: SiteCount, today: Day): boolean {
  return date !== null && date <= today;
}
