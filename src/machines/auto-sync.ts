import { assign, fromCallback, fromPromise, setup, type ActorRefFrom } from 'xstate';
import {
  DEFAULT_CALENDAR,
  newestFinalPeriod,
  periodOf,
  shiftPeriod,
  type BillingCalendar,
  type Day,
  type Period,
} from '../domain/calendar';
import { problemOf, type Problem } from '../domain/problem';

/** What a run found: customers that go, plans that wait for approval, customers that wait for what stopped them. */
export interface AutoSyncCounts {
  readonly goes: number;
  readonly prepared: number;
  readonly waits: number;
}

interface Context {
  readonly calendar: BillingCalendar;
  readonly today: Day;
  readonly on: boolean;
  /** A tick that came while a run was under way. */
  readonly again: boolean;
  readonly counts: AutoSyncCounts | null;
  readonly problem: Problem | null;
}

/**
 * `tick`: what day it is, and whether anything goes by itself. The page ticks when it is opened, seen again, online again, when its day
 * turns, and when something changed that a run decides by; the chart has no timer of its own.
 */
type Event =
  | { readonly type: 'tick'; readonly today: Day; readonly on: boolean }
  | { readonly type: 'turn taken' }
  | { readonly type: 'turn failed'; readonly problem: Problem };

/** Which month a run on a day is for: one missed before it is the partner's, because its invoice has gone by. */
export function dueOn(today: Day, calendar: BillingCalendar = DEFAULT_CALENDAR): Period {
  return newestFinalPeriod(today, calendar);
}

/**
 * The schedule of auto-sync. A run waits in `due` for the workspace's turn, which one tab has at a time, and keeps it through `planning`,
 * `confirming` and `delivering`. Each tick on or after a final day makes one, because usage may come late. Between runs it rests in `done
 * for the period`, or in `waiting for the final day` while the month that ended last is not final yet; `failed` tries again with the next tick.
 */
export const autoSync = setup({
  types: { context: {} as Context, events: {} as Event, input: {} as { readonly calendar: BillingCalendar }, tags: {} as 'busy' },
  actors: {
    turn: fromCallback(() => {
      throw new Error('provide turn');
    }),
    plan: fromPromise<AutoSyncCounts, { readonly today: Day }>(() => Promise.reject(new Error('provide plan'))),
    confirm: fromPromise<AutoSyncCounts>(() => Promise.reject(new Error('provide confirm'))),
    deliver: fromPromise<Problem | null>(() => Promise.reject(new Error('provide deliver'))),
  },
  guards: {
    'something goes by itself': ({ event }) => event.type === 'tick' && event.on,
    'a tick came meanwhile': ({ context }) => context.again && context.on,
    'it was switched off': ({ context }) => !context.on,
    'the month that ended is not final': ({ context: { today, calendar } }) => dueOn(today, calendar) < shiftPeriod(periodOf(today), -1),
    'a delivery was cut short': (_, { problem }: { problem: Problem | null }) => problem !== null,
  },
  actions: {
    'note the tick': assign(({ event }) => (event.type === 'tick' ? { today: event.today, on: event.on } : {})),
    'note that it came meanwhile': assign({ again: true }),
    'begin anew': assign({ again: false, problem: null, counts: null }),
    'note the counts': assign((_, counts: AutoSyncCounts) => ({ counts })),
    'note the problem': assign((_, { problem }: { problem: Problem | null }) => ({ problem })),
    'note the failed turn': assign(({ event }) => (event.type === 'turn failed' ? { problem: event.problem } : {})),
  },
}).createMachine({
  id: 'auto-sync',
  context: ({ input }) => ({ ...input, today: '', on: false, again: false, counts: null, problem: null }),
  initial: 'off',
  on: {
    tick: [
      { guard: 'something goes by itself', target: '.running', actions: 'note the tick' },
      { target: '.off', actions: 'note the tick' },
    ],
  },
  states: {
    off: {},
    'waiting for the final day': {},
    'done for the period': {},
    failed: {
      always: [
        { guard: 'a tick came meanwhile', target: 'running' },
        { guard: 'it was switched off', target: 'off' },
      ],
    },
    resting: {
      always: [
        { guard: 'a tick came meanwhile', target: 'running' },
        { guard: 'it was switched off', target: 'off' },
        { guard: 'the month that ended is not final', target: 'waiting for the final day' },
        { target: 'done for the period' },
      ],
    },
    running: {
      tags: 'busy',
      entry: 'begin anew',
      invoke: { id: 'turn', src: 'turn' },
      initial: 'due',
      on: {
        tick: { actions: ['note the tick', 'note that it came meanwhile'] },
        'turn failed': { target: 'failed', actions: 'note the failed turn' },
      },
      states: {
        due: { on: { tick: { actions: 'note the tick' }, 'turn taken': 'planning' } },
        planning: {
          invoke: {
            id: 'plan',
            src: 'plan',
            input: ({ context }) => ({ today: context.today }),
            onDone: { target: 'confirming', actions: { type: 'note the counts', params: ({ event }) => event.output } },
            onError: { target: '#auto-sync.failed', actions: { type: 'note the problem', params: ({ event }) => failure(event) } },
          },
        },
        confirming: {
          invoke: {
            id: 'confirm',
            src: 'confirm',
            onDone: { target: 'delivering', actions: { type: 'note the counts', params: ({ event }) => event.output } },
            onError: { target: '#auto-sync.failed', actions: { type: 'note the problem', params: ({ event }) => failure(event) } },
          },
        },
        delivering: {
          invoke: {
            id: 'deliver',
            src: 'deliver',
            onDone: [
              {
                guard: { type: 'a delivery was cut short', params: ({ event }) => ({ problem: event.output }) },
                target: '#auto-sync.failed',
                actions: { type: 'note the problem', params: ({ event }) => ({ problem: event.output }) },
              },
              { target: '#auto-sync.resting' },
            ],
            onError: { target: '#auto-sync.failed', actions: { type: 'note the problem', params: ({ event }) => failure(event) } },
          },
        },
      },
    },
  },
});

export type AutoSync = ActorRefFrom<typeof autoSync>;

function failure({ error }: { readonly error: unknown }): { readonly problem: Problem } {
  return { problem: problemOf(error) };
}
