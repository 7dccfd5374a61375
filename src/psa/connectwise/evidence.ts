import type { Json } from '../../domain/canonical';
import type { PlanRequest } from '../../domain/plan';
import type { Evidence, Held, PsaRequest } from '../psa';
import { get, linesWithKey, quoted } from './http';
import { limits } from './limits';
import { ECHOED_LOOSELY, sentBy } from './prove';

/** The same proof as the page's own, as data: which read shows the record, and the fields that say it is ours and right. */
export function evidence(request: PlanRequest): Evidence {
  const { lineKey } = request.line;
  const after = request.operation === 'read' ? [] : heldAfter(request);
  switch (request.operation) {
    case 'read':
    case 'create':
      return { ...ROWS, read: additions(request), where: [held('serialNumber', lineKey)], ended: 'cancelledDate', before: [], after };
    case 'update':
    case 'end':
      return {
        ...ROWS,
        read: additions(request),
        where: [held('id', lineIdOf(request))],
        ended: request.operation === 'update' ? 'cancelledDate' : null,
        before: heldBefore(request),
        after,
      };
    case 'charge':
      return {
        ...ROWS,
        read: newest('/procurement/products', `agreement/id=${request.line.agreementId ?? ''}`),
        where: [held('integrationXRef', lineKey)],
        ended: 'cancelledDate',
        before: [],
        after,
      };
    case 'export': {
      const { integrationXRef: reference = '', identifier = '' } = sentBy(request);
      const read = newest('/procurement/catalog', `integrationXRef=${quoted(typeof reference === 'string' ? reference : '')}`);
      return { ...ROWS, read, where: [held('identifier', identifier)], ended: null, before: [], after };
    }
  }
}

/** Every list of ConnectWise is the answer itself. */
const ROWS = { rows: '', id: 'id', others: [] } as const;

function held(field: string, equals: Json): Held {
  return { field, equals, as: field.endsWith('Date') ? 'day' : 'value' };
}

function additions(request: PlanRequest): PsaRequest {
  const { agreementId, lineId, lineKey } = request.line;
  const path = `/finance/agreements/${agreementId ?? ''}/additions`;
  return request.operation === 'create' || lineId === null ? get(path, linesWithKey(lineKey)) : newest(path, `id=${lineId}`);
}

function newest(path: string, conditions: string): PsaRequest {
  return get(path, { conditions, orderBy: 'id desc', pageSize: String(limits.pageSize), page: '1' });
}

function lineIdOf(request: PlanRequest): Json {
  const [use = ''] = request.uses;
  return request.line.lineId === null ? { $use: use } : Number(request.line.lineId);
}

function heldBefore(request: PlanRequest): readonly Held[] {
  const { before } = request;
  if (before === null) return [];
  const beliefs: readonly (readonly [string, Json])[] = [
    ['quantity', numeric(before.quantity)],
    ['unitPrice', numeric(before.price)],
    ['unitCost', numeric(before.cost)],
    ['invoiceDescription', before.name],
    ['product.id', numeric(before.productId)],
    ['cancelledDate', before.endDate],
  ];
  return beliefs.flatMap(([field, equals]) => (equals === null ? [] : [held(field, equals)]));
}

/** The plain values that the request writes; what ConnectWise may leave out of its answer is not asked for. */
function heldAfter(request: PlanRequest): readonly Held[] {
  return Object.entries(sentBy(request)).flatMap(([field, equals]) =>
    ECHOED_LOOSELY.has(field) || typeof equals === 'object' ? [] : [held(field, equals)],
  );
}

function numeric(value: string | null): number | null {
  return value === null ? null : Number(value);
}
