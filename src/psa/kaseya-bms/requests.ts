import type { Json } from '../../domain/canonical';
import type { Change, ChargeChange, CreateChange, EndChange, ExportChange, RequestDraft, UpdateChange } from '../../domain/change';
import type { Problem } from '../../domain/problem';
import type { Result } from '../../domain/result';
import { draftsOrProblems, type Checks } from '../checks';
import { writeHeaders } from './http';
import { limits } from './limits';

/** The request of a new service row or of a new service; everything else is one thing to do by hand. Or every limit that it breaks. */
export function requestsOf(change: Change): Result<readonly RequestDraft[], readonly Problem[]> {
  return draftsOrProblems(limits, (check) => draftsOf(change, check));
}

function draftsOf(change: Change, check: Checks): readonly RequestDraft[] {
  switch (change.kind) {
    case 'create':
      return [addService(change, check)];
    case 'update':
    case 'end':
    case 'charge':
      return byHand(change, check);
    case 'export':
      return [createService(change, check)];
  }
}

/** The name that the invoice shows goes into the description of the row; its name stays the one of the service. */
function addService(change: CreateChange, check: Checks): RequestDraft {
  const { after, product } = change;
  const row = {
    ServiceId: product.use === null ? check.id('product', product.id ?? '') : { $use: product.use },
    ...(product.identifier === '' ? {} : { ServiceName: check.text('product', product.identifier, limits.productIdentifier) }),
    ServiceDescription: check.text('name', after.name ?? change.name, limits.lineName),
    Units: Number(check.quantity('quantity', after.quantity, 'not negative')),
    ...(after.cost === null ? {} : { UnitCost: Number(check.price('cost', after.cost)) }),
    UnitPrice: Number(check.price('price', after.price)),
    EffectiveDate: check.day('effective date', after.effectiveDate),
    SortOrder: 1,
  };
  const path = `/v2/finance/contracts/recurringservices/${check.id('agreement', change.agreementId)}/services`;
  return write('create', path, [row], product.use === null ? [] : [product.use], {});
}

/** API v2 has no operation for a row that is there, and a charge needs a ticket. */
function byHand(change: UpdateChange | EndChange | ChargeChange, check: Checks): readonly RequestDraft[] {
  const { after } = change;
  if (Object.values(after).every((value) => value === null)) return [];
  if (after.quantity !== null) check.quantity('quantity', after.quantity, 'any sign');
  if (after.price !== null) check.price('price', after.price);
  if (after.cost !== null) check.price('cost', after.cost);
  if (after.name !== null) check.text('name', after.name, limits.lineName);
  const nothing = { path: '', query: {}, headers: {}, body: null, uses: [] } as const;
  return [{ operation: change.kind, method: 'HAND', ...nothing, expects: { status: [], yields: {} } }];
}

/** `category` and `type` are the ids of a service category and an income account. A service has no term and no reference of ours. */
function createService({ product, yields }: ExportChange, check: Checks): RequestDraft {
  const body = {
    Name: check.text('name', product.name, limits.productIdentifier),
    Description: check.text('description', product.description.trim() === '' ? product.name : product.description, limits.productText),
    ...(product.cost === null ? {} : { UnitCost: Number(check.price('cost', product.cost)) }),
    ...(product.price === null ? {} : { UnitPrice: Number(check.price('price', product.price)) }),
    CategoryId: check.id('category', product.category),
    IncomeAccountId: check.id('type', product.type),
    IsActive: true,
    IsTaxable: product.taxable,
  };
  return write('export', '/v2/admin/finance/services/services', body, [], { [yields]: { field: 'Result.Id', where: null } });
}

function write(
  operation: 'create' | 'export',
  path: string,
  body: Json,
  uses: readonly string[],
  yields: RequestDraft['expects']['yields'],
): RequestDraft {
  return { operation, method: 'POST', path, query: {}, headers: writeHeaders, body, expects: { status: [200], yields }, uses };
}
