import { shiftPeriod, type BillingCalendar, type Period } from '../domain/calendar';
import { billableCount } from '../domain/billable';
import { customerKey, versionFor } from '../domain/marketplace';
import { countMonth } from '../domain/month';
import { monthFigures, type FigureFacts, type MonthFigures } from '../domain/month-figures';
import { priceIndex } from '../domain/priced-line';
import { withRests, type Rest } from '../domain/steps';
import { billingSources } from './billing-source';
import type { Database } from './db';
import { catalogue, committedUsage } from './month';
import { grouped } from './stored';

/** Which months: the newest one and how many at the most. */
export interface MonthsAsked {
  readonly until: Period;
  readonly most: number;
  readonly calendar: BillingCalendar;
}

/**
 * What each month counts and is worth, the oldest first, from the first of them that has usage. Everything is read at once and each month
 * is counted once, in small steps with a `rest` between them, so that a page that asks stays quick.
 */
export async function figuresOfMonths(db: Database, { until, most, calendar }: MonthsAsked, rest: Rest): Promise<MonthFigures[]> {
  const asked = Array.from({ length: most }, (_, at) => shiftPeriod(until, at - most + 1));
  const [usage, names, billedBy, assignments, prices, rules] = await Promise.all([
    committedUsage(db, asked),
    catalogue(db),
    billingSources(db),
    db.assignments.toArray(),
    db.prices.toArray(),
    db.rules.toArray(),
  ]);
  const versions = grouped(assignments, customerKey);
  const index = priceIndex(prices);
  const first = asked.findIndex((period) => usage.some(({ record }) => record.periods.includes(period)));
  const found: MonthFigures[] = [];
  for (const period of first < 0 ? [] : asked.slice(first)) {
    const facts: FigureFacts = {
      ...{ catalogue: names, prices: index },
      billed: (count, company) => billableCount(count, { rules, company, prices, subProducts: names.subProducts }),
      companyOf: (key) => versionFor(versions.get(key) ?? [], period)?.company ?? null,
    };
    found.push(await withRests(monthFigures(countMonth(usage, names, period, { calendar, billedBy }), facts), rest));
  }
  return found;
}
