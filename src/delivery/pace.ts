import { rateOf, type Connection } from '../domain/agreement';
import type { PsaAdapter } from '../psa/psa';

/** Lets only so many calls start in any minute. */
export interface Pace {
  readonly turn: () => Promise<void>;
}

/** When calls of one connection started, as milliseconds: everything that has a turn of it writes here, so the PSA's count is this one. */
export type Starts = number[];

/** The turns of one run. Who is cancelled while it waits has its turn at once: what it began may be finished. */
export function createPace(means: {
  readonly connection: Pick<Connection, 'rateLimit'>;
  readonly adapter: Pick<PsaAdapter, 'limits'>;
  readonly starts: Starts;
  readonly now: () => Date;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}): Pace {
  const { starts, now, wait, signal } = means;
  const perMinute = rateOf(means.connection, means.adapter.limits.requestsPerMinute);
  return {
    turn: async () => {
      for (;;) {
        const time = now().getTime();
        while (starts[0] !== undefined && Math.abs(time - starts[0]) >= MINUTE) starts.shift();
        const full = starts.at(-perMinute);
        if (full === undefined || signal.aborted) break;
        await wait(full + MINUTE - time, signal);
      }
      starts.push(now().getTime());
    },
  };
}

const MINUTE = 60_000;
