import type { Json } from '../../domain/canonical';
import type {
  Change,
  ChargeChange,
  CreateChange,
  EndChange,
  ExportChange,
  RequestDraft,
  RequestsOf,
  UpdateChange,
} from '../../domain/change';
import { multiply, ONE, type Decimal } from '../../domain/decimal';
import { draftsOrProblems, type Checks } from '../checks';
import type { Limits } from '../psa';
import { headers, PAGE_SIZE, writeHeaders } from './http';
import { HUNDRED } from './records';

/**
 * Money on a schedule's line is integer cents, so a price has two decimals (contract). Quantities come back as text with two decimals in the
 * contract's example. No length is stated anywhere: 255 characters are what a short text of such a system holds, and a longer one would be
 * found by the read-back. 180 requests a minute and IP address (contract). A line has no field for a key of ours.
 */
export const limits: Limits = {
  ...{ lineName: 255, productIdentifier: 255, productDescription: 255, productReference: 255, lineKey: null },
  ...{ quantityDecimals: 2, priceDecimals: 2, pageSize: PAGE_SIZE, requestsPerMinute: 180, productRepeats: true, negativePrices: true },
  ...{ mostRounding: ONE, datesChanges: false, keepsCost: true, writesCounted: false },
};

/** The requests of a change, in order, or every limit that it breaks. */
export const requestsOf: RequestsOf = (change) => {
  return draftsOrProblems((check) => draftsOf(change, check));
};

function draftsOf(change: Change, check: Checks): readonly RequestDraft[] {
  switch (change.kind) {
    case 'create':
    case 'charge':
      return [addLine(change, check)];
    case 'update':
      return changeLine(change, amounts(change, check), check);
    case 'end':
      return change.how === 'zero' ? changeLine(change, { quantity: 0 }, check) : changeLine(change, null, check);
    case 'export':
      return [addProduct(change, check)];
  }
}

/** `name` is the product's and `description` the line's text. It counts from the next run: a schedule has no effective dates. */
function addLine(change: CreateChange | ChargeChange, check: Checks): RequestDraft {
  const { after, product: bound } = change;
  const path = `/schedules/${String(check.id('recurring invoice', change.agreementId))}/add_line_item`;
  const body = {
    product_id: bound.use === null ? check.id('product', bound.id ?? '') : { $use: bound.use },
    name: check.text('product', bound.identifier, limits.productIdentifier),
    description: check.text('name', after.name ?? change.name, limits.lineName),
    quantity: check.number('quantity', after.quantity, { decimals: limits.quantityDecimals, notNegative: change.kind === 'create' }),
    retail_cents: cents('price', after.price, check),
    ...(after.cost === null ? {} : { cost_cents: cents('cost', after.cost, check) }),
    ...(change.kind === 'charge' ? { one_time_charge: true } : {}),
  };
  return write(change.kind, 'POST', path, body, bound.use);
}

/** Only what is written; what is left out stays as Syncro holds it. */
function amounts({ after }: UpdateChange, check: Checks): Json {
  return {
    ...(after.quantity === null
      ? {}
      : { quantity: check.number('quantity', after.quantity, { decimals: limits.quantityDecimals, notNegative: true }) }),
    ...(after.price === null ? {} : { retail_cents: cents('price', after.price, check) }),
    ...(after.cost === null ? {} : { cost_cents: cents('cost', after.cost, check) }),
    ...(after.name === null ? {} : { description: check.text('name', after.name, limits.lineName) }),
  };
}

/** A line whose id is not known is found by its text first. `body` null removes it: Syncro has no end date. */
function changeLine(change: UpdateChange | EndChange, body: Json, check: Checks): readonly RequestDraft[] {
  const schedulePath = `/schedules/${String(check.id('recurring invoice', change.agreementId))}`;
  const name = `line-${change.lineKey}`;
  const known = change.lineId === null ? null : check.id('line', change.lineId);
  const use = known === null ? name : null;
  const read: RequestDraft = {
    ...{ operation: 'read', method: 'GET', path: schedulePath, query: {}, headers, body: null, uses: [] },
    expects: { status: [200], yields: { [name]: { field: 'id', where: { field: 'description', equals: change.name } } } },
  };
  const request =
    body === null
      ? write('end', 'POST', `${schedulePath}/remove_line_item`, known ?? { $use: name }, use)
      : write(change.kind, 'PUT', `${schedulePath}/line_items/${known === null ? `{{${name}}}` : String(known)}`, body, use);
  return known === null ? [read, request] : [request];
}

function addProduct(change: ExportChange, check: Checks): RequestDraft {
  const { product: wanted } = change;
  const body = {
    name: check.text('name', wanted.name, limits.productDescription),
    description: wanted.description.trim() === '' ? wanted.name : wanted.description,
    ...(wanted.price === null ? {} : { price_retail: check.number('price', wanted.price, { decimals: limits.priceDecimals }) }),
    ...(wanted.cost === null ? {} : { price_cost: check.number('cost', wanted.cost, { decimals: limits.priceDecimals }) }),
    ...(wanted.category === '' ? {} : { category_ids: [check.id('category', wanted.category)] }),
    ...{ taxable: wanted.taxable, maintain_stock: false, upc_code: check.text('reference', change.reference, limits.productReference) },
  };
  const draft = write('export', 'POST', '/products', body, null);
  return { ...draft, expects: { ...draft.expects, yields: { [change.yields]: { field: 'product.id', where: null } } } };
}

function write(operation: Change['kind'], method: 'POST' | 'PUT', path: string, body: Json, use: string | null): RequestDraft {
  const expects = { status: [200], yields: {} };
  return { operation, method, path, query: {}, headers: writeHeaders, body, expects, uses: use === null ? [] : [use] };
}

function cents(field: string, value: Decimal | null, check: Checks): number {
  const amount = check.decimal(field, value, { decimals: limits.priceDecimals });
  return Number(multiply(amount, HUNDRED));
}
