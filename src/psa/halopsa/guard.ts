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
  const { difference, extra } = compared(request, lines);
  if (difference !== null) return problem('line was changed meanwhile', difference);
  if (extra === undefined) return null;
  const name = textOf(extra['item_shortdescription']);
  return problem('line was changed meanwhile', { line: name, field: 'line', believed: null, found: name });
}

/** After the write the same lines must stand as they were sent; one that somebody added since is nothing that it did. */
export function spoiled(request: PlanRequest, lines: readonly PsaLine[]): Problem | null {
  if (request.operation === 'export' || request.operation === 'read') return null;
  const { difference } = compared(request, lines);
  return difference === null ? null : problem('another line was changed', difference);
}

interface Difference {
  readonly line: string;
  readonly field: string;
  readonly believed: string | null;
  readonly found: string | null;
}

/** The first sent line that does not stand as it was sent, and a line that was not sent. */
function compared(
  request: PlanRequest,
  lines: readonly PsaLine[],
): { readonly difference: Difference | null; readonly extra: LineRow | undefined } {
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
    if (there === undefined) return { difference: { line: name, field: 'line', believed: name, found: null }, extra: undefined };
    const [id, now] = there;
    left.delete(id);
    const field = differing(row, now, row === own ? written : null);
    if (field !== null)
      return { difference: { line: name, field, believed: textOf(row[field]), found: textOf(now[field]) }, extra: undefined };
  }
  const [extra] = left.values();
  return { difference: null, extra };
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
