import type { Exchange } from './channel';

/**
 * What one exchange of a write is worth. `refused`: documented, nothing was applied. `wait`: not applied, the same may go again after
 * `seconds`. `locked out`: not applied, and nothing else will be before the credentials change. `alarm`: the receiver knows the key
 * with another body. `unknown`: nothing is proven, whatever it looks like.
 */
export type Verdict =
  | { readonly kind: 'applied' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'locked out' }
  | { readonly kind: 'alarm' }
  | { readonly kind: 'unknown' };

/** Where the header is hidden from the page, and the longest that is waited, in seconds. */
const WAIT_WHEN_HIDDEN = 60;
const LONGEST_WAIT = 900;

/**
 * `proven` says that the adapter found the written record in a 2xx, `refuses` that a 2xx says nothing was applied. `now` is for a
 * Retry-After that is a date.
 */
export function classify(
  exchange: Exchange,
  { proven, refuses }: { readonly proven: boolean; readonly refuses: boolean },
  now: Date,
): Verdict {
  if (exchange.kind === 'no answer') return { kind: 'unknown' };
  const { status, headers } = exchange.answer;
  if (status >= 200 && status < 300 && refuses) return { kind: 'refused' };
  if (status >= 200 && status < 300) return { kind: proven && exchange.from === 'psa' ? 'applied' : 'unknown' };
  if (status < 400 || status >= 500) return { kind: 'unknown' };
  const wait = { kind: 'wait', seconds: waitOf(headers['retry-after'], now) } as const;
  if (status === 408 || status === 425 || status === 429) return wait;
  if (status === 401 || status === 403) return { kind: 'locked out' };
  if (exchange.from === 'psa') return { kind: 'refused' };
  if (status === 409) return wait;
  return { kind: status === 422 ? 'alarm' : 'refused' };
}

export function waitOf(header: string | undefined, now: Date): number {
  const text = header?.trim() ?? '';
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - now.getTime()) / 1000);
  if (Number.isNaN(seconds)) return WAIT_WHEN_HIDDEN;
  return Math.min(Math.max(seconds, 1), LONGEST_WAIT);
}
