import { rateOf, type Connection } from '../domain/agreement';
import type { PsaAdapter } from '../psa/psa';

/** Lets only so many calls start in any minute, and nothing at all while it is held back. */
export interface Pace {
  readonly turn: () => Promise<void>;
}

export function createPace(means: {
  readonly connection: Pick<Connection, 'rateLimit'>;
  readonly adapter: Pick<PsaAdapter, 'limits'>;
  readonly now: () => Date;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}): Pace {
  const perMinute = rateOf(means.connection, means.adapter.limits.requestsPerMinute);
  const starts: number[] = [];
  return {
    turn: async () => {
      const now = means.now().getTime();
      while (starts[0] !== undefined && starts[0] <= now - 60_000) starts.shift();
      const oldest = starts[0];
      if (oldest !== undefined && starts.length >= perMinute) {
        starts.shift();
        await means.wait(oldest + 60_000 - now, means.signal);
      }
      starts.push(means.now().getTime());
    },
  };
}
