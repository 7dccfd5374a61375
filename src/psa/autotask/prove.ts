import type { PlanRequest } from '../../domain/plan';
import type { PsaAdapter, PsaAnswer } from '../psa';
import { isRecord } from '../paging';
import { bodyOf, filtersOf } from './evidence';
import { itemsIn } from './http';
import { contractService } from './lines';

type Proof = ReturnType<PsaAdapter['prove']>;

/**
 * An answer to a write is the id of what was written and nothing else, so it is only half of a proof: the page reads back what the units
 * or the text are by then. HTML, nothing, and the id of another line prove nothing.
 */
export function prove(request: PlanRequest, answer: PsaAnswer): Proof {
  if (answer.status < 200 || answer.status > 299) return null;
  return request.operation === 'read' ? proveRead(request, answer.body) : proveWrite(request, answer.body);
}

/** The one contract service that the conditions mean. Several are no proof of which is meant. */
function proveRead(request: PlanRequest, body: unknown): Proof {
  const rows = itemsIn(body);
  if (rows === null || rows.some((row) => contractService.read(row, null) === null)) return null;
  const wanted = filtersOf(request).filter(({ value }) => typeof value !== 'object');
  const ours = rows.filter((row) => isRecord(row) && wanted.every(({ field, value }) => row[field] === value));
  const [line] = ours.map((row) => contractService.read(row, null));
  if (ours.length !== 1 || line === undefined || line === null || line.agreementId !== request.line.agreementId) return null;
  return { lineId: line.id, yielded: Object.fromEntries(Object.keys(request.expects.yields).map((name) => [name, Number(line.id)])) };
}

function proveWrite(request: PlanRequest, body: unknown): Proof {
  const item = isRecord(body) ? body['itemId'] : null;
  if (typeof item !== 'number' || !Number.isInteger(item) || item <= 0) return null;
  const { id } = bodyOf(request);
  if (typeof id === 'number' && item !== id) return null;
  const yielded = Object.fromEntries(Object.keys(request.expects.yields).map((name) => [name, item]));
  return { lineId: isAdjustment(request) ? request.line.lineId : String(item), yielded };
}

/** Its answer names the adjustment, not the line. */
function isAdjustment({ path }: PlanRequest): boolean {
  return path.endsWith('/ContractServiceAdjustments');
}
