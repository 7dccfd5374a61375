import { lastDayOf } from '../../../src/domain/calendar';
import { createSandbox } from '../../../src/sandbox';
import type { Row } from '../../../src/sandbox/sandbox';
import { fixture } from '../../psa/fixtures/syncro';
import { numberOf, rowsIn, textOf, withRows, type PlayedPsa, type Told } from '../psa';

const agreement = (at: number) => String(10 + at);

/** A line bills from the next run on, and no longer when it is removed. */
export const syncro: PlayedPsa = {
  fixture,
  company: (at) => String(at + 1),
  agreement,
  seed: (companies, products) =>
    createSandbox({
      psa: 'syncro',
      tables: {
        customers: companies.map((name, at) => ({ id: at + 1, business_name: name, email: '', disabled: false })),
        schedules: companies.map((_, at) => ({
          ...{ id: Number(agreement(at)), customer_id: at + 1, name: 'Managed services', frequency: 'Monthly', paused: false },
        })),
        products: products.map((id) => ({ id: Number(id), name: `P-${id}`, description: 'Mail', taxable: true, disabled: false })),
        categories: [{ id: 3, name: 'Email', names_depth_cache: 'Software/Email' }],
      },
    }),
  invoices: (state, month) => withRows(state, 'schedules', (row) => [{ ...row, next_run: lastDayOf(month) }]),
  recurring: (state) =>
    rowsIn(state, 'lines')
      .filter((row) => row['one_time_charge'] !== true)
      .map(told),
  charges: (state) =>
    rowsIn(state, 'lines')
      .filter((row) => row['one_time_charge'] === true)
      .map(told),
  chargesNameProducts: true,
  changedByHand: (state, { id, how, quantity }) =>
    withRows(state, 'lines', (row) => {
      if (textOf(row, 'id') !== id) return [row];
      return how === 'deleted' ? [] : [{ ...row, quantity: quantity.toFixed(2) }];
    }),
};

function told(row: Row): Told {
  return {
    ...{ id: textOf(row, 'id'), agreement: textOf(row, 'schedule_id'), name: textOf(row, 'description') },
    ...{ product: textOf(row, 'product_id'), quantity: numberOf(row, 'quantity'), price: numberOf(row, 'retail_cents') / 100 },
  };
}
