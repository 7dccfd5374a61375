import { subProductKeyFor, type Catalogue } from '../domain/catalogue';
import type { ReadRow } from '../domain/explain-count';
import { numberAt } from '../domain/run';
import type { Evidence, SiteCount } from '../domain/snapshot';
import { unpackLine } from '../domain/unpack';
import type { UsageChunk } from '../domain/usage';
import type { Database } from './db';

/** The rows of each sub-product of a count as they were read. Rows of imports that are gone are left out. */
export async function rowsOfCount(db: Database, { counts }: SiteCount, catalogue: Catalogue): Promise<Map<string, ReadRow[]>> {
  const wanted = counts.flatMap(({ subProduct, evidence }) => evidence.map((own) => ({ ...own, subProduct })));
  const found = new Map<string, ReadRow[]>(counts.map(({ subProduct }) => [subProduct, []]));
  for (const importId of new Set(wanted.map((own) => own.importId))) {
    const record = await db.imports.get(importId);
    if (record?.state !== 'committed') continue;
    const own = wanted.filter((evidence) => evidence.importId === importId);
    await db.usage
      .where('importId')
      .equals(importId)
      .each((chunk) => {
        for (const at of placesIn(chunk, own)) {
          const line = unpackLine(chunk, at);
          const { subProductId: id, subProductName: name, product } = line;
          const key = subProductKeyFor(catalogue, record.source, { id, name, product });
          if (own.some((evidence) => evidence.subProduct === key && evidence.file === line.file && evidence.row === line.row))
            found.get(key)?.push({ line, importId, importedAt: record.at });
        }
      });
  }
  return found;
}

function placesIn(chunk: UsageChunk, evidence: readonly Evidence[]): number[] {
  const rows = new Set(evidence.map(({ row }) => row));
  return Array.from({ length: chunk.rows }, (_, at) => at).filter((at) => rows.has(numberAt(chunk.row, at)));
}
