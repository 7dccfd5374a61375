import { createActor, fromCallback, fromPromise, waitFor } from 'xstate';
import { goingOf, type Queue, type QueueItem } from '../domain/automation';
import type { BillingCalendar, Day } from '../domain/calendar';
import { channels } from '../delivery';
import { problem, problemOf, ProblemError, type Problem } from '../domain/problem';
import type { QueueQuestion } from '../storage/auto-sync';
import { confirmByItself, isTaken, recordRun, unfinishedPlans } from '../storage/auto-sync-runs';
import { connectionOf } from '../storage/connections';
import type { Database } from '../storage/db';
import type { QueueCall } from '../workers/plan.worker';
import { autoSync, type AutoSync, type AutoSyncCounts } from './auto-sync';
import type { Deliver } from './deliver';
import { startDelivering, type DeliverMeans } from './deliver-actors';
import { queueInWorker } from './plan-worker-actors';
import { readIntoMirror } from './read-psa-actors';

/** What auto-sync needs from outside. */
export interface AutoSyncMeans extends DeliverMeans {
  readonly calendar: BillingCalendar;
  /** The queue without a worker, for surroundings that have none. */
  readonly plan?: (call: QueueCall, signal: AbortSignal) => Promise<Queue>;
  /** A run is over that confirmed something. */
  readonly ran?: (counts: AutoSyncCounts) => void;
}

/** Auto-sync of one workspace, started and off until its first tick. Stop it when the workspace closes: then nothing is sent any more. */
export function startAutoSync(means: AutoSyncMeans): AutoSync {
  const run: Run = { day: '', queue: { period: '', record: 0, items: [], idle: 0 }, unread: null, confirmed: 0 };
  const outboxes = new Map<string, Deliver>();
  const stamp = () => means.now().toISOString();
  const machine = autoSync.provide({
    actors: {
      turn: fromCallback(({ sendBack }) => {
        const controller = new AbortController();
        const ended = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve()));
        const fail = (reason: unknown) => sendBack({ type: 'turn failed', problem: problemOf(reason) });
        if (means.locks === undefined) fail(new ProblemError(problem('browser cannot lock', {})));
        else
          void means.locks
            .request(turnName(means.db), { signal: controller.signal }, async () => {
              if (!controller.signal.aborted) sendBack({ type: 'turn taken' });
              await ended;
            })
            .catch((reason: unknown) => {
              if (!controller.signal.aborted) fail(reason);
            });
        return () => controller.abort();
      }),
      plan: fromPromise(async ({ input, signal }) => {
        run.day = input.today;
        run.confirmed = 0;
        Object.assign(run, await planFresh(means, input.today, signal));
        return countsOf(run.queue.items);
      }),
      confirm: fromPromise(async ({ signal }) => {
        const { period, items, record } = run.queue;
        const plans: string[] = [];
        for (const item of goingOf(run.queue)) {
          if (signal.aborted) break;
          const confirmed = await confirmByItself(means.db, stamp(), { item, period, today: run.day, record }).catch(unlessTaken);
          plans.push(...confirmed);
          if (confirmed.length > 0) run.confirmed += 1;
        }
        const { goes, prepared, waits } = countsOf(items);
        const counts = { goes: run.confirmed, prepared, waits: waits + goes - run.confirmed };
        await recordRun(means.db, stamp(), { period, plans, ...counts });
        return counts;
      }),
      deliver: fromPromise(async () => {
        const left = await unfinishedPlans(means.db, { today: run.day, calendar: means.calendar });
        const problems = await Promise.all([...left].map(([connection, plans]) => deliverAt(means, outboxes, connection, plans)));
        if (run.confirmed > 0) means.ran?.({ ...countsOf(run.queue.items), goes: run.confirmed });
        return problems.find((found) => found !== null) ?? run.unread;
      }),
    },
  });
  const actor = createActor(machine, { input: { calendar: means.calendar } });
  actor.subscribe({
    complete: () => {
      for (const outbox of outboxes.values()) outbox.stop();
    },
  });
  return actor.start();
}

/** What one run knows: the rows stay here, the chart counts them. */
interface Run {
  day: Day;
  queue: Queue;
  /** Why a connection could not be read, of the first that could not. */
  unread: Problem | null;
  confirmed: number;
}

/** What auto-sync would do on a day. Writes nothing. */
export function dryRun(db: Database, question: QueueQuestion, signal: AbortSignal): Promise<Queue> {
  return queueInWorker({ database: db.name, queue: question }, signal);
}

/**
 * The queue, planned from what the PSA holds today: where something would go, its agreements and lines are read first. A connection that
 * cannot be read keeps its customers, and nothing of it is confirmed that could not be sent.
 */
async function planFresh(means: AutoSyncMeans, today: Day, signal: AbortSignal): Promise<Pick<Run, 'queue' | 'unread'>> {
  const plan = means.plan ?? queueInWorker;
  const queue = { today, calendar: means.calendar };
  const before = await plan({ database: means.db.name, queue }, signal);
  const going = goingOf(before);
  if (going.length === 0) return { queue: before, unread: null };
  const unreadable = new Map<string, Problem>();
  for (const connection of new Set(going.map((item) => item.connection ?? ''))) {
    const items = going.filter((item) => item.connection === connection);
    const agreements = [...new Set(items.flatMap(({ plans }) => plans.flatMap(({ plan: { agreement } }) => agreement?.id ?? [])))];
    const scopes = [
      { kind: 'agreements', companyId: null } as const,
      ...agreements.map((agreementId) => ({ kind: 'lines', agreementId }) as const),
    ];
    await readIntoMirror(means, connection, scopes, { signal }).catch((reason: unknown) => unreadable.set(connection, problemOf(reason)));
  }
  const after = await plan({ database: means.db.name, queue: { ...queue, withBases: true } }, signal);
  const items = after.items.map((item) => {
    const unread = item.mode === 'send' && item.stopped === null ? unreadable.get(item.connection ?? '') : undefined;
    return unread === undefined ? item : { ...item, stopped: unread };
  });
  return { queue: { ...after, items }, unread: [...unreadable.values()][0] ?? null };
}

/** The ordinary outbox of a connection, with all of its promises: it looks again when a quarantine ends as long as the page is open. */
async function deliverAt(
  means: AutoSyncMeans,
  outboxes: Map<string, Deliver>,
  id: string,
  plans: readonly string[],
): Promise<Problem | null> {
  const connection = await connectionOf(means.db, id);
  if (connection === undefined || !channels[connection.protocol].sends) return null;
  const outbox = outboxes.get(id) ?? startDelivering(means, { connection: id, plans });
  outboxes.set(id, outbox);
  outbox.send({ type: 'send', plans });
  return (await waitFor(outbox, (snapshot) => !snapshot.hasTag('busy'))).context.problem;
}

function countsOf(items: readonly QueueItem[]): AutoSyncCounts {
  const free = items.filter(({ stopped }) => stopped === null);
  const goes = free.filter(({ mode }) => mode === 'send').length;
  return { goes, prepared: free.length - goes, waits: items.length - free.length };
}

/** Somebody else was there first: the customer waits for that. */
function unlessTaken(reason: unknown): readonly string[] {
  if (isTaken(reason)) return [];
  throw reason;
}

/** One tab runs at a time. */
function turnName({ uuid }: Database): string {
  return `auto-sync:${uuid}`;
}
