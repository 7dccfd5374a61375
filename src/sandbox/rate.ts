import type { PsaRequest } from '../psa/psa';
import type { Rate, Taken } from './sandbox';

/** The span is remembered in so many parts: a part leaves it as a whole, when its beginning does. */
const PARTS = 60;

/** One request more, or in how many seconds the next one is taken. */
export function take(rate: Rate, taken: Taken, request: PsaRequest, now: Date): { readonly taken: Taken } | { readonly wait: number } {
  const kind = rate.by?.(request) ?? 'all';
  const [span, time] = [rate.seconds * 1000, now.getTime()];
  const part = span / PARTS;
  const known = (taken[kind] ?? []).filter(({ begin }) => begin > time - span && begin <= time);
  const first = known[0]?.begin ?? time;
  if (known.reduce((sum, { count }) => sum + count, 0) >= rate.most) return { wait: Math.ceil((first + span - time) / 1000) };
  const begin = Math.floor(time / part) * part;
  const last = known.at(-1);
  const parts = last?.begin === begin ? [...known.slice(0, -1), { begin, count: last.count + 1 }] : [...known, { begin, count: 1 }];
  return { taken: { ...taken, [kind]: parts } };
}
