import * as z from 'zod/mini';
import { parseDecimal } from '../domain/decimal';
import type { Threshold } from '../domain/threshold';
import type { Database } from './db';
import { changeSetting } from './settings';

/** Where nobody chose one: what more than doubles gets a second look. */
export const USUAL_THRESHOLD: Threshold = { percent: 100, amount: null };

/** The threshold of every product that has its own, and the one of all others. */
export interface Thresholds {
  readonly others: Threshold;
  readonly own: ReadonlyMap<string, Threshold>;
}

export async function thresholds(db: Database): Promise<Thresholds> {
  const rows = await db.settings.where('key').startsWith(KEY).toArray();
  const read = rows.flatMap(({ key, value }) => {
    const threshold = thresholdIn(value);
    return threshold === null ? [] : [[key, threshold] as const];
  });
  const known = new Map(read);
  return {
    others: known.get(KEY) ?? USUAL_THRESHOLD,
    own: new Map(read.flatMap(([key, threshold]) => (key === KEY ? [] : [[key.slice(KEY.length + 1), threshold] as const]))),
  };
}

export function thresholdFor({ others, own }: Thresholds, product: string): Threshold {
  return own.get(product) ?? others;
}

/** Sets the threshold of a product, or of all others (`product` null); null goes back to the usual one. */
export function saveThreshold(db: Database, now: string, product: string | null, threshold: Threshold | null): Promise<void> {
  const { percent, amount } = threshold ?? {};
  return changeSetting(
    db,
    now,
    product === null ? KEY : `${KEY}:${product}`,
    threshold === null ? null : { percent: percent ?? null, amount: amount ?? null },
  );
}

const KEY = 'threshold';

const stored = z.object({ percent: z.nullable(z.number()), amount: z.nullable(z.string()) });

function thresholdIn(value: unknown): Threshold | null {
  const read = stored.safeParse(value);
  if (!read.success) return null;
  const { percent, amount } = read.data;
  if (amount === null) return { percent, amount };
  const decimal = parseDecimal(amount);
  return decimal.ok ? { percent, amount: decimal.value } : null;
}
