import type { Day } from '../domain/calendar';

/** The demo's days: counted in December, final in January, and the next month. */
export const DEMO_DAYS: readonly { readonly day: Day; readonly meaning: string }[] = [
  { day: '2020-12-19', meaning: 'December is counted' },
  { day: '2021-01-03', meaning: 'December is final' },
  { day: '2021-02-03', meaning: 'January is final' },
];
export const FIRST_DEMO_DAY: Day = '2021-01-03';

/** Today of the person in front of the page; turns with the calendar while the page stays open. */
export class LocalClock {
  #today = $state(localDay());
  readonly #timer: ReturnType<typeof setInterval>;

  constructor() {
    this.#timer = setInterval(() => (this.#today = localDay()), 30_000);
  }
  today(): Day {
    return this.#today;
  }
  now(): string {
    return new Date().toISOString();
  }
  stop(): void {
    clearInterval(this.#timer);
  }
}

/** A day that stands still until somebody steps it. */
export class DemoClock {
  #today = $state(FIRST_DEMO_DAY);

  constructor(day: Day) {
    this.#today = day;
  }
  today(): Day {
    return this.#today;
  }
  now(): string {
    return `${this.#today}${new Date().toISOString().slice(10)}`;
  }
  set(day: Day): void {
    this.#today = day;
  }
  stop(): void {
    // Nothing runs.
  }
}

function localDay(): Day {
  const date = new Date();
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}
