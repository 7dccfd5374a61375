import { assign, fromCallback, fromPromise, sendTo, setup, type ActorRefFrom } from 'xstate';
import type { DeliveryProgress, DeliveryReport } from '../domain/delivery';
import type { Problem } from '../domain/problem';

/** Where the sender is: the request that it works on, and how many it finished in this run. */
interface At {
  readonly plan: string;
  readonly n: number;
  readonly line: string;
  readonly done: number;
}

interface Context {
  readonly connection: string;
  /** Only these plans; empty is everything open. */
  readonly plans: readonly string[];
  readonly at: At | null;
  /** Seconds that the endpoint asked to wait, while it is paused. */
  readonly paused: number | null;
  readonly report: DeliveryReport | null;
  readonly problem: Problem | null;
}

export interface SendInput {
  readonly connection: string;
  readonly plans: readonly string[];
}

/** What the sender tells: progress, its report, or why there is none. */
export type SendNews =
  | { readonly type: 'progress'; readonly progress: DeliveryProgress }
  | { readonly type: 'reported'; readonly report: DeliveryReport }
  | { readonly type: 'failed'; readonly problem: Problem };

type Event = { readonly type: 'send'; readonly plans?: readonly string[] } | { readonly type: 'cancel' } | SendNews;

/**
 * The outbox. `sending` runs under the connection's lock; cancel stops it after the current request. It rests in `all sent`,
 * (which counts the copies once more when the quarantine is over), `unknown left` (looks again by itself when the quarantine ends), `refused left`, `stopped` (credentials, rate limit, no endpoint,
 * cancelled) or `failed` (the database, the lock). What is left is in the delivery rows, not here.
 */
export const deliverMachine = setup({
  types: { context: {} as Context, events: {} as Event, input: {} as SendInput, tags: {} as 'busy' | 'needs a person' },
  actors: {
    send: fromCallback<{ readonly type: 'cancel' }, SendInput>(() => {
      throw new Error('provide send');
    }),
    'wait until': fromPromise<null, { readonly at: string }>(() => Promise.reject(new Error('provide wait until'))),
  },
  guards: {
    'the run was cut short': ({ event }) => event.type === 'reported' && (event.report.stopped !== null || event.report.cancelled),
    'an outcome is unknown': ({ event }) => event.type === 'reported' && event.report.counts.unknown > 0,
    'something was refused': ({ event }) =>
      event.type === 'reported' && (event.report.counts.refused > 0 || event.report.counts.pending > 0),
    'it can be looked again': ({ context }) => (context.report?.lookAgainAt ?? null) !== null,
    'copies are to be counted': ({ context }) => (context.report?.countAgainAt ?? null) !== null,
  },
  actions: {
    'note the request': assign(({ context, event }) => (event.type === 'progress' ? noted(context, event.progress) : {})),
    'note the report': assign(({ event }) => (event.type === 'reported' ? { report: event.report, problem: event.report.stopped } : {})),
    'note the count': assign(({ context, event }) =>
      event.type === 'reported' && context.report !== null ? counted(context.report, event.report) : {},
    ),
    'note the problem': assign(({ event }) => (event.type === 'failed' ? { problem: event.problem } : {})),
    'begin anew': assign(({ context, event }) => ({
      ...{ at: null, paused: null, problem: null, report: null },
      plans: event.type === 'send' && event.plans !== undefined ? event.plans : context.plans,
    })),
    'stop after this request': sendTo('send', { type: 'cancel' }),
  },
}).createMachine({
  id: 'deliver',
  context: ({ input }) => ({ ...input, at: null, paused: null, report: null, problem: null }),
  initial: 'idle',
  on: { send: { target: '.sending', actions: 'begin anew' } },
  states: {
    idle: {},
    sending: {
      tags: 'busy',
      invoke: { id: 'send', src: 'send', input: ({ context }) => ({ connection: context.connection, plans: context.plans }) },
      initial: 'running',
      on: {
        send: {},
        progress: { actions: 'note the request' },
        reported: [
          { guard: 'the run was cut short', target: 'stopped', actions: 'note the report' },
          { guard: 'an outcome is unknown', target: 'unknown left', actions: 'note the report' },
          { guard: 'something was refused', target: 'refused left', actions: 'note the report' },
          { target: 'all sent', actions: 'note the report' },
        ],
        failed: { target: 'failed', actions: 'note the problem' },
      },
      states: {
        running: { on: { cancel: { target: 'stopping', actions: 'stop after this request' } } },
        stopping: {},
      },
    },
    'all sent': {
      initial: 'choosing',
      states: {
        choosing: { always: [{ guard: 'copies are to be counted', target: 'waiting' }, { target: 'resting' }] },
        waiting: {
          invoke: {
            id: 'wait to count',
            src: 'wait until',
            input: ({ context }) => ({ at: context.report?.countAgainAt ?? '' }),
            onDone: '#deliver.counting',
            onError: 'resting',
          },
        },
        resting: {},
      },
    },
    counting: {
      invoke: { id: 'count', src: 'send', input: ({ context }) => ({ connection: context.connection, plans: context.plans }) },
      on: {
        reported: { target: 'all sent', actions: 'note the count' },
        failed: { target: '#deliver.all sent.resting' },
      },
    },
    'refused left': { tags: 'needs a person' },
    'unknown left': {
      tags: 'needs a person',
      initial: 'choosing',
      states: {
        choosing: { always: { guard: 'it can be looked again', target: 'waiting' } },
        waiting: {
          invoke: {
            id: 'wait until',
            src: 'wait until',
            input: ({ context }) => ({ at: context.report?.lookAgainAt ?? '' }),
            onDone: { target: '#deliver.sending', actions: 'begin anew' },
            onError: 'resting',
          },
          on: { cancel: 'resting' },
        },
        resting: {},
      },
    },
    stopped: { tags: 'needs a person' },
    failed: { tags: 'needs a person' },
  },
});

export type Deliver = ActorRefFrom<typeof deliverMachine>;

/** A count finds further copies; what else was sent stands in the report before it. */
function counted(report: DeliveryReport, { countAgainAt, duplicates }: DeliveryReport): Partial<Context> {
  return { report: { ...report, duplicates: report.duplicates + duplicates, countAgainAt } };
}

function noted(context: Context, progress: DeliveryProgress): Partial<Context> {
  if (progress.kind === 'paused') return { paused: progress.seconds };
  if (progress.kind === 'resumed') return { paused: null };
  const { plan, n, line, state } = progress;
  const done = (context.at?.done ?? 0) + (state === 'sent' || state === 'refused' ? 1 : 0);
  return { at: { plan, n, line, done } };
}
