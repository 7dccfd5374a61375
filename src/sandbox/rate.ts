import type { PsaRequest } from '../psa/psa';
import type { Rate, Taken } from './sandbox';

/** The span is remembered in so many parts: a part leaves it as a whole, when its beginning does. */
const PARTS = 60;

/** One request more, or in how many seconds the next one is taken. */
export function take(rate: Rate, taken: Taken, request: PsaRequest, now: Date): { readonly taken: Taken } | { readonly wait: number } {
  const kind = rate.by?.(request) ?? 'all';
  const [span, time] = [rate.seconds * 1000, now.getTime()];
  const part = span / PARTS;
  const parts = Object.entries(taken[kind] ?? {}).filter(([begin]) => Number(begin) > time - span && Number(begin) <= time);
  const begins = parts.map(([begin]) => Number(begin));
  if (parts.reduce((sum, [, count]) => sum + count, 0) >= rate.most) return { wait: Math.ceil((Math.min(...begins) + span - time) / 1000) };
  const begin = String(Math.floor(time / part) * part);
  const known = Object.fromEntries(parts);
  return { taken: { ...taken, [kind]: { ...known, [begin]: (known[begin] ?? 0) + 1 } } };
}
