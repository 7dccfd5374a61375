import type { PsaLine } from '../../domain/agreement';
import type { Json } from '../../domain/canonical';
import type { PlanRequest } from '../../domain/plan';
import { problem, type Problem } from '../../domain/problem';
import { agrees, changedBy, idText, isUse, keptFields, ownOf, sentBy, type LineRow } from './document';

/**
 * The request sends every line back, so each must still stand as it is sent, and no other may be there: what somebody changed, added or
 * took away since the lines were read would be undone. Of the own line the fields that are written are judged elsewhere.
 */
export function guard(request: PlanRequest, lines: readonly PsaLine[]): Problem | null {
  const { lines: sent } = sentBy(request);
  const own = ownOf(request, sent);
  const written = changedBy(request);
  const left = new Map(lines.map((line) => [line.id, (line.raw ?? {}) as LineRow]));
  const known = new Set(sent.map(idText));
  for (const row of sent) {
    if (row === own && !('id' in row)) continue;
    const name = textOf(row['item_shortdescription'] ?? null);
    const there = isUse(row['id'])
      ? [...left].find(([id, found]) => !known.has(id) && differing(row, found, null) === null)
      : found(left, row);
    if (there === undefined) return problem('line was changed meanwhile', { line: name, field: 'line', believed: name, found: null });
    const [id, now] = there;
    left.delete(id);
    const field = differing(row, now, row === own ? written : null);
    if (field !== null)
      return problem('line was changed meanwhile', { line: name, field, believed: textOf(row[field]), found: textOf(now[field]) });
  }
  const [extra] = left.values();
  if (extra === undefined) return null;
  const name = textOf(extra['item_shortdescription']);
  return problem('line was changed meanwhile', { line: name, field: 'line', believed: null, found: name });
}

function found(left: ReadonlyMap<string, LineRow>, row: LineRow): readonly [string, LineRow] | undefined {
  const now = left.get(idText(row));
  return now === undefined ? undefined : [idText(row), now];
}

function differing(row: LineRow, now: LineRow, written: ReadonlySet<string> | null): string | null {
  return keptFields(row).find((field) => written?.has(field) !== true && !agrees(now[field], row[field] ?? null)) ?? null;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
}
