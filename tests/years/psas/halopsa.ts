import { lastDayOf, type Day } from '../../../src/domain/calendar';
import { createSandbox } from '../../../src/sandbox';
import type { Row } from '../../../src/sandbox/sandbox';
import { fixture, invoiceRow, itemRow } from '../../psa/fixtures/halopsa';
import { dayOf, idsTaken, instant, numberOf, rowsIn, textOf, withRows, type PlayedPsa, type Told } from '../psa';

const agreement = (at: number) => String(-10 - at);

/** One-time lines stand among the others. */
export const halopsa: PlayedPsa = {
  fixture,
  company: (at) => String(at + 1),
  agreement,
  seed: (companies, products) =>
    createSandbox({
      psa: 'halopsa',
      tables: {
        clients: companies.map((name, at) => ({ id: at + 1, name, inactive: false })),
        invoices: companies.map((name, at) => invoiceRow({ id: Number(agreement(at)), client_id: at + 1, client_name: name })),
        items: products.map((id) => itemRow({ id: Number(id), name: `P-${id}` })),
        groups: [{ id: 3, name: 'Email security' }],
      },
    }),
  invoices: (state, month) => withRows(state, 'invoices', (row) => [{ ...row, nextcreationdate: instant(lastDayOf(month)) }]),
  recurring: (state, day) =>
    rowsIn(state, 'lines')
      .filter((row) => row['onetimecharge'] !== true && isOpen(row, day))
      .map(told),
  charges: (state) =>
    rowsIn(state, 'lines')
      .filter((row) => row['onetimecharge'] === true)
      .map(told),
  chargesNameProducts: true,
  changedByHand: (state, { id, how, quantity }) =>
    withRows(how === 'copied' ? idsTaken(state, 1) : state, 'lines', (row) => {
      if (textOf(row, 'id') !== id) return [row];
      if (how === 'deleted') return [];
      return how === 'copied' ? [row, { ...row, id: state.nextId }] : [{ ...row, qty_order: quantity }];
    }),
};

function told(row: Row): Told {
  return {
    ...{ id: textOf(row, 'id'), agreement: textOf(row, 'ihid'), name: textOf(row, 'item_shortdescription') },
    ...{ product: textOf(row, '_itemid'), quantity: numberOf(row, 'qty_order'), price: numberOf(row, 'unit_price') },
  };
}

function isOpen(row: Row, day: Day): boolean {
  const [start, end] = [dayOf(row, 'startdate'), dayOf(row, 'enddate')];
  return start <= lastDayOf(day.slice(0, 7)) && (end < '1950' || end >= day);
}
