import { lastDayOf, type Day } from '../../../src/domain/calendar';
import { createSandbox } from '../../../src/sandbox';
import type { Row } from '../../../src/sandbox/sandbox';
import { clientRow, fixture, itemRow } from '../../psa/fixtures/superops';
import { dayOf, idsTaken, numberOf, rowsIn, textOf, withRows, type PlayedPsa } from '../psa';

const client = (at: number) => String(700 + at);

/** A client is its own agreement. A contract has no text but our key, and a quantity for each day on which it changes. */
export const superops: PlayedPsa = {
  fixture,
  company: client,
  agreement: client,
  seed: (companies, products) =>
    createSandbox({
      psa: 'superops',
      tables: {
        clients: companies.map((name, at) => clientRow(client(at), name, `site-${String(at)}`, [])),
        categories: [{ categoryId: '4', name: 'Software' }],
        items: products.map((itemId) => itemRow({ itemId, name: `P-${itemId}` }, '3', '2')),
      },
    }),
  invoices: (state) => state,
  recurring: (state, day) =>
    rowsIn(state, 'contracts')
      .filter((row) => isOpen(row, day))
      .map((row) => ({
        ...{ id: textOf(row, 'contractId'), agreement: textOf(row, 'client.accountId'), name: textOf(row, 'contract.description') },
        product: textOf(row, `${BILLABLE}.chargeItem.itemId`),
        quantity: numberOf(changesOf(row).findLast((change) => dayOf(change, 'effectiveDate') <= day) ?? {}, 'quantity'),
        price: numberOf(row, `${BILLABLE}.sellingPrice.details.0.value`),
      })),
  charges: (state) =>
    rowsIn(state, 'invoices')
      .filter((row) => row['statusEnum'] !== 'VOID')
      .map((row) => ({
        ...{ id: textOf(row, 'invoiceId'), agreement: textOf(row, 'client.accountId'), product: textOf(row, 'items.0.serviceItem.itemId') },
        name: textOf(row, 'items.0.details').replace(/ \[[^\]]*\]$/, ''),
        ...{ quantity: numberOf(row, 'items.0.quantity'), price: numberOf(row, 'items.0.unitPrice') },
      })),
  chargesNameProducts: true,
  changedByHand: (state, { id, how, quantity, day }) =>
    withRows(idsTaken(state, 2), 'contracts', (row) => {
      if (textOf(row, 'contractId') !== id) return [row];
      if (how === 'deleted') return [];
      const [own, other] = [`9${String(state.nextId)}`, `9${String(state.nextId + 1)}`];
      if (how === 'copied') return [row, withContract({ ...row, contractId: own }, { contractId: own })];
      const kept = changesOf(row).filter((change) => dayOf(change, 'effectiveDate') !== day);
      const change = {
        changeId: other,
        effectiveDate: day,
        endDate: null,
        quantity: String(quantity),
        quantityChangeOperation: 'BASELINE',
      };
      return [withContract(row, { billableContract: { ...(contractOf(row)['billableContract'] as Row), changes: [...kept, change] } })];
    }),
};

const BILLABLE = 'contract.billableContract';

function contractOf(row: Row): Row {
  return row['contract'] as Row;
}
function withContract(row: Row, parts: Row): Row {
  return { ...row, contract: { ...contractOf(row), ...parts } };
}
function changesOf(row: Row): readonly Row[] {
  const { changes } = contractOf(row)['billableContract'] as { readonly changes: readonly Row[] };
  return [...changes].sort((left, right) => (dayOf(left, 'effectiveDate') < dayOf(right, 'effectiveDate') ? -1 : 1));
}

function isOpen(row: Row, day: Day): boolean {
  const [start, end] = [dayOf(row, 'startDate'), dayOf(row, 'endDate')];
  return start <= lastDayOf(day.slice(0, 7)) && (end === '' || end >= day);
}
