import Papa from 'papaparse';
import { guarded } from './text';

/** A column of a table: `text` is guarded against formulas, `plain` is written as it is. */
export interface CsvColumn {
  readonly name: string;
  readonly kind: 'text' | 'plain';
}

/** A table for a spreadsheet: UTF-8 with a byte order mark. Every row has as many cells as there are columns. */
export function tableCsv(columns: readonly CsvColumn[], rows: readonly (readonly string[])[]): string {
  const data = rows.map((row) => row.map((cell, at) => (columns[at]?.kind === 'text' ? guarded(cell) : cell)));
  return `\uFEFF${Papa.unparse({ fields: columns.map(({ name }) => name), data })}\r\n`;
}
