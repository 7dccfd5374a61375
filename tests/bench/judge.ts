import type { Limit, Sample } from './bench.ts';

/** Samples of every contender, in the order they were taken. */
export type Samples = Readonly<Record<string, readonly Sample[]>>;

export interface Verdict {
  readonly passed: boolean;
  readonly sentence: string;
}

/** Holds one limit against the medians. A contender or figure that is not there is an error, never a pass. */
export function judge(limit: Limit, samples: Samples): Verdict {
  const ours = limit.contender ?? 'ours';
  if (limit.kind === 'ms') {
    const figure = limit.figure ?? 'ms';
    const value = median(samples, ours, figure);
    return verdict(value <= limit.max, `${ours} ${figure} ${value.toFixed(1)}, at most ${String(limit.max)}`);
  }
  if (limit.kind === 'ratio') {
    const ratio = median(samples, ours) / median(samples, limit.of);
    return verdict(ratio <= limit.max, `${ours} takes ${ratio.toFixed(2)} x ${limit.of}, at most ${String(limit.max)} x`);
  }
  const ratio = median(samples, limit.than) / median(samples, ours);
  return verdict(ratio >= limit.min, `${ours} is ${ratio.toFixed(1)} x faster than ${limit.than}, at least ${String(limit.min)} x`);
}

/** The rows of a bench: each contender and figure with its median, its range and, for ms, its ratio to the first contender. */
export function rows(samples: Samples): string[] {
  const [first] = Object.keys(samples);
  return Object.entries(samples).flatMap(([contender, taken]) =>
    figuresOf(taken).map((figure) => {
      const values = taken.map((sample) => valueOf(sample, figure, contender)).toSorted((one, other) => one - other);
      const middle = median(samples, contender, figure);
      const ratio = figure === 'ms' && first !== undefined ? `${(middle / median(samples, first)).toFixed(2)} x` : '';
      const range = `[${(values[0] ?? NaN).toFixed(1)} - ${(values.at(-1) ?? NaN).toFixed(1)}]`;
      return `  ${`${contender} ${figure}`.padEnd(44)} ${middle.toFixed(1).padStart(10)}  ${range.padEnd(24)} ${ratio}`.trimEnd();
    }),
  );
}

export function median(samples: Samples, contender: string, figure = 'ms'): number {
  const values = (samples[contender] ?? []).map((sample) => valueOf(sample, figure, contender)).toSorted((one, other) => one - other);
  const middle = values.slice(Math.floor((values.length - 1) / 2), Math.floor(values.length / 2) + 1);
  if (middle.length === 0) throw new Error(`There is no sample of ${contender}.`);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

function verdict(passed: boolean, sentence: string): Verdict {
  return { passed, sentence: `${passed ? 'ok  ' : 'FAIL'} ${sentence}` };
}

function figuresOf(taken: readonly Sample[]): string[] {
  const [sample] = taken;
  return typeof sample === 'object' ? Object.keys(sample) : ['ms'];
}

function valueOf(sample: Sample, figure: string, contender: string): number {
  const value = typeof sample === 'number' ? (figure === 'ms' ? sample : undefined) : sample[figure];
  if (value === undefined || !Number.isFinite(value)) throw new Error(`A sample of ${contender} has no figure ${figure}.`);
  return value;
}
