import type { Json } from '../../domain/canonical';
import type { PlanRequest } from '../../domain/plan';
import { isRecord } from '../paging';
import type { PsaAdapter, PsaAnswer } from '../psa';
import { agrees, idText, KEY, keptFields, MONEY, ownOf, sentBy, type LineRow } from './document';
import { writtenIn } from './http';
import { line, product } from './records';

/**
 * Whether a 2xx answer proves the request: the recurring invoice with all the lines that were sent, the own one as it was written. HTML,
 * nothing, another invoice, another quantity or a missing line prove nothing; what the answer leaves out is read back.
 */
export function prove(request: PlanRequest, answer: PsaAnswer): ReturnType<PsaAdapter['prove']> {
  if (answer.status < 200 || answer.status > 299 || request.operation === 'read') return null;
  const record = writtenIn(answer.body);
  const id = record === null ? null : request.operation === 'export' ? itemIn(request, record) : lineIn(request, record);
  if (id === null) return null;
  return { lineId: id, yielded: Object.fromEntries(Object.keys(request.expects.yields).map((name) => [name, Number(id)])) };
}

function lineIn(request: PlanRequest, header: Readonly<Record<string, unknown>>): string | null {
  const { id, lines: sent } = sentBy(request);
  const told: readonly unknown[] = Array.isArray(header['lines']) ? header['lines'] : [];
  const rows = told.filter((value): value is LineRow => line.read(value, request.line.agreementId) !== null);
  const known = sent.map(idText).filter((text) => text !== '');
  const there = new Set(rows.map(idText));
  if (header['id'] !== id || rows.length !== told.length || rows.length !== sent.length || !known.every((text) => there.has(text)))
    return null;
  const own = ownOf(request, sent);
  if (own === null) return null;
  const candidates = 'id' in own ? rows.filter((row) => idText(row) === idText(own)) : newOnes(own, rows, known);
  const [row] = candidates;
  const fields = 'id' in own ? keptFields(own).filter((name) => name !== KEY) : MONEY.filter((name) => name in own);
  const holds = row !== undefined && fields.every((name) => agrees(row[name], own[name] ?? null));
  return candidates.length === 1 && holds ? idText(row) : null;
}

/** By our key where HaloPSA keeps it, else by item and text. */
function newOnes(own: LineRow, rows: readonly LineRow[], known: readonly string[]): readonly LineRow[] {
  const added = rows.filter((row) => !known.includes(idText(row)));
  const keyed = added.filter((row) => row[KEY] === own[KEY]);
  const alike = ['_itemid', 'item_shortdescription'] as const;
  return keyed.length > 0 ? keyed : added.filter((row) => alike.every((name) => agrees(row[name], own[name] ?? null)));
}

/** What the answer leaves out is not told from what it refused, but the name and our reference must stand. */
function itemIn(request: PlanRequest, record: Readonly<Record<string, unknown>>): string | null {
  const item = product.read(record, null);
  const [sent] = request.body as readonly Readonly<Record<string, Json>>[];
  const holds = (name: string, value: Json) =>
    name === 'name' || name === 'externalreference' ? record[name] === value : record[name] === undefined || agrees(record[name], value);
  if (item === null || !isRecord(sent)) return null;
  return Object.entries(sent).every(([name, value]) => holds(name, value)) ? item.id : null;
}
