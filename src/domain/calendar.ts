import { UTCDate } from '@date-fns/utc';
import { isValid } from 'date-fns';

/** A usage month, `2026-03`. */
export type Period = string;
/** A calendar day, `2026-03-19`, without a time zone. */
export type Day = string;
export type PeriodState = 'open' | 'counted' | 'final';

/** The days of product.md section 2. They are data: a subscription may have its own. */
export interface BillingCalendar {
  readonly snapshotDay: number;
  readonly finalDay: number;
  /** The day of the next month by which the partner's own invoices go out. */
  readonly invoiceDay?: number;
}
export const DEFAULT_CALENDAR: BillingCalendar = { snapshotDay: 19, finalDay: 3, invoiceDay: 5 };

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && isValid(new UTCDate(`${text}T00:00:00Z`)) && dayOf(numberOfDay(text)) === text;
}

export function isPeriod(text: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
}

export function periodOf(day: Day): Period {
  return day.slice(0, 7);
}

export function shiftPeriod(period: Period, months: number): Period {
  const month = Number(period.slice(0, 4)) * 12 + Number(period.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((((month % 12) + 12) % 12) + 1).padStart(2, '0')}`;
}

export function firstDayOf(period: Period): Day {
  return `${period}-01`;
}

export function lastDayOf(period: Period): Day {
  return shiftDay(firstDayOf(shiftPeriod(period, 1)), -1);
}

export function shiftDay(day: Day, days: number): Day {
  return dayOf(numberOfDay(day) + days);
}

/** The day whose count bills the period. */
export function snapshotDayOf(period: Period, calendar: BillingCalendar = DEFAULT_CALENDAR): Day {
  return inMonth(period, calendar.snapshotDay);
}

/** The day of the next month from which the period is final: the marketplace's billing run. */
export function finalDayOf(period: Period, calendar: BillingCalendar = DEFAULT_CALENDAR): Day {
  return inMonth(shiftPeriod(period, 1), calendar.finalDay);
}

/** The day of the next month on which the partner invoices the period, never before it is final; null where no day is chosen. */
export function invoiceDayOf(period: Period, calendar: BillingCalendar = DEFAULT_CALENDAR): Day | null {
  const { invoiceDay, finalDay } = calendar;
  return invoiceDay === undefined ? null : inMonth(shiftPeriod(period, 1), Math.max(invoiceDay, finalDay));
}

export function periodState(period: Period, today: Day, calendar: BillingCalendar = DEFAULT_CALENDAR): PeriodState {
  if (today >= finalDayOf(period, calendar)) return 'final';
  return today >= snapshotDayOf(period, calendar) ? 'counted' : 'open';
}

export function newestFinalPeriod(today: Day, calendar: BillingCalendar = DEFAULT_CALENDAR): Period {
  const previous = shiftPeriod(periodOf(today), -1);
  return periodState(previous, today, calendar) === 'final' ? previous : shiftPeriod(previous, -1);
}

/** Days since 1970-01-01, as packed usage keeps them. */
export function numberOfDay(day: Day): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))) / 86_400_000;
}

export function dayOf(number: number): Day {
  const known = DAYS.get(number);
  if (known !== undefined) return known;
  if (DAYS.size > 10_000) DAYS.clear();
  const day = new Date(number * 86_400_000).toISOString().slice(0, 10);
  DAYS.set(number, day);
  return day;
}

/** Thousands of customers are counted on the same few days. */
const DAYS = new Map<number, Day>();

function inMonth(period: Period, day: number): Day {
  const wanted = `${period}-${String(day).padStart(2, '0')}`;
  const last = lastDayOf(period);
  return wanted < last ? wanted : last;
}
