import type { Json } from '../../domain/canonical';
import type {
  Around,
  Change,
  ChargeChange,
  CreateChange,
  EndChange,
  ExportChange,
  Outcome,
  ProductReference,
  RequestDraft,
  UpdateChange,
} from '../../domain/change';
import type { Decimal } from '../../domain/decimal';
import type { Problem } from '../../domain/problem';
import type { Result } from '../../domain/result';
import { draftsOrProblems, type Checks } from '../checks';
import { ask, askList } from './graphql';
import { limits } from './limits';
import { withKey } from './records';

/** The requests of a change, in order, or every limit that it breaks. */
export function requestsOf(change: Change, around: Around): Result<readonly RequestDraft[], readonly Problem[]> {
  return draftsOrProblems(limits, (check) => draftsOf(change, around, check));
}

function draftsOf(change: Change, around: Around, check: Checks): readonly RequestDraft[] {
  switch (change.kind) {
    case 'create':
      return [createContract(change, check)];
    case 'update':
    case 'end':
      return updateContract(change, around, check);
    case 'charge':
      return draftInvoice(change, check);
    case 'export':
      return [createItem(change, check)];
  }
}

/** Billed at the end of each month (ARREAR). The price is the line's own; the name and the cost stand on the item alone. */
function createContract(change: CreateChange, check: Checks): RequestDraft {
  const { after, product } = change;
  const start = check.day('effective date', after.effectiveDate);
  const request = ask('createClientContract', {
    client: { accountId: check.idText('client', change.agreementId) },
    startDate: start,
    ...(after.endDate === null ? {} : { endDate: after.endDate }),
    contract: {
      description: check.text('line key', change.lineKey, limits.lineKey),
      billableContract: {
        chargeItem: { itemId: itemId(product, check) },
        ...priceOf(after.price, check),
        billableSiteType: 'HQ',
        recurringContract: { recurringMode: 'ARREAR', frequencyDurationUnit: 'MONTH', frequencyInterval: 1 },
        change: baseline(start, after.quantity, check),
      },
    },
  });
  return { ...draft('create', request, product.use), part: { before: null, after: written(after) } };
}

/** A contract whose id is not known is found by its key first; the read yields the id that the change uses. */
function updateContract(change: UpdateChange | EndChange, around: Around, check: Checks): readonly RequestDraft[] {
  const { after, before, lineId, lineKey } = change;
  const { quantity, price, endDate } = after;
  if (quantity === null && price === null && endDate === null) return [];
  const name = `contract-${lineKey}`;
  const id = lineId === null ? { $use: name } : check.idText('line', lineId);
  const billableContract = {
    ...(quantity === null
      ? {}
      : { change: { ...changeId(change, around), ...baseline(check.day('effective date', change.on), quantity, check) } }),
    ...(price === null ? {} : priceOf(price, check)),
  };
  const request = ask('updateClientContract', {
    contract: { contractId: id, ...(quantity === null && price === null ? {} : { billableContract }) },
    ...(endDate === null ? {} : { endDate: check.day('end date', endDate) }),
  });
  const part = { before: { ...before, name: null, cost: null }, after: { ...written(after), effectiveDate: null } };
  const update = { ...draft(change.kind, request, lineId === null ? name : null), part };
  if (lineId !== null) return [update];
  const read = draft('read', askList('getClientContractList'), null);
  const found = { field: 'contract.contractId', where: { field: 'contract.description', equals: lineKey } };
  return [{ ...read, expects: { ...read.expects, yields: { [name]: found } } }, update];
}

/**
 * An invoice of its own, as a draft that a person approves. It needs a site: the client's headquarters, read just before. The key stands
 * behind the name in the item's details, the only free text of an invoice that can both be written and be read back.
 */
function draftInvoice(change: ChargeChange, check: Checks): readonly RequestDraft[] {
  const { after, product } = change;
  const client = { accountId: check.idText('client', change.agreementId) };
  const day = check.day('invoice date', change.on);
  const site = `site-${change.lineKey}`;
  const name = check.text('name', after.name ?? change.name, limits.lineName);
  const request = ask('createInvoice', {
    client,
    site: { id: { $use: site } },
    statusEnum: 'DRAFT',
    invoiceDate: day,
    addItems: [
      {
        billedDate: day,
        serviceItem: { itemId: itemId(product, check) },
        details: withKey(name, check.text('line key', change.lineKey, limits.oneTimeKey)),
        quantity: check.quantity('quantity', after.quantity, 'any sign'),
        unitPrice: check.price('price', after.price),
      },
    ],
  });
  const read = draft('read', ask('getClient', client), null);
  const charge = draft('charge', request, product.use);
  return [
    { ...read, expects: { ...read.expects, yields: { [site]: { field: 'data.getClient.hqSite.id', where: null } } } },
    { ...charge, uses: [site, ...charge.uses] },
  ];
}

/** Our key stands behind the description: an item has no other field for it. */
function createItem(change: ExportChange, check: Checks): RequestDraft {
  const { product, yields } = change;
  const description = product.description.trim();
  if (description !== '') check.text('description', description, limits.productText);
  const request = ask('createServiceCatalogItem', {
    name: check.text('name', product.name, limits.productDescription),
    description: withKey(description, check.text('reference', change.reference, limits.productReference)),
    category: { categoryId: check.idText('category', product.category) },
    itemType: 'SERVICE',
    taxable: product.taxable,
    serviceTypeItem: { offeringType: 'QUANTITY' },
    ...(product.price === null ? {} : { sellingPrice: perUnit(check.price('price', product.price)) }),
    ...(product.cost === null ? {} : { costPrice: perUnit(check.price('cost', product.cost)) }),
  });
  const made = draft('export', request, null);
  return { ...made, expects: { ...made.expects, yields: { [yields]: { field: 'data.createServiceCatalogItem.itemId', where: null } } } };
}

/** The quantity from a day on, as a state: what INCREASE and DECREASE count is not documented. */
function baseline(day: string, quantity: Decimal | null, check: Checks): { readonly [name: string]: Json } {
  return {
    effectiveDate: day,
    quantity: check.quantity('quantity', quantity, 'not negative'),
    quantityChangeOperation: 'BASELINE',
  };
}

function priceOf(price: Decimal | null, check: Checks): { readonly [name: string]: Json } {
  return { sellingPriceOverridden: true, sellingPrice: perUnit(check.price('price', price)) };
}

function perUnit(value: Decimal): Json {
  return { model: 'PER_UNIT', details: [{ value }] };
}

/** The change that stands on the same day already, where the lines were read: it is corrected, so that the day has one quantity. */
function changeId({ agreementId, lineId, on }: UpdateChange | EndChange, { linesOf }: Around): { readonly changeId?: string } {
  const raw = linesOf(agreementId)?.find(({ id }) => id === lineId)?.raw ?? [];
  const found = (raw as readonly { readonly changeId: string; readonly effectiveDate: string | null }[]).findLast(
    ({ effectiveDate }) => effectiveDate === on,
  );
  return found === undefined ? {} : { changeId: found.changeId };
}

/** What a contract can hold of what is wanted. */
function written(after: Outcome): Outcome {
  return { ...after, name: null, cost: null };
}

function itemId(product: ProductReference, check: Checks): Json {
  return product.use === null ? check.idText('product', product.id ?? '') : { $use: product.use };
}

function draft(operation: RequestDraft['operation'], request: ReturnType<typeof ask>, use: string | null): RequestDraft {
  return { operation, ...request, expects: { status: [200], yields: {} }, uses: use === null ? [] : [use] };
}
