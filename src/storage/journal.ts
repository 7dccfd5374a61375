import type { AuditRecord } from '../domain/audit';
import type { Json } from '../domain/canonical';
import type { Decision } from '../domain/decision';
import { pastOf, valueBefore, type Past } from '../domain/past';

/** A row that a command touched, as it was before; null is not there. `key` is its key in the table. */
export interface TouchedRow {
  readonly table: string;
  readonly key: Json;
  readonly before: Json;
}

/** The same where the table has the row still: what of it the row that followed does not tell. */
export interface ToldRow extends Omit<TouchedRow, 'before'> {
  readonly past: Past;
}

/** The remembered rows that one command touched, by the number of its last record: with them any earlier state can be told. */
export interface JournalRecord {
  readonly seq: number;
  readonly at: string;
  readonly rows: readonly (TouchedRow | ToldRow)[];
}

/** A touched row as the journal keeps it, beside what the table has in its place by now (undefined: nothing). */
export function toldBy(row: TouchedRow, next: Json | undefined): TouchedRow | ToldRow {
  const { before, ...place } = row;
  return before === null || next === undefined ? row : { ...place, past: pastOf(before, next) };
}

/** What a row was before, where `next` followed it. */
export function rowBefore(row: TouchedRow | ToldRow, next: Json): Json {
  return 'past' in row ? valueBefore(row.past, next) : row.before;
}

/** What decisions kept of their rows, and what they were each time one was taken back or made again (`turns`). */
export function journalOfDecisions(decisions: readonly Decision[], turns: readonly AuditRecord[]): JournalRecord[] {
  const made = decisions.map(({ seq, at, images }) => ({ seq, at, rows: images.map(({ after: _, ...row }) => row) }));
  const byNumber = new Map(decisions.map((decision) => [decision.seq, decision]));
  const turned = turns.flatMap(({ seq, at, kind, data }) => {
    const images = byNumber.get((data as { readonly record: number }).record)?.images ?? [];
    const rows = images.map(({ table, key, before, after }) => ({ table, key, before: kind === 'decision taken back' ? after : before }));
    return rows.length === 0 ? [] : [{ seq, at, rows }];
  });
  return [...made, ...turned];
}
