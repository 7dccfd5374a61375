import Dexie from 'dexie';
import type { Json } from '../domain/canonical';
import { problem, ProblemError } from '../domain/problem';
import { mergeRegistry, productsBrought, type Found, type NamedSubProduct, type RegistryRows } from '../domain/registry';
import type { ImportRecord, UsageChunk } from '../domain/usage';
import { assignByEvidence, EVIDENCE } from './assignments';
import { keepFirstSources } from './billing-source';
import { write, type Database, type RejectRecord } from './db';
import { unlessImporting } from './import-lock';

/** Committed imports, newest first. */
export async function importsNewestFirst(db: Database): Promise<ImportRecord[]> {
  return (await db.imports.where('state').equals('committed').sortBy('seq')).reverse();
}

export function importOf(db: Database, id: string): Promise<ImportRecord | undefined> {
  return db.imports.get(id);
}

/** The rows that an import could not take or doubts, slice by slice. */
export function rejectsOf(db: Database, id: string): Promise<RejectRecord[]> {
  return db.rejects.where('importId').equals(id).sortBy('slice');
}

/** One page of them, for a table. */
export async function rejectsPage(db: Database, id: string, slice: number): Promise<RejectRecord | undefined> {
  return db.rejects.get([id, slice]);
}

/** Starts an import that nobody sees yet. Whatever an earlier attempt at the same files left behind goes first. */
export async function stageImport(db: Database, now: string, record: ImportRecord): Promise<void> {
  await stored(() =>
    write(db, now, STAGE, async () => {
      await removeStaged(db, [record.id]);
      await db.imports.add({ ...record, state: 'staged' });
    }),
  );
}

/** Adds a chunk, or some rejected rows, to a staged import. Throws `import was not started` when it is gone, `storage is full` when it does not fit. */
export async function stageChunk(db: Database, now: string, chunk: UsageChunk): Promise<void> {
  await stored(() =>
    write(db, now, STAGE, async () => {
      await staged(db, chunk.importId);
      await db.usage.add(chunk);
    }),
  );
}

export async function stageRejects(db: Database, now: string, importId: string, slice: number, rows: readonly Json[]): Promise<void> {
  await stored(() =>
    write(db, now, STAGE, async () => {
      await staged(db, importId);
      await db.rejects.add({ importId, slice, rows });
    }),
  );
}

/**
 * Makes a staged import visible, all of it or nothing: checks that every slice is there, merges the registry, appends the audit
 * record, assigns the customers whose evidence is exact. Answers the committed record, and how many were assigned.
 */
export async function commitImport(
  db: Database,
  now: string,
  record: ImportRecord,
  found: Found,
): Promise<{ readonly record: ImportRecord; readonly assigned: number }> {
  return stored(() =>
    write(db, now, [...new Set([...STAGE, ...EVIDENCE])], async (writing) => {
      const { next, audit } = writing;
      await staged(db, record.id);
      const slices = await db.usage.where('importId').equals(record.id).count();
      if (slices !== record.slices) throw new ProblemError(problem('record is damaged', { what: `usage ${record.id}` }));
      const before = await registryRows(db);
      const named = [...(await orphansOf(db, record, before, found)), ...found.named];
      const merged = mergeRegistry(before, { ...found, named }, record.source);
      await putChanged(db, before, merged);
      await keepFirstSources(db, productsBrought(merged, named, record.source), record.source);
      const committed: ImportRecord = { ...record, state: 'committed', seq: next(), at: now };
      await db.imports.put(committed);
      await audit('usage imported', record.id, {
        source: record.source,
        files: record.files.map(({ name, bytes, kind }) => ({ name, bytes, kind })),
        counts: { ...record.counts },
        periods: record.periods,
        final: record.final,
        complete: record.complete,
      });
      return { record: committed, assigned: await assignByEvidence(db, writing) };
    }),
  );
}

/** Removes a staged import; a committed one stays. */
export function discardImport(db: Database, now: string, id: string): Promise<void> {
  return write(db, now, STAGE, async () => removeStaged(db, [id]));
}

/**
 * Removes whatever imports were never committed: a closed tab, a crash, a cancel. Leaves them alone while another tab is importing,
 * or with `wait` waits for that to end.
 */
export async function sweepStaged(db: Database, now: string, options: { wait: boolean } = { wait: false }): Promise<void> {
  await unlessImporting(db, options, () => removeAbandoned(db, now));
}

/** The same for whoever holds the import lock. */
export async function removeAbandoned(db: Database, now: string): Promise<void> {
  const ids = await db.imports.where('state').equals('staged').primaryKeys();
  if (ids.length > 0) await write(db, now, STAGE, async () => removeStaged(db, ids));
}

export async function registryRows(db: Database): Promise<RegistryRows> {
  const [companies, products, subProducts, subscriptions, summaries] = await Dexie.Promise.all([
    db.companies.toArray(),
    db.products.toArray(),
    db.subProducts.toArray(),
    db.subscriptions.toArray(),
    db.summaries.toArray(),
  ]);
  return { companies, products, subProducts, subscriptions, summaries };
}

const STAGE = ['imports', 'usage', 'rejects'];

async function removeStaged(db: Database, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    if ((await db.imports.get(id))?.state !== 'staged') continue;
    await db.imports.delete(id);
    await db.usage.where('importId').equals(id).delete();
    await db.rejects.where('importId').equals(id).delete();
  }
}

async function staged(db: Database, id: string): Promise<void> {
  if ((await db.imports.get(id))?.state !== 'staged') throw new ProblemError(problem('import was not started', {}));
}

/**
 * Sub-products of earlier usage lines whose summaries only this import brings: until now nobody knew their product. Only the
 * dictionaries of the chunks are read.
 */
async function orphansOf(db: Database, record: ImportRecord, before: RegistryRows, found: Found): Promise<NamedSubProduct[]> {
  const fresh = new Set(found.summaries.map(({ id }) => id));
  const nameless = before.subProducts.filter(({ product }) => product === '');
  if (fresh.size === 0 || nameless.length === 0) return [];
  const named = new Map<string, NamedSubProduct>();
  const earlier = await db.imports.where('state').equals('committed').toArray();
  for (const { id } of earlier.filter(({ source }) => source === record.source)) {
    await db.usage
      .where('importId')
      .equals(id)
      .each(({ rows, texts }) => {
        for (let row = 0; row < rows; row++) {
          const summary = texts.summary.words[texts.summary.index[row] ?? -1] ?? null;
          if (summary === null || !fresh.has(summary)) continue;
          const name = texts.subProductName.words[texts.subProductName.index[row] ?? -1] ?? '';
          const subProductId = texts.subProductId.words[texts.subProductId.index[row] ?? -1] ?? null;
          const unit = texts.unit.words[texts.unit.index[row] ?? -1] ?? null;
          named.set(`${subProductId ?? ''} ${name}`, { product: null, summary, id: subProductId, name, unit });
        }
      });
  }
  return [...named.values()];
}

async function putChanged(db: Database, before: RegistryRows, after: RegistryRows): Promise<void> {
  const changed = <T>(old: readonly T[], rows: readonly T[]) => {
    const known = new Set(old.map((row) => JSON.stringify(row)));
    return rows.filter((row) => !known.has(JSON.stringify(row)));
  };
  await db.companies.bulkPut(changed(before.companies, after.companies));
  await db.products.bulkPut(changed(before.products, after.products));
  await db.subProducts.bulkPut(changed(before.subProducts, after.subProducts));
  await db.subscriptions.bulkPut(changed(before.subscriptions, after.subscriptions));
  await db.summaries.bulkPut(changed(before.summaries, after.summaries));
}

/** A full disk in the words of the page. */
async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const inner: unknown = error instanceof Dexie.DexieError ? error.inner : undefined;
    const names = [error, inner].map((reason) => (reason instanceof Error || reason instanceof DOMException ? reason.name : ''));
    if (names.includes('QuotaExceededError')) throw new ProblemError(problem('storage is full', {}));
    throw error;
  }
}
