import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';

/** Quiet, sandbox-free (it runs as root in containers), and without QUIC or updates that would touch the network. */
export const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser the tests use: CHROMIUM_PATH, else one installed on this machine, else playwright-core's own; undefined when there is none. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return named;
  return [...onPath(), ...usualPlaces, chromium.executablePath()].find((path) => path !== '' && existsSync(path));
}

/** As findChromium, but throws a sentence that says what to do. */
export function executablePath(): string {
  const path = findChromium();
  if (path === undefined) throw new Error(noBrowser);
  if (!existsSync(path)) throw new Error(`CHROMIUM_PATH names ${path}, and there is no such file.`);
  return path;
}

/** As executablePath, but downloads playwright-core's Chromium first when the machine has no browser. */
export function installChromium(): string {
  if (findChromium() === undefined) {
    console.log('No Chromium found: installing one with "playwright-core install chromium".');
    const command = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
    spawnSync(process.execPath, [command, 'install', 'chromium'], { stdio: 'inherit' });
  }
  return executablePath();
}

/** A browser whose contexts keep everything in memory. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath(), headless: true, args: [...launchArguments] });
}

/**
 * A browser on its own profile folder on disk. Playwright's ordinary contexts keep IndexedDB in memory, so a test about
 * durability must use this one. Give the same folder again to reopen the profile.
 */
export async function launchPersistent(profileFolder: string, options: PersistentOptions = {}): Promise<BrowserContext> {
  const { args = [], ...rest } = options;
  return chromium.launchPersistentContext(profileFolder, {
    executablePath: executablePath(),
    headless: true,
    args: [...launchArguments, ...args],
    acceptDownloads: true,
    ...rest,
  });
}

type PersistentOptions = NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>;

/** A fresh profile folder and the call that removes it. */
export async function freshProfile(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tallyline-profile-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }) };
}

const noBrowser =
  'The tests need Chromium and none was found. Install one (Debian: apt-get install chromium) or name one in the environment variable CHROMIUM_PATH.';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
  String.raw`C:\Program Files (x86)\Google\Chrome\Application\chrome.exe`,
];

function onPath(): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((name) => join(folder, name)));
}
