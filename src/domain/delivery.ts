import type { PsaLine } from './agreement';
import type { Problem } from './problem';
import type { SyncedLine } from './synced';

/**
 * The life of one request of one plan. `unknown` is an outcome that nothing proves: it is probed before anything is sent again.
 * `refused` was answered so that nothing can have been applied, or stopped before it was sent (conflict).
 */
export type DeliveryState = 'pending' | 'sending' | 'sent' | 'refused' | 'unknown';

export interface Delivery {
  /** `${planId}/${n}` */
  readonly id: string;
  readonly plan: string;
  readonly n: number;
  readonly key: string;
  readonly connection: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** The exact bytes of the body that went out, stored with `sending`; the same bytes go again. */
  readonly resolved: {
    readonly method: string;
    readonly path: string;
    readonly query: Readonly<Record<string, string>>;
    readonly body: string | null;
  } | null;
  /** ISO instants of the last send (the quarantine runs from it) and of the settling. */
  readonly sentAt: string | null;
  readonly settledAt: string | null;
  /** The PSA's id of the line, once known. */
  readonly lineId: string | null;
  /** Further lines with our key that the read-back found: duplicates to remove. */
  readonly duplicates: readonly string[];
  /** Their removals by the partner's wish, one for each copy that was ever to go. Absent, none was. */
  readonly removals?: readonly Removal[];
  /** When the copies were last counted. A repetition by the browser may land late, so they are counted again after the quarantine. */
  readonly countedAt: string | null;
  /** Lines without our key that already looked like ours before the first send: never taken for it. */
  readonly besides: readonly string[];
  /** The partner decided to send although the line no longer holds what the plan believed. */
  readonly forced: boolean;
  /** Names that the answer yielded, with their JSON type. */
  readonly yielded: Readonly<Record<string, string | number>>;
  readonly problem: Problem | null;
  /** How it was proven: by the answer and read-back, by probe, or by the partner's mark. */
  readonly proof: 'read back' | 'probed' | 'marked' | 'answered' | null;
  /** Of hand-work that was ticked off: what was remembered of its line before, so that a mistaken tick can be taken back. */
  readonly replaced?: readonly SyncedLine[];
}

/** The life of the request that removes a copy, on disk before its call and after it. `unknown` is looked for before it goes again. */
export interface Removal {
  /** The PSA's id of the copy. */
  readonly copy: string;
  readonly state: Exclude<DeliveryState, 'pending'>;
  readonly attempts: number;
  /** ISO instant of the last send. */
  readonly sentAt: string;
  readonly problem: Problem | null;
}

/** What came back for one attempt. Append-only; holds no request header and no secret. */
export interface Receipt {
  readonly id: string;
  readonly delivery: string;
  readonly plan: string;
  readonly attempt: number;
  readonly at: string;
  readonly status: number | null;
  readonly body: string;
  readonly problem: Problem | null;
}

/**
 * Where a plan stands. `confirmed` -> delivered by an endpoint: `delivering` -> `settled`; by a file: `downloaded` -> `applied` | `not applied`.
 * `settled` says that no request is pending, sending or unknown. A file that was marked while hand-work is left is `delivering` until
 * that is ticked off, too.
 */
export type PlanState = 'confirmed' | 'delivering' | 'settled' | 'downloaded' | 'applied' | 'not applied';

/** What one step of a delivery learned. Fields that are absent stay as they are; `state` is absent while the call is still being judged. */
export interface DeliveryNews {
  readonly state?: Exclude<DeliveryState, 'sending'>;
  readonly lineId?: string | null;
  readonly duplicates?: readonly string[];
  readonly removals?: readonly Removal[];
  readonly countedAt?: string;
  readonly yielded?: Readonly<Record<string, string | number>>;
  readonly problem?: Problem | null;
  readonly proof?: Delivery['proof'];
  readonly replaced?: readonly SyncedLine[];
  /** The receiver did not take it (429, in flight): the attempt does not count towards the three. */
  readonly uncounted?: boolean;
  /** The line as it was read back: what the last synced state takes its product from. */
  readonly line?: PsaLine | null;
  /** What came back, to be appended as a receipt. */
  readonly answer?: { readonly status: number | null; readonly body: string; readonly problem: Problem | null };
}

export function withRemoval({ removals = [] }: Delivery, removal: Removal): readonly Removal[] {
  return [...removals.filter(({ copy }) => copy !== removal.copy), removal];
}

/** The removals of a row when these lines are all that the PSA lists: a copy that is not among them is removed. */
export function removalsAmong({ removals }: Delivery, ids: readonly string[]): Pick<DeliveryNews, 'removals'> {
  if (removals === undefined) return {};
  return { removals: removals.map((one) => (ids.includes(one.copy) ? one : { ...one, state: 'sent', problem: null })) };
}

/** The name that the sender's Web Lock and the recovery at start share: one sender per connection in all windows. */
export function senderLock(database: string, connection: string): string {
  return `sender:${database}:${connection}`;
}

/** What a sender says while it works. `paused` is the endpoint's wish: nothing is sent for so many seconds. */
export type DeliveryProgress =
  | { readonly kind: 'request'; readonly plan: string; readonly n: number; readonly state: DeliveryState; readonly line: string }
  | { readonly kind: 'paused'; readonly seconds: number; readonly problem: Problem }
  | { readonly kind: 'resumed' };

/** How one run ended, over the plans it took up. `lookAgainAt` is when the first unknown row leaves its quarantine. */
export interface DeliveryReport {
  readonly stopped: Problem | null;
  readonly cancelled: boolean;
  readonly counts: Readonly<Record<DeliveryState, number>>;
  readonly duplicates: number;
  readonly lookAgainAt: string | null;
  /** When the copies of what was just sent are to be counted once more; null where the receiver checks keys, or nothing is left to count. */
  readonly countAgainAt: string | null;
}
