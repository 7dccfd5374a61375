import { defineConfig } from 'vitest/config';

/** The kill suite: KILLS tells how many times the browser is killed (60 unless told otherwise). */
export default defineConfig({
  test: {
    name: 'faults',
    environment: 'node',
    reporters: ['default', './tests/support/tally.ts'],
    include: ['tests/faults/**/*.test.ts'],
    env: { KILLS: process.env['KILLS'] ?? '60' },
    testTimeout: 1_200_000,
    hookTimeout: 180_000,
    fileParallelism: false,
  },
});
