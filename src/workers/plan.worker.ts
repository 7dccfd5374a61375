import { problemOf, type Problem } from '../domain/problem';
import type { BulkItem } from '../domain/sync-bulk';
import { adapterOf } from '../psa';
import { bulkPlans, type BulkQuestion } from '../storage/bulk';
import { openDatabase } from '../storage/db';

/** What the page asks: a question to the database of this name. */
export interface PlanCall extends BulkQuestion {
  readonly database: string;
}
export type PlanAnswer = { readonly ok: true; readonly items: readonly BulkItem[] } | { readonly ok: false; readonly problem: Problem };

addEventListener('message', ({ data }: MessageEvent<PlanCall>) => {
  void answer(data).then((message) => postMessage(message));
});

/** The page has the database open, so it is never made here. */
async function answer({ database, ...question }: PlanCall): Promise<PlanAnswer> {
  try {
    const db = await openDatabase(database, { newId: () => crypto.randomUUID() });
    try {
      return { ok: true, items: await bulkPlans(db, question, adapterOf) };
    } finally {
      db.close();
    }
  } catch (reason) {
    return { ok: false, problem: problemOf(reason) };
  }
}
