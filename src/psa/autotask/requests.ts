import type { Json } from '../../domain/canonical';
import type {
  Around,
  Belief,
  Change,
  ChargeChange,
  CreateChange,
  EndChange,
  ExportChange,
  Outcome,
  ProductReference,
  RequestDraft,
  UpdateChange,
  Yield,
} from '../../domain/change';
import { isZero, ONE, subtract, ZERO, type Decimal } from '../../domain/decimal';
import { problem, type Problem } from '../../domain/problem';
import type { Result } from '../../domain/result';
import { draftsOrProblems, type Checks } from '../checks';
import type { Limits } from '../psa';
import { equal, instant, jsonHeaders, PAGE_SIZE, query, type Filter } from './http';

/**
 * Lengths from the contract (2026-08): `name` of a service 150, `invoiceDescription` 1000 and `internalDescription` 100 of a contract
 * service, `purchaseOrderNumber` 50 of a charge, where a line key has 36. None is stated for `externalID`; our reference has 36. Units are
 * int32, money is a double. 10,000 requests an hour and database; the help counts every integration together.
 */
export const limits: Limits = {
  lineName: 1000,
  productIdentifier: 150,
  productDescription: 150,
  productReference: 50,
  lineKey: 100,
  quantityDecimals: 0,
  priceDecimals: null,
  pageSize: PAGE_SIZE,
  requestsPerMinute: 160,
  productRepeats: false,
  negativePrices: true,
  mostRounding: ONE,
  movesLater: true,
  datesChanges: true,
  keepsCost: true,
  writesCounted: true,
};

/** Of a charge: the name holds less than a line's; its description holds it whole. */
const CHARGE_NAME = 100;
const CHARGE_KEY = 50;
const INVOICE_TEXT = 1000;

/** The requests of a change, in order, or everything in the way. */
export function requestsOf(change: Change, around: Around): Result<readonly RequestDraft[], readonly Problem[]> {
  return draftsOrProblems((check, problems) => draftsOf(change, { around, problems, check }));
}

interface Making {
  readonly around: Around;
  readonly problems: Problem[];
  readonly check: Checks;
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
  const unit = check.number('quantity', after.quantity, { decimals: 0, notNegative: true });
  const from = after.effectiveDate !== null && after.effectiveDate > change.on ? after.effectiveDate : change.on;
  const adjustment = adjust(change, 'create', {
    ...{ contractID, serviceID, unitChange: unit, effectiveDate: instant(from) },
    adjustedUnitPrice: check.number('price', after.price),
    ...(after.cost === null ? {} : { adjustedUnitCost: check.number('cost', after.cost) }),
  });
  const name = `service-${lineKey}`;
  const use = product.use === null ? [] : [product.use];
  const find = findService([equal('contractID', contractID), { op: 'eq', field: 'serviceID', value: serviceID }], name, null, use);
  const text = check.text('name', after.name ?? change.name, limits.lineName);
  const written = { invoiceDescription: text, internalDescription: check.text('line key', lineKey, limits.lineKey) };
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
    const body = { contractServiceID: id, unitChange: Number(delta), effectiveDate: instant(change.on) };
    const part = {
      before: { ...NOTHING_BELIEVED, quantity: before.quantity, productId: before.productId },
      after: { ...NOTHING, quantity },
    };
    drafts.push({ ...adjust(change, change.kind, body), uses, part });
  }
  if (change.kind === 'update') {
    const { price, cost, name: text } = change.after;
    const written = {
      ...(price === null ? {} : { unitPrice: check.number('price', price) }),
      ...(cost === null ? {} : { unitCost: check.number('cost', cost) }),
      ...(text === null ? {} : { invoiceDescription: check.text('name', text, limits.lineName) }),
      ...(change.adopt ? { internalDescription: check.text('line key', lineKey, limits.lineKey) } : {}),
    };
    const part = { before: { ...before, quantity: null }, after: { ...NOTHING, price, cost, name: text } };
    if (Object.keys(written).length > 0) drafts.push({ ...patch(agreementId, id, written, making), uses, part });
  }
  if (drafts.length === 0 || change.lineId !== null) return drafts;
  const where = { field: 'internalDescription', equals: lineKey };
  return [findService([equal('contractID', contractID), equal('internalDescription', lineKey)], name, where), ...drafts];
}

function deltaOf(before: Decimal | null, after: Decimal, check: Checks): Decimal | null {
  const rule = { decimals: 0, notNegative: true };
  check.number('quantity', after, rule);
  check.number('quantity in the contract', before, rule);
  return before === null ? null : subtract(after, before);
}

const NOTHING: Outcome = { quantity: null, price: null, cost: null, name: null, effectiveDate: null, endDate: null };
const NOTHING_BELIEVED: Belief = { quantity: null, price: null, cost: null, name: null, productId: null, endDate: null };

/** An answer that gave out the adjustment's id has changed the units: keeping the id is what stops a second sending. */
function adjust({ lineKey }: Change, operation: 'create' | 'update' | 'end', body: Json): RequestDraft {
  return write(operation, 'POST', '/V1.0/ContractServiceAdjustments', body, { [`adjustment-${operation}-${lineKey}`]: ITEM });
}

function patch(contractId: string, id: Json, written: Readonly<Record<string, Json>>, { around, problems }: Making): RequestDraft {
  for (const field of Object.keys(written))
    if (around.lookups.rules?.some((rule) => rule.id === `read-only=${field}`) === true)
      problems.push(problem('field is read-only', { field }));
  return write('update', 'PATCH', `/V1.0/Contracts/${contractId}/Services`, { id, ...written }, {});
}

function findService(filter: readonly Filter[], name: string, where: Yield['where'], uses: readonly string[] = []): RequestDraft {
  const { method, path, headers, body } = query('ContractServices', filter);
  const expects = { status: [200], yields: { [name]: { field: 'id', where } } };
  return { operation: 'read', method, path, query: {}, headers, body, expects, uses };
}

/** The key goes into `purchaseOrderNumber`: a free text that is read back. Type and billing code are the tenant's own. */
function newCharge(change: ChargeChange, making: Making): RequestDraft {
  const { check } = making;
  const { after, agreementId, lineKey } = change;
  const contractID = check.id('contract', agreementId);
  const name = check.text('name', after.name ?? change.name, limits.lineName);
  return write(
    'charge',
    'POST',
    `/V1.0/Contracts/${String(contractID)}/Charges`,
    {
      contractID,
      chargeType: chosen('chargeType', 'charge type', making),
      billingCodeID: chosen('billingCode', 'billing code', making),
      datePurchased: instant(change.on),
      name: name.slice(0, CHARGE_NAME),
      description: name,
      unitQuantity: check.number('quantity', after.quantity, { decimals: 0 }),
      unitPrice: check.number('price', after.price),
      ...(after.cost === null ? {} : { unitCost: check.number('cost', after.cost) }),
      isBillableToCompany: true,
      purchaseOrderNumber: check.text('line key', lineKey, CHARGE_KEY),
    },
    {},
  );
}

/** What the connection names (by id or by name), else the tenant's default or first choice. */
function chosen(rule: 'chargeType' | 'billingCode', field: string, { around, problems, check }: Making): number {
  const wanted = (around.settings[rule] ?? '').trim();
  if (/^\d+$/.test(wanted)) return check.id(field, wanted);
  const { rules } = around.lookups;
  if (rules === undefined) {
    problems.push(problem('choices were never read', { what: 'charge types and billing codes' }));
    return 0;
  }
  const offered = rules.filter(({ id }) => id.startsWith(`${rule}=`));
  const found = wanted === '' ? offered[0] : offered.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return check.id(field, found.id.slice(rule.length + 1));
  problems.push(wanted === '' ? problem('text is missing', { field }) : problem('value is not accepted', { field, value: wanted }));
  return 0;
}

/** A recurring service under its name. Where the tenant is known to have no `externalID`, our reference stands in the description. */
function newProduct({ product, reference, yields }: ExportChange, { around, check }: Making): RequestDraft {
  const { rules } = around.lookups;
  const key = check.text('reference', reference, limits.productReference);
  const hasField = rules === undefined || rules.some(({ id }) => id === 'has=externalID');
  const body = {
    name: check.text('name', product.name, limits.productDescription),
    billingCodeID: check.id('category', product.category),
    periodType: check.id('type', product.type),
    unitPrice: check.number('price', product.price),
    ...(product.cost === null ? {} : { unitCost: check.number('cost', product.cost) }),
    isActive: true,
    invoiceDescription: check.text('description', product.description.trim() === '' ? product.name : product.description, INVOICE_TEXT),
    ...(hasField ? { externalID: key } : { description: key }),
  };
  return write('export', 'POST', '/V1.0/Services', body, { [yields]: ITEM });
}

const ITEM: Yield = { field: 'itemId', where: null };

function write(
  operation: Change['kind'],
  method: 'POST' | 'PATCH',
  path: string,
  body: Json,
  yields: Readonly<Record<string, Yield>>,
): RequestDraft {
  return { operation, method, path, query: {}, headers: jsonHeaders, body, expects: { status: [200], yields }, uses: [] };
}

function serviceOf(product: ProductReference, check: Checks): Json {
  return product.use === null ? check.id('service', product.id ?? '') : { $use: product.use };
}
