import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../domain/agreement';
import { LOOKUP_KINDS, type Lookup, type LookupKind } from '../domain/change';
import { adapterOf } from '../psa';
import { asksOf, type Ask, type SavedRow } from '../psa/asks';
import type { Kind, LinesOf } from '../psa/psa';
import { tellFiles, type FoundInFile, type PsaFile } from '../psa/saved-files';
import { settleExports } from '../storage/bindings';
import { connectionOf } from '../storage/connections';
import type { Database } from '../storage/db';
import { mirrorOf, saveMirrors, withLines } from '../storage/mirrors';
import type { Mirror } from '../storage/rows';

export type { Ask } from '../psa/asks';
export type { FoundInFile, PsaFile } from '../psa/saved-files';

/** What can be asked of a PSA and saved: its lists, and the lines of these agreements. */
export function asksFor(psa: string, agreements: readonly string[]): readonly Ask[] {
  const adapter = adapterOf(psa);
  return adapter === undefined ? [] : asksOf(adapter, agreements);
}

/** What each of the files holds, as `tellFiles` tells it. Stores nothing. */
export function recogniseFiles(psa: string, files: readonly PsaFile[], agreements: readonly string[] = []): FoundInFile[] {
  const adapter = adapterOf(psa);
  return adapter === undefined ? [] : tellFiles(adapter, files, agreements);
}

/**
 * Replaces what was known of each kind with what the files of that kind hold together, a later row for an earlier one with the same
 * id. Lines go to their agreements; a file of recurring lines leaves the one-time lines as they were, and the other way round.
 */
export async function saveFound(db: Database, now: string, connection: string, found: readonly FoundInFile[]): Promise<void> {
  const whole = found.filter((one) => 'kind' in one);
  const rowsOf = <T extends SavedRow>(kind: Kind | LookupKind) =>
    latest(whole.filter((one) => one.kind === kind).flatMap(({ rows }) => rows as readonly T[]));
  const has = (kind: Kind | LookupKind) => whole.some((one) => one.kind === kind);
  const head = { connection, scope: '', readAt: now };
  const products = rowsOf<PsaProduct>('products');
  const mirrors: Mirror[] = [
    ...(has('companies') ? [{ ...head, kind: 'companies' as const, rows: rowsOf<PsaCompany>('companies') }] : []),
    ...(await agreementsIn(db, head, has('agreements') ? rowsOf<Agreement>('agreements') : null, rowsOf<PsaCompany>('companies'))),
    ...(has('products') ? [{ ...head, kind: 'products' as const, rows: products }] : []),
    ...LOOKUP_KINDS.filter(has).map((kind) => ({ ...head, kind, rows: rowsOf<Lookup>(kind) })),
    ...(await linesByAgreement(
      db,
      { connection, now },
      rowsOf<PsaLine>('lines'),
      whole.flatMap((one) => one.whole ?? []),
    )),
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

/** Lines go to the agreements that they name; one that is `whole` has no others, and none where none is named. */
async function linesByAgreement(
  db: Database,
  { connection, now }: { readonly connection: string; readonly now: string },
  lines: readonly PsaLine[],
  whole: readonly LinesOf[],
): Promise<Mirror[]> {
  const agreements = [...new Set([...lines, ...whole].map(({ agreementId }) => agreementId))];
  return Promise.all(
    agreements.map(async (agreement): Promise<Mirror> => {
      const own = lines.filter(({ agreementId }) => agreementId === agreement);
      const read = whole.filter(({ agreementId }) => agreementId === agreement).flatMap(({ kinds }) => kinds);
      const known = await mirrorOf(db, connection, 'lines', agreement);
      const kinds = [...new Set([...own.map(({ kind }) => kind), ...read])];
      return withLines(known, { connection, agreementId: agreement, readAt: now }, kinds, own);
    }),
  );
}

function latest<T extends SavedRow>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => ['kind' in row ? `${row.kind} ${row.id}` : row.id, row])).values()];
}
