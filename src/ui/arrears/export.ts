import type { ArrearsCustomer } from '../../domain/arrears';
import { REASONS } from '../copy';
import { offer } from '../offer';

/** Hands out the lines of customers as a CSV: numbers and days as they are kept, whatever the locale. */
export async function exportArrears(customers: readonly ArrearsCustomer[], period: string): Promise<void> {
  const { tableCsv } = await import('../../files/table-csv');
  const rows = customers.flatMap(({ standing, product, lines }) =>
    lines.map(({ name, synced, previous, current, delta, money, currency, reason }) => [
      ...[standing.customer.site, standing.company?.name ?? '', product.name, name],
      ...[synced, previous, current, delta, money, currency].map((value) => value ?? ''),
      reason === null ? '' : REASONS[reason],
    ]),
  );
  const text = ['Customer', 'Company', 'Product', 'Sub-product'].map((name) => ({ name, kind: 'text' as const }));
  const plain = ['Last synced', 'Last month', 'New', 'Delta', 'Money', 'Currency', 'Reason'].map((name) => ({
    name,
    kind: 'plain' as const,
  }));
  offer(`arrears-${period}.csv`, new Blob([tableCsv([...text, ...plain], rows)], { type: 'text/csv' }));
}
