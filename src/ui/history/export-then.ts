import type { Day, Period } from '../../domain/calendar';
import type { ThenRow } from '../../domain/month-then';
import type { MonthThen } from '../../storage/month-then';
import { sinceInWords } from '../copy/then';
import { offer } from '../offer';
import { customerKey } from '../../domain/marketplace';

/** Hands out a month as it was known on a day as a CSV: numbers and days as they are kept, whatever the locale. */
export async function exportThen(rows: readonly ThenRow[], plans: MonthThen['plans'], asked: { period: Period; day: Day }): Promise<void> {
  const { tableCsv } = await import('../../files/table-csv');
  const cells = rows.map(({ customer, product, name, then, currency, since }) => [
    ...[customer.site, then?.company ?? '', product, name],
    ...[then?.quantity, then?.price, then?.cost, then === null ? null : currency, then?.synced].map((value) => value ?? ''),
    (plans.get(customerKey(customer)) ?? []).map(({ id }) => id).join(' '),
    since.map((one) => sinceInWords(one, currency)).join('; '),
  ]);
  const text = ['Customer', 'Company', 'Product', 'Sub-product'].map((name) => ({ name, kind: 'text' as const }));
  const plain = ['Quantity', 'Price', 'Cost', 'Currency', 'Synced', 'Plans'].map((name) => ({ name, kind: 'plain' as const }));
  const columns = [...text, ...plain, { name: 'Since then', kind: 'text' as const }];
  offer(`month-${asked.period}-as-known-${asked.day}.csv`, new Blob([tableCsv(columns, cells)], { type: 'text/csv' }));
}
