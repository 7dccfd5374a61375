import fc from 'fast-check';
import { test } from 'vitest';
import { Life } from './life';
import { lifeWith, type Month, type Partner } from './months';
import { PSAS } from './psas';

async function lived([partner, months]: readonly [Partner, readonly Month[]]): Promise<void> {
  const life = await Life.of(partner);
  for (const one of months) await life.lived(one);
  await life.ended();
}

const LIVES = Number(process.env['YEARS'] ?? 2 * PSAS.length);
const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1_000_000_000));
/** For looking into one PSA alone. */
const ALONE = PSAS.filter(({ fixture }) => fixture.adapter.id === (process.env['PSA'] ?? fixture.adapter.id));

/** Each life has a seed of its own, which also tells its PSA: `SEED=n YEARS=1` lives it again. */
test(
  'at the end of every month the PSA holds what is billable, each line once',
  async () => {
    for (let seed = SEED; seed < SEED + LIVES; seed += 1) {
      const { adapter } = (ALONE[seed % ALONE.length] as (typeof PSAS)[number]).fixture;
      await fc.assert(fc.asyncProperty(lifeWith(adapter), lived), { numRuns: 1, seed });
    }
  },
  300_000 + LIVES * 10_000,
);
