import { write, type Database } from './db';
import type { Mirror, MirrorKind } from './rows';

/** What was last read of one kind. `scope` is '' for the whole list, else the agreement's id. */
export async function mirrorOf<K extends MirrorKind>(
  db: Database,
  connection: string,
  kind: K,
  scope = '',
): Promise<Extract<Mirror, { readonly kind: K }> | undefined> {
  const found = await db.mirrors.get([connection, kind, scope]);
  return found === undefined || !isOf(found, kind) ? undefined : found;
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

function isOf<K extends MirrorKind>(mirror: Mirror, kind: K): mirror is Extract<Mirror, { readonly kind: K }> {
  return mirror.kind === kind;
}
