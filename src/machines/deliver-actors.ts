import { createActor, fromCallback, fromPromise } from 'xstate';
import { channels } from '../delivery';
import type { Books, LinesRead, Means } from '../delivery/means';
import { deliver } from '../delivery/outbox';
import { removeCopy } from '../delivery/removal';
import { redactor } from '../delivery/vault';
import type { Day } from '../domain/calendar';
import { senderLock, type DeliveryReport } from '../domain/delivery';
import { problem, problemOf, ProblemError } from '../domain/problem';
import type { Database } from '../storage/db';
import {
  claimDelivery,
  deliveriesOfPlan,
  leftSending,
  openPlans,
  recordDelivery,
  recoverSending,
  uncountedDeliveries,
  yieldedIds,
} from '../storage/deliveries';
import { mirrorOf, saveMirrors, withLines } from '../storage/mirrors';
import { reach } from './credentials-actors';
import { deliverMachine, type Deliver, type SendInput, type SendNews } from './deliver';

/** What sending needs from outside. `locks` is `navigator.locks`, or undefined where the browser has none: then nothing is sent. */
export interface DeliverMeans {
  readonly db: Database;
  readonly now: () => Date;
  readonly today: () => Day;
  readonly newId: () => string;
  readonly locks: LockManager | undefined;
  readonly fetch?: typeof fetch;
  /** Resolves after the time, or as soon as the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The outbox of one connection, started and idle. Stop it when the workspace closes. */
export function startDelivering(means: DeliverMeans, input: SendInput): Deliver {
  const machine = deliverMachine.provide({
    actors: {
      send: fromCallback(({ input: wanted, sendBack, receive }) => {
        const controller = new AbortController();
        const tell = (news: SendNews) => sendBack(news);
        receive(() => controller.abort());
        void send(means, wanted, { signal: controller.signal, tell }).then(
          (report) => tell({ type: 'reported', report }),
          (reason: unknown) =>
            tell(isAbort(reason) ? { type: 'reported', report: NOT_STARTED } : { type: 'failed', problem: problemOf(reason) }),
        );
        return () => controller.abort();
      }),
      'wait until': fromPromise(async ({ input: { at }, signal }) => {
        await means.wait(Math.max(0, Date.parse(at) - means.now().getTime()), signal);
        return null;
      }),
    },
  });
  return createActor(machine, { input }).start();
}

/** Cancelled while another window held the lock. */
const NOT_STARTED: DeliveryReport = {
  ...{ stopped: null, cancelled: true, duplicates: 0, lookAgainAt: null, countAgainAt: null },
  counts: { pending: 0, sending: 0, sent: 0, refused: 0, unknown: 0 },
};

function isAbort(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'AbortError';
}

/** One run of the sender. Throws `browser cannot lock`, what `reach` throws, and what the database throws. */
export async function send(
  means: DeliverMeans,
  { connection, plans }: SendInput,
  { signal, tell }: { readonly signal: AbortSignal; readonly tell?: (news: SendNews) => void },
): Promise<DeliveryReport> {
  const seen = new Map<string, LinesRead>();
  const outbox = await outboxMeans(means, connection, signal);
  const report = await deliver({
    ...outbox,
    ...(plans.length === 0 ? {} : { only: plans }),
    progress: (progress) => tell?.({ type: 'progress', progress }),
    seen: (reading) => void seen.set(`${reading.kind} ${reading.agreementId}`, reading),
  });
  await refreshMirrors(means, connection, [...seen.values()]);
  return report;
}

/** Removes a second copy of a line that the read-back found, by the partner's wish. Answers how many copies are left. */
export async function removeDuplicate(means: DeliverMeans, delivery: string, copy: string): Promise<number> {
  const row = await means.db.deliveries.get(delivery);
  const record = row === undefined ? undefined : await means.db.plans.get(row.plan);
  if (row === undefined || record === undefined) throw new ProblemError(problem('record is damaged', { what: `delivery ${delivery}` }));
  const outbox = await outboxMeans(means, row.connection, new AbortController().signal);
  return (await removeCopy(outbox, record.plan, row, copy)).duplicates.length;
}

/** At start: rows that a dead sender left `sending` become `unknown`. Connections that another window is sending for are left alone. */
export async function recover(means: Pick<DeliverMeans, 'db' | 'now' | 'locks'>): Promise<void> {
  const { db, now, locks } = means;
  if (locks === undefined) return;
  const left = await leftSending(db);
  for (const connection of new Set(left.map((row) => row.connection))) {
    await locks.request(senderLock(db.uuid, connection), { ifAvailable: true }, async (lock) => {
      if (lock !== null) await recoverSending(db, now().toISOString(), connection);
    });
  }
}

async function outboxMeans(means: DeliverMeans, id: string, signal: AbortSignal): Promise<Means> {
  const { db, locks, now, today, newId, wait } = means;
  if (locks === undefined) throw new ProblemError(problem('browser cannot lock', {}));
  const { connection, adapter, surroundings, starts } = await reach(db, id, means);
  return {
    ...{ connection, adapter, starts, channel: channels[connection.protocol].open(surroundings), books: booksOf(db, id, now) },
    ...{ lockName: senderLock(db.uuid, id), now, today, newId, wait, signal, progress: () => undefined },
    lock: (name, work) => held(locks, name, signal, work),
    redact: redactor(surroundings.credentials, surroundings.authorization),
  };
}

/** Waits for its turn behind other windows; cancelled while it waits, nothing was started. */
async function held<T>(locks: LockManager, name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return await locks.request(name, { signal }, work);
}

function booksOf(db: Database, connection: string, now: () => Date): Books {
  const stamp = () => now().toISOString();
  return {
    openPlans: () => openPlans(db, connection),
    deliveries: (plan) => deliveriesOfPlan(db, plan),
    yielded: () => yieldedIds(db, connection),
    uncounted: (quarantine) => uncountedDeliveries(db, connection, quarantine),
    recover: async () => {
      await recoverSending(db, stamp(), connection);
    },
    claim: (delivery, out) => claimDelivery(db, stamp(), delivery, out),
    record: (delivery, news) => recordDelivery(db, stamp(), delivery, news),
  };
}

/** What was read of a PSA's lines is brought up to date; what was never read as a whole stays unread. */
async function refreshMirrors({ db, now }: DeliverMeans, connection: string, readings: readonly LinesRead[]): Promise<void> {
  for (const { agreementId, kind, rows, readAt } of readings) {
    const known = await mirrorOf(db, connection, 'lines', agreementId);
    if (known === undefined) continue;
    const kinds = kind === 'all' ? (['recurring', 'one-time'] as const) : ([kind] as const);
    await saveMirrors(db, now().toISOString(), [withLines(known, { connection, agreementId, readAt }, kinds, rows)]);
  }
}
