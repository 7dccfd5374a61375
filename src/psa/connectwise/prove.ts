import type { Json } from '../../domain/canonical';
import type { PlanRequest } from '../../domain/plan';
import type { PsaAnswer } from '../psa';
import { addition, oneTime } from './lines';
import { product } from './records';

interface Proof {
  readonly lineId: string | null;
  readonly yielded: Readonly<Record<string, string | number>>;
}
type Row = Readonly<Record<string, unknown>>;

/**
 * Whether a 2xx answer proves the request: the stored record, with an id, that holds everything we sent. HTML, nothing, another line,
 * another quantity or a missing key prove nothing. Fields that ConnectWise may leave out of its answer are not told from refused ones.
 */
export function prove(request: PlanRequest, answer: PsaAnswer): Proof | null {
  if (answer.status < 200 || answer.status > 299) return null;
  return request.operation === 'read' ? proveRead(request, answer.body) : proveWrite(request, answer.body);
}

/** The line with our key: the open one, or the only one. Several are no proof of which is meant. */
function proveRead(request: PlanRequest, body: unknown): Proof | null {
  if (!Array.isArray(body)) return null;
  const lines = body.filter((value): value is Row => addition.read(value, request.line.agreementId) !== null);
  if (lines.length !== body.length) return null;
  const yielded: Record<string, string | number> = {};
  for (const [name, { field, where }] of Object.entries(request.expects.yields)) {
    const ours = lines.filter((line) => where === null || line[where.field] === where.equals);
    const open = ours.filter((line) => (line['cancelledDate'] ?? '') === '');
    const [line] = open.length > 0 ? open : ours;
    const value = line?.[field];
    if ((open.length > 0 ? open : ours).length !== 1 || (typeof value !== 'number' && typeof value !== 'string')) return null;
    yielded[name] = value;
  }
  const [id] = Object.values(yielded);
  return { lineId: id === undefined ? null : String(id), yielded };
}

function proveWrite(request: PlanRequest, body: unknown): Proof | null {
  const known = recordOf(request, body);
  if (known === null || !holds(body as Row, sentBy(request))) return null;
  if (request.operation !== 'export' && request.line.lineId !== null && known.id !== request.line.lineId) return null;
  if (known.agreementId !== null && known.agreementId !== request.line.agreementId) return null;
  const yielded = Object.fromEntries(Object.entries(request.expects.yields).map(([name, { field }]) => [name, (body as Row)[field]]));
  if (!Object.values(yielded).every((value) => typeof value === 'number' || typeof value === 'string')) return null;
  return { lineId: known.id, yielded: yielded as Proof['yielded'] };
}

function recordOf(request: PlanRequest, body: unknown): { readonly id: string; readonly agreementId: string | null } | null {
  if (request.operation === 'export') {
    const item = product.read(body, null);
    return item === null ? null : { id: item.id, agreementId: null };
  }
  const line = request.operation === 'charge' ? oneTime.read(body, null) : addition.read(body, request.line.agreementId);
  return line === null ? null : { id: line.id, agreementId: line.agreementId };
}

/** The fields that a request writes, as the record would hold them. */
export function sentBy(request: PlanRequest): Readonly<Record<string, Json>> {
  const body = request.body;
  if (!Array.isArray(body)) return body as Readonly<Record<string, Json>>;
  const operations = body as readonly { readonly path: string; readonly value: Json }[];
  return Object.fromEntries(operations.map(({ path, value }) => [path, value]));
}

/** Every sent value stands in the record; days are compared as days, and an id that is not known yet (`$use`) is any id. */
function holds(record: Row, sent: Readonly<Record<string, Json>>): boolean {
  return Object.entries(sent).every(([name, value]) => agrees(record[name], value, name));
}

function agrees(found: unknown, sent: Json, name: string): boolean {
  if (ECHOED_LOOSELY.has(name)) return found === undefined || found === null || agrees(found, sent, '');
  if (name.endsWith('Date')) return typeof found === 'string' && typeof sent === 'string' && found.slice(0, 10) === sent.slice(0, 10);
  if (typeof sent !== 'object' || sent === null) return found === sent;
  if ('$use' in sent) return typeof found === 'number';
  if (typeof found !== 'object' || found === null || Array.isArray(sent)) return false;
  return holds(found as Row, sent as Readonly<Record<string, Json>>);
}

/** Flags and texts that say nothing about what will be billed: they may be missing in the answer, but must not differ. */
export const ECHOED_LOOSELY = new Set([
  'prorateCurrentPeriodFlag',
  'customerDescription',
  'recurringFlag',
  'taxableFlag',
  'productClass',
  'company',
  'unitOfMeasure',
  'subcategory',
  'type',
]);
