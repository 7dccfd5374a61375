import { assign, fromCallback, fromPromise, sendTo, setup } from 'xstate';
import type { Answers, ImporterReply, Inspection, Progress, Review } from '../domain/importing';
import type { Problem } from '../domain/problem';
import type { ImportRecord } from '../domain/usage';

/** A picked file; its bytes are read in the worker. */
export interface PickedFile {
  readonly name: string;
  readonly blob: Blob;
}

/** What the importer in the worker is told after the files. */
export type ImporterOrder =
  | { readonly type: 'look again'; readonly headerRow: number }
  | { readonly type: 'stage'; readonly answers: Answers }
  | { readonly type: 'commit'; readonly complete: boolean };

export interface ImportContext {
  readonly inspection: Inspection | null;
  readonly progress: Progress | null;
  readonly answers: Answers;
  readonly review: Review | null;
  readonly record: ImportRecord | null;
  readonly assigned: number;
  readonly problem: Problem | null;
  /** The partner already said Import: a clean import needs no second word. */
  readonly wanted: boolean;
  /** Rejected rows stay out, and the partner said that the others go in. */
  readonly goodOnly: boolean;
  /** What the file does not mention on its sites and dates is 0; null while the partner has not said. */
  readonly complete: boolean | null;
}

export type ImportEvent =
  | { readonly type: 'files.picked'; readonly files: readonly PickedFile[] }
  | { readonly type: 'header.chosen'; readonly headerRow: number }
  | { readonly type: 'answers.given'; readonly answers: Answers; readonly wanted: boolean }
  | { readonly type: 'answers.changed' }
  | { readonly type: 'good.only'; readonly goodOnly: boolean }
  | { readonly type: 'complete.chosen'; readonly complete: boolean }
  | { readonly type: 'copies.chosen'; readonly copies: Answers['copies'] }
  | { readonly type: 'import' }
  | { readonly type: 'cancel' }
  | { readonly type: 'importer.replied'; readonly reply: ImporterReply };

export const NO_ANSWERS: Answers = { date: null, final: null, profile: null, copies: 'once' };

const START: ImportContext = {
  inspection: null,
  progress: null,
  answers: NO_ANSWERS,
  review: null,
  record: null,
  assigned: 0,
  problem: null,
  wanted: false,
  goodOnly: false,
  complete: null,
};

/** From picked files to the commit. Leaving `working` ends the worker, so a cancel is immediate; what it staged is swept. */
export const importChart = setup({
  types: { context: {} as ImportContext, events: {} as ImportEvent, tags: {} as 'busy' },
  actors: {
    importer: fromCallback<ImporterOrder, { files: readonly PickedFile[] }>(() => {
      throw new Error('provide importer');
    }),
    'sweep what was staged': fromPromise<undefined>(() => Promise.reject(new Error('provide sweep'))),
  },
  guards: {
    inspected: ({ event }) => replied(event, 'inspected'),
    'nothing to ask': ({ event }) => event.type === 'importer.replied' && event.reply.type === 'inspected' && !asks(event.reply.inspection),
    staged: ({ event }) => replied(event, 'staged'),
    'clean and wanted': ({ context, event }) =>
      event.type === 'importer.replied' && event.reply.type === 'staged' && event.reply.review.clean && context.wanted,
    known: ({ event }) => replied(event, 'known'),
    committed: ({ event }) => replied(event, 'committed'),
    failed: ({ event }) => replied(event, 'failed'),
    'another tab imports': ({ event }) =>
      event.type === 'importer.replied' && event.reply.type === 'failed' && event.reply.problem.code === 'another import is running',
    progressed: ({ event }) => replied(event, 'progress'),
    'everything is decided': ({ context: { review, goodOnly, complete } }) =>
      review !== null &&
      (hasNames(review) || review.counts.accepted > 0) &&
      (review.counts.rejected === 0 || goodOnly) &&
      (review.overlap.every(({ unmentioned }) => unmentioned === 0) || complete !== null),
    'there are questions': ({ context: { inspection } }) => inspection !== null && (inspection.undated || inspection.csv !== null),
  },
  actions: {
    'start over': assign(() => START),
    'take reply': assign(({ event }) => (event.type === 'importer.replied' ? fromReply(event.reply) : {})),
    'take answers': assign(({ event }) =>
      event.type === 'answers.given' ? { answers: event.answers, wanted: event.wanted, review: null, goodOnly: false, complete: null } : {},
    ),
    'take copies': assign(({ context, event }) =>
      event.type === 'copies.chosen' ? { answers: { ...context.answers, copies: event.copies }, review: null, wanted: false } : {},
    ),
    'take decision': assign(({ event }) => {
      if (event.type === 'good.only') return { goodOnly: event.goodOnly };
      return event.type === 'complete.chosen' ? { complete: event.complete } : {};
    }),
    'remember that it is wanted': assign({ wanted: true }),
    'order another look': sendTo('importer', ({ event }) => ({
      type: 'look again',
      headerRow: event.type === 'header.chosen' ? event.headerRow : 1,
    })),
    'order staging': sendTo('importer', ({ context }) => ({ type: 'stage', answers: answersOf(context) })),
    'order commit': sendTo('importer', ({ context }) => ({ type: 'commit', complete: context.complete === true })),
  },
}).createMachine({
  id: 'import',
  context: START,
  initial: 'idle',
  on: { 'files.picked': { target: '.working', reenter: true, actions: 'start over' } },
  states: {
    idle: {},
    working: {
      initial: 'inspecting',
      invoke: { id: 'importer', src: 'importer', input: ({ event }) => ({ files: event.type === 'files.picked' ? event.files : [] }) },
      on: {
        cancel: 'sweeping',
        'importer.replied': [
          { guard: 'another tab imports', target: 'failed', actions: 'take reply' },
          { guard: 'failed', target: 'failing', actions: 'take reply' },
          { guard: 'progressed', actions: 'take reply' },
        ],
      },
      states: {
        inspecting: {
          tags: 'busy',
          on: {
            import: { actions: 'remember that it is wanted' },
            'importer.replied': [
              { guard: 'nothing to ask', target: 'staging', actions: 'take reply' },
              { guard: 'inspected', target: 'asking', actions: 'take reply' },
            ],
          },
        },
        asking: {
          on: {
            'header.chosen': { target: 'inspecting', actions: 'order another look' },
            'answers.given': { target: 'staging', actions: 'take answers' },
          },
        },
        staging: {
          tags: 'busy',
          entry: 'order staging',
          on: {
            import: { actions: 'remember that it is wanted' },
            'importer.replied': [
              { guard: 'clean and wanted', target: 'committing', actions: 'take reply' },
              { guard: 'staged', target: 'reviewing', actions: 'take reply' },
              { guard: 'known', target: '#import.known', actions: 'take reply' },
            ],
          },
        },
        reviewing: {
          on: {
            'good.only': { actions: 'take decision' },
            'complete.chosen': { actions: 'take decision' },
            'copies.chosen': { target: 'staging', actions: 'take copies' },
            'answers.changed': { guard: 'there are questions', target: 'asking' },
            import: { guard: 'everything is decided', target: 'committing' },
          },
        },
        committing: {
          tags: 'busy',
          entry: 'order commit',
          on: { cancel: {}, 'files.picked': {}, 'importer.replied': { guard: 'committed', target: '#import.done', actions: 'take reply' } },
        },
      },
    },
    sweeping: {
      tags: 'busy',
      invoke: {
        id: 'sweep',
        src: 'sweep what was staged',
        onDone: { target: 'idle', actions: 'start over' },
        onError: { target: 'idle', actions: 'start over' },
      },
    },
    failing: { tags: 'busy', invoke: { id: 'sweep', src: 'sweep what was staged', onDone: 'failed', onError: 'failed' } },
    known: {},
    done: {},
    failed: {},
  },
});

/** True when the partner has to say something before the files can be read. */
export function asks({ undated, csv }: Inspection): boolean {
  if (csv === null) return undated;
  return csv.saved === null || csv.saved.profile.columns.date === undefined;
}

function hasNames({ registry }: Review): boolean {
  return Object.values(registry).some((count) => count > 0);
}

function answersOf({ answers, inspection }: ImportContext): Answers {
  return { ...answers, profile: answers.profile ?? inspection?.csv?.saved?.profile ?? null };
}

function replied(event: ImportEvent, type: ImporterReply['type']): boolean {
  return event.type === 'importer.replied' && event.reply.type === type;
}

function fromReply(reply: ImporterReply): Partial<ImportContext> {
  if (reply.type === 'inspected') return { inspection: reply.inspection };
  if (reply.type === 'progress') return { progress: reply.progress };
  if (reply.type === 'staged') return { review: reply.review, progress: null };
  if (reply.type === 'known') return { record: reply.record };
  if (reply.type === 'committed') return { record: reply.record, assigned: reply.assigned };
  return { problem: reply.problem };
}
