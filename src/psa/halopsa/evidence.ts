import type { Json } from '../../domain/canonical';
import type { PlanRequest } from '../../domain/plan';
import type { Evidence, Held } from '../psa';
import { changedBy, idText, isBlank, isInstant, isUse, KEY, keptFields, MONEY, ownOf, sentBy, type LineRow } from './document';
import { get, pageOf } from './http';

/** The same proof as the page's own, as data: the recurring invoice with its lines, and what each of them must still hold. */
export function evidence(request: PlanRequest): Evidence | null {
  if (request.operation === 'read') return null;
  return request.operation === 'export' ? itemEvidence(request) : lineEvidence(request);
}

export function invoiceWithLines(agreementId: string) {
  return get(`/RecurringInvoice/${agreementId}`, { includedetails: 'true' });
}

function lineEvidence(request: PlanRequest): Evidence {
  const { lineKey, lineId, agreementId } = request.line;
  const { lines: sent } = sentBy(request);
  const own = ownOf(request, sent);
  const written = changedBy(request);
  const isNew = request.operation === 'create' || request.operation === 'charge';
  const keyed = [held(KEY, lineKey)];
  return {
    ...{ read: invoiceWithLines(agreementId ?? ''), rows: 'lines', id: 'id' },
    where: isNew || lineId === null ? keyed : [held('id', Number(lineId))],
    ...(isNew && own !== null ? { alike: ['_itemid', 'item_shortdescription'].map((name) => held(name, own[name] ?? null)) } : {}),
    ended: request.operation === 'end' ? null : 'enddate',
    before:
      isNew || own === null
        ? []
        : [...believed(request), ...keptFields(own).flatMap((name) => (written.has(name) ? [] : [held(name, own[name] ?? null)]))],
    after:
      own === null
        ? []
        : (isNew ? MONEY : [...written].filter((name) => name !== KEY)).flatMap((name) =>
            name in own ? [held(name, own[name] ?? null)] : [],
          ),
    others: sent.filter((row) => row !== own).map(standing),
    rowsBefore: sent.length - (isNew ? 1 : 0),
  };
}

/** A line beside ours that is sent back as it was read. */
function standing(row: LineRow): Evidence['others'][number] {
  const id = isUse(row['id']) ? row['id'] : Number(idText(row));
  return { where: [held('id', id)], held: keptFields(row).map((name) => held(name, row[name] ?? null)) };
}

function believed({ before }: PlanRequest): readonly Held[] {
  if (before === null) return [];
  const beliefs = [
    ['qty_order', before.quantity === null ? null : Number(before.quantity)],
    ['unit_price', before.price === null ? null : Number(before.price)],
    ['unit_cost', before.cost === null ? null : Number(before.cost)],
    ['item_shortdescription', before.name],
    ['_itemid', before.productId === null ? null : Number(before.productId)],
  ] as const;
  return beliefs.flatMap(([name, value]) => (value === null ? [] : [held(name, value)]));
}

function itemEvidence(request: PlanRequest): Evidence {
  const [sent = {}] = request.body as readonly Readonly<Record<string, Json>>[];
  const ours = [held('externalreference', sent['externalreference'] ?? null)];
  const prices = ['name', 'baseprice', 'costprice'].flatMap((name) => (name in sent ? [held(name, sent[name] ?? null)] : []));
  return {
    ...{ read: pageOf('/Item', { search: request.line.name }), rows: 'items', id: 'id', where: ours },
    ...{ ended: null, before: [], after: [...ours, ...prices], others: [] },
  };
}

function held(field: string, value: Json): Held {
  const equals = isBlank(value) ? null : value;
  return { field, equals, as: isInstant(value) && equals !== null ? 'day' : 'value' };
}
