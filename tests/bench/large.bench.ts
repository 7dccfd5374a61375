import { profileIdOf } from '../../src/domain/csv-profile.ts';
import { startImport } from '../../src/machines/import-actors.ts';
import type { Database } from '../../src/storage/db.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { saveProfile } from '../../src/storage/profiles.ts';
import type { Bench, PageContext, Sample } from './bench.ts';
import { usageCsv, usageProfile } from './usage-file.ts';

const SITES = 20_000;
const SUBS = 50;
const LINES = SITES * SUBS;
const now = () => '2020-12-20T08:00:00.000Z';

/** What may happen with the largest file that a partner is likely to have: the page stays alive, sees progress, and can stop. */
export const bench: Bench = {
  name: 'Import of a 100 MB CSV with a million lines, to the end and cancelled in the middle',
  samples: 1,
  limits: [
    { kind: 'ms', figure: 'longestBlock', max: 50 },
    { kind: 'ms', figure: 'longestSilence', max: 2500 },
    { kind: 'ms', contender: 'cancelled in the middle', max: 2500 },
    { kind: 'ms', contender: 'cancelled in the middle', figure: 'longestBlock', max: 50 },
  ],
  contenders: {
    ours: async ({ watch }) => {
      const db = await database();
      const run = start(db);
      const { ms, longestBlock } = await watch(() => run.ended);
      const [record] = await db.imports.toArray();
      const chunks = await db.usage.count();
      if (record?.state !== 'committed' || record.counts.accepted !== LINES || record.slices !== chunks) {
        throw new Error(`${String(record?.counts.accepted)} of ${String(LINES)} lines were committed in ${String(chunks)} chunks.`);
      }
      const silences = run.heard.map((at, index) => at - (run.heard[index - 1] ?? run.started));
      return { ms, longestBlock, longestSilence: Math.max(...silences), progress: run.heard.length };
    },
    'cancelled in the middle': async ({ watch }) => cancelled(await database(), watch),
  },
};

async function cancelled(db: Database, watch: PageContext['watch']): Promise<Sample> {
  const run = start(db);
  await run.middle;
  const staged = await db.usage.count();
  if (staged === 0) throw new Error('Nothing was staged yet when the import was cancelled.');
  const { ms, longestBlock } = await watch(() => run.cancel());
  const left = await Promise.all([db.imports.count(), db.usage.count(), db.rejects.count()]);
  if (left.some((count) => count > 0)) throw new Error(`The cancelled import left imports, chunks and rejects: ${left.join(', ')}.`);
  return { ms, longestBlock, staged };
}

async function database(): Promise<Database> {
  const db = await openDatabase('bench', { newId: () => crypto.randomUUID() });
  const id = profileIdOf(usageProfile.header);
  await saveProfile(db, now(), { id, name: 'Bench', header: usageProfile.header, settings: usageProfile });
  return db;
}

/** An import under way; `heard` are the times at which its progress arrived. */
function start(db: Database) {
  const file = new File([usageCsv(SITES, SUBS, '2020-12-19')], 'usage.csv', { type: 'text/csv' });
  const heard: number[] = [];
  const ended = Promise.withResolvers<undefined>();
  const middle = Promise.withResolvers<undefined>();
  const swept = Promise.withResolvers<undefined>();
  const actor = startImport(db, now);
  let bytes = 0;
  actor.subscribe((state) => {
    const { progress, problem } = state.context;
    if (progress !== null && progress.bytes !== bytes) {
      bytes = progress.bytes;
      heard.push(performance.now());
      if (bytes > progress.total / 2) middle.resolve(undefined);
    }
    if (state.matches('done')) ended.resolve(undefined);
    if (state.matches('idle')) swept.resolve(undefined);
    if (state.matches('failed'))
      for (const each of [ended, middle, swept]) each.reject(new Error(`The import failed: ${JSON.stringify(problem)}`));
  });
  const started = performance.now();
  actor.send({ type: 'files.picked', files: [{ name: file.name, blob: file }] });
  actor.send({ type: 'import' });
  const cancel = () => {
    actor.send({ type: 'cancel' });
    return swept.promise;
  };
  return { heard, started, ended: ended.promise, middle: middle.promise, cancel };
}
