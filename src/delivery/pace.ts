/** Lets at most `perMinute` calls start in any minute, and nothing at all while it is held back. */
export interface Pace {
  readonly turn: () => Promise<void>;
}

export function createPace(
  perMinute: number,
  means: {
    readonly now: () => Date;
    readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
    readonly signal: AbortSignal;
  },
): Pace {
  const starts: number[] = [];
  return {
    turn: async () => {
      const now = means.now().getTime();
      while (starts[0] !== undefined && starts[0] <= now - 60_000) starts.shift();
      const oldest = starts[0];
      if (oldest !== undefined && starts.length >= Math.max(1, perMinute)) {
        starts.shift();
        await means.wait(oldest + 60_000 - now, means.signal);
      }
      starts.push(means.now().getTime());
    },
  };
}
