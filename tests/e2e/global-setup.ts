import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The built page that every end-to-end test serves. */
    dist: string;
  }
}

/** Builds the page once into a temporary folder, or takes the finished build that TALLYLINE_DIST names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const finished = process.env['TALLYLINE_DIST'];
  if (finished !== undefined && existsSync(join(finished, 'index.html'))) {
    project.provide('dist', resolve(finished));
    return () => Promise.resolve();
  }
  const dist = await mkdtemp(join(tmpdir(), 'tallyline-dist-'));
  const vite = resolve('node_modules/vite/bin/vite.js');
  await promisify(execFile)(process.execPath, [vite, 'build', '--outDir', dist, '--emptyOutDir', '--logLevel', 'warn'], {
    env: { ...process.env, NODE_ENV: 'production', VITEST: undefined },
  });
  project.provide('dist', dist);
  return () => rm(dist, { recursive: true, force: true });
}
