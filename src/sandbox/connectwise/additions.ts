import type { PsaRequest } from '../../psa/psa';
import { json, type Handled, type Row, type SandboxState } from '../sandbox';
import { list, projected } from './query';
import { ADDITION, errorsIn, invalid, refusal, type FieldError } from './rules';
import { amounts, create, referenced, remove, wrong } from './tables';
import { applied, numberIn, recordIn, rowsOf, textIn } from '../tables';

export function additionsOf(state: SandboxState, request: PsaRequest, agreementId: number, id: number | null): Handled {
  const agreement = rowsOf(state, 'agreements').find((each) => each['id'] === agreementId);
  if (agreement === undefined) return { state, answer: refusal(404, 'NotFound', `Agreement ${agreementId} was not found`) };
  const rows = rowsOf(state, 'additions').filter((each) => each['agreementId'] === agreementId);
  if (id === null && request.method === 'GET') return { state, answer: list(rows, request) };
  if (id === null && request.method === 'POST') return createAddition(state, request, agreement);
  const row = rows.find((each) => each['id'] === id);
  if (row === undefined) return { state, answer: refusal(404, 'NotFound', `Addition ${id ?? ''} was not found`) };
  if (request.method === 'GET') return { state, answer: json(200, projected(row, request.query['fields'])) };
  if (request.method === 'PATCH') return patchAddition(state, request, agreement, row);
  if (request.method !== 'DELETE') return { state, answer: refusal(405, 'MethodNotAllowed', `${request.method} is not allowed here`) };
  if (typeof row['billedQuantity'] === 'number' && row['billedQuantity'] > 0)
    return { state, answer: refusal(409, 'Conflict', 'The addition was billed.') };
  return remove(state, request, 'additions', row);
}

function createAddition(state: SandboxState, request: PsaRequest, agreement: Row): Handled {
  const body = recordIn(request.body);
  const errors = errorsIn(body, ADDITION, 'addition');
  const item = referenced(state, 'catalog', body['product']);
  if (errors.length === 0 && (item === null || item['inactiveFlag'] === true || item['productClass'] === 'Bundle'))
    errors.push(wrong('addition', 'product', 'is not a product for an addition'));
  if (errors.length === 0) errors.push(...dateErrors(body, agreement));
  if (errors.length > 0 || item === null) return { state, answer: invalid('addition', errors) };
  const row = additionRow({
    id: state.nextId,
    product: { id: item['id'] ?? null, identifier: item['identifier'] ?? '' },
    quantity: 1,
    lessIncluded: 0,
    unitPrice: item['price'] ?? 0,
    unitCost: item['cost'] ?? 0,
    taxableFlag: item['taxableFlag'] ?? false,
    invoiceDescription: item['customerDescription'] ?? '',
    description: item['description'] ?? '',
    effectiveDate: agreement['startDate'] ?? null,
    billedQuantity: 0,
    agreementId: agreement['id'] ?? null,
    ...withoutReference(body, 'product'),
  });
  return create(state, request, 'additions', row, body['serialNumber']);
}

/** Whole fields only: a sub-path such as `product/id` is answered with 200 and changes nothing (Developer Guide). */
function patchAddition(state: SandboxState, request: PsaRequest, agreement: Row, row: Row): Handled {
  const operations = Array.isArray(request.body) ? request.body.map(recordIn) : null;
  const isWrong = operations?.some(({ op, path }) => !['add', 'replace', 'remove'].includes(textIn(op)) || typeof path !== 'string');
  if (operations === null || isWrong === true)
    return { state, answer: refusal(400, 'InvalidObject', 'The patch is not a list of operations.') };
  const whole = operations.filter(({ path }) => !textIn(path).includes('/'));
  const written = Object.fromEntries(whole.filter(({ op }) => op !== 'remove').map(({ path, value }) => [textIn(path), value ?? null]));
  const removed = new Set(whole.filter(({ op }) => op === 'remove').map(({ path }) => textIn(path)));
  const errors = errorsIn({ product: row['product'] ?? null, billCustomer: row['billCustomer'] ?? null, ...written }, ADDITION, 'addition');
  const next = additionRow(Object.fromEntries(Object.entries({ ...row, ...written }).filter(([name]) => !removed.has(name))));
  if (errors.length === 0) errors.push(...dateErrors(next, agreement));
  if (errors.length > 0) return { state, answer: invalid('addition', errors) };
  if (JSON.stringify(next) === JSON.stringify(row)) return { state, answer: json(200, row) };
  const rows = rowsOf(state, 'additions').map((each) => (each === row ? next : each));
  return { state: applied(state, request, 'additions', rows, 'changed', next, next['serialNumber']), answer: json(200, next) };
}

function additionRow(row: Row): Row {
  const quantity = numberIn(row['quantity'] ?? 0);
  const computed = amounts(quantity, numberIn(row['unitPrice'] ?? 0), numberIn(row['unitCost'] ?? 0));
  return {
    ...row,
    ...computed,
    additionStatus: row['cancelledDate'] === undefined || row['cancelledDate'] === null ? 'Active' : 'Cancelled',
  };
}

function dateErrors(addition: Row, agreement: Row): FieldError[] {
  const [effective, cancelled, start] = [addition['effectiveDate'], addition['cancelledDate'], agreement['startDate']].map(textIn) as [
    string,
    string,
    string,
  ];
  const early = effective !== '' && effective < start;
  const reversed = cancelled !== '' && cancelled < effective;
  return [
    ...(agreement['cancelledFlag'] === true ? [wrong('addition', 'agreementId', 'is a cancelled agreement')] : []),
    ...(early ? [wrong('addition', 'effectiveDate', 'is before the start of the agreement')] : []),
    ...(reversed ? [wrong('addition', 'cancelledDate', 'is before the effective date')] : []),
  ];
}

function withoutReference(body: Row, name: string): Row {
  return Object.fromEntries(Object.entries(body).filter(([field]) => field !== name));
}
