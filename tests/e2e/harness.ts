import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axeCore from 'axe-core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, expect, inject, onTestFinished } from 'vitest';
import { freshProfile, launch, launchPersistent } from '../support/chromium.ts';
import { serveFolder, type StaticServer } from '../support/static-server.ts';

/**
 * The built page in a real browser, in a context that shares nothing with another test. Everything is closed and removed when the test
 * ends. After reopen() read `site.page` again: the old page is gone.
 */
export interface Site {
  /** The first tab; another one after reopen(). */
  readonly page: Page;
  readonly context: BrowserContext;
  readonly server: StaticServer;
  /** Address of the page without a route, with a closing slash. */
  readonly url: string;
  /** Every console error and uncaught exception so far. The test fails at its end when one is left that nobody allowed. */
  readonly errors: readonly string[];
  /** Opens a route such as '#/import' in a tab (the first one unless told otherwise) and waits until it is drawn. */
  readonly go: (route: string, tab?: Page) => Promise<void>;
  /** A second tab of the same browser. */
  readonly newTab: (route?: string) => Promise<Page>;
  /** Quits the browser and starts it again on the same profile, as after a restart of the computer. Only what is `installed` has one. */
  readonly reopen: (route?: string) => Promise<Page>;
  /** Names errors that this test causes on purpose. */
  readonly allow: (pattern: RegExp) => void;
}

export interface SiteOptions {
  /** The route to open first; '' is the start of the page, null opens nothing yet. */
  readonly route?: string | null;
  /** The sub-path it is served from; the page must work from any. */
  readonly path?: string;
  readonly viewport?: { width: number; height: number };
  readonly locale?: string;
  readonly timezoneId?: string;
  /** Another build than the one of this run. */
  readonly dist?: string;
  /**
   * A browser of its own, on a profile on disk, which stores the page for offline use. Other tests share the browser of their file, keep
   * their databases in memory, and spare the machine the storing of the page.
   */
  readonly installed?: boolean;
}

export async function openPage(options: SiteOptions = {}): Promise<Site> {
  const { route = '', path = '/pages/app/', dist = inject('dist'), installed = false, ...own } = options;
  const server = await serveFolder(dist, { path });
  onTestFinished(() => server.stop());
  const profile = installed ? await freshProfile() : null;
  if (profile !== null) onTestFinished(() => profile.remove());
  const errors: string[] = [];
  const allowed: RegExp[] = [];
  const begin = async () => {
    const person = { ...PERSON, ...own };
    const context =
      profile === null
        ? await (await sharedBrowser()).newContext({ ...person, serviceWorkers: 'block' })
        : await launchPersistent(profile.folder, person);
    context.setDefaultTimeout(PATIENCE);
    collectErrors(context, errors);
    return { context, page: context.pages()[0] ?? (await context.newPage()) };
  };
  let current = await begin();

  // Of several such calls the last one runs first: the context is closed before its profile goes.
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await describe(current.context);
    await current.context.close();
    expect(errors.filter((error) => !allowed.some((pattern) => pattern.test(error)))).toEqual([]);
  });

  const site: Site = {
    get page() {
      return current.page;
    },
    get context() {
      return current.context;
    },
    server,
    url: server.url,
    errors,
    go: async (to, tab = current.page) => {
      if (to.startsWith('#') && tab.url().split('#')[0] === server.url) await turn(tab, to);
      else await tab.goto(`${server.url}${to}`);
      await drawn(tab);
    },
    newTab: async (to = '') => {
      const tab = await current.context.newPage();
      await site.go(to, tab);
      return tab;
    },
    reopen: async (to = '') => {
      if (profile === null) throw new Error('Only a page that is installed can be opened again.');
      await current.context.close();
      current = await begin();
      await site.go(to);
      return current.page;
    },
    allow: (pattern) => allowed.push(pattern),
  };
  if (route !== null) await site.go(route);
  return site;
}

const PERSON = { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', locale: 'en-US', timezoneId: 'UTC' } as const;

let browser: Browser | null = null;

/** One browser for all tests of a file; a new one where the one before crashed. */
async function sharedBrowser(): Promise<Browser> {
  if (browser?.isConnected() !== true) browser = await launch();
  return browser;
}

afterAll(() => browser?.close());

/** An element by its role and its exact accessible name, as the public contract of the page names it. */
export function byRole(page: Page | Locator, role: Parameters<Page['getByRole']>[0], name: string | RegExp): Locator {
  return page.getByRole(role, { name, exact: true });
}

/**
 * What axe finds on the page at rest: WCAG 2.0 to 2.2, A and AA, and its best practices. An empty list is a pass. It looks again where it
 * found something on a page that changed under it, because no person saw half of the one and half of the other.
 */
export async function axe(page: Page): Promise<Violation[]> {
  for (let looks = 1; ; looks += 1) {
    await atRest(page);
    if (await page.evaluate(() => !('axe' in globalThis))) await page.evaluate(axeCore.source);
    const { violations, changed } = await page.evaluate(async (tags) => {
      const { axe: tool } = globalThis as unknown as { axe: typeof axeCore };
      let changed = false;
      const observer = new MutationObserver(() => (changed = true));
      observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
      const { violations: found } = await tool.run(document, { runOnly: { type: 'tag', values: tags } });
      observer.disconnect();
      return { violations: found, changed };
    }, axeTags);
    if (violations.length > 0 && changed && looks < MOST_LOOKS) continue;
    return violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
    }));
  }
}

/** What axe finds in either theme, and a picture of each under that name. The page stays in the dark one. */
export async function axeInThemes(page: Page, name?: string): Promise<(Violation & { theme: Theme })[]> {
  const found: (Violation & { theme: Theme })[] = [];
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    for (const violation of await axe(page)) found.push({ theme, ...violation });
    if (name !== undefined) await screenshot(page, `${name}-${theme}`);
  }
  return found;
}

/** Waits until nothing on the page says that it is still read or counted, and nothing moves. */
export async function atRest(page: Page): Promise<void> {
  const left = () =>
    page.evaluate(() => ({
      waits: document.body.innerText.match(/(Loading|Opening|Counting the last months)…/g) ?? [],
      moves: document.getAnimations().filter(({ playState }) => playState === 'running').length,
    }));
  await expect.poll(left).toEqual({ waits: [], moves: 0 });
}

export type Theme = 'light' | 'dark';

export interface Violation {
  readonly id: string;
  readonly help: string;
  readonly where: readonly string[];
}

/** Shows the page as a device in that theme does, and as a partner does who chose it, once every colour has changed over. */
export async function setTheme(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate((chosen) => {
    document.documentElement.dataset['theme'] = chosen;
    return Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  }, theme);
}

/** Saves a picture into the folder that TALLYLINE_SCREENSHOTS names, for a person who wants to look; else none is taken. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['TALLYLINE_SCREENSHOTS'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: false });
}

/** Waits until the service worker has stored the page, so the server may stop. */
export async function readyOffline(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

function collectErrors(context: BrowserContext, errors: string[]): void {
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => {
    errors.push(`uncaught: ${error.error().message}`);
  });
}

/** What a test that failed was looking at: a failure that comes once in fifty runs has to tell its story the first time. */
async function describe(context: BrowserContext): Promise<void> {
  for (const page of context.pages()) {
    const text = await page
      .locator('body')
      .innerText({ timeout: 2000 })
      .catch((error: unknown) => String(error));
    console.log(`${page.url()}\n${text.slice(0, 4000)}`);
  }
}

/** Another route of the page that is open. The screen that is left is gone when it answers, so nothing of it is taken for the new one. */
function turn(page: Page, route: string): Promise<void> {
  return page.evaluate(
    (to) =>
      new Promise<void>((turned) => {
        if (location.hash === to) {
          turned();
          return;
        }
        addEventListener('hashchange', () => setTimeout(turned), { once: true });
        location.hash = to;
      }),
    route,
  );
}

async function drawn(page: Page): Promise<void> {
  await page.locator('#app main').waitFor();
}

/** Milliseconds that one wait may take: nobody waits so long but a test that fails. `expect.poll` of this project has the same. */
const PATIENCE = 60_000;
const MOST_LOOKS = 10;
const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
