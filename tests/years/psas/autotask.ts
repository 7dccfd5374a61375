import { firstDayOf, shiftDay, type Day } from '../../../src/domain/calendar';
import { createSandbox } from '../../../src/sandbox';
import type { Row, SandboxState } from '../../../src/sandbox/sandbox';
import { contractRow, fixture, tables } from '../../psa/fixtures/autotask';
import { dayOf, idsTaken, instant, numberOf, rowsIn, textOf, withRows, type PlayedPsa } from '../psa';

const agreement = (at: number) => String(10 + at);

/** What was invoiced is approved and posted: units up to the last month no longer change. A charge does not say its service. */
export const autotask: PlayedPsa = {
  fixture,
  company: (at) => String(at + 1),
  agreement,
  seed: (companies, products) =>
    createSandbox({
      psa: 'autotask',
      tables: {
        ...tables,
        companies: companies.map((companyName, at) => ({ id: at + 1, companyName, isActive: true })),
        contracts: companies.map((_, at) => contractRow({ id: Number(agreement(at)), companyID: at + 1 })),
        services: products.map((id) => ({ ...tables['services']?.[0], id: Number(id), name: `P-${id}` })),
      },
    }),
  invoices: (state, month) => {
    const first = firstDayOf(month);
    const cut = cutOn(state, first);
    return withRows(cut, UNITS, (row) => [dayOf(row, 'endDate') < first ? { ...row, approveAndPostDate: instant(first) } : row]);
  },
  recurring: (state, day) =>
    rowsIn(state, 'contractServices').map((row) => ({
      ...{ id: textOf(row, 'id'), agreement: textOf(row, 'contractID'), name: textOf(row, 'invoiceDescription') },
      ...{ product: textOf(row, 'serviceID'), price: numberOf(row, 'unitPrice') },
      quantity: numberOf(rowsIn(state, UNITS).find((units) => isOf(units, row) && isOn(units, day)) ?? {}, 'units'),
    })),
  charges: (state) =>
    rowsIn(state, 'contractCharges').map((row) => ({
      ...{ id: textOf(row, 'id'), agreement: textOf(row, 'contractID'), name: textOf(row, 'description'), product: '' },
      ...{ quantity: numberOf(row, 'unitQuantity'), price: numberOf(row, 'unitPrice') },
    })),
  chargesNameProducts: false,
  changedByHand: (state, { id, how, quantity, day }) => {
    const isOther = (field: string) => (row: Row) => textOf(row, field) !== id;
    if (how === 'deleted') {
      const lines = withRows(state, 'contractServices', (row) => [row].filter(isOther('id')));
      return withRows(lines, UNITS, (row) => [row].filter(isOther('contractServiceID')));
    }
    return withRows(cutOn(state, day), UNITS, (row) => {
      return [!isOther('contractServiceID')(row) && dayOf(row, 'startDate') >= day ? { ...row, units: quantity } : row];
    });
  },
};

const UNITS = 'contractServiceUnits';

/** Units that last beyond a day are two rows from it on. */
function cutOn(state: SandboxState, day: Day): SandboxState {
  let id = state.nextId;
  const cut = withRows(state, UNITS, (row) => {
    if (dayOf(row, 'startDate') >= day || dayOf(row, 'endDate') < day) return [row];
    return [
      { ...row, endDate: instant(shiftDay(day, -1)) },
      { ...row, id: id++, startDate: instant(day) },
    ];
  });
  return idsTaken(cut, id - state.nextId);
}

function isOf(units: Row, line: Row): boolean {
  return units['contractServiceID'] === line['id'];
}
function isOn(units: Row, day: Day): boolean {
  return dayOf(units, 'startDate') <= day && day <= dayOf(units, 'endDate');
}
