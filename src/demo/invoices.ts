import type { Json } from '../domain/canonical';
import { lastDayOf, periodOf, type Day } from '../domain/calendar';
import type { Row, SandboxState } from '../sandbox/sandbox';
import { write, type Database } from '../storage/db';

/** Where a PSA keeps the day of the next invoice; the others of the demo do not say. */
const NEXT: Readonly<Record<string, { readonly table: string; readonly field: string }>> = {
  connectwise: { table: 'agreements', field: 'nextInvoiceDate' },
  halopsa: { table: 'invoices', field: 'nextcreationdate' },
  syncro: { table: 'schedules', field: 'next_run' },
};

/** The PSAs of the demo have invoiced every month before that of the day: each goes out on the last day of its month. */
export async function invoiceUntil(db: Database, day: Day): Promise<void> {
  const next = lastDayOf(periodOf(day));
  await write(db, `${day}T00:00:00.000Z`, ['sandboxes'], async () => {
    for (const record of await db.sandboxes.toArray()) {
      const state = record.state as unknown as SandboxState;
      const place = NEXT[state.psa];
      if (place === undefined) continue;
      const { table, field } = place;
      const rows = (state.tables[table] ?? []).map((row) => invoiced(row, field, next));
      await db.sandboxes.put({ ...record, state: { ...state, tables: { ...state.tables, [table]: rows } } as unknown as Json });
    }
  });
}

/** A document that goes out later still stays as it is. */
function invoiced(row: Row, field: string, next: Day): Row {
  const known = row[field];
  return typeof known === 'string' && known.slice(0, 10) < next ? { ...row, [field]: `${next}${known.slice(10)}` } : row;
}
