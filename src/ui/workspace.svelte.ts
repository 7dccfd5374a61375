import { push } from 'svelte-spa-router';
import { DEFAULT_CALENDAR, newestFinalPeriod, type BillingCalendar, type Day, type Period } from '../domain/calendar';
import type { ProductStanding } from '../domain/standing';
import type { Rest } from '../domain/steps';
import type { Database } from '../storage/db';
import { invoiceDay, keepSetting } from '../storage/settings';
import type { DemoClock, LocalClock } from './clock.svelte';
import type { App, Workspace } from './context';
import { live, liveInSteps, type Live } from './live';
import type { Announcer } from './announcer.svelte';

/** The setting that keeps the demo's date. */
export const DEMO_DATE = 'demo date';

export type Standings = (
  db: Database,
  asked: { period: Period; today: Day; calendar: BillingCalendar },
  rest: Rest,
) => Promise<readonly ProductStanding[]>;

/** An open workspace: what `app()` gives to every screen. */
export class OpenWorkspace implements App {
  readonly db: Database;
  readonly workspace: Workspace;
  readonly clock: LocalClock | DemoClock;
  readonly newId: () => string;
  readonly #announcer: Announcer;
  readonly #query: Standings;
  /** What the demo does when its date was stepped. */
  readonly #stepped: (day: Day) => Promise<void>;
  #chosen = $state<Period | null>(null);

  constructor(own: {
    db: Database;
    workspace: Workspace;
    clock: LocalClock | DemoClock;
    newId: () => string;
    announcer: Announcer;
    standings: Standings;
    stepped: (day: Day) => Promise<void>;
  }) {
    this.db = own.db;
    this.workspace = own.workspace;
    this.clock = own.clock;
    this.newId = own.newId;
    this.#announcer = own.announcer;
    this.#query = own.standings;
    this.#stepped = own.stepped;
  }

  readonly #invoiceDay = $derived.by(() => live(invoiceDay, this.db));
  readonly #calendar = $derived.by((): BillingCalendar => {
    const day = this.#invoiceDay.current ?? null;
    return day === null ? DEFAULT_CALENDAR : { ...DEFAULT_CALENDAR, invoiceDay: day };
  });
  readonly #standings = $derived.by(() =>
    liveInSteps(this.#query, this.db, { period: this.period, today: this.clock.today(), calendar: this.calendar }),
  );

  get calendar(): BillingCalendar {
    return this.#calendar;
  }
  get standings(): Live<readonly ProductStanding[]> {
    return this.#standings;
  }
  get period(): Period {
    return this.#chosen ?? newestFinalPeriod(this.clock.today(), this.calendar);
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
    await keepSetting(this.db, this.clock.now(), DEMO_DATE, day);
    await this.#stepped(day);
    if ('set' in this.clock) this.clock.set(day);
    this.choosePeriod(null);
  }
}
