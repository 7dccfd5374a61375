import type { Queue } from '../domain/automation';
import { problemOf, type Problem } from '../domain/problem';
import type { BulkItem } from '../domain/sync-bulk';
import { adapterOf } from '../psa';
import { autoSyncQueue, type QueueQuestion } from '../storage/auto-sync';
import { bulkPlans, type BulkQuestion } from '../storage/bulk';
import { openDatabase, type Database } from '../storage/db';

/** What the page asks: a question to the database of this name. */
export interface PlanCall extends BulkQuestion {
  readonly database: string;
}
export type PlanAnswer = { readonly ok: true; readonly items: readonly BulkItem[] } | Failed;

/** The same of auto-sync: what it would do on a day. */
export interface QueueCall {
  readonly database: string;
  readonly queue: QueueQuestion;
}
export type QueueAnswer = { readonly ok: true; readonly queue: Queue } | Failed;

interface Failed {
  readonly ok: false;
  readonly problem: Problem;
}

addEventListener('message', ({ data }: MessageEvent<PlanCall | QueueCall>) => {
  void answer(data).then((message) => postMessage(message));
});

/** The page has the database open, so it is never made here. */
async function answer(call: PlanCall | QueueCall): Promise<PlanAnswer | QueueAnswer> {
  try {
    const db = await openDatabase(call.database, { newId: () => crypto.randomUUID() });
    try {
      return await answerFrom(db, call);
    } finally {
      db.close();
    }
  } catch (reason) {
    return { ok: false, problem: problemOf(reason) };
  }
}

async function answerFrom(db: Database, call: PlanCall | QueueCall): Promise<PlanAnswer | QueueAnswer> {
  if ('queue' in call) return { ok: true, queue: await autoSyncQueue(db, call.queue, adapterOf) };
  const { database: _, ...question } = call;
  return { ok: true, items: await bulkPlans(db, question, adapterOf) };
}
