import type { Json } from '../../domain/canonical';
import type { PsaRequest } from '../../psa/psa';
import { json, type Row, type SandboxAnswer } from '../sandbox';
import { recordIn, refusal, textIn } from './tables';

/**
 * A list by the PSA's query language, in pages of at most 500: the next one has an address of its own and takes the same body again.
 * A field that no row of the entity has is refused, as a tenant refuses one that it does not know.
 */
export function list(rows: readonly Row[], known: readonly string[], request: PsaRequest): SandboxAnswer {
  const body = recordIn(request.body);
  const { filter, maxRecords = 500, includeFields } = body;
  const size = typeof maxRecords === 'number' && Number.isInteger(maxRecords) && maxRecords >= 1 && maxRecords <= 500 ? maxRecords : null;
  if (!Array.isArray(filter) || filter.length === 0 || size === null) return refusal(500, 'The query is not valid.');
  const fields = new Set(['id', ...known, ...rows.flatMap((row) => Object.keys(row))]);
  const filters = (filter as readonly Json[]).map(recordIn);
  const wanted = Array.isArray(includeFields) ? (includeFields as readonly Json[]).map(String) : null;
  const unknown = [...filters.flatMap(fieldsIn), ...(wanted ?? [])].find((field) => !fields.has(field));
  if (unknown !== undefined) return refusal(500, `Unable to find ${unknown} in the entity.`);
  const found = [...rows]
    .filter((row) => filters.every((one) => holds(row, one)))
    .sort((left, right) => Number(left['id']) - Number(right['id']));
  const start = Number(request.query['paging'] ?? 0);
  const shown = found.slice(start, start + size);
  const more = start + size < found.length;
  const path = request.path.replace(/\/next$/, '');
  const nextPageUrl = more ? `https://webservices0.autotask.net/ATServicesRest${path}/next?paging=${start + size}` : null;
  const items = wanted === null ? shown : shown.map((row) => Object.fromEntries(wanted.map((name) => [name, row[name] ?? null])));
  return json(200, { items, pageDetails: { count: shown.length, requestCount: size, prevPageUrl: null, nextPageUrl } });
}

function fieldsIn(filter: Row): string[] {
  if (Array.isArray(filter['items'])) return (filter['items'] as readonly Json[]).map(recordIn).flatMap(fieldsIn);
  return [textIn(filter['field'])];
}

function holds(row: Row, { op, field, value = null, items }: Row): boolean {
  const parts = Array.isArray(items) ? (items as readonly Json[]).map(recordIn) : [];
  const found = row[textIn(field)] ?? null;
  switch (op) {
    case 'and':
      return parts.every((part) => holds(row, part));
    case 'or':
      return parts.some((part) => holds(row, part));
    case 'exist':
      return found !== null;
    case 'in':
      return Array.isArray(value) && (value as readonly Json[]).some((one) => same(found, one));
    case 'lte':
      return found !== null && compared(found, value) <= 0;
    case 'gte':
      return found !== null && compared(found, value) >= 0;
    default:
      return op === 'eq' && same(found, value);
  }
}

/** Texts are compared without case, as the PSA does. */
function same(found: Json, value: Json): boolean {
  return typeof found === 'string' && typeof value === 'string' ? found.toLowerCase() === value.toLowerCase() : found === value;
}

function compared(left: Json, right: Json): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [first, second] = [textIn(left), textIn(right)];
  return first < second ? -1 : first > second ? 1 : 0;
}
