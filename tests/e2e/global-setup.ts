import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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
  const remove = () => rm(dist, { recursive: true, force: true });
  const code = await buildInto(dist);
  if (code !== 0) {
    await remove();
    throw new Error(`The page does not build (exit ${String(code)}); "npm run build" shows why.`);
  }
  project.provide('dist', dist);
  return remove;
}

function buildInto(dist: string): Promise<number | null> {
  const vite = resolve('node_modules/vite/bin/vite.js');
  const build = spawn(process.execPath, [vite, 'build', '--outDir', dist, '--emptyOutDir', '--logLevel', 'error'], {
    env: { ...process.env, NODE_ENV: 'production', VITEST: undefined },
    stdio: 'inherit',
  });
  return new Promise((done, fail) => build.once('error', fail).once('close', done));
}
