import type { PsaAdapter } from '../psa/psa';

/** Lets only so many calls start in any minute, and nothing at all while it is held back. */
export interface Pace {
  readonly turn: () => Promise<void>;
}

/** At most what the connection says in any minute, and never more than its PSA takes. */
export function createPace(means: {
  readonly connection: { readonly rateLimit: number };
  readonly adapter: Pick<PsaAdapter, 'limits'>;
  readonly now: () => Date;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}): Pace {
  const perMinute = Math.max(1, Math.min(means.connection.rateLimit, means.adapter.limits.requestsPerMinute));
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
