import { afterEach, expect, test, vi } from 'vitest';
import { createActor, fromCallback, fromPromise, waitFor } from 'xstate';
import { DEFAULT_CALENDAR, periodOf, shiftPeriod, type Day, type Period } from '../../src/domain/calendar';
import type { Problem } from '../../src/domain/problem';
import { autoSync, dueOn } from '../../src/machines/auto-sync';
import { LocalClock } from '../../src/ui/clock.svelte';

/** Zones whose clocks turn at different hours, at midnight too, and at both ends of the date line. */
const ZONES = [
  ...['Europe/Berlin', 'America/New_York', 'America/Santiago', 'Africa/Cairo'],
  ...['Pacific/Auckland', 'Australia/Lord_Howe', 'Pacific/Apia', 'Pacific/Honolulu', 'Asia/Kolkata'],
];
const HOUR = 3_600_000;
const BEGIN = Date.parse('2023-12-25T00:30:00Z');
const zone = process.env['TZ'];

afterEach(() => {
  vi.useRealTimers();
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

test.each(ZONES)(
  '%s: hour by hour over two years, a leap day among them, the page knows the day, and each month is due from the 3rd',
  (name) => {
    const inZone = placed(name);
    const due: [Day, Period][] = [];
    for (let at = BEGIN; at < BEGIN + 750 * 24 * HOUR; at += HOUR) {
      const today = openedAt(at);
      if (today !== inZone.format(at)) expect([new Date(at).toISOString(), today]).toEqual([new Date(at).toISOString(), inZone.format(at)]);
      if (due.at(-1)?.[1] !== dueOn(today)) due.push([today, dueOn(today)]);
    }
    const months = Array.from({ length: 26 }, (_, n) => shiftPeriod('2023-11', n));
    expect(due.slice(1)).toEqual(months.slice(1).map((month) => [`${shiftPeriod(month, 1)}-03`, month]));
  },
);

test.each(ZONES)(
  '%s: a laptop that is opened now and then plans the newest final month each time, also when it was closed on the 3rd',
  async (name) => {
    const inZone = placed(name);
    const planned: Day[] = [];
    const actor = createActor(
      autoSync.provide({
        actors: {
          turn: fromCallback(({ sendBack }) => sendBack({ type: 'turn taken' })),
          plan: fromPromise(({ input }) => {
            planned.push(input.today);
            return Promise.resolve({ goes: 0, prepared: 0, waits: 0 });
          }),
          confirm: fromPromise(() => Promise.resolve({ goes: 0, prepared: 0, waits: 0 })),
          deliver: fromPromise<Problem | null>(() => Promise.resolve(null)),
        },
      }),
      { input: { calendar: DEFAULT_CALENDAR } },
    ).start();
    const days: Day[] = [];
    for (let at = BEGIN, away = 1; at < BEGIN + 750 * 24 * HOUR; at += away * HOUR, away = (away * 7) % 1009) {
      const today = openedAt(at);
      days.push(inZone.format(at));
      actor.send({ type: 'tick', today, on: true });
      const rested = await waitFor(actor, (snapshot) => !snapshot.hasTag('busy'));
      const ended = shiftPeriod(periodOf(inZone.format(at)), -1);
      const isFinal = Number(inZone.format(at).slice(8)) >= 3;
      expect([rested.value, dueOn(today)]).toEqual(
        isFinal ? ['done for the period', ended] : ['waiting for the final day', shiftPeriod(ended, -1)],
      );
    }
    actor.stop();
    expect(planned).toEqual(days);
  },
);

/** What the page takes for today when it is opened at an instant. */
function openedAt(at: number): Day {
  vi.setSystemTime(at);
  const clock = new LocalClock();
  clock.stop();
  return clock.today();
}

/** The person's zone, and the day in it by the browser's own calendar. */
function placed(name: string): Intl.DateTimeFormat {
  process.env['TZ'] = name;
  vi.useFakeTimers({ toFake: ['Date'] });
  return new Intl.DateTimeFormat('en-CA', { timeZone: name, year: 'numeric', month: '2-digit', day: '2-digit' });
}
