import { finalDayOf, type BillingCalendar, type Day, type Period } from '../domain/calendar';
import { thenRows, type ThenRow } from '../domain/month-then';
import type { Database } from './db';
import { monthStanding } from './month';
import type { PlanRecord } from './rows';
import { grouped } from './stored';
import { recordAt, standingThen, tablesThen } from './then';

/** An import of the month that came since. */
export interface LaterImport {
  readonly id: string;
  readonly at: string;
  readonly files: readonly string[];
}

/** A month as it was known at the end of a day. */
export interface MonthThen {
  readonly rows: readonly ThenRow[];
  readonly later: readonly LaterImport[];
  /** The plans of the month that were confirmed by then, by customer, oldest first. */
  readonly plans: ReadonlyMap<string, readonly PlanRecord[]>;
  /** Whether anything was on record by then. */
  readonly isBegun: boolean;
  /** Whether everything was remembered: names and what a wizard bound before the journal began are those of now. */
  readonly isExact: boolean;
}

/** Which month, at which instant, seen on which day; `today` is the reader's own. */
export interface MonthThenQuestion {
  readonly period: Period;
  readonly until: string;
  readonly day: Day;
  readonly today: Day;
  readonly calendar: BillingCalendar;
}

/** What was known of a month at an instant, beside what is known of it now. */
export async function monthThen(db: Database, { period, until, day, today, calendar }: MonthThenQuestion): Promise<MonthThen> {
  const record = await recordAt(db, until);
  const [tables, meta, imports, plans, products, prices] = await Promise.all([
    tablesThen(db, record),
    db.meta.get('database'),
    db.imports.where('state').equals('committed').toArray(),
    db.plans.filter((one) => one.period === period && one.confirmedAt <= until).sortBy('seq'),
    monthStanding(db, { period, today, calendar }),
    db.prices.toArray(),
  ]);
  const then = await standingThen(db, tables, { period, record, today: day, calendar });
  const later = imports.filter((one) => one.seq > record && one.periods.includes(period)).sort((left, right) => left.seq - right.seq);
  return {
    rows: thenRows({ products: then, prices: tables.prices }, { products, prices }, new Map(later.map(({ id, at }) => [id, at]))),
    later: later.map(({ id, at, files }) => ({ id, at, files: files.map(({ name }) => name) })),
    plans: grouped(plans, ({ customer }) => customer ?? ''),
    isBegun: record > 0,
    isExact: record >= (meta?.journalSince ?? 0),
  };
}

/** The day on which a month is asked for first: when it was planned last, else when it became final, once anything was on record. */
export async function usualDay(
  db: Database,
  { period, today, calendar }: Pick<MonthThenQuestion, 'period' | 'today' | 'calendar'>,
): Promise<Day> {
  const [plans, first] = await Promise.all([db.plans.filter((one) => one.period === period).toArray(), db.audit.orderBy('seq').first()]);
  const planned = plans.map(({ confirmedOn }) => confirmedOn).sort();
  const begun = first?.at.slice(0, 10) ?? today;
  const usual = planned.at(-1) ?? (begun > finalDayOf(period, calendar) ? begun : finalDayOf(period, calendar));
  return usual > today ? today : usual;
}
