import type { Connection, PsaLine } from '../domain/agreement';
import type { Day } from '../domain/calendar';
import type { Delivery, DeliveryNews, DeliveryProgress } from '../domain/delivery';
import type { Plan } from '../domain/plan';
import type { Problem } from '../domain/problem';
import type { PsaAdapter } from '../psa/psa';
import type { Channel } from './channel';
import type { Starts } from './pace';

/** The commands and queries of one connection that the sender works with; each command is one strict transaction. */
export interface Books {
  /** Plans with something pending or unknown, exports first, in the order they were confirmed. */
  readonly openPlans: () => Promise<readonly Plan[]>;
  readonly deliveries: (plan: string) => Promise<readonly Delivery[]>;
  /** Every id that a sent request of the connection yielded, by name. */
  readonly yielded: () => Promise<Readonly<Record<string, string | number>>>;
  /**
   * Sent rows whose copies were last counted before the quarantine (milliseconds) after their sending was over. `others` reads which lines
   * other requests of the same key made, as after an undo: they are no copies. `followed` reads whether a later plan wrote another quantity.
   * Each reads every plan of the customer, so ask where there is something to tell apart.
   */
  readonly uncounted: (quarantine: number) => Promise<
    readonly {
      readonly plan: Plan;
      readonly row: Delivery;
      readonly others: () => Promise<readonly string[]>;
      readonly followed: () => Promise<boolean>;
    }[]
  >;
  /** Rows found `sending` belong to a sender that died: they become `unknown`. */
  readonly recover: () => Promise<void>;
  /** pending | unknown -> sending with the resolved bytes, if the row still is what the sender read; else null. */
  readonly claim: (
    delivery: Delivery,
    out: Pick<Delivery, 'besides'> & { readonly resolved: NonNullable<Delivery['resolved']> },
  ) => Promise<Delivery | null>;
  /** Writes what was learned and appends the receipt, if the row still is what the sender read; throws otherwise. */
  readonly record: (delivery: Delivery, news: DeliveryNews) => Promise<Delivery>;
}

/** Everything a run of the sender needs; nothing is taken from the surroundings. */
export interface Means {
  readonly connection: Connection;
  readonly adapter: PsaAdapter;
  readonly channel: Channel;
  readonly starts: Starts;
  readonly books: Books;
  /** Holds the name exclusively in all windows while the work runs. */
  readonly lock: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  readonly lockName: string;
  readonly now: () => Date;
  readonly today: () => Day;
  readonly newId: () => string;
  /** Resolves after the time, or as soon as the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Aborted by cancel: the current request is finished, nothing further starts. */
  readonly signal: AbortSignal;
  /** Takes every secret out of a text before it is stored. */
  readonly redact: (text: string) => string;
  readonly progress: (progress: DeliveryProgress) => void;
  /** Told every whole reading of an agreement's lines, so that what the page shows is not older than what the sender knows. */
  readonly seen?: (reading: LinesRead) => void;
  /** Only these plans; all open ones when absent. */
  readonly only?: readonly string[];
}

export interface LinesRead {
  readonly agreementId: string;
  /** Which of the agreement's lines these are: every one of that kind. */
  readonly kind: PsaLine['kind'] | 'all';
  readonly rows: readonly PsaLine[];
  readonly readAt: string;
}

/** What a request means for the rest: go on, leave this plan, or end the run. */
export type Step =
  | { readonly go: 'on' }
  | { readonly go: 'next plan'; readonly lookAgainAt?: string }
  | { readonly go: 'stop'; readonly problem: Problem | null };

/** Sends in all, before only a person may decide. */
export const MOST_SENDS = 3;
/** Answers of 429 and the like to one request, before the run ends. */
export const MOST_WAITS = 6;
