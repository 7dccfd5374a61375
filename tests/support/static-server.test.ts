import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveFolder, type StaticServer } from './static-server.ts';

let folder: string;
let server: StaticServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallyline-static-'));
  await writeFile(join(folder, 'index.html'), '<p>here</p>');
  server = await serveFolder(folder, { path: '/pages/app' });
});

afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

test('the folder is served below the sub-path', async () => {
  const answer = await fetch(server.url);
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    200,
    'text/html; charset=utf-8',
    '<p>here</p>',
  ]);
});

test('nothing is made up: a missing file, the root and a path outside the folder are 404', async () => {
  const origin = new URL(server.url).origin;
  const paths = [`${server.url}missing.js`, `${origin}/`, `${server.url}..%2f..%2fetc/passwd`];
  expect(await Promise.all(paths.map(async (path) => (await fetch(path)).status))).toEqual([404, 404, 404]);
});

test('a stopped server refuses and a restarted one answers on the same address', async () => {
  await server.stop();
  await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  await server.restart();
  expect((await fetch(server.url)).status).toBe(200);
});
