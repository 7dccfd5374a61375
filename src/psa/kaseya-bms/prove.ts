import * as z from 'zod/mini';
import type { Json } from '../../domain/canonical';
import type { PlanRequest } from '../../domain/plan';
import { id } from '../fields';
import { isRecord } from '../paging';
import type { PsaAnswer } from '../psa';
import { resultOf } from './http';

const Written = z.looseObject({ Id: id });

/**
 * The answer to a write is the one row that was made: its contract, service, units, amounts and day are those of the body. A text may be
 * shaped by BMS and proves nothing. Whether the row comes alone or as a list of one, the contract leaves open.
 */
export function prove(
  request: PlanRequest,
  answer: PsaAnswer,
): { readonly lineId: string | null; readonly yielded: Readonly<Record<string, string | number>> } | null {
  const result = resultOf(answer);
  const row = Written.safeParse(Array.isArray(result) && result.length === 1 ? (result as readonly unknown[])[0] : result);
  if (!row.success) return null;
  const sent = sentBy(request.body);
  const told = row.data as Readonly<Record<string, unknown>>;
  const wanted = [
    ...Object.entries(sent).filter(([field]) => COMPARED.has(field)),
    ...(request.operation === 'create'
      ? [['ContractId', Number(request.line.agreementId)] as const]
      : [['Name', sent['Name'] ?? null] as const]),
  ];
  if (!wanted.every(([field, value]) => same(told[field], value))) return null;
  const yielded = Object.fromEntries(Object.keys(request.expects.yields).map((name) => [name, row.data.Id]));
  return { lineId: String(row.data.Id), yielded };
}

const COMPARED = new Set(['ServiceId', 'Units', 'UnitPrice', 'UnitCost', 'EffectiveDate']);

/** A service that an earlier request made is not known by its id here. */
function same(found: unknown, wanted: Json): boolean {
  if (isRecord(wanted)) return typeof found === 'number';
  if (typeof wanted === 'string' && typeof found === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(wanted))
    return found.slice(0, 10) === wanted.slice(0, 10);
  return found === wanted;
}

function sentBy(body: Json): Readonly<Record<string, Json>> {
  const one = Array.isArray(body) ? ((body as readonly Json[])[0] ?? null) : body;
  return isRecord(one) ? one : {};
}
