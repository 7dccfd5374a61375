import { mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { freshProfile, launchPersistent } from '../support/chromium.ts';
import { serveFolder } from '../support/static-server.ts';
import type { ImportPoint, Kill, Point } from './page.ts';

export type Weapon = 'tab' | 'browser';

/** A real browser on a profile on disk that can be killed and started again. */
export interface Victim {
  /** Calls the page; rejects when it dies meanwhile. */
  readonly ask: <K extends keyof Kill>(method: K, ...given: Parameters<Kill[K]>) => Promise<Awaited<ReturnType<Kill[K]>>>;
  /** Kills now: the tab by a crash of its renderer, or the whole browser by SIGKILL; then starts anew on the same profile. */
  readonly kill: (weapon: Weapon) => Promise<void>;
  /** What to do when the page reaches a point where it waits to be killed. */
  onPoint: (point: Point | ImportPoint) => void;
  readonly close: () => Promise<void>;
}

export async function createVictim(): Promise<Victim> {
  const dist = await mkdtemp(join(tmpdir(), 'tallyline-faults-'));
  await build({
    ...{ configFile: false, root: resolve('tests/faults'), base: './', logLevel: 'error' },
    worker: { format: 'es' },
    build: { outDir: dist, emptyOutDir: true, target: 'es2022', minify: false },
  });
  const server = await serveFolder(dist);
  const profile = await freshProfile();
  let context: BrowserContext;
  let page: Page;
  const victim: Victim = {
    onPoint: () => undefined,
    ask: async (method, ...given) => {
      const answered: unknown = await page.evaluate((text) => {
        const { method: name, given: values } = JSON.parse(text) as { method: string; given: readonly unknown[] };
        const all = window.kill as unknown as Record<string, (...each: readonly unknown[]) => Promise<unknown>>;
        return all[name]?.(...values);
      }, JSON.stringify({ method, given }));
      return answered as never;
    },
    kill: async (weapon) => {
      if (weapon === 'tab') await crash(context, page);
      else await slay(context, profile.folder);
      if (weapon === 'browser') context = await launched();
      page = await open();
    },
    close: async () => {
      await context.close();
      await server.stop();
      await profile.remove();
      await rm(dist, { recursive: true, force: true });
    },
  };
  context = await launched();
  page = await open();
  return victim;

  async function launched(): Promise<BrowserContext> {
    const browser = await launchPersistent(profile.folder, { args: backEnd() });
    await browser.exposeFunction('reached', (point: Point | ImportPoint) => {
      victim.onPoint(point);
      return new Promise(() => undefined);
    });
    return browser;
  }
  async function open(): Promise<Page> {
    const tab = await context.newPage();
    await tab.goto(server.url);
    await tab.waitForFunction(() => typeof window.kill === 'object');
    for (const other of context.pages()) if (other !== tab) await other.close().catch(() => undefined);
    return tab;
  }
}

/** IDB=sqlite runs on the store that Chromium is moving to. */
function backEnd(): string[] {
  return process.env['IDB'] === 'sqlite' ? ['--enable-features=IdbSqliteBackingStore'] : [];
}

async function crash(context: BrowserContext, page: Page): Promise<void> {
  const died = new Promise<void>((done) => page.once('crash', () => done()));
  const session = await context.newCDPSession(page);
  void session.send('Page.crash').catch(() => undefined);
  await died;
}

/** Ends the browser process that was started on this profile, by its own id. */
async function slay(context: BrowserContext, profile: string): Promise<void> {
  const gone = new Promise<void>((done) => context.once('close', () => done()));
  process.kill(await processOf(profile), 'SIGKILL');
  await gone;
}

/** The lock that Chromium keeps in its profile is a link named after its host and process. */
async function processOf(profile: string): Promise<number> {
  const target = await readlink(join(profile, 'SingletonLock'));
  return Number(target.slice(target.lastIndexOf('-') + 1));
}
