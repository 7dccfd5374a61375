import type { Json } from '../../domain/canonical';
import type { Around, Change, ExportChange, RequestDraft } from '../../domain/change';
import { problem, type Problem } from '../../domain/problem';
import type { Result } from '../../domain/result';
import { checksInto, draftsOrProblems, type Checks } from '../checks';
import { KEY, linesAfter, linesBefore, lineUse, usesIn, writtenFields } from './document';
import { writeHeaders } from './http';
import { limits } from './limits';
import { ITEM_REFERENCE } from './records';

/** One POST for each change, with every line of the recurring invoice as it was read or as the plan's earlier changes leave it. */
export function requestsOf(change: Change, around: Around): Result<readonly RequestDraft[], readonly Problem[]> {
  return draftsOrProblems(limits, (check, problems) =>
    change.kind === 'export' ? [createItem(change, check)] : lineDrafts(change, around, problems),
  );
}

function lineDrafts(change: Exclude<Change, ExportChange>, around: Around, problems: Problem[]): readonly RequestDraft[] {
  const check = checksInto(limits, problems);
  if (change.kind === 'update' && Object.keys(writtenFields(change, checksInto(limits, []))).length === 0) return [];
  const before = linesBefore(change, around);
  const after = before === null ? null : linesAfter(change, before, check);
  if (after?.ok !== true) {
    problems.push(after === null ? problem('lines of the agreement were never read', { agreement: change.agreementId }) : after.error);
    return [];
  }
  const isNew = change.kind === 'create' || change.kind === 'charge';
  const yields = isNew ? { [lineUse(change.lineKey)]: { field: 'id', where: { field: KEY, equals: change.lineKey } } } : {};
  return [write(change.kind, '/RecurringInvoice', [{ id: invoiceId(change.agreementId, check), lines: after.value }], yields)];
}

/** `update_recurring_invoice_price` and `_cost` are never sent: they would push the item's price into lines of other customers. */
function createItem({ product, reference, yields }: ExportChange, check: Checks): RequestDraft {
  const recurring = product.term !== 'one time';
  const price = product.price === null ? null : Number(check.price('price', product.price));
  const cost = product.cost === null ? null : Number(check.price('cost', product.cost));
  const item: Json = {
    name: check.text('name', product.name, limits.productDescription),
    description: product.description.trim() === '' ? product.name : product.description,
    assetgroup_id: check.id('category', product.category),
    isrecurringitem: recurring,
    ...(price === null ? {} : { baseprice: price, ...(recurring ? { recurringprice: price } : {}) }),
    ...(cost === null ? {} : { costprice: cost, ...(recurring ? { recurringcost: cost } : {}) }),
    taxable: product.taxable,
    externalreference: check.text('reference', `${ITEM_REFERENCE}${reference}`, limits.productReference),
  };
  return write('export', '/Item', [item], { [yields]: { field: 'id', where: { field: 'name', equals: product.name } } });
}

/** The file of 2024-09 says 200 where other versions answer 201. */
function write(operation: Change['kind'], path: string, body: Json, yields: RequestDraft['expects']['yields']): RequestDraft {
  const expects = { status: [200, 201], yields };
  return { operation, method: 'POST', path, query: {}, headers: writeHeaders, body, expects, uses: usesIn(body) };
}

/** Recurring invoices have negative ids. */
function invoiceId(id: string, check: Checks): number {
  return id.startsWith('-') ? -check.id('recurring invoice', id.slice(1)) : check.id('recurring invoice', id);
}
