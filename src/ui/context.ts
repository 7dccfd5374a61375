import { getContext } from 'svelte';
import type { BillingCalendar, Day, Period } from '../domain/calendar';
import type { ProductStanding } from '../domain/standing';
import type { Database } from '../storage/db';
import type { Live } from './live';

export type Workspace = 'demo' | 'own';

/** What every screen of an open workspace may use. Everything that changes is a rune: read it in markup or in `$derived`. */
export interface App {
  readonly db: Database;
  readonly workspace: Workspace;
  /** In the demo `today` is the demo date; `now` is an ISO instant on that day. */
  readonly clock: { today(): Day; now(): string };
  readonly newId: () => string;
  readonly calendar: BillingCalendar;
  /** The month that the partner looks at; the newest final one unless another was chosen. */
  readonly period: Period;
  /** Null goes back to the newest final month. */
  choosePeriod(period: Period | null): void;
  /** The standing of every product in `period`, shared by the navigation and the screens. */
  readonly standings: Live<readonly ProductStanding[]>;
  /** Goes to a route of `paths.ts`, such as `/subscriptions`. */
  navigate(path: string): void;
  /** Says something to screen readers without moving the focus. */
  announce(text: string): void;
}

/** The context key, exported so that a test can give its own: `render(Screen, { context: new Map([[APP, fake]]) })`. */
export const APP = Symbol('app');

export function app(): App {
  return getContext<App>(APP);
}
