import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * What a first visit may weigh, in kB of 1,000 bytes; all but the precache are gzip. A worker carries its own copy of the database
 * library and starts beside a page that already works.
 */
export const limits = { initialScript: 120, styles: 15, allStyles: 25, lazyChunk: 40, worker: 110, precache: 2400 };

interface Measure {
  readonly what: string;
  readonly kilobytes: number;
  readonly limit: number;
}

/** Measures the finished build in dist/, prints every figure and fails on the first limit that is passed. */
export async function main(): Promise<number> {
  const dist = process.env['TALLYLINE_DIST'] ?? 'dist';
  const measures = await measure(dist);
  for (const { what, kilobytes, limit } of measures) {
    console.log(`${kilobytes <= limit ? 'ok  ' : 'OVER'} ${kilobytes.toFixed(1).padStart(7)} of ${String(limit).padStart(4)} kB  ${what}`);
  }
  return measures.every(({ kilobytes, limit }) => kilobytes <= limit) ? 0 : 1;
}

/**
 * Initial is what the browser must fetch before the page can run: the scripts that index.html names (entry, module preloads)
 * and everything they import statically, in case the build leaves one out of the preloads.
 */
export async function measure(dist: string): Promise<Measure[]> {
  const html = await readFile(join(dist, 'index.html'), 'utf8');
  const initial = await withStaticImports(dist, named(html, /<(?:script|link)\b[^>]*?\b(?:src|href)="\.\/([^"]+\.js)"/g));
  const scripts = (await readdir(join(dist, 'assets'))).filter((name) => name.endsWith('.js')).map((name) => `assets/${name}`);
  const styles = (await readdir(join(dist, 'assets'))).filter((name) => name.endsWith('.css')).map((name) => `assets/${name}`);
  const first = [...new Set(named(html, /\bhref="\.\/([^"]+\.css)"/g))];
  const lazy = await Promise.all(
    scripts.filter((name) => !initial.has(name)).map(async (name) => ({ name, kilobytes: await zipped(dist, name) })),
  );
  const precache = await precached(dist);
  return [
    { what: `initial JavaScript (${String(initial.size)} files)`, kilobytes: await total(dist, initial), limit: limits.initialScript },
    { what: `CSS of the first visit (${String(first.length)} files)`, kilobytes: await total(dist, first), limit: limits.styles },
    { what: `all CSS (${String(styles.length)} files)`, kilobytes: await total(dist, styles), limit: limits.allStyles },
    ...lazy
      .toSorted((one, other) => other.kilobytes - one.kilobytes)
      .map(({ name, kilobytes }) =>
        name.includes('.worker-')
          ? { what: `worker ${name}`, kilobytes, limit: limits.worker }
          : { what: `lazy ${name}`, kilobytes, limit: limits.lazyChunk },
      ),
    { what: `precache, unzipped (${String(precache.files)} files)`, kilobytes: precache.bytes / 1000, limit: limits.precache },
  ];
}

async function withStaticImports(dist: string, entries: readonly string[]): Promise<Set<string>> {
  const seen = new Set<string>();
  const open = [...entries];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const code = await readFile(join(dist, name), 'utf8');
    const folder = name.split('/').slice(0, -1).join('/');
    open.push(
      ...named(code, /\b(?:from|import)\s*["'](\.[^"']+\.js)["']/g).map((path) => relative('.', join(folder, path)).replaceAll('\\', '/')),
    );
  }
  return seen;
}

async function precached(dist: string): Promise<{ files: number; bytes: number }> {
  const worker = await readFile(join(dist, 'sw.js'), 'utf8');
  const files = new Set(named(worker, /\burl:\s*["']([^"']+)["']/g));
  if (files.size === 0) throw new Error(`No precached file was found in ${dist}/sw.js; the measure no longer understands it.`);
  const sizes = await Promise.all([...files].map(async (name) => (await readFile(join(dist, name))).length));
  return { files: files.size, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function named(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

async function total(dist: string, names: Iterable<string>): Promise<number> {
  const sizes = await Promise.all([...names].map((name) => zipped(dist, name)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function zipped(dist: string, name: string): Promise<number> {
  return gzipSync(await readFile(join(dist, name)), { level: 9 }).length / 1000;
}
