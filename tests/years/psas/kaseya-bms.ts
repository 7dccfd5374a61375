import { lastDayOf } from '../../../src/domain/calendar';
import { accountRow, bmsOf, contractRow, fixture, serviceRow } from '../../psa/fixtures/kaseya-bms';
import { dayOf, numberOf, rowsIn, textOf, withRows, type PlayedPsa } from '../psa';

const agreement = (at: number) => String(10 + at);

/** Nobody can read its lines: what is asked for by hand, a person does. */
export const kaseyaBms: PlayedPsa = {
  fixture,
  company: (at) => String(at + 1),
  agreement,
  seed: (companies, products) =>
    bmsOf({
      accounts: companies.map((AccountName, at) => accountRow({ Id: at + 1, AccountName })),
      contracts: companies.map((AccountName, at) => contractRow({ Id: Number(agreement(at)), AccountId: at + 1, AccountName })),
      services: products.map((id) => serviceRow({ Id: Number(id), Name: `P-${id}` })),
    }),
  invoices: (state) => state,
  recurring: (state, day) =>
    rowsIn(state, 'rows')
      .filter((row) => dayOf(row, 'EffectiveDate') <= lastDayOf(day.slice(0, 7)))
      .map((row) => ({
        ...{ id: textOf(row, 'Id'), agreement: textOf(row, 'ContractId'), name: textOf(row, 'Description') },
        ...{ product: textOf(row, 'ServiceId'), quantity: numberOf(row, 'Units'), price: numberOf(row, 'UnitPrice') },
      })),
  charges: () => [],
  chargesNameProducts: true,
  changedByHand: (state, { id, how, quantity, price, name }) =>
    withRows(state, 'rows', (row) => {
      if (textOf(row, 'Id') !== id) return [row];
      return how === 'deleted'
        ? []
        : [{ ...row, Units: quantity, UnitPrice: price ?? numberOf(row, 'UnitPrice'), Description: name ?? textOf(row, 'Description') }];
    }),
};
