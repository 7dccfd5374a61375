import { expect, test } from 'vitest';
import { invoiceUntil } from '../../src/demo/invoices';
import type { SandboxState } from '../../src/sandbox/sandbox';
import type { Database } from '../../src/storage/db';
import { seeded } from './demo';

test('the PSAs that say when they invoice next say so for the month of the day, and never again for one that is over', async () => {
  const db = await seeded();
  const first = { connectwise: ['2021-01-31'], halopsa: ['2021-01-31'], syncro: ['2021-01-31'] };
  expect(await nextOf(db)).toEqual(first);
  await invoiceUntil(db, '2021-01-03');
  expect(await nextOf(db)).toEqual(first);
  await invoiceUntil(db, '2021-02-03');
  const second = { connectwise: ['2021-02-28'], halopsa: ['2021-02-28'], syncro: ['2021-02-28'] };
  expect(await nextOf(db)).toEqual(second);
  await invoiceUntil(db, '2020-12-24');
  expect(await nextOf(db)).toEqual(second);
});

/** The days of next invoices in each PSA that has any. */
async function nextOf(db: Database): Promise<Readonly<Record<string, readonly string[]>>> {
  const states = (await db.sandboxes.toArray()).map(({ state }) => state as unknown as SandboxState);
  const found = states.map(({ psa, tables }) => {
    const rows = Object.values(tables).flat();
    const days = rows.flatMap(({ nextInvoiceDate, nextcreationdate, next_run }) => nextInvoiceDate ?? nextcreationdate ?? next_run ?? []);
    return [psa, [...new Set(days.map((day) => JSON.stringify(day).slice(1, 11)))]] as const;
  });
  return Object.fromEntries(found.filter(([, days]) => days.length > 0));
}
