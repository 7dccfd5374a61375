import type { Correction } from '../../domain/correction';
import { offer } from '../offer';

/** Hands out the correction as a CSV, for whoever writes it in the PSA: numbers as they are kept, whatever the locale. */
export async function exportCorrection({ invoices, currency, lines }: Correction, site: string): Promise<void> {
  const { tableCsv } = await import('../../files/table-csv');
  const rows = lines.map((line) => [
    ...[site, line.name, invoices.join(' '), currency ?? ''],
    ...[String(line.invoices), line.billed ?? '', line.instead ?? '', line.excess ?? ''],
  ]);
  const text = ['Customer', 'Line'].map((name) => ({ name, kind: 'text' as const }));
  const plain = ['Invoices of', 'Currency', 'Number of invoices', 'Billed on each', 'Without the sync', 'Credit'].map((name) => ({
    name,
    kind: 'plain' as const,
  }));
  offer(`correction-${site}-${invoices[0] ?? ''}.csv`, new Blob([tableCsv([...text, ...plain], rows)], { type: 'text/csv' }));
}
