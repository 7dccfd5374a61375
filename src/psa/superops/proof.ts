import type { Day } from '../../domain/calendar';
import type { Json } from '../../domain/canonical';
import type { PlanRequest } from '../../domain/plan';
import { isRecord } from '../paging';
import type { Evidence, Held, PsaAdapter, PsaAnswer } from '../psa';
import { askList, dataOf, errorsOf, listIn, LISTS, type List, type Operation } from './graphql';
import { contract, invoice, product } from './records';

type Proof = ReturnType<PsaAdapter['prove']>;

/**
 * Whether a 2xx answer proves the request. A contract answers with its id and nothing else, so what it holds is proven by the read that
 * follows; an invoice and an item answer as the stored record, and must hold what was sent.
 */
export function prove(request: PlanRequest, answer: PsaAnswer): Proof {
  if (answer.status < 200 || answer.status > 299 || errorsOf(answer).length > 0) return null;
  const operation = operationOf(request);
  const found = dataOf(answer.body, operation);
  switch (operation) {
    case 'getClient':
      return proveSite(request, found);
    case 'getClientContractList':
      return proveContract(request, listIn(answer.body, operation));
    case 'createClientContract':
    case 'updateClientContract': {
      const isOther = request.line.lineId !== null && found !== request.line.lineId;
      if (typeof found !== 'string' || found.trim() === '' || isOther) return null;
      return { lineId: operation === 'createClientContract' ? found : request.line.lineId, yielded: {} };
    }
    case 'createInvoice':
      return proveInvoice(request, found);
    case 'createServiceCatalogItem':
      return proveItem(request, found);
    default:
      return null;
  }
}

/** The site that an invoice needs, of the client that was asked for. */
function proveSite(request: PlanRequest, found: unknown): Proof {
  const site = isRecord(found) && isRecord(found['hqSite']) ? found['hqSite']['id'] : undefined;
  if (!isRecord(found) || found['accountId'] !== request.line.agreementId || typeof site !== 'string' || site === '') return null;
  return { lineId: null, yielded: Object.fromEntries(Object.keys(request.expects.yields).map((name) => [name, site])) };
}

/** The contract with our key: the open one, or the only one. Several are no proof of which is meant. */
function proveContract(request: PlanRequest, rows: readonly unknown[] | null): Proof {
  const lines = (rows ?? []).map((row) => contract.read(row, null));
  if (!lines.every((line) => line !== null)) return null;
  const ours = lines.filter(({ key, agreementId }) => key === request.line.lineKey && agreementId === request.line.agreementId);
  const open = ours.filter(({ endDate }) => endDate === null);
  const [line, ...more] = open.length > 0 ? open : ours;
  if (line === undefined || more.length > 0) return null;
  return { lineId: line.id, yielded: Object.fromEntries(Object.keys(request.expects.yields).map((name) => [name, line.id])) };
}

function proveInvoice(request: PlanRequest, found: unknown): Proof {
  const { after, lineKey, agreementId, productId } = request.line;
  const line = invoice.read(found, null);
  if (line === null || line.key !== lineKey || line.agreementId !== agreementId) return null;
  if (line.quantity !== after?.quantity || line.price !== after.price || (productId !== null && line.productId !== productId)) return null;
  return { lineId: line.id, yielded: {} };
}

function proveItem(request: PlanRequest, found: unknown): Proof {
  const item = product.read(found, null);
  const { variables } = request.body as { readonly variables: { readonly input: { readonly sellingPrice?: unknown } } };
  const price = product.read({ itemId: 'sent', name: 'sent', sellingPrice: variables.input.sellingPrice }, null)?.price ?? null;
  if (item === null || item.reference !== request.line.lineKey || item.identifier !== request.line.name) return null;
  if (price !== null && item.price !== price) return null;
  return { lineId: item.id, yielded: Object.fromEntries(Object.keys(request.expects.yields).map((name) => [name, item.id])) };
}

/** The same proof as the page's own, as data, over all pages of a list: SuperOps documents no way to search one. */
export function evidence(request: PlanRequest): Evidence {
  const { line, before, operation } = request;
  const { after, lineKey, lineId } = line;
  switch (operation) {
    case 'read':
      if (operationOf(request) === 'getClient') {
        const { method, path, query, headers, body } = request;
        const read = { method: method as 'POST', path, query, headers, body };
        return { ...ROWS, read, rows: '', id: 'data.getClient.accountId', where: [], ended: null, before: [], after: [] };
      }
      return { ...contracts([held('contract.description', lineKey, 'part')]), ended: 'endDate' };
    case 'create':
      return {
        ...contracts([held('contract.description', lineKey, 'part')]),
        ended: 'endDate',
        after: [...heldIn(after, writesFrom(request)), held('client.accountId', line.agreementId)].flatMap(known),
      };
    case 'update':
    case 'end': {
      const quantity = after?.quantity === null ? null : (before?.quantity ?? null);
      return {
        ...contracts([held('contract.contractId', lineId ?? { $use: request.uses[0] ?? '' })]),
        ended: operation === 'update' ? 'endDate' : null,
        before: heldIn(before && { ...before, quantity, effectiveDate: null }, writesFrom(request)).flatMap(known),
        after: heldIn(after, writesFrom(request)).flatMap(known),
      };
    }
    case 'charge':
      return {
        ...list('getInvoiceList', 'invoiceId'),
        where: [held('items.0.details', lineKey, 'part')],
        ...{ ended: null, before: [] },
        after: [
          held('items.0.quantity', after?.quantity ?? null, 'number'),
          held('items.0.unitPrice', after?.price ?? null, 'number'),
          held('client.accountId', line.agreementId),
        ].flatMap(known),
      };
    case 'export':
      return {
        ...list('getServiceCatalogItemList', 'itemId'),
        where: [held('description', lineKey, 'part')],
        ...{ ended: null, before: [], after: [held('name', line.name)] },
      };
  }
}

const ROWS = { others: [] } as const;

function contracts(where: readonly Held[]): Omit<Evidence, 'ended'> {
  return { ...list('getClientContractList', 'contract.contractId'), where, before: [], after: [] };
}

function list(operation: List, id: string): Pick<Evidence, 'read' | 'rows' | 'id' | 'more' | 'others'> {
  const place = `data.${operation}`;
  const read = askList(operation, { $use: 'page' });
  return { ...ROWS, read, rows: `${place}.${LISTS[operation]}`, id, more: `${place}.listInfo.hasMore` };
}

/** What a contract holds, or is believed to hold: the newest change up to the day of the request says the quantity. */
function heldIn(
  state: {
    readonly quantity: string | null;
    readonly price: string | null;
    readonly productId?: string | null;
    readonly effectiveDate: string | null;
    readonly endDate: string | null;
  } | null,
  day: Day | null,
): readonly Held[] {
  if (state === null) return [];
  const billable = 'contract.billableContract';
  const change = `${billable}.changes.[last effectiveDate${day === null ? '' : ` to ${day}`}]`;
  return [
    held(`${change}.quantity`, state.quantity, 'number'),
    held(`${change}.quantityChangeOperation`, state.quantity === null ? null : 'BASELINE'),
    held(`${billable}.sellingPrice.details.0.value`, state.price, 'number'),
    held(`${billable}.chargeItem.itemId`, state.productId ?? null),
    held('startDate', state.effectiveDate, 'day'),
    held('endDate', state.endDate, 'day'),
  ];
}

/** Null is not compared. */
function known(each: Held): readonly Held[] {
  return each.equals === null ? [] : [each];
}

function held(field: string, equals: Json, as: Held['as'] = 'value'): Held {
  return { field, equals, as };
}

/** The day of the quantity that a contract is made or changed with. */
export function writesFrom(request: PlanRequest): Day | null {
  const { input } = (request.body as unknown as { readonly variables: { readonly input: ContractInput | null } }).variables;
  return input?.contract?.billableContract?.change?.effectiveDate ?? null;
}

interface ContractInput {
  readonly contract?: { readonly billableContract?: { readonly change?: { readonly effectiveDate: Day } } };
}

function operationOf(request: PlanRequest): Operation {
  return (request.body as { readonly operationName: Operation }).operationName;
}
