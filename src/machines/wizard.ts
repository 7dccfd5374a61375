import { assign, type ActorRefFrom, type SnapshotFrom } from 'xstate';
import { NO_CHOICES } from '../domain/sync-choices';
import { wizardParts } from './wizard-parts';
import { wizardSteps } from './wizard-steps';

export { reached } from './wizard-parts';
export type { Check, Survey, WizardContext, WizardEvent, WizardInput } from './wizard-events';

/** The sync of one customer, from Sync to the receipt. Nothing is stored before `confirm`, so cancel leaves nothing behind. */
export const wizard = wizardParts.createMachine({
  id: 'wizard',
  context: ({ input }) => ({
    ...input,
    assigned: false,
    connection: null,
    choices: NO_CHOICES,
    done: [],
    problems: [],
    fingerprint: null,
    usageChanged: false,
    set: null,
  }),
  initial: 'opening',
  on: {
    'usage changed': { actions: { type: 'note the usage', params: ({ event }) => ({ fingerprint: event.fingerprint }) } },
    'go to': [
      { guard: { type: 'this step was reached', params: { step: 'psa' } }, target: '.psa', actions: 'forget the problems' },
      { guard: { type: 'this step was reached', params: { step: 'products' } }, target: '.products', actions: 'forget the problems' },
      { guard: { type: 'this step was reached', params: { step: 'option' } }, target: '.option', actions: 'forget the problems' },
      { guard: { type: 'this step was reached', params: { step: 'agreement' } }, target: '.agreement', actions: 'forget the problems' },
      { guard: { type: 'this step was reached', params: { step: 'grid' } }, target: '.grid', actions: 'forget the problems' },
    ],
  },
  states: {
    opening: {
      tags: 'busy',
      invoke: {
        id: 'survey',
        src: 'survey',
        input: ({ context }) => context,
        onDone: {
          target: 'arriving',
          actions: { type: 'take over the survey', params: ({ event }) => ({ survey: event.output }) },
        },
        onError: { target: 'stuck', actions: { type: 'show the problem', params: ({ event }) => ({ error: event.error }) } },
      },
      on: { cancel: 'cancelled' },
    },
    arriving: {
      always: [
        { guard: 'nobody is assigned', target: 'needs company' },
        { guard: 'a plan is confirmed', target: 'receipt' },
        { target: 'onward', actions: 'forget the problems' },
      ],
    },
    /** The first step that still needs a look. */
    onward: {
      always: [
        { guard: { type: 'the step is open', params: { step: 'psa' } }, target: 'psa' },
        { guard: { type: 'the step is open', params: { step: 'products' } }, target: 'products' },
        { guard: { type: 'the step is open', params: { step: 'option' } }, target: 'option' },
        { guard: { type: 'the step is open', params: { step: 'agreement' } }, target: 'agreement' },
        { guard: { type: 'the step is open', params: { step: 'grid' } }, target: 'grid' },
        { target: 'summary' },
      ],
    },
    stuck: { on: { 'look again': { target: 'opening', actions: 'forget the problems' }, cancel: 'cancelled' } },
    'needs company': { on: { 'company assigned': 'opening', cancel: 'cancelled' } },
    ...wizardSteps,
    delivering: { tags: 'busy', on: { delivered: 'receipt' } },
    receipt: {
      on: {
        'send the rest': { target: 'delivering', actions: 'forget the problems' },
        'look again': { target: 'opening', actions: assign({ set: null, done: [], problems: [] }) },
      },
    },
    cancelled: { type: 'final' },
  },
});

export type Wizard = ActorRefFrom<typeof wizard>;
export type WizardSnapshot = SnapshotFrom<typeof wizard>;
type TopKey<V> = V extends string ? V : keyof V;
/** Every place of the chart; `ui/wizard/index.ts` has a component for each. */
export type Place = TopKey<WizardSnapshot['value']>;

/** The place in which a wizard is. */
export function placeOf({ value }: WizardSnapshot): Place {
  return (typeof value === 'string' ? value : Object.keys(value)[0]) as Place;
}
