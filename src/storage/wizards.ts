import type { Database } from './db';
import { write } from './db';

/** The resting wizard of a customer, as it was saved; whoever reads it checks it. */
export async function savedWizard(db: Database, customer: string): Promise<unknown> {
  return (await db.wizards.get(customer))?.saved;
}

/** Keeps a resting wizard. `saved` is plain data. */
export function saveWizard(db: Database, now: string, customer: string, saved: unknown): Promise<void> {
  return write(db, now, ['wizards'], async () => {
    await db.wizards.put({ customer, saved });
  });
}

export function forgetWizard(db: Database, now: string, customer: string): Promise<void> {
  return write(db, now, ['wizards'], async () => {
    await db.wizards.delete(customer);
  });
}
