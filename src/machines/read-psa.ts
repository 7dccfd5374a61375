import { assign, fromCallback, fromPromise, setup, type ActorRefFrom } from 'xstate';
import type { Problem } from '../domain/problem';

/** What to read: whole lists, the agreements of one company, the lines of one agreement, or the choices for an export. */
export type ReadScope =
  | { readonly kind: 'companies' | 'products' | 'choices' }
  | { readonly kind: 'agreements'; readonly companyId: string | null }
  | { readonly kind: 'lines'; readonly agreementId: string };

/** What a test of the connection found. `no answer` is all that a browser tells of a refusal by CORS and of a host that is not there. */
export type TestOutcome =
  | { readonly kind: 'works' }
  | { readonly kind: 'refused'; readonly from: 'psa' | 'relay'; readonly status: number; readonly message: string }
  | { readonly kind: 'not understood'; readonly from: 'psa' | 'relay'; readonly status: number }
  | { readonly kind: 'no answer' }
  | { readonly kind: 'not possible'; readonly problem: Problem };

/** How far one reading is: what is read now, and the rows of it so far. `paused` is the seconds that the PSA asked to wait. */
export interface ReadProgress {
  readonly position: number;
  readonly rows: number;
  readonly paused: number | null;
}

interface Context {
  readonly connection: string;
  readonly scopes: readonly ReadScope[];
  readonly progress: ReadProgress;
  /** Rows that the last whole reading found, by scope. */
  readonly found: readonly number[];
  readonly problem: Problem | null;
  readonly test: TestOutcome | null;
}

type Event =
  { readonly type: 'read'; readonly scopes: readonly ReadScope[] } | { readonly type: 'test' } | { readonly type: 'cancel' } | ReadNews;

/** What the reader tells: progress, a whole reading that is stored, or why there is none. */
export type ReadNews =
  | { readonly type: 'progress'; readonly progress: ReadProgress }
  | { readonly type: 'whole'; readonly found: readonly number[] }
  | { readonly type: 'failed'; readonly problem: Problem };

export interface ReadInput {
  readonly connection: string;
  readonly scopes: readonly ReadScope[];
}

const BEFORE: ReadProgress = { position: 0, rows: 0, paused: null };

/** Reads a PSA. What was known stays until a whole reading replaces it; leaving `reading` aborts the reader. */
export const readPsa = setup({
  types: {
    context: {} as Context,
    events: {} as Event,
    input: {} as { readonly connection: string },
    tags: {} as 'busy',
  },
  actors: {
    read: fromCallback<{ type: 'never' }, ReadInput>(() => {
      throw new Error('provide read');
    }),
    test: fromPromise<TestOutcome, { readonly connection: string }>(() => Promise.reject(new Error('provide test'))),
  },
  guards: {
    'something is to be read': ({ event }) => event.type === 'read' && event.scopes.length > 0,
  },
}).createMachine({
  id: 'read-psa',
  context: ({ input }) => ({ connection: input.connection, scopes: [], progress: BEFORE, found: [], problem: null, test: null }),
  initial: 'idle',
  states: {
    idle: {
      on: {
        read: {
          guard: 'something is to be read',
          target: 'reading',
          actions: assign(({ event }) => ({ scopes: event.scopes, progress: BEFORE, found: [], problem: null, test: null })),
        },
        test: { target: 'testing', actions: assign({ test: null, problem: null, found: [] }) },
      },
    },
    reading: {
      tags: 'busy',
      invoke: { id: 'read', src: 'read', input: ({ context }) => ({ connection: context.connection, scopes: context.scopes }) },
      on: {
        progress: { actions: assign({ progress: ({ event }) => event.progress }) },
        whole: { target: 'idle', actions: assign({ found: ({ event }) => event.found }) },
        failed: { target: 'idle', actions: assign({ problem: ({ event }) => event.problem }) },
        cancel: 'idle',
      },
    },
    testing: {
      tags: 'busy',
      invoke: {
        id: 'test',
        src: 'test',
        input: ({ context }) => ({ connection: context.connection }),
        onDone: { target: 'idle', actions: assign({ test: ({ event }) => event.output }) },
        onError: { target: 'idle', actions: assign({ test: { kind: 'no answer' } }) },
      },
      on: { cancel: 'idle' },
    },
  },
});

export type ReadPsa = ActorRefFrom<typeof readPsa>;
