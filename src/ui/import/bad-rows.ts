import type { RowProblem } from '../../domain/importing';
import type { Database } from '../../storage/db';
import { rejectsOf } from '../../storage/imports';

/** All bad and doubtful rows of a staged or committed import as CSV for a spreadsheet: UTF-8 with a byte order mark, no live formulas. */
export async function badRowsCsv(db: Database, importId: string): Promise<Blob> {
  const slices = await rejectsOf(db, importId);
  const rows = slices.flatMap((slice) => slice.rows as unknown as readonly RowProblem[]);
  const lines = rows.map(({ file, row, column, value, reason, severity }) =>
    [file, row === 0 ? '' : String(row), column ?? '', value, reason, severity === 'error' ? 'not imported' : 'imported with a warning']
      .map(cell)
      .join(','),
  );
  return new Blob(['\ufeff', ['file,row,column,value,reason,what happened', ...lines].join('\r\n'), '\r\n'], {
    type: 'text/csv;charset=utf-8',
  });
}

/** A text that a spreadsheet would run as a formula gets an apostrophe in front of it; numbers stay numbers. */
function cell(text: string): string {
  const safe = /^[\s\u00a0]*[=+\-@＝＋－＠\t\r\0]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
