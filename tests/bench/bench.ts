import type { BrowserContext, Page } from 'playwright-core';

/** Milliseconds of one sample, or several named figures of it; `ms` is the one that ratios compare. */
export type Sample = number | ({ readonly ms: number } & Readonly<Record<string, number>>);

/**
 * What must hold, on the medians of the run. `contender` is 'ours' unless named.
 * ratio: its ms is at most `max` times that of the rival `of`. faster: the rival `than` takes at least `min` times as long.
 * ms: its `figure` ('ms' unless named) is at most `max` milliseconds.
 */
export type Limit =
  | { readonly kind: 'ratio'; readonly of: string; readonly max: number; readonly contender?: string }
  | { readonly kind: 'faster'; readonly than: string; readonly min: number; readonly contender?: string }
  | { readonly kind: 'ms'; readonly max: number; readonly figure?: string; readonly contender?: string };

interface Measured<Context> {
  readonly name: string;
  readonly limits: readonly Limit[];
  /** Samples of each contender, each in a browser with a fresh profile on disk; 5 unless told otherwise. */
  readonly samples?: number;
  /** Each prepares what it needs, times only what counts and returns it. 'ours' comes first. */
  readonly contenders: Readonly<Record<string, (context: Context) => Promise<Sample>>>;
}

/** A file `name.bench.ts` exports one as `bench`. Its contenders run inside the browser; module workers are allowed. */
export type Bench = Measured<PageContext>;

/** A file `name.site.ts` exports one as `bench`. Its contenders run in Node and drive the built page. */
export type SiteBench = Measured<SiteContext>;

export interface PageContext {
  /** 0 for the first round. */
  readonly round: number;
  /** Runs the work and tells its milliseconds and the longest time in which the page could not have answered a click. */
  readonly watch: <T>(work: () => Promise<T>) => Promise<{ value: T; ms: number; longestBlock: number }>;
}

export interface SiteContext {
  readonly round: number;
  readonly page: Page;
  readonly context: BrowserContext;
  /** Address of the built page, with a closing slash; nothing is open yet. */
  readonly url: string;
}
