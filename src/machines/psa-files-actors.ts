import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../domain/agreement';
import { problem, type Problem } from '../domain/problem';
import { adapterOf } from '../psa';
import type { Kind } from '../psa/psa';
import { settleExports } from '../storage/bindings';
import { connectionOf } from '../storage/connections';
import type { Database } from '../storage/db';
import { mirrorOf, saveMirrors, withLines } from '../storage/mirrors';
import type { Mirror } from '../storage/rows';

/** A saved answer of a PSA, as picked. */
export interface PsaFile {
  readonly name: string;
  readonly text: string;
}

/** What one file holds, or why it is not understood. An empty list is told only by the partner. */
export type FoundInFile =
  { readonly file: string; readonly kind: Kind; readonly rows: readonly Row[] } | { readonly file: string; readonly problem: Problem };
type Row = PsaCompany | Agreement | PsaProduct | PsaLine;

/** Tells every file by its content. Stores nothing. */
export function recogniseFiles(psa: string, files: readonly PsaFile[]): FoundInFile[] {
  const adapter = adapterOf(psa);
  return files.flatMap(({ name: file, text }): FoundInFile[] => {
    const found = adapter?.recognise(parsed(text)) ?? null;
    if (found === null) return [{ file, problem: problem('file is not recognised', { file }) }];
    const { kind, rows, also } = found;
    return [{ file, kind, rows }, ...(also === undefined ? [] : [{ file, ...also }])];
  });
}

/**
 * Replaces what was known of each kind with what the files of that kind hold together, a later row for an earlier one with the same
 * id. Lines go to their agreements; a file of recurring lines leaves the one-time lines as they were, and the other way round.
 */
export async function saveFound(db: Database, now: string, connection: string, found: readonly FoundInFile[]): Promise<void> {
  const whole = found.filter((one) => 'kind' in one);
  const rowsOf = <T extends Row>(kind: Kind) =>
    latest(whole.filter((one) => one.kind === kind).flatMap(({ rows }) => rows as readonly T[]));
  const has = (kind: Kind) => whole.some((one) => one.kind === kind);
  const head = { connection, scope: '', readAt: now };
  const products = rowsOf<PsaProduct>('products');
  const mirrors: Mirror[] = [
    ...(has('companies') ? [{ ...head, kind: 'companies' as const, rows: rowsOf<PsaCompany>('companies') }] : []),
    ...(await agreementsIn(db, head, has('agreements') ? rowsOf<Agreement>('agreements') : null, rowsOf<PsaCompany>('companies'))),
    ...(has('products') ? [{ ...head, kind: 'products' as const, rows: products }] : []),
    ...(await linesByAgreement(db, connection, now, rowsOf<PsaLine>('lines'))),
  ];
  if (mirrors.length > 0) await saveMirrors(db, now, mirrors);
  if (products.length > 0) await settleExports(db, now, connection, products);
}

/** Agreements that only name their company are placed by whichever of the two files comes last. */
async function agreementsIn(
  db: Database,
  head: { readonly connection: string; readonly scope: string; readonly readAt: string },
  found: readonly Agreement[] | null,
  companies: readonly PsaCompany[],
): Promise<Mirror[]> {
  const placed = adapterOf((await connectionOf(db, head.connection))?.psa ?? '')?.placed;
  const before = placed === undefined ? undefined : await mirrorOf(db, head.connection, 'agreements');
  const mirror = found === null ? before : { ...head, kind: 'agreements' as const, rows: found };
  if (mirror === undefined || placed === undefined) return mirror === undefined ? [] : [mirror];
  const known = companies.length > 0 ? companies : ((await mirrorOf(db, head.connection, 'companies'))?.rows ?? []);
  return [{ ...mirror, rows: placed(mirror.rows, known) }];
}

async function linesByAgreement(db: Database, connection: string, now: string, lines: readonly PsaLine[]): Promise<Mirror[]> {
  const agreements = [...new Set(lines.map(({ agreementId }) => agreementId))];
  return Promise.all(
    agreements.map(async (agreement): Promise<Mirror> => {
      const own = lines.filter(({ agreementId }) => agreementId === agreement);
      const known = await mirrorOf(db, connection, 'lines', agreement);
      return withLines(known, { connection, agreementId: agreement, readAt: now }, [...new Set(own.map(({ kind }) => kind))], own);
    }),
  );
}

function latest<T extends Row>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => ['kind' in row ? `${row.kind} ${row.id}` : row.id, row])).values()];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    return undefined;
  }
}
