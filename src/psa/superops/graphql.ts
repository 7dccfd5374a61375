import type { Json } from '../../domain/canonical';
import type { RecordType } from '../fields';
import { isRecord, pagesOf, type Paging } from '../paging';
import type { PsaAnswer, PsaRequest, Reading } from '../psa';
import { limits } from './limits';

/** Every request is a POST to this one path below `https://api.superops.ai` or `https://euapi.superops.ai`. */
const PATH = '/msp';
export const headers = { 'Content-Type': 'application/json' };

const CHANGES = 'changes { changeId effectiveDate endDate quantity quantityChangeOperation }';
const PRICES = 'sellingPrice { details { value } }';
const CLIENT = 'accountId name stage status emailDomains hqSite';
const ITEM = `itemId name description itemType status taxable ${PRICES} costPrice { details { value } } serviceTypeItem { offeringType }`;
const INVOICE = 'invoiceId displayId client statusEnum invoiceDate items { itemId billedDate details quantity unitPrice serviceItem }';
const BILLABLE = [
  'chargeItem quantityCalculationType sellingPriceOverridden',
  PRICES,
  'recurringContract { recurringMode frequencyDurationUnit frequencyInterval }',
  CHANGES,
].join(' ');
const CONTRACT = [
  'contractId client startDate endDate contractStatus',
  `contract { contractId name description contractType billableContract { ${BILLABLE} } }`,
].join(' ');
const LIST = 'listInfo { page pageSize hasMore totalCount }';

/** What is asked, by the name of the operation: its input type and what it selects of the answer. */
const OPERATIONS = {
  getClientList: ['query', 'ListInfoInput!', `clients { ${CLIENT} } ${LIST}`],
  getClient: ['query', 'ClientIdentifierInput!', CLIENT],
  getClientContractList: ['query', 'ListInfoInput', `clientContracts { ${CONTRACT} } ${LIST}`],
  getServiceCatalogItemList: ['query', 'ListInfoInput!', `items { ${ITEM} } ${LIST}`],
  getServiceCategoryList: ['query', null, 'categoryId name'],
  getInvoiceList: ['query', 'ListInfoInput!', `invoices { ${INVOICE} } ${LIST}`],
  createServiceCatalogItem: ['mutation', 'CreateServiceCatalogItemInput!', ITEM],
  createClientContract: ['mutation', 'CreateClientContractInput!', null],
  updateClientContract: ['mutation', 'UpdateClientContractInput!', null],
  createInvoice: ['mutation', 'CreateInvoiceInput!', INVOICE],
  updateInvoice: ['mutation', 'UpdateInvoiceInput!', 'invoiceId statusEnum'],
} as const;
export type Operation = keyof typeof OPERATIONS;

/** Where the rows of each list stand in `data`. */
export const LISTS = {
  getClientList: 'clients',
  getClientContractList: 'clientContracts',
  getServiceCatalogItemList: 'items',
  getInvoiceList: 'invoices',
} as const;
export type List = keyof typeof LISTS;

export function ask(operation: Operation, input: Json): PsaRequest {
  const [kind, type, selected] = OPERATIONS[operation];
  const selection = selected === null ? '' : ` { ${selected} }`;
  const query =
    type === null
      ? `${kind} ${operation} { ${operation}${selection} }`
      : `${kind} ${operation}($input: ${type}) { ${operation}(input: $input)${selection} }`;
  const body = { operationName: operation, query, variables: type === null ? {} : { input } };
  return { method: 'POST', path: PATH, query: {}, headers, body };
}

/** One page of a list; nothing is filtered, since no operator is documented. A `page` that is no number is filled in by a script. */
export function askList(operation: List, page: Json = 1): PsaRequest {
  return ask(operation, { page, pageSize: limits.pageSize });
}

/** All pages of a list. */
export function reading<T>(
  type: RecordType<T>,
  operation: List,
  options: { readonly agreementId?: string; readonly keep?: (row: T) => boolean } = {},
): Reading<T> {
  return pagesOf(type, askList(operation), { ...paging, rowsIn: (body) => listIn(body, operation), next: pageAfter }, options);
}

/** A read without pages: one record, or a bare list. */
export function readingOnce<T>(type: RecordType<T>, request: PsaRequest): Reading<T> {
  return pagesOf(type, request, { ...paging, rowsIn: bareRowsIn, next: () => null });
}

/** The page after an answer: by `hasMore`, and where it is missing by a full page. */
export function pageAfter(answer: PsaAnswer, asked: PsaRequest): PsaRequest | null {
  const { operationName, variables } = asked.body as { operationName: Operation; variables: { input: { page: number } } };
  if (!Object.hasOwn(LISTS, operationName)) return null;
  const found = dataOf(answer.body, operationName);
  const hasMore = isRecord(found) && isRecord(found['listInfo']) ? found['listInfo']['hasMore'] : undefined;
  const more = typeof hasMore === 'boolean' ? hasMore : (listIn(answer.body, operationName as List) ?? []).length >= limits.pageSize;
  return more ? askList(operationName as List, variables.input.page + 1) : null;
}

export function listIn(body: unknown, operation: List): readonly unknown[] | null {
  const found = dataOf(body, operation);
  const rows = isRecord(found) ? found[LISTS[operation]] : undefined;
  return Array.isArray(rows) ? (rows as readonly unknown[]) : null;
}

/** What an operation answered; undefined where the body is no answer of GraphQL. */
export function dataOf(body: unknown, operation: Operation): unknown {
  return isRecord(body) && isRecord(body['data']) ? body['data'][operation] : undefined;
}

export function errorsOf({ body }: Pick<PsaAnswer, 'body'>): readonly Readonly<Record<string, unknown>>[] {
  return isRecord(body) && Array.isArray(body['errors']) ? body['errors'].filter(isRecord) : [];
}

/**
 * Whether a 200 says that nothing was applied: errors and no data at all. Data beside errors is a write that may stand, and so is an error
 * inside of SuperOps: neither is a refusal.
 */
export function refuses(answer: PsaAnswer): boolean {
  const { body } = answer;
  const errors = errorsOf(answer);
  if (!isRecord(body) || errors.some(({ extensions }) => /internal|timeout/i.test(JSON.stringify(extensions ?? '')))) return false;
  const { data } = body;
  const empty = isRecord(data) ? Object.values(data).every((value) => value === null) : data === null || data === undefined;
  return empty && (errors.length > 0 || data === null);
}

/** SuperOps' own words: each error's message, with what its extensions say of the client's mistake. */
export function messageOf(answer: PsaAnswer): string | null {
  const texts = errorsOf(answer).map(({ message, extensions }) => {
    const detail = isRecord(extensions) ? (extensions['clientError'] ?? null) : null;
    return [typeof message === 'string' ? message : '', detail === null ? '' : JSON.stringify(detail)]
      .filter((text) => text !== '')
      .join(' ');
  });
  const text = texts.filter((each) => each !== '').join('; ');
  return text === '' ? null : text;
}

/** A read with any error is none: what is missing in it would count as absent. */
const paging: Omit<Paging, 'rowsIn' | 'next'> = { message: messageOf, refuses: (answer) => errorsOf(answer).length > 0 };

function bareRowsIn(body: unknown): readonly unknown[] | null {
  if (!isRecord(body) || !isRecord(body['data'])) return null;
  const [found] = Object.values(body['data']);
  return Array.isArray(found) ? (found as readonly unknown[]) : found === null ? [] : [found];
}
