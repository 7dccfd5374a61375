import type { Json } from '../../domain/canonical';
import type { Change, ChargeChange, CreateChange, EndChange, ExportChange, RequestDraft, UpdateChange } from '../../domain/change';
import { ONE } from '../../domain/decimal';
import type { Problem } from '../../domain/problem';
import type { Result } from '../../domain/result';
import { draftsOrProblems, type Checks } from '../checks';
import type { Limits } from '../psa';
import { PAGE_SIZE, writeHeaders } from './http';

/**
 * `Units` is int32, money a double without a stated limit, days are date-times (contract of API v2). The contract states no length of
 * a text; 255 is kept so that nothing can be cut where nobody can read it back. 1,500 requests an hour (vendor's notes) are 25 a minute.
 * Whether a service may stand twice on one contract is not stated: where it may not, BMS answers so and nothing is applied.
 */
export const limits: Limits = {
  lineName: 255,
  productIdentifier: 255,
  productDescription: 255,
  productReference: 255,
  lineKey: 255,
  quantityDecimals: 0,
  priceDecimals: null,
  pageSize: PAGE_SIZE,
  requestsPerMinute: 25,
  productRepeats: true,
  negativePrices: true,
  mostRounding: ONE,
  datesChanges: true,
  keepsCost: true,
  writesCounted: true,
};

/** The text of a service. */
const DESCRIPTION = 255;

/** The request of a new service row or of a new service; everything else is one thing to do by hand. Or every limit that it breaks. */
export function requestsOf(change: Change): Result<readonly RequestDraft[], readonly Problem[]> {
  return draftsOrProblems((check) => draftsOf(change, check));
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
    Units: check.number('quantity', after.quantity, { decimals: limits.quantityDecimals, notNegative: true }),
    ...(after.cost === null ? {} : { UnitCost: check.number('cost', after.cost) }),
    UnitPrice: check.number('price', after.price),
    EffectiveDate: instant(check.text('effective date', after.effectiveDate ?? '', 10)),
    SortOrder: 1,
  };
  const path = `/v2/finance/contracts/recurringservices/${check.id('agreement', change.agreementId)}/services`;
  return write('create', path, [row], product.use === null ? [] : [product.use], {});
}

/** API v2 has no operation for a row that is there, and a charge needs a ticket. */
function byHand(change: UpdateChange | EndChange | ChargeChange, check: Checks): readonly RequestDraft[] {
  const { after } = change;
  if (Object.values(after).every((value) => value === null)) return [];
  if (after.quantity !== null) check.number('quantity', after.quantity, { decimals: limits.quantityDecimals });
  if (after.price !== null) check.number('price', after.price);
  if (after.cost !== null) check.number('cost', after.cost);
  if (after.name !== null) check.text('name', after.name, limits.lineName);
  const nothing = { path: '', query: {}, headers: {}, body: null, uses: [] } as const;
  return [{ operation: change.kind, method: 'HAND', ...nothing, expects: { status: [], yields: {} } }];
}

/** `category` and `type` are the ids of a service category and an income account. A service has no term and no reference of ours. */
function createService({ product, yields }: ExportChange, check: Checks): RequestDraft {
  const body = {
    Name: check.text('name', product.name, limits.productIdentifier),
    Description: check.text('description', product.description.trim() === '' ? product.name : product.description, DESCRIPTION),
    ...(product.cost === null ? {} : { UnitCost: check.number('cost', product.cost) }),
    ...(product.price === null ? {} : { UnitPrice: check.number('price', product.price) }),
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

/** A date-time of the contract has a time and a zone. */
function instant(day: string): string {
  return `${day}T00:00:00Z`;
}
