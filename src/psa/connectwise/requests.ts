import type { ProductExport } from '../../domain/agreement';
import type { Json } from '../../domain/canonical';
import type {
  Change,
  ChargeChange,
  CreateChange,
  EndChange,
  ExportChange,
  ProductReference,
  RequestDraft,
  UpdateChange,
} from '../../domain/change';
import type { Problem } from '../../domain/problem';
import type { Result } from '../../domain/result';
import { draftsOrProblems, type Checks } from '../checks';
import { linesWithKey, readHeaders, writeHeaders } from './http';
import { limits } from './limits';

/** The requests of a change, in order, or every limit that it breaks. */
export function requestsOf(change: Change): Result<readonly RequestDraft[], readonly Problem[]> {
  return draftsOrProblems(limits, (check) => draftsOf(change, check));
}

function draftsOf(change: Change, check: Checks): readonly RequestDraft[] {
  switch (change.kind) {
    case 'create':
      return [createAddition(change, check)];
    case 'update':
      return patchAddition(change, updateOperations(change, check), check);
    case 'end':
      return patchAddition(change, endOperations(change, check), check);
    case 'charge':
      return [chargeProduct(change, check)];
    case 'export':
      return [createProduct(change, check)];
  }
}

/** No tax flag: the catalog item decides. `prorateCurrentPeriodFlag` false, since usage is billed in full months. */
function createAddition(change: CreateChange, check: Checks): RequestDraft {
  const { after } = change;
  return write('create', 'POST', `/finance/agreements/${check.id('agreement', change.agreementId)}/additions`, change.product.use, {
    product: productOf(change.product, check),
    billCustomer: 'Billable',
    quantity: Number(check.quantity('quantity', after.quantity, 'not negative')),
    unitPrice: Number(check.price('price', after.price)),
    ...(after.cost === null ? {} : { unitCost: Number(check.price('cost', after.cost)) }),
    effectiveDate: check.day('effective date', after.effectiveDate),
    ...(after.endDate === null ? {} : { cancelledDate: check.day('end date', after.endDate) }),
    invoiceDescription: check.text('name', after.name ?? change.name, limits.lineName),
    serialNumber: check.text('line key', change.lineKey, limits.lineKey),
    prorateCurrentPeriodFlag: false,
  });
}

/** Only the fields that `after` writes; what it leaves null stays as the PSA holds it. */
function updateOperations(change: UpdateChange, check: Checks): readonly Json[] {
  const { after } = change;
  return [
    ...(after.quantity === null ? [] : [replace('quantity', Number(check.quantity('quantity', after.quantity, 'not negative')))]),
    ...(after.price === null ? [] : [replace('unitPrice', Number(check.price('price', after.price)))]),
    ...(after.cost === null ? [] : [replace('unitCost', Number(check.price('cost', after.cost)))]),
    ...(after.name === null ? [] : [replace('invoiceDescription', check.text('name', after.name, limits.lineName))]),
    ...(after.effectiveDate === null ? [] : [replace('effectiveDate', check.day('effective date', after.effectiveDate))]),
    ...(after.endDate === null ? [] : [replace('cancelledDate', check.day('end date', after.endDate))]),
    ...(change.adopt ? [replace('serialNumber', check.text('line key', change.lineKey, limits.lineKey))] : []),
  ];
}

function endOperations(change: EndChange, check: Checks): readonly Json[] {
  if (change.how === 'zero') return [replace('quantity', 0)];
  return [replace('cancelledDate', check.day('end date', change.after.endDate))];
}

/** A line whose id is not known is found by its key first; the read yields the id that the change uses. */
function patchAddition(change: UpdateChange | EndChange, operations: readonly Json[], check: Checks): readonly RequestDraft[] {
  if (operations.length === 0) return [];
  const additions = `/finance/agreements/${check.id('agreement', change.agreementId)}/additions`;
  if (change.lineId !== null) return [write(change.kind, 'PATCH', `${additions}/${check.id('line', change.lineId)}`, null, operations)];
  const name = `addition-${change.lineKey}`;
  const read: RequestDraft = {
    operation: 'read',
    method: 'GET',
    path: additions,
    query: linesWithKey(change.lineKey),
    headers: readHeaders,
    body: null,
    expects: { status: [200], yields: { [name]: { field: 'id', where: { field: 'serialNumber', equals: change.lineKey } } } },
    uses: [],
  };
  return [read, write(change.kind, 'PATCH', `${additions}/{{${name}}}`, name, operations)];
}

/**
 * The key goes into `integrationXRef`: the field that is made for the reference of an integration, is read back, and is never printed.
 * The contract states no length for it here; on the catalog item it holds 50, and a key has 36. `description` is what the list shows
 * and `customerDescription` what the invoice says, so both carry the name.
 */
function chargeProduct(change: ChargeChange, check: Checks): RequestDraft {
  const { after } = change;
  const name = check.text('name', after.name ?? change.name, limits.lineName);
  return write('charge', 'POST', '/procurement/products', change.product.use, {
    catalogItem: productOf(change.product, check),
    agreement: { id: check.id('agreement', change.agreementId) },
    company: { id: check.id('company', change.companyId) },
    billableOption: 'Billable',
    quantity: Number(check.quantity('quantity', after.quantity, 'any sign')),
    price: Number(check.price('price', after.price)),
    ...(after.cost === null ? {} : { cost: Number(check.price('cost', after.cost)) }),
    description: name,
    customerDescription: name,
    integrationXRef: check.text('line key', change.lineKey, limits.oneTimeKey),
  });
}

/** `category` and `type` are the ids of a sub-category and a product type; `unit` the id of a unit of measure or null. */
function createProduct(change: ExportChange, check: Checks): RequestDraft {
  const { product } = change;
  const draft = write('export', 'POST', '/procurement/catalog', null, {
    identifier: check.text('identifier', product.identifier, limits.productIdentifier),
    description: check.text('name', product.name, limits.productDescription),
    customerDescription: check.text(
      'description',
      product.description.trim() === '' ? product.name : product.description,
      limits.productText,
    ),
    subcategory: { id: check.id('category', product.category) },
    type: { id: check.id('type', product.type) },
    ...(product.unit === null ? {} : { unitOfMeasure: { id: check.id('unit', product.unit) } }),
    productClass: 'Agreement',
    recurringFlag: isRecurring(product.term),
    taxableFlag: product.taxable,
    ...(product.price === null ? {} : { price: Number(check.price('price', product.price)) }),
    ...(product.cost === null ? {} : { cost: Number(check.price('cost', product.cost)) }),
    integrationXRef: check.text('reference', change.reference, limits.productReference),
  });
  return { ...draft, expects: { ...draft.expects, yields: { [change.yields]: { field: 'id', where: null } } } };
}

function write(operation: Change['kind'], method: 'POST' | 'PATCH', path: string, use: string | null, body: Json): RequestDraft {
  const expects = { status: [method === 'POST' ? 201 : 200], yields: {} };
  return { operation, method, path, query: {}, headers: writeHeaders, body, expects, uses: use === null ? [] : [use] };
}

function productOf(product: ProductReference, check: Checks): Json {
  if (product.use !== null) return { id: { $use: product.use } };
  if (product.id !== null) return { id: check.id('product', product.id) };
  return { identifier: check.text('product', product.identifier, limits.productIdentifier) };
}

function replace(path: string, value: Json): Json {
  return { op: 'replace', path, value };
}

function isRecurring(term: ProductExport['term']): boolean {
  return term !== 'one time';
}
