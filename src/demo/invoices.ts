import type { Json } from '../domain/canonical';
import { lastDayOf, periodOf, type Day } from '../domain/calendar';
import type { Row, SandboxState } from '../sandbox/sandbox';
import { write, type Database } from '../storage/db';

/** The fields in which a document of a PSA says when it invoices next; some PSAs say it nowhere. */
const NEXT = ['nextInvoiceDate', 'nextcreationdate', 'next_run'];

/** The PSAs of the demo have invoiced every month before that of the day: each goes out on the last day of its month. */
export async function invoiceUntil(db: Database, day: Day): Promise<void> {
  const next = lastDayOf(periodOf(day));
  await write(db, `${day}T00:00:00.000Z`, ['sandboxes'], async () => {
    for (const record of await db.sandboxes.toArray()) {
      const state = record.state as unknown as SandboxState;
      const moved = Object.entries(state.tables).map(([name, rows]) => [name, rows.map((row) => invoiced(row, next))] as const);
      const tables: SandboxState['tables'] = Object.fromEntries(moved);
      await db.sandboxes.put({ ...record, state: { ...state, tables } as unknown as Json });
    }
  });
}

/** A document that goes out later still stays as it is. */
function invoiced(row: Row, next: Day): Row {
  for (const field of NEXT) {
    const known = row[field];
    if (typeof known === 'string' && known.slice(0, 10) < next) return { ...row, [field]: `${next}${known.slice(10)}` };
  }
  return row;
}
