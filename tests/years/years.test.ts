import fc from 'fast-check';
import { test } from 'vitest';
import { Life } from './life';
import { month, partner, type Month, type Partner } from './months';

async function lived(partner: Partner, months: readonly Month[]): Promise<void> {
  const life = await Life.of(partner);
  for (const one of months) await life.lived(one);
  await life.ended();
}

const LIVES = Number(process.env['YEARS'] ?? 16);
const SEED = process.env['SEED'];

test(
  'at the end of every month the PSA holds what is billable, each line once',
  async () => {
    const property = fc.asyncProperty(partner, fc.array(month, { minLength: 2, maxLength: 6 }), lived);
    await fc.assert(property, { numRuns: LIVES, ...(SEED === undefined ? {} : { seed: Number(SEED) }) });
  },
  300_000 + LIVES * 10_000,
);
