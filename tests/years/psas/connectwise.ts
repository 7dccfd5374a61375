import { lastDayOf, type Day } from '../../../src/domain/calendar';
import { createSandbox } from '../../../src/sandbox';
import type { Row } from '../../../src/sandbox/sandbox';
import { fixture } from '../../psa/fixtures/connectwise';
import { dayOf, idsTaken, instant, numberOf, rowsIn, textOf, withRows, type PlayedPsa } from '../psa';

const agreement = (at: number) => String(10 + at);

export const connectwise: PlayedPsa = {
  fixture,
  company: (at) => String(at + 1),
  agreement,
  seed: (companies, products) =>
    createSandbox({
      psa: 'connectwise',
      tables: {
        companies: companies.map((name, at) => ({ id: at + 1, identifier: `c${String(at)}`, name, deletedFlag: false })),
        agreements: companies.map((name, at) => ({
          ...{ id: Number(agreement(at)), name: 'Managed services', company: { id: at + 1, name }, startDate: instant('2019-01-01') },
          ...{ noEndingDateFlag: true, cancelledFlag: false, agreementStatus: 'Active', oneTimeFlag: false, prorateFlag: false },
          ...{ billingCycle: { id: 2, name: 'Monthly' }, currency: { id: 1, currencyCode: 'USD' }, billableProductInvoice: true },
        })),
        catalog: products.map((id) => ({
          ...{ id: Number(id), identifier: `P-${id}`, description: '', inactiveFlag: false, productClass: 'Agreement' },
        })),
        subcategories: [{ id: 3, name: 'Cloud' }],
        types: [{ id: 4, name: 'Agreement' }],
      },
    }),
  invoices: (state, month) => withRows(state, 'agreements', (row) => [{ ...row, nextInvoiceDate: instant(lastDayOf(month)) }]),
  recurring: (state, day) =>
    rowsIn(state, 'additions')
      .filter((row) => isOpen(row, day))
      .map((row) => ({
        ...{ id: textOf(row, 'id'), agreement: textOf(row, 'agreementId'), name: textOf(row, 'invoiceDescription') },
        ...{ product: textOf(row, 'product.id'), quantity: numberOf(row, 'quantity'), price: numberOf(row, 'unitPrice') },
      })),
  charges: (state) =>
    rowsIn(state, 'products').map((row) => ({
      ...{ id: textOf(row, 'id'), agreement: textOf(row, 'agreement.id'), name: textOf(row, 'description') },
      ...{ product: textOf(row, 'catalogItem.id'), quantity: numberOf(row, 'quantity'), price: numberOf(row, 'price') },
    })),
  chargesNameProducts: true,
  changedByHand: (state, { id, how, quantity }) =>
    withRows(how === 'copied' ? idsTaken(state, 1) : state, 'additions', (row) => {
      if (textOf(row, 'id') !== id) return [row];
      if (how === 'deleted') return [];
      return how === 'copied' ? [row, { ...row, id: state.nextId }] : [{ ...row, quantity }];
    }),
};

function isOpen(row: Row, day: Day): boolean {
  const [start, end] = [dayOf(row, 'effectiveDate'), dayOf(row, 'cancelledDate')];
  return start <= lastDayOf(day.slice(0, 7)) && (end === '' || end >= day);
}
