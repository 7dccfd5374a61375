import {
  finalDayOf,
  invoiceDayOf,
  periodOf,
  shiftPeriod,
  snapshotDayOf,
  DEFAULT_CALENDAR,
  type BillingCalendar,
  type Day,
  type Period,
} from './calendar';

/** A day on which something happens to a period: it is counted, it is final, it is invoiced. */
export interface BillingDay {
  readonly kind: 'snapshot' | 'final' | 'invoice';
  readonly period: Period;
  readonly day: Day;
}

/** The days of one period, in the order in which they come. */
export function billingDaysOf(period: Period, calendar: BillingCalendar = DEFAULT_CALENDAR): BillingDay[] {
  const invoice = invoiceDayOf(period, calendar);
  return [
    { kind: 'snapshot', period, day: snapshotDayOf(period, calendar) },
    { kind: 'final', period, day: finalDayOf(period, calendar) },
    ...(invoice === null ? [] : [{ kind: 'invoice', period, day: invoice } as const]),
  ];
}

/** Every billing day from `today` until the same day `months` later, by day: each kind once a month. */
export function billingDaysFrom(today: Day, months: number, calendar: BillingCalendar = DEFAULT_CALENDAR): BillingDay[] {
  const first = shiftPeriod(periodOf(today), -1);
  const end = `${shiftPeriod(periodOf(today), months)}${today.slice(7)}`;
  return Array.from({ length: months + 2 }, (_, at) => billingDaysOf(shiftPeriod(first, at), calendar))
    .flat()
    .filter(({ day }) => day >= today && day < end)
    .sort((left, right) => (left.day < right.day ? -1 : left.day > right.day ? 1 : 0));
}
