import type { Json } from '../../domain/canonical';
import type {
  Around,
  Belief,
  Change,
  CreateChange,
  EndChange,
  ExportChange,
  Outcome,
  ProductReference,
  RequestDraft,
  UpdateChange,
  Yield,
} from '../../domain/change';
import { isZero, subtract, ZERO, type Decimal } from '../../domain/decimal';
import { problem, type Problem } from '../../domain/problem';
import type { Result } from '../../domain/result';
import { draftsOrProblems, type Checks } from '../checks';
import { newCharge } from './charge';
import { hasField, lengthOf, ruledOut } from './field-rules';
import { equal, query, type Filter } from './http';
import { limits } from './limits';
import { ITEM, write, type Making } from './making';

/** The requests of a change, in order, or everything in the way. */
export function requestsOf(change: Change, around: Around): Result<readonly RequestDraft[], readonly Problem[]> {
  return draftsOrProblems(limits, (check, problems) => draftsOf(change, { around, problems, check }));
}

function draftsOf(change: Change, making: Making): readonly RequestDraft[] {
  switch (change.kind) {
    case 'create':
      return newService(change, making);
    case 'update':
    case 'end':
      return changedService(change, making);
    case 'charge':
      return [newCharge(change, making)];
    case 'export':
      return [newProduct(change, making)];
  }
}

/**
 * The units make the contract service where it is missing; only then it has an id, which a read finds by contract and service, and takes
 * its text and our key. Each request is judged by what it alone writes.
 */
function newService(change: CreateChange, making: Making): readonly RequestDraft[] {
  const { check, problems } = making;
  const { after, agreementId, product, lineKey } = change;
  const contractID = check.id('contract', agreementId);
  const serviceID = serviceOf(product, check);
  const { id: service, identifier } = product;
  const taken = (making.around.linesOf(agreementId) ?? []).some((line) => isTaken(line, service, lineKey));
  if (taken) problems.push(problem('product cannot repeat on the agreement', { product: identifier, money: null, currency: null }));
  const unit = Number(check.quantity('quantity', after.quantity, 'not negative'));
  const from = after.effectiveDate !== null && after.effectiveDate > change.on ? after.effectiveDate : change.on;
  const body = {
    ...{ contractID, serviceID, unitChange: unit, effectiveDate: check.day('effective date', from) },
    adjustedUnitPrice: Number(check.price('price', after.price)),
    ...(after.cost === null ? {} : { adjustedUnitCost: Number(check.price('cost', after.cost)) }),
  };
  const adjustment = adjust(change, 'create', body, making);
  const name = `service-${lineKey}`;
  const use = product.use === null ? [] : [product.use];
  const find = findService([equal('contractID', contractID), { op: 'eq', field: 'serviceID', value: serviceID }], name, null, use);
  const text = invoiceText(after.name ?? change.name, making);
  const written = { invoiceDescription: text, internalDescription: keyText(lineKey, making) };
  return [
    { ...adjustment, uses: use, part: { before: null, after: { ...after, name: null, endDate: null } } },
    find,
    {
      ...patch(agreementId, { $use: name }, written, making),
      uses: [name],
      part: { before: NOTHING_BELIEVED, after: { ...NOTHING, name: text } },
    },
  ];
}

/** Another line of ours, or somebody's own, stands for the service already: the units would be added to it. */
export function isTaken(
  line: { readonly productId: string | null; readonly key: string | null },
  service: string | null,
  key: string,
): boolean {
  return service !== null && line.productId === service && line.key !== key;
}

/** The units change by a delta, text and money by a patch; a line whose id is not known is found by its key first. */
function changedService(change: UpdateChange | EndChange, making: Making): readonly RequestDraft[] {
  const { check } = making;
  const { before, agreementId, lineKey } = change;
  const contractID = check.id('contract', agreementId);
  const name = `service-${lineKey}`;
  const uses = change.lineId === null ? [name] : [];
  const id: Json = change.lineId === null ? { $use: name } : check.id('contract service', change.lineId);
  const quantity = change.kind === 'end' ? ZERO : change.after.quantity;
  const drafts: RequestDraft[] = [];
  const delta = quantity === null ? null : deltaOf(before.quantity, quantity, check);
  if (quantity !== null && delta !== null && !isZero(delta)) {
    const body = { contractServiceID: id, unitChange: Number(delta), effectiveDate: check.day('effective date', change.on) };
    const part = {
      before: { ...NOTHING_BELIEVED, quantity: before.quantity, productId: before.productId },
      after: { ...NOTHING, quantity },
    };
    drafts.push({ ...adjust(change, change.kind, body, making), uses, part });
  }
  if (change.kind === 'update') {
    const { price, cost, name: text } = change.after;
    const written = {
      ...(price === null ? {} : { unitPrice: Number(check.price('price', price)) }),
      ...(cost === null ? {} : { unitCost: Number(check.price('cost', cost)) }),
      ...(text === null ? {} : { invoiceDescription: invoiceText(text, making) }),
      ...(change.adopt ? { internalDescription: keyText(lineKey, making) } : {}),
    };
    const part = { before: { ...before, quantity: null }, after: { ...NOTHING, price, cost, name: text } };
    if (Object.keys(written).length > 0) drafts.push({ ...patch(agreementId, id, written, making), uses, part });
  }
  if (drafts.length === 0 || change.lineId !== null) return drafts;
  const where = { field: 'internalDescription', equals: lineKey };
  return [findService([equal('contractID', contractID), equal('internalDescription', lineKey)], name, where), ...drafts];
}

function deltaOf(before: Decimal | null, after: Decimal, check: Checks): Decimal | null {
  check.quantity('quantity', after, 'not negative');
  check.quantity('quantity in the contract', before, 'not negative');
  return before === null ? null : subtract(after, before);
}

const NOTHING: Outcome = { quantity: null, price: null, cost: null, name: null, effectiveDate: null, endDate: null };
const NOTHING_BELIEVED: Belief = { quantity: null, price: null, cost: null, name: null, productId: null, endDate: null };

/** An answer that gave out the adjustment's id has changed the units: keeping the id is what stops a second sending. */
function adjust(
  { lineKey }: Change,
  operation: 'create' | 'update' | 'end',
  body: Readonly<Record<string, Json>>,
  { around, problems }: Making,
): RequestDraft {
  problems.push(...ruledOut(around, 'ContractServiceAdjustments', { ...EITHER_WAY, ...body }, 'new'));
  return write(operation, 'POST', '/V1.0/ContractServiceAdjustments', body, { [`adjustment-${operation}-${lineKey}`]: ITEM });
}

/** An adjustment names its line by one id or by two: neither is missing where the other stands. */
const EITHER_WAY = { contractServiceID: true, contractID: true, serviceID: true };

function patch(contractId: string, id: Json, written: Readonly<Record<string, Json>>, { around, problems }: Making): RequestDraft {
  problems.push(...ruledOut(around, 'ContractServices', written, 'changed'));
  return write('update', 'PATCH', `/V1.0/Contracts/${contractId}/Services`, { id, ...written }, {});
}

function findService(filter: readonly Filter[], name: string, where: Yield['where'], uses: readonly string[] = []): RequestDraft {
  const { method, path, headers, body } = query('ContractServices', filter);
  const expects = { status: [200], yields: { [name]: { field: 'id', where } } };
  return { operation: 'read', method, path, query: {}, headers, body, expects, uses };
}

/** The text that the invoice shows, and our key beside it. */
function invoiceText(name: string, { around, check }: Making): string {
  return check.text('name', name, lengthOf(around.lookups, 'ContractServices', 'invoiceDescription', limits.lineName));
}

function keyText(lineKey: string, { around, check }: Making): string {
  return check.text('line key', lineKey, lengthOf(around.lookups, 'ContractServices', 'internalDescription', limits.lineKey));
}

/** A recurring service under its name. Where the tenant is known to have no `externalID`, our reference stands in the description. */
function newProduct({ product, reference, yields }: ExportChange, { around, check, problems }: Making): RequestDraft {
  const most = (field: string, documented: number) => lengthOf(around.lookups, 'Services', field, documented);
  const field = hasField(around.lookups, 'Services', 'externalID') ? 'externalID' : 'description';
  const text = product.description.trim() === '' ? product.name : product.description;
  const body = {
    name: check.text('name', product.name, most('name', limits.productDescription)),
    billingCodeID: check.id('category', product.category),
    periodType: check.id('type', product.type),
    unitPrice: Number(check.price('price', product.price)),
    ...(product.cost === null ? {} : { unitCost: Number(check.price('cost', product.cost)) }),
    isActive: true,
    invoiceDescription: check.text('description', text, most('invoiceDescription', limits.productText)),
    [field]: check.text('reference', reference, most(field, limits.productReference)),
  };
  problems.push(...ruledOut(around, 'Services', body, 'new'));
  return write('export', 'POST', '/V1.0/Services', body, { [yields]: ITEM });
}

function serviceOf(product: ProductReference, check: Checks): Json {
  return product.use === null ? check.id('service', product.id ?? '') : { $use: product.use };
}
