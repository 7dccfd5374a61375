import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, runnerImport } from 'vite';
import type { BrowserContext, Page } from 'playwright-core';
import { freshProfile, installChromium, launchPersistent } from '../support/chromium.ts';
import { serveFolder } from '../support/static-server.ts';
import type { Limit, Sample, SiteBench } from './bench.ts';
import { judge, rows } from './judge.ts';

interface Job {
  readonly name: string;
  readonly limits: readonly Limit[];
  readonly samples: number;
  readonly contenders: readonly string[];
  readonly sample: (contender: string, round: number) => Promise<Sample>;
}

/** `npm run bench` measures everything; `npm run bench -- import` what has 'import' in its file name. BENCH_SAMPLES changes the 5. */
export async function main(wanted: readonly string[]): Promise<number> {
  installChromium();
  const files = readdirSync(folder).filter(
    (file) => /\.(bench|site)\.ts$/.test(file) && (wanted.length === 0 || wanted.some((word) => file.includes(word))),
  );
  const inPage = files.filter((file) => file.endsWith('.bench.ts'));
  const onSite = files.filter((file) => file.endsWith('.site.ts'));
  const verdicts = [
    ...(inPage.length === 0 ? [] : await withBuild(buildPage, (url) => measureAll(inPage, (file) => pageJob(file, url)))),
    ...(onSite.length === 0 ? [] : await withBuild(buildSite, (url) => measureAll(onSite, (file) => siteJob(file, url)))),
  ];
  const passed = verdicts.filter((verdict) => verdict).length;
  console.log(`${String(passed)} passed, ${String(verdicts.length - passed)} failed`);
  return passed === verdicts.length && passed > 0 ? 0 : 1;
}

const folder = resolve('tests/bench');

async function measureAll(files: readonly string[], jobOf: (file: string) => Promise<Job>): Promise<boolean[]> {
  const verdicts: boolean[] = [];
  for (const file of files) verdicts.push(...(await measure(await jobOf(file))));
  return verdicts;
}

/** Every round takes one sample of each contender, and every other round backwards, so that none always runs first. */
async function measure({ name, limits, samples, contenders, sample }: Job): Promise<boolean[]> {
  const taken: Record<string, Sample[]> = Object.fromEntries(contenders.map((contender) => [contender, []]));
  const rounds = Number(process.env['BENCH_SAMPLES'] ?? samples);
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) taken[contender]?.push(await sample(contender, round));
  }
  console.log(`${name} (median of ${String(rounds)}, milliseconds)`);
  for (const row of rows(taken)) console.log(row);
  const verdicts = limits.map((limit) => judge(limit, taken));
  for (const { sentence } of verdicts) console.log(`  ${sentence}`);
  return verdicts.map(({ passed }) => passed);
}

async function pageJob(file: string, url: string): Promise<Job> {
  const description = await inFreshBrowser(async (page) => {
    await page.goto(url);
    return page.evaluate((name) => globalThis.benchPage.describe(name), file);
  });
  return {
    ...description,
    samples: description.samples ?? 5,
    sample: (contender, round) =>
      inFreshBrowser(async (page) => {
        await page.goto(url);
        return page.evaluate(([name, who, at]) => globalThis.benchPage.run(name, who, at), [file, contender, round] as const);
      }),
  };
}

async function siteJob(file: string, url: string): Promise<Job> {
  const { module } = await runnerImport<{ bench: SiteBench }>(join(folder, file), { configFile: false, logLevel: 'warn' });
  const { name, limits, samples = 5, contenders } = module.bench;
  return {
    name,
    limits,
    samples,
    contenders: Object.keys(contenders),
    sample: (contender, round) =>
      inFreshBrowser((page, context) => {
        const work = contenders[contender];
        if (work === undefined) throw new Error(`${file} has no contender ${contender}.`);
        return work({ page, context, url, round });
      }),
  };
}

async function inFreshBrowser<T>(work: (page: Page, context: BrowserContext) => Promise<T>): Promise<T> {
  const profile = await freshProfile();
  const context = await launchPersistent(profile.folder, { viewport: { width: 1280, height: 800 }, locale: 'en-US', timezoneId: 'UTC' });
  try {
    return await work(context.pages()[0] ?? (await context.newPage()), context);
  } finally {
    await context.close();
    await profile.remove();
  }
}

async function withBuild<T>(buildInto: (dist: string) => Promise<unknown>, work: (url: string) => Promise<T>): Promise<T> {
  const dist = await mkdtemp(join(tmpdir(), 'tallyline-bench-'));
  // What ran this file has left its own 'development' there, and Svelte, XState and Workbox are slower in a build for it.
  process.env['NODE_ENV'] = 'production';
  await buildInto(dist);
  const server = await serveFolder(dist, { path: '/bench/' });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
    await rm(dist, { recursive: true, force: true });
  }
}

function buildPage(dist: string): Promise<unknown> {
  return build({
    configFile: false,
    logLevel: 'warn',
    root: join(folder, 'page'),
    base: './',
    worker: { format: 'es' },
    build: { outDir: dist, emptyOutDir: true, target: 'baseline-widely-available' },
  });
}

function buildSite(dist: string): Promise<unknown> {
  return build({ logLevel: 'warn', build: { outDir: dist, emptyOutDir: true } });
}
