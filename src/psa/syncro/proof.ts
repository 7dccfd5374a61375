import type { Json } from '../../domain/canonical';
import { multiply, type Decimal } from '../../domain/decimal';
import type { PlanRequest } from '../../domain/plan';
import { isRecord } from '../paging';
import type { Evidence, Held, PsaAdapter, PsaAnswer } from '../psa';
import { get } from './http';
import { HUNDRED, lineItem, product } from './records';

export function evidence(request: PlanRequest): Evidence {
  const { operation, line } = request;
  const { agreementId, lineId, name, productId, after } = line;
  if (operation === 'export') {
    const { upc_code: reference = '', name: wanted = '' } = request.body as { readonly upc_code?: string; readonly name?: string };
    const read = get('/products', { upc_code: reference, page: '1' });
    return {
      read,
      rows: 'products',
      id: 'id',
      where: [held('upc_code', reference), held('name', wanted)],
      ended: null,
      before: [],
      after: [],
      others: [],
    };
  }
  const place = { read: get(`/schedules/${agreementId ?? ''}`, {}), rows: 'schedule.lines', id: 'id', ended: null, others: [] } as const;
  const isNew = operation === 'create' || operation === 'charge' || operation === 'read';
  const [use = ''] = request.uses;
  const byText = [
    held('description', name),
    ...(productId === null || operation === 'read' ? [] : [held('product_id', Number(productId))]),
    ...(operation === 'charge' ? [held('one_time_charge', true)] : []),
  ];
  const where = isNew ? byText : [held('id', lineId === null ? { $use: use } : Number(lineId))];
  const gone = operation === 'end' && after?.endDate !== null;
  return {
    ...place,
    where,
    before: operation === 'update' || operation === 'end' ? [...heldIn(request.before), held('recurring_type_id', null)] : [],
    after: gone || operation === 'read' ? [] : heldIn(after),
    gone,
  };
}

function heldIn(values: PlanRequest['before'] | PlanRequest['line']['after']): readonly Held[] {
  if (values === null) return [];
  const { quantity, price, cost, name } = values;
  const productId = 'productId' in values ? values.productId : null;
  return [
    ...(quantity === null ? [] : [held('quantity', Number(quantity), 'number')]),
    ...(price === null ? [] : [held('retail_cents', Number(multiply(price as Decimal, HUNDRED)))]),
    ...(cost === null ? [] : [held('cost_cents', Number(multiply(cost as Decimal, HUNDRED)))]),
    ...(name === null ? [] : [held('description', name)]),
    ...(productId === null ? [] : [held('product_id', Number(productId))]),
  ];
}

function held(field: string, equals: Json, as: Held['as'] = 'value'): Held {
  return { field, equals, as };
}

/** The stored record, with an id, that holds everything we sent. A removal answers nothing: only looking proves it. */
export function prove(request: PlanRequest, { status, body }: PsaAnswer): ReturnType<PsaAdapter['prove']> {
  if (status < 200 || status > 299 || !isRecord(body)) return null;
  if (request.operation === 'read') return proveRead(request, body);
  if (request.operation === 'export') {
    const found = product.read(body['product'], null);
    const sent = request.body as { readonly name?: string; readonly upc_code?: string };
    if (found === null || found.identifier !== sent.name || found.reference !== sent.upc_code) return null;
    return { lineId: found.id, yielded: Object.fromEntries(Object.keys(request.expects.yields).map((name) => [name, Number(found.id)])) };
  }
  const { line } = request;
  const found = lineItem.read(body['schedule_line_item'], line.agreementId);
  if (found === null || found.agreementId !== line.agreementId || (line.lineId !== null && found.id !== line.lineId)) return null;
  if ((request.operation === 'charge') !== (found.kind === 'one-time') && request.operation !== 'update') return null;
  const { after } = line;
  const agrees = (wanted: string | null | undefined, value: string | null) => wanted === null || wanted === undefined || wanted === value;
  const whole =
    agrees(after?.quantity, found.quantity) &&
    agrees(after?.price, found.price) &&
    agrees(after?.cost, found.cost) &&
    agrees(after?.name, found.description);
  return whole && agrees(line.productId, found.productId) ? { lineId: found.id, yielded: {} } : null;
}

/** The one line with the text that the plan knows. Several are no proof of which is meant. */
function proveRead(request: PlanRequest, body: Readonly<Record<string, unknown>>): ReturnType<PsaAdapter['prove']> {
  const lines = isRecord(body['schedule']) && Array.isArray(body['schedule']['lines']) ? (body['schedule']['lines'] as unknown[]) : null;
  const rows = lines?.map((value) => lineItem.read(value, request.line.agreementId)) ?? null;
  if (rows === null || rows.some((row) => row === null)) return null;
  const ours = rows.flatMap((row) => (row?.description === request.line.name && row.kind === 'recurring' ? [row] : []));
  const [only] = ours;
  if (only === undefined || ours.length > 1) return null;
  return { lineId: only.id, yielded: Object.fromEntries(Object.keys(request.expects.yields).map((name) => [name, Number(only.id)])) };
}
