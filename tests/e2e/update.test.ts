import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, inject, onTestFinished, test } from 'vitest';
import { byRole, openPage, readyOffline, type Site } from './harness.ts';

test('a newer build is offered and taken on a click: nothing reloads by itself', async () => {
  const { site, deploy } = await deployed();
  await site.page.reload();
  await byRole(site.page, 'button', 'Start with my data').click();
  const here = await traceIn(site.page);
  await deploy('second');

  const other = await site.newTab();
  const there = await traceIn(other);
  for (const page of [site.page, other]) await offer(page).waitFor();
  expect(await Promise.all([buildOf(site.page), here(), buildOf(other), there()])).toEqual(['first', 'there', 'first', 'there']);

  await byRole(offer(site.page), 'button', 'Reload to update').click();
  await expect.poll(() => buildOf(site.page)).toBe('second');
  await offer(other).getByText('Another tab has it; this one needs a reload, too.').waitFor();
  expect(await Promise.all([buildOf(other), there(), offer(site.page).count()])).toEqual(['first', 'there', 0]);

  await byRole(offer(other), 'button', 'Reload to update').click();
  await expect.poll(() => buildOf(other)).toBe('second');
});

test('a tab that was open since the first visit takes the newer build, too', async () => {
  const { site, deploy } = await deployed();
  expect(await site.page.evaluate(() => navigator.serviceWorker.controller)).toBe(null);
  await deploy('second');
  await site.newTab();
  await offer(site.page).waitFor();
  expect(await buildOf(site.page)).toBe('first');
  await byRole(offer(site.page), 'button', 'Reload to update').click();
  await expect.poll(() => buildOf(site.page)).toBe('second');
});

test('Later leaves everything as it is, and the newer build comes when the browser starts again', async () => {
  const { site, deploy } = await deployed();
  await deploy('second');
  await site.newTab();
  await byRole(offer(site.page), 'button', 'Later').click();
  await offer(site.page).waitFor({ state: 'detached' });
  expect(await buildOf(site.page)).toBe('first');
  await site.reopen();
  await expect.poll(() => buildOf(site.page)).toBe('second');
});

/** The page from a folder of its own, stored for offline use, and what puts another build in its place. */
async function deployed(): Promise<{ site: Site; deploy: (build: string) => Promise<void> }> {
  const dist = await mkdtemp(join(tmpdir(), 'tallyline-deployed-'));
  onTestFinished(() => rm(dist, { recursive: true, force: true }));
  await cp(inject('dist'), dist, { recursive: true });
  await mark(dist, 'first');
  const site = await openPage({ dist, installed: true });
  await readyOffline(site.page);
  return { site, deploy: (build) => mark(dist, build) };
}

/** A build differs from another in its index and in the worker's list of what to store. */
async function mark(dist: string, build: string): Promise<void> {
  const index = await readFile(join(inject('dist'), 'index.html'), 'utf8');
  const marked = index.replace('<head>', `<head><meta name="build" content="${build}" />`);
  const worker = await readFile(join(inject('dist'), 'sw.js'), 'utf8');
  const listed = worker.replace(/(url:"index\.html",revision:")\w+/, `$1${createHash('md5').update(marked).digest('hex')}`);
  expect([marked === index, listed === worker]).toEqual([false, false]);
  await swap(join(dist, 'index.html'), marked);
  await swap(join(dist, 'sw.js'), listed);
}

/** A browser that asks meanwhile gets the old file or the new one, never half of it. */
async function swap(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

/** Leaves a trace in the document and answers what is there later: nothing after a reload. */
async function traceIn(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    document.documentElement.dataset['trace'] = 'there';
  });
  return () => page.evaluate(() => document.documentElement.dataset['trace'] ?? '');
}

function offer(page: Page) {
  return page.getByRole('complementary', { name: 'Update' });
}

function buildOf(page: Page): Promise<string | null> {
  return page.evaluate(() => document.querySelector('meta[name="build"]')?.getAttribute('content') ?? null);
}
