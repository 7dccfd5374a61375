import { billingDaysFrom, type BillingDay } from '../../domain/billing-days';
import type { DayEvent } from '../../files/icalendar';
import type { App } from '../context';
import { DAY_WORDS, sayDay } from '../copy/home';
import { offer } from '../offer';

const MONTHS = 12;

/** Hands out the billing days of the next twelve months for the partner's own calendar. */
export async function offerCalendar({ clock, calendar }: App): Promise<void> {
  const { icalendar } = await import('../../files/icalendar');
  const events = billingDaysFrom(clock.today(), MONTHS, calendar).map(eventOf);
  const text = icalendar(events, { name: 'Tallyline billing days', now: clock.now() });
  offer('tallyline-billing-days.ics', new Blob([text], { type: 'text/calendar;charset=utf-8' }));
}

/** The id names the period and not the day: where a day of the calendar moves, the event of an older file moves with it. */
function eventOf(day: BillingDay): DayEvent {
  return { uid: `${day.kind}-${day.period}@tallyline`, day: day.day, title: sayDay(day), text: DAY_WORDS[day.kind].text };
}
