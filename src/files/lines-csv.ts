import type { Plan, PlanLine } from '../domain/plan';
import { tableCsv, type CsvColumn } from './table-csv';

/** The line grid of a plan for a spreadsheet: UTF-8 with a byte order mark. Only text columns are guarded against formulas. */
export function linesCsv(plan: Plan, psaName: string): string {
  const columns = columnsOf(psaName);
  return tableCsv(
    columns,
    plan.lines.map((line) => columns.map(({ value }) => value(line, plan))),
  );
}

interface Column extends CsvColumn {
  readonly value: (line: PlanLine, plan: Plan) => string;
}

/** As in the grid; the usage date is left out, because the same plan gives the same file on any day. */
function columnsOf(psaName: string): readonly Column[] {
  return [
    { name: 'Name', kind: 'text', value: (line) => line.name },
    { name: 'Status', kind: 'plain', value: (line) => line.status },
    { name: 'Effective Date', kind: 'plain', value: (line) => line.effectiveDate ?? '' },
    { name: 'Synced Quantity', kind: 'plain', value: (line) => line.syncedQuantity ?? '' },
    { name: 'Quantity', kind: 'plain', value: (line) => line.quantity ?? '' },
    { name: 'Cost', kind: 'plain', value: (line) => line.cost ?? '' },
    { name: 'Price', kind: 'plain', value: (line) => line.price ?? '' },
    { name: `Total to ${psaName}`, kind: 'plain', value: (line) => line.total ?? '' },
    { name: 'In PSA now', kind: 'plain', value: (line) => line.before ?? '' },
    { name: 'Sent Date', kind: 'plain', value: (line) => line.sentDate ?? '' },
    { name: 'Currency', kind: 'plain', value: (_, plan) => plan.currency ?? '' },
    { name: 'Sub-products', kind: 'text', value: (line) => line.subProducts.join(', ') },
    { name: 'Reason', kind: 'text', value: (line) => line.reason ?? '' },
    { name: 'Line key', kind: 'plain', value: (line) => line.lineKey },
  ];
}
