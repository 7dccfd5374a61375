import { lastDayOf, type Day, type Period } from '../../src/domain/calendar';
import { createSandbox } from '../../src/sandbox';
import type { Row, SandboxState } from '../../src/sandbox/sandbox';

/** A line that bills, as the PSA's own tables hold it. `slot` is the sub-product, or `*` of a line for all; `company` is whose agreement it is on. */
export interface Held {
  readonly id: string;
  readonly site: string;
  readonly slot: string;
  readonly company: string;
  readonly product: string;
  readonly quantity: number;
  readonly price: number;
}

/** How somebody changes a line in the PSA by hand. */
export type ByHand = 'another quantity' | 'deleted' | 'copied';

const FIRST_AGREEMENT = 10;

/** ConnectWise with a company and an agreement for each name, and with these products. */
export function psaOf(companies: readonly string[], products: readonly string[]): SandboxState {
  return createSandbox({
    psa: 'connectwise',
    tables: {
      companies: companies.map((name, at) => ({ id: at + 1, identifier: `c${String(at)}`, name, deletedFlag: false })),
      agreements: companies.map((name, at) => ({
        ...{ id: FIRST_AGREEMENT + at, name: 'Managed services', company: { id: at + 1, name }, startDate: '2019-01-01T00:00:00Z' },
        ...{ noEndingDateFlag: true, cancelledFlag: false, agreementStatus: 'Active', oneTimeFlag: false, prorateFlag: false },
        ...{ billingCycle: { id: 2, name: 'Monthly' }, currency: { id: 1, currencyCode: 'USD' }, billableProductInvoice: true },
      })),
      catalog: products.map((id) => ({
        ...{ id: Number(id), identifier: `P-${id}`, description: '', inactiveFlag: false, productClass: 'Agreement' },
      })),
      subcategories: [{ id: 3, name: 'Cloud' }],
      types: [{ id: 4, name: 'Agreement' }],
      additions: [],
      products: [],
    },
  });
}

export function agreementOf(companies: readonly string[], company: string): string {
  return String(FIRST_AGREEMENT + companies.indexOf(company));
}

/** Every agreement invoices on the last day of a month. */
export function invoicesIn(state: SandboxState, month: Period): SandboxState {
  return withRows(state, 'agreements', (row) => [{ ...row, nextInvoiceDate: `${lastDayOf(month)}T00:00:00Z` }]);
}

/** The recurring lines that stand on a day, those at quantity 0 among them. */
export function recurringIn(state: SandboxState, day: Day): readonly Held[] {
  return rowsIn(state, 'additions')
    .filter((row) => isOpen(row, day))
    .map((row) => heldOf(state, row, textOf(row, 'invoiceDescription'), textOf(row, 'agreementId'), numberOf(row, 'unitPrice'), 'product'));
}

/** Every one-time line that was ever made. */
export function chargesIn(state: SandboxState): readonly Held[] {
  return rowsIn(state, 'products').map((row) =>
    heldOf(state, row, textOf(row, 'description'), idOf(row['agreement']), numberOf(row, 'price'), 'catalogItem'),
  );
}

/** Somebody changes the open line of a place by hand. */
export function changedByHand(state: SandboxState, id: string, how: ByHand, quantity: number): SandboxState {
  const { nextId } = state;
  return withRows(how === 'copied' ? { ...state, nextId: nextId + 1 } : state, 'additions', (row) => {
    if (textOf(row, 'id') !== id) return [row];
    if (how === 'deleted') return [];
    return how === 'copied' ? [row, { ...row, id: nextId }] : [{ ...row, quantity }];
  });
}

function heldOf(state: SandboxState, row: Row, name: string, agreement: string, price: number, product: string): Held {
  const [site = '', , ...rest] = name.split(' - ');
  const place = rowsIn(state, 'agreements').find((one) => textOf(one, 'id') === agreement)?.['company'];
  return {
    ...{ id: textOf(row, 'id'), site, slot: slotOf(rest.join(' - ')), company: (place as { name: string }).name },
    ...{ product: idOf(row[product]), quantity: numberOf(row, 'quantity'), price },
  };
}

function slotOf(name: string): string {
  const found = /^Proofpoint (Business|Pro)$/.exec(name)?.[1];
  return found?.toLowerCase() ?? '*';
}

function isOpen(row: Row, day: Day): boolean {
  const [start, end] = [textOf(row, 'effectiveDate').slice(0, 10), textOf(row, 'cancelledDate').slice(0, 10)];
  return start <= lastDayOf(day.slice(0, 7)) && (end === '' || end >= day);
}

function withRows(state: SandboxState, table: string, work: (row: Row) => readonly Row[]): SandboxState {
  return { ...state, tables: { ...state.tables, [table]: rowsIn(state, table).flatMap(work) } };
}

function rowsIn(state: SandboxState, table: string): readonly Row[] {
  return state.tables[table] ?? [];
}

function textOf(row: Row, name: string): string {
  const value = row[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function numberOf(row: Row, name: string): number {
  return Number(row[name]);
}

function idOf(reference: unknown): string {
  return String((reference as { readonly id: number }).id);
}
