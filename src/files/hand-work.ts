import Papa from 'papaparse';
import { handWorkOf } from '../domain/hand-work';
import type { Plan } from '../domain/plan';
import type { Words } from '../psa/psa';
import { capital, guarded } from './text';

/** What is left to a person, for a spreadsheet, with a column to tick: UTF-8 with a byte order mark. */
export function handWorkCsv(plans: readonly Plan[], words: Words): string {
  const rows = plans
    .flatMap(handWorkOf)
    .map(({ company, agreement, line, what, from, to, date, lineKey }) => [
      ...['', guarded(company), guarded(agreement), guarded(line), guarded(what), guarded(from), guarded(to), date, lineKey],
    ]);
  const fields = ['Done', 'Company', capital(words.agreement), capital(words.line), 'What', 'From', 'To', 'Date', 'Line key'];
  return `\uFEFF${Papa.unparse({ fields, data: rows })}\r\n`;
}
