import type { Json } from '../../domain/canonical';
import type { PlanRequest } from '../../domain/plan';
import type { Evidence, Held } from '../psa';
import { equal, query, type Filter } from './http';

type Body = Readonly<Record<string, Json>>;

/**
 * The same proof as the page's own, as data. Units are looked for on the day of the adjustment and on every later one, which it moves along:
 * they must be the ones that were believed, and not posted. That another line of the contract was posted only the page sees.
 */
export function evidence(request: PlanRequest): Evidence {
  const body = bodyOf(request);
  switch (request.operation) {
    case 'read':
      return {
        ...ROWS,
        read: queryOf(request),
        where: filtersOf(request).map(({ field, value }) => held(field, value)),
        before: [],
        after: [],
      };
    case 'export': {
      const [field, key] = body['externalID'] === undefined ? ['description', body['description']] : ['externalID', body['externalID']];
      const read = query('Services', [equal(field, key ?? null)]);
      return { ...ROWS, read, where: [held(field, key ?? null)], before: [], after: heldIn(body) };
    }
    case 'charge': {
      const where = [held('purchaseOrderNumber', body['purchaseOrderNumber'] ?? null)];
      const read = query('ContractCharges', [contractOf(request), equal('purchaseOrderNumber', body['purchaseOrderNumber'] ?? null)]);
      return { ...ROWS, read, where, before: [], after: heldIn(body) };
    }
    default:
      return request.method === 'PATCH' ? ofText(request, body) : ofUnits(request, body);
  }
}

const ROWS = { rows: 'items', id: 'id', ended: null, others: [] } as const;

function ofUnits(request: PlanRequest, body: Body): Evidence {
  const isNew = request.operation === 'create';
  const field = isNew ? 'serviceID' : 'contractServiceID';
  const own = body[field] ?? null;
  const day = body['effectiveDate'] ?? null;
  const read = query('ContractServiceUnits', [
    contractOf(request),
    { op: 'eq', field, value: own },
    ...(isNew ? [{ op: 'lte', field: 'startDate', value: day }] : []),
    { op: 'gte', field: 'endDate', value: day },
  ]);
  const { before, line } = request;
  const believed = before === null ? [] : [...units(before.quantity), held('approveAndPostDate', null)];
  return {
    ...ROWS,
    read,
    id: 'contractServiceID',
    where: isNew ? [held(field, own)] : [held(field, own), { field: 'startDate', equals: day, as: 'until' }],
    before: believed,
    after: units(line.after?.quantity ?? null),
    ...(isNew ? {} : { every: believed }),
  };
}

function ofText(request: PlanRequest, body: Body): Evidence {
  const { before } = request;
  const beliefs: readonly (readonly [string, Json])[] = [
    ['unitPrice', numeric(before?.price ?? null)],
    ['unitCost', numeric(before?.cost ?? null)],
    ['invoiceDescription', before?.name ?? null],
    ['serviceID', numeric(before?.productId ?? null)],
  ];
  return {
    ...ROWS,
    read: query('ContractServices', [contractOf(request), { op: 'eq', field: 'id', value: body['id'] ?? null }]),
    where: [held('id', body['id'] ?? null)],
    before: beliefs.flatMap(([field, equals]) => (equals === null ? [] : [held(field, equals)])),
    after: heldIn(body),
  };
}

/** Everything that the body writes, as the record holds it; flags may be missing in it. */
function heldIn(body: Body): readonly Held[] {
  return Object.entries(body).flatMap(([field, equals]) => (field === 'id' || typeof equals === 'boolean' ? [] : [held(field, equals)]));
}

function units(quantity: string | null): readonly Held[] {
  return quantity === null ? [] : [held('units', Number(quantity))];
}

function held(field: string, equals: Json): Held {
  return { field, equals, as: field.startsWith('date') ? 'day' : 'value' };
}

function contractOf({ line }: PlanRequest): Filter {
  return equal('contractID', Number(line.agreementId));
}

export function bodyOf({ body }: PlanRequest): Body {
  return body as Body;
}

/** The conditions of a plan's own read. */
export function filtersOf(request: PlanRequest): readonly { readonly field: string; readonly value: Json }[] {
  return bodyOf(request)['filter'] as unknown as readonly { readonly field: string; readonly value: Json }[];
}

function queryOf({ path, query: asked, headers, body }: PlanRequest): Evidence['read'] {
  return { method: 'POST', path, query: asked, headers, body };
}

function numeric(value: string | null): number | null {
  return value === null ? null : Number(value);
}
