import { subtract } from '../../domain/decimal';
import { projectedRows } from '../../domain/projection';
import type { WhatIf } from '../../domain/what-if';
import type { ProjectionFacts } from '../../storage/projection';
import { offer } from '../offer';
import { sayWhatIf } from './words';

/** Hands out the projection by sub-product with and without the what-ifs: numbers as they are kept, whatever the locale. */
export async function exportProjection(facts: ProjectionFacts, whatIfs: readonly WhatIf[]): Promise<void> {
  const { tableCsv } = await import('../../files/table-csv');
  const after = new Map(projectedRows(facts.lines, whatIfs).map((row) => [row.key, row]));
  const said = whatIfs.map((whatIf) => sayWhatIf(whatIf, facts.lines)).join('; ');
  const rows = projectedRows(facts.lines).map((before) => {
    const { product, productName, name, currency, quantity, cost, price, margin } = before;
    const next = after.get(before.key) ?? before;
    const money =
      currency === null
        ? Array.from({ length: 7 }, () => '')
        : [cost, price, margin, next.cost, next.price, next.margin, subtract(next.margin, margin)];
    return [
      productName === '' ? product : productName,
      name,
      said,
      facts.period,
      currency ?? '',
      quantity,
      ...money,
      String(before.unknown),
    ];
  });
  const text = ['Product', 'Sub-product', 'What-if'].map((name) => ({ name, kind: 'text' as const }));
  const plain = [
    'Period',
    'Currency',
    'Quantity',
    'Cost',
    'Price',
    'Margin',
    'What-if cost',
    'What-if price',
    'What-if margin',
    'Margin difference',
    'Lines with unknown money',
  ];
  const columns = [...text, ...plain.map((name) => ({ name, kind: 'plain' as const }))];
  offer(`projection-${facts.period}.csv`, new Blob([tableCsv(columns, rows)], { type: 'text/csv;charset=utf-8' }));
}
