import { push } from 'svelte-spa-router';
import { DEFAULT_CALENDAR, newestFinalPeriod, type BillingCalendar, type Day, type Period } from '../domain/calendar';
import type { Database } from '../storage/db';
import { changeSetting } from '../storage/settings';
import type { DemoClock, LocalClock } from './clock.svelte';
import type { App, Workspace } from './context';
import { live } from './live';
import type { Announcer } from './announcer.svelte';

/** The setting that keeps the demo's date. */
export const DEMO_DATE = 'demo date';

/** An open workspace: what `app()` gives to every screen. */
export class OpenWorkspace implements App {
  readonly db: Database;
  readonly workspace: Workspace;
  readonly clock: LocalClock | DemoClock;
  readonly newId: () => string;
  readonly calendar: BillingCalendar = DEFAULT_CALENDAR;
  readonly #announcer: Announcer;
  #chosen = $state<Period | null>(null);
  readonly #period = $derived(this.#chosen ?? newestFinalPeriod(this.clock.today(), this.calendar));
  readonly standings = $derived(
    live((period: Period, today: Day) => standingOf(this.db, { period, today, calendar: this.calendar }), this.#period, this.clock.today()),
  );

  constructor(db: Database, workspace: Workspace, clock: LocalClock | DemoClock, newId: () => string, announcer: Announcer) {
    this.db = db;
    this.workspace = workspace;
    this.clock = clock;
    this.newId = newId;
    this.#announcer = announcer;
  }

  get period(): Period {
    return this.#period;
  }
  choosePeriod(period: Period | null): void {
    this.#chosen = period;
  }
  navigate(path: string): void {
    void push(path);
  }
  announce(text: string): void {
    this.#announcer.say(text);
  }
  /** Steps the demo to another of its days; the month follows. */
  async stepDemo(day: Day): Promise<void> {
    await changeSetting(this.db, this.clock.now(), DEMO_DATE, day);
    if ('set' in this.clock) this.clock.set(day);
    this.choosePeriod(null);
  }
}

// eslint-disable-next-line @typescript-eslint/no-unused-vars
function standingOf(
  _db: Database,
  _options: { period: Period; today: Day; calendar: BillingCalendar },
): readonly import('../domain/standing').ProductStanding[] {
  return [];
}
