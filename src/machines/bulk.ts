import { assign, fromPromise, setup, type ActorRefFrom } from 'xstate';
import type { Day } from '../domain/calendar';
import type { Customer } from '../domain/marketplace';
import { problemOf, type Problem } from '../domain/problem';

/** Counts of what was planned; the plans stay with the actor that made them. */
export interface BulkCounts {
  readonly clean: number;
  readonly left: number;
}
interface Context extends BulkCounts {
  readonly customers: readonly Customer[];
  /** From when lines bill that the sync makes; null is each customer's own. */
  readonly effectiveDate: Day | null;
  /** Confirmed plan sets, one for each connection. */
  readonly sets: readonly string[];
  readonly problem: Problem | null;
}
type Event =
  | { readonly type: 'plan'; readonly customers: readonly Customer[]; readonly effectiveDate?: Day | null }
  | { readonly type: 'confirm' | 'cancel' };

/** The sync of all customers that need no question: plan in a worker, one summary, one confirmation. */
export const bulk = setup({
  types: { context: {} as Context, events: {} as Event, tags: {} as 'busy' },
  actors: {
    plan: fromPromise<BulkCounts, Pick<Context, 'customers' | 'effectiveDate'>>(() => Promise.reject(new Error('provide plan'))),
    confirm: fromPromise<readonly string[]>(() => Promise.reject(new Error('provide confirm'))),
  },
  guards: { 'something is clean': ({ context }) => context.clean > 0 },
  actions: {
    'note the question': assign((_, question: Pick<Context, 'customers' | 'effectiveDate'>) => ({ ...question, problem: null, sets: [] })),
    'note the counts': assign((_, counts: BulkCounts) => counts),
    'note the sets': assign((_, { sets }: { sets: readonly string[] }) => ({ sets })),
    'note the problem': assign((_, { error }: { error: unknown }) => ({ problem: problemOf(error) })),
  },
}).createMachine({
  id: 'bulk',
  context: { customers: [], effectiveDate: null, clean: 0, left: 0, sets: [], problem: null },
  initial: 'idle',
  states: {
    idle: { on: { plan: { target: 'planning', actions: { type: 'note the question', params: ({ event }) => questionOf(event) } } } },
    planning: {
      tags: 'busy',
      invoke: {
        id: 'plan',
        src: 'plan',
        input: ({ context: { customers, effectiveDate } }) => ({ customers, effectiveDate }),
        onDone: { target: 'summary', actions: { type: 'note the counts', params: ({ event }) => event.output } },
        onError: { target: 'idle', actions: { type: 'note the problem', params: ({ event }) => ({ error: event.error }) } },
      },
      on: { cancel: 'idle' },
    },
    summary: {
      on: {
        plan: { target: 'planning', actions: { type: 'note the question', params: ({ event }) => questionOf(event) } },
        confirm: { guard: 'something is clean', target: 'confirming' },
        cancel: 'idle',
      },
    },
    confirming: {
      tags: 'busy',
      invoke: {
        id: 'confirm',
        src: 'confirm',
        onDone: { target: 'delivering', actions: { type: 'note the sets', params: ({ event }) => ({ sets: event.output }) } },
        onError: { target: 'summary', actions: { type: 'note the problem', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    delivering: { on: { cancel: 'idle' } },
  },
});

function questionOf({ customers, effectiveDate = null }: Extract<Event, { type: 'plan' }>): Pick<Context, 'customers' | 'effectiveDate'> {
  return { customers, effectiveDate };
}

export type Bulk = ActorRefFrom<typeof bulk>;
