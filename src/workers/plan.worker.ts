import type { Queue } from '../domain/automation';
import type { Customer } from '../domain/marketplace';
import { problemOf, type Problem } from '../domain/problem';
import type { BulkItem } from '../domain/sync-bulk';
import { adapterOf } from '../psa';
import { autoSyncQueue, type QueueQuestion } from '../storage/auto-sync';
import { bulkGround, groundFor, plansOn, type BulkGround, type BulkQuestion } from '../storage/bulk';
import type { Database } from '../storage/db';
import { openDatabase } from '../storage/open';

/** What the page asks: a question to the database of this name. */
export interface PlanCall extends BulkQuestion {
  readonly database: string;
}

/** One share of a call. The worker of the first reads for all of them, and hands each other what its customers need. */
export type ShareCall = FirstShare | OtherShare;
interface FirstShare extends PlanCall {
  readonly others: readonly { readonly customers: readonly Customer[]; readonly port: MessagePort }[];
}
interface OtherShare extends BulkQuestion {
  readonly ground: MessagePort;
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

addEventListener('message', ({ data }: MessageEvent<ShareCall | QueueCall>) => {
  void answer(data).then((message) => postMessage(message));
});

async function answer(call: ShareCall | QueueCall): Promise<PlanAnswer | QueueAnswer> {
  try {
    if ('queue' in call) return { ok: true, queue: await reading(call.database, (db) => autoSyncQueue(db, call.queue, adapterOf)) };
    return { ok: true, items: plansOn(await ('ground' in call ? received(call.ground) : readForAll(call)), call, adapterOf) };
  } catch (reason) {
    return { ok: false, problem: problemOf(reason) };
  }
}

async function readForAll({ database, others, ...question }: FirstShare): Promise<BulkGround> {
  const ground = await reading(database, (db) => bulkGround(db, question));
  for (const { customers, port } of others) port.postMessage(groundFor(ground, customers));
  return ground;
}

/** What the reading worker hands over; where that one fails, the page ends this one. */
function received(port: MessagePort): Promise<BulkGround> {
  return new Promise((resolve) => {
    port.onmessage = ({ data }: MessageEvent<BulkGround>) => resolve(data);
  });
}

/** The page has the database open, so it is never made here. */
async function reading<T>(database: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase(database, { newId: () => crypto.randomUUID() });
  try {
    return await work(db);
  } finally {
    db.close();
  }
}
