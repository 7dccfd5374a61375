import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findChromium, launchArguments } from './tests/support/chromium.ts';
import { hasContracts } from './tests/support/contracts.ts';

const withRunes = () => svelte({ configFile: false, preprocess: vitePreprocess(), compilerOptions: { runes: true } });
const executablePath = findChromium();
/** Milliseconds: far more than a slow machine under load needs, so that only what never comes is a failure. */
const PATIENCE = 60_000;
const patient = { testTimeout: 2 * PATIENCE, hookTimeout: 2 * PATIENCE, expect: { poll: { timeout: PATIENCE } } };

export default defineConfig({
  test: {
    reporters: ['default', './tests/support/tally.ts'],
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          isolate: false,
          ...patient,
          setupFiles: ['tests/support/setup-node.ts'],
          include: ['tests/**/*.test.ts'],
          exclude: [
            'tests/{ui,e2e,faults,oracles}/**',
            '**/*.browser.test.ts',
            '**/node_modules/**',
            ...(hasContracts ? [] : ['**/*.contract.test.ts']),
          ],
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [withRunes(), svelteTesting()],
        test: {
          name: 'dom',
          environment: 'happy-dom',
          experimental: { fsModuleCache: true },
          setupFiles: ['tests/support/setup-dom.ts'],
          include: ['tests/ui/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts'],
          ...patient,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [withRunes()],
        optimizeDeps: { include: optimized() },
        test: {
          name: 'browser',
          include: ['tests/**/*.browser.test.ts'],
          exclude: ['**/node_modules/**'],
          ...patient,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { args: launchArguments, ...(executablePath === undefined ? {} : { executablePath }) },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      ...(hasContracts
        ? [
            {
              test: {
                name: 'oracles',
                environment: 'node' as const,
                setupFiles: ['tests/support/setup-node.ts'],
                include: ['tests/oracles/**/*.test.ts'],
                globalSetup: ['tests/oracles/global-setup.ts'],
                exclude: ['**/node_modules/**'],
                ...patient,
                sequence: { groupOrder: 3 },
              },
            },
          ]
        : []),
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: ['tests/e2e/global-setup.ts'],
          ...patient,
          testTimeout: 5 * PATIENCE,
          maxWorkers: 2,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});

/** Every dependency the browser tests reach: a late discovery makes Vite reload the page in the middle of a test. */
function optimized(): string[] {
  const wanted = [
    '@tanstack/virtual-core',
    'axe-core',
    'dexie',
    'xstate',
    'zod/mini',
    'date-fns',
    '@date-fns/utc',
    '@noble/hashes/sha2.js',
    '@noble/hashes/utils.js',
    'papaparse',
    'fflate',
    'big.js',
    'fast-fuzzy',
    'fast-check',
  ];
  return wanted.filter((name) => existsSync(`node_modules/${name.split('/')[0] ?? ''}`));
}
