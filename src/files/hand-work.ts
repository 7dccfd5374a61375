import { handWorkOf } from '../domain/hand-work';
import type { Plan } from '../domain/plan';
import type { Words } from '../psa/psa';
import { tableCsv } from './table-csv';
import { capital } from './text';

/** What is left to a person, for a spreadsheet, with a column to tick: UTF-8 with a byte order mark. */
export function handWorkCsv(plans: readonly Plan[], words: Words): string {
  const text = ['Company', capital(words.agreement), capital(words.line), 'What', 'From', 'To'];
  const columns = ['Done', ...text, 'Date', 'Line key'].map((name) => ({
    name,
    kind: text.includes(name) ? ('text' as const) : ('plain' as const),
  }));
  return tableCsv(
    columns,
    plans
      .flatMap(handWorkOf)
      .map(({ company, agreement, line, what, from, to, date, lineKey }) => ['', company, agreement, line, what, from, to, date, lineKey]),
  );
}
