import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../domain/agreement';
import { LOOKUP_KINDS, type Around } from '../domain/change';
import { write, type Database } from './db';
import type { Mirror, MirrorKind } from './rows';

type MirrorOf<K extends MirrorKind> = Mirror & { readonly kind: K };
export type LinesMirror = MirrorOf<'lines'>;

/** What was last read of one kind. `scope` is '' for the whole list, else the agreement's id. */
export async function mirrorOf<K extends MirrorKind>(
  db: Database,
  connection: string,
  kind: K,
  scope = '',
): Promise<MirrorOf<K> | undefined> {
  const found = await db.mirrors.get([connection, kind, scope]);
  return found === undefined || !isOf(found, kind) ? undefined : found;
}

/** The agreements of one PSA company, from the newer of the whole list and the company's own reading. */
export async function agreementsOfCompany(
  db: Database,
  connection: string,
  psaCompany: string,
): Promise<{ readonly rows: readonly Agreement[]; readonly readAt: string } | undefined> {
  const [all, own] = await Promise.all([mirrorOf(db, connection, 'agreements'), mirrorOf(db, connection, 'agreements', psaCompany)]);
  const newest = [all, own].filter((mirror) => mirror !== undefined).sort((left, right) => right.readAt.localeCompare(left.readAt))[0];
  if (newest === undefined) return undefined;
  return { rows: newest.rows.filter(({ companyId }) => companyId === psaCompany), readAt: newest.readAt };
}

/** When an agreement was last read, in whichever list; null while it never was. */
export async function agreementReadAt(db: Database, connection: string, id: string): Promise<string | null> {
  const mirrors = await db.mirrors.where({ connection, kind: 'agreements' }).toArray();
  const times = mirrors.flatMap((mirror) =>
    isOf(mirror, 'agreements') && mirror.rows.some((row) => row.id === id) ? [mirror.readAt] : [],
  );
  return times.sort().at(-1) ?? null;
}

/** Every agreement of every connection as it was last read. */
export async function newestAgreements(db: Database): Promise<ReadonlyMap<string, readonly Agreement[]>> {
  const connections = await db.connections.toCollection().primaryKeys();
  const read = await Promise.all(connections.map((connection) => db.mirrors.where({ connection, kind: 'agreements' }).toArray()));
  return new Map(
    connections.map((connection, at) => {
      const mirrors = (read[at] ?? [])
        .filter((mirror) => isOf(mirror, 'agreements'))
        .sort((left, right) => left.readAt.localeCompare(right.readAt));
      return [connection, [...new Map(mirrors.flatMap(({ rows }) => rows.map((row) => [row.id, row] as const))).values()]];
    }),
  );
}

/** When lines of a kind were last read; null while they never were. */
export function linesReadAt({ readAt, parts }: LinesMirror, kind: PsaLine['kind']): string | null {
  return parts === undefined ? readAt : (parts[kind] ?? null);
}

/** What is known of an agreement's lines after some kinds of them were read: the others stay as old as they were. */
export function withLines(
  known: LinesMirror | undefined,
  { connection, agreementId, readAt }: { readonly connection: string; readonly agreementId: string; readonly readAt: string },
  kinds: readonly PsaLine['kind'][],
  rows: readonly PsaLine[],
): LinesMirror {
  const kept = known?.rows.filter(({ kind }) => !kinds.includes(kind)) ?? [];
  const parts = Object.fromEntries(
    (['recurring', 'one-time'] as const).flatMap((kind) => {
      const at = kinds.includes(kind) ? readAt : known === undefined ? null : linesReadAt(known, kind);
      return at === null ? [] : [[kind, at]];
    }),
  );
  return { connection, kind: 'lines', scope: agreementId, readAt, parts, rows: [...kept, ...rows] };
}

/** What one reading said, or null while there was none. */
export type Known<T> = { readonly rows: readonly T[]; readonly readAt: string } | null;

export async function companiesRead(db: Database, connection: string): Promise<Known<PsaCompany>> {
  return (await mirrorOf(db, connection, 'companies')) ?? null;
}

export async function agreementsRead(db: Database, connection: string): Promise<Known<Agreement>> {
  return (await mirrorOf(db, connection, 'agreements')) ?? null;
}

export async function productsRead(db: Database, connection: string): Promise<Known<PsaProduct>> {
  return (await mirrorOf(db, connection, 'products')) ?? null;
}

/** What an exported product can be filed under; null while it was never read. */
export async function choicesRead(db: Database, connection: string): Promise<Around['lookups'] | null> {
  const mirrors = await Promise.all(LOOKUP_KINDS.map((kind) => mirrorOf(db, connection, kind)));
  const read = mirrors.filter((mirror) => mirror !== undefined);
  return read.length === 0 ? null : Object.fromEntries(read.map(({ kind, rows }) => [kind, rows]));
}

/** When each kind was read, and how many rows: what the page says about the age of its knowledge. */
export async function readings(db: Database, connection: string): Promise<Reading[]> {
  const mirrors = await db.mirrors.filter((mirror) => mirror.connection === connection).toArray();
  return mirrors.map(({ kind, scope, readAt, rows }) => ({ kind, scope, readAt, rows: rows.length }));
}

export interface Reading {
  readonly kind: MirrorKind;
  readonly scope: string;
  readonly readAt: string;
  readonly rows: number;
}

/** Replaces what was known with a whole reading: a part of one never comes here. */
export function saveMirror(db: Database, now: string, mirror: Mirror): Promise<void> {
  return saveMirrors(db, now, [mirror]);
}

/** Several kinds of one reading, all or none. */
export function saveMirrors(db: Database, now: string, mirrors: readonly Mirror[]): Promise<void> {
  return write(db, now, ['mirrors'], async ({ audit }) => {
    for (const mirror of mirrors) {
      const { connection, kind, scope, readAt, rows } = mirror;
      await db.mirrors.put(mirror);
      await audit('PSA read', connection, { kind, scope, readAt, rows: rows.length });
    }
  });
}

function isOf<K extends MirrorKind>(mirror: Mirror, kind: K): mirror is MirrorOf<K> {
  return mirror.kind === kind;
}

/** When each connection was last read, by its id. */
export async function lastReadings(db: Database): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  await db.mirrors.each(({ connection, readAt }) => {
    if ((found.get(connection) ?? '') < readAt) found.set(connection, readAt);
  });
  return found;
}
