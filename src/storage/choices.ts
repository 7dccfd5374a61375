import { write, type Database } from './db';
import type { Choice } from './rows';

/** What the partner chose for a customer at a connection last time. */
export function choiceOf(db: Database, customer: string, connection: string): Promise<Choice | undefined> {
  return db.choices.get([customer, connection]);
}

export function rememberChoice(db: Database, now: string, choice: Omit<Choice, 'at'>): Promise<void> {
  return write(db, now, ['choices'], async ({ audit }) => {
    const { customer, connection, option, agreementId, zero } = choice;
    await db.choices.put({ ...choice, at: now });
    await audit('choice remembered', customer, { connection, option, agreementId, zero });
  });
}
