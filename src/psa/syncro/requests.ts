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
import { multiply, type Decimal } from '../../domain/decimal';
import { draftsOrProblems, type Checks } from '../checks';
import { headers, writeHeaders } from './http';
import { limits } from './limits';
import { HUNDRED } from './records';

/** The requests of a change, in order, or every limit that it breaks. */
export const requestsOf: RequestsOf = (change) => {
  return draftsOrProblems(limits, (check) => draftsOf(change, check));
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
    quantity: Number(check.quantity('quantity', after.quantity, change.kind === 'create' ? 'not negative' : 'any sign')),
    retail_cents: cents('price', after.price, check),
    ...(after.cost === null ? {} : { cost_cents: cents('cost', after.cost, check) }),
    ...(change.kind === 'charge' ? { one_time_charge: true } : {}),
  };
  return write(change.kind, 'POST', path, body, bound.use);
}

/** Only what is written; what is left out stays as Syncro holds it. */
function amounts({ after }: UpdateChange, check: Checks): Json {
  return {
    ...(after.quantity === null ? {} : { quantity: Number(check.quantity('quantity', after.quantity, 'not negative')) }),
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
    ...(wanted.price === null ? {} : { price_retail: Number(check.price('price', wanted.price)) }),
    ...(wanted.cost === null ? {} : { price_cost: Number(check.price('cost', wanted.cost)) }),
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
  return Number(multiply(check.price(field, value), HUNDRED));
}
