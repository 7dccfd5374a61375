import { assign, fromPromise, setup, type ActorRefFrom, type SnapshotFrom } from 'xstate';
import type { ProductExport } from '../domain/agreement';
import type { LineEdit } from '../domain/grid';
import { problemOf } from '../domain/problem';
import { NO_CHOICES, type ChosenBinding, type SyncChoices } from '../domain/sync-choices';
import { STEPS, type Step } from '../domain/sync-steps';
import { elsewhere, joined, withEdit, withoutProducts } from './wizard-choices';
import type { Check, Survey, WizardContext, WizardEvent, WizardInput } from './wizard-events';

export type { Check, Survey, WizardContext, WizardEvent, WizardInput } from './wizard-events';

/** The sync of one customer, from Sync to the receipt. Nothing is stored before `confirm`, so cancel leaves nothing behind. */
export const wizard = setup({
  types: { context: {} as WizardContext, events: {} as WizardEvent, input: {} as WizardInput, tags: {} as 'busy' },
  actors: {
    survey: fromPromise<Survey, WizardContext>(() => Promise.reject(new Error('provide survey'))),
    check: fromPromise<Check, { readonly step: Step; readonly context: WizardContext }>(() => Promise.reject(new Error('provide check'))),
    lookAhead: fromPromise<Check, WizardContext>(() => Promise.reject(new Error('provide lookAhead'))),
    confirm: fromPromise<string, { readonly plan: string; readonly context: WizardContext }>(() =>
      Promise.reject(new Error('provide confirm')),
    ),
  },
  guards: {
    'nobody is assigned': ({ context }) => !context.assigned,
    'a plan is confirmed': ({ context }) => context.set !== null,
    'the step has problems': ({ context }) => context.problems.length > 0,
    'the plan changed meanwhile': ({ context }) => context.problems.some(({ code }) => code === 'plan changed meanwhile'),
    'the step is open': ({ context }, { step }: { step: Step }) => !context.done.includes(step),
    'this step was reached': ({ context, event }, { step }: { step: Step }) =>
      event.type === 'go to' && event.step === step && context.set === null && reached(context).includes(step),
  },
  actions: {
    'take over the survey': assign((_, { survey }: { survey: Survey }) => survey),
    'take over the check': assign((_, { check }: { check: Check }) => check),
    'show the problem': assign((_, { error }: { error: unknown }) => ({ problems: [problemOf(error)] })),
    'forget the problems': assign({ problems: [] }),
    'note the choice': assign(({ context }, change: Partial<SyncChoices>) => ({
      choices: { ...context.choices, ...change },
      problems: [],
    })),
    'look at these again': assign(({ context }, { steps }: { steps: readonly Step[] }) => ({
      done: context.done.filter((step) => !steps.includes(step)),
    })),
    'choose the connection': assign(({ context }, { connection }: { connection: string }) => ({
      connection,
      problems: [],
      ...(connection === context.connection ? {} : { choices: elsewhere(context.choices), done: [] }),
    })),
    'note the edit': assign(({ context: { choices } }, { slot, edit }: { slot: string; edit: LineEdit }) => ({
      choices: { ...choices, edits: withEdit(choices.edits, slot, edit) },
      problems: [],
    })),
    'note the products': assign(({ context: { choices } }, { bindings }: { bindings: readonly ChosenBinding[] }) => ({
      choices: {
        ...withoutProducts(
          choices,
          bindings.map(({ subProduct }) => subProduct),
        ),
        bindings: joined(choices, bindings),
      },
      problems: [],
    })),
    'note the export': assign(({ context: { choices } }, { exported }: { exported: ProductExport }) => {
      const rest = withoutProducts(choices, [exported.subProduct]);
      return { choices: { ...rest, exports: [...rest.exports, exported] }, problems: [] };
    }),
    'drop the product': assign(({ context: { choices } }, { subProduct }: { subProduct: string | null }) => ({
      choices: withoutProducts(choices, [subProduct]),
      problems: [],
    })),
    'note the usage': assign((_, { fingerprint }: { fingerprint: string }) => ({ fingerprint, usageChanged: true })),
    'note the plan set': assign((_, { set }: { set: string }) => ({ set, problems: [] })),
  },
}).createMachine({
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
        { target: 'onward' },
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
    psa: {
      initial: 'resting',
      on: { cancel: 'cancelled' },
      states: {
        resting: {
          on: {
            continue: 'checking',
            'to the lines': {
              target: 'ahead',
              actions: { type: 'note the products', params: ({ event }) => ({ bindings: event.bindings }) },
            },
            'choose connection': { actions: { type: 'choose the connection', params: ({ event }) => ({ connection: event.connection }) } },
          },
        },
        ahead: {
          tags: 'busy',
          invoke: {
            id: 'look ahead from the PSA',
            src: 'lookAhead',
            input: ({ context }) => context,
            onDone: {
              target: '#wizard.onward',
              actions: { type: 'take over the check', params: ({ event }) => ({ check: event.output }) },
            },
            onError: { target: 'resting', actions: { type: 'show the problem', params: ({ event }) => ({ error: event.error }) } },
          },
        },
        checking: {
          tags: 'busy',
          invoke: {
            id: 'check the PSA',
            src: 'check',
            input: ({ context }) => ({ step: 'psa', context }),
            onDone: { target: 'checked', actions: { type: 'take over the check', params: ({ event }) => ({ check: event.output }) } },
            onError: { target: 'resting', actions: { type: 'show the problem', params: ({ event }) => ({ error: event.error }) } },
          },
        },
        checked: { always: [{ guard: 'the step has problems', target: 'resting' }, { target: '#wizard.onward' }] },
      },
    },
    products: {
      initial: 'resting',
      on: { cancel: 'cancelled', back: { target: 'psa', actions: 'forget the problems' } },
      states: {
        resting: {
          on: {
            continue: { target: 'checking', actions: { type: 'note the choice', params: { skipped: false } } },
            next: { target: 'checking', actions: { type: 'note the choice', params: { skipped: true } } },
            'to the lines': {
              target: 'ahead',
              actions: { type: 'note the products', params: ({ event }) => ({ bindings: event.bindings }) },
            },
            'bind products': {
              actions: [
                { type: 'note the products', params: ({ event }) => ({ bindings: event.bindings }) },
                { type: 'look at these again', params: { steps: ['grid'] } },
              ],
            },
            'export product': {
              actions: [
                { type: 'note the export', params: ({ event }) => ({ exported: event.exported }) },
                { type: 'look at these again', params: { steps: ['grid'] } },
              ],
            },
            'unbind product': {
              actions: [
                { type: 'drop the product', params: ({ event }) => ({ subProduct: event.subProduct }) },
                { type: 'look at these again', params: { steps: ['grid'] } },
              ],
            },
          },
        },
        ahead: {
          tags: 'busy',
          invoke: {
            id: 'look ahead from the products',
            src: 'lookAhead',
            input: ({ context }) => context,
            onDone: {
              target: '#wizard.onward',
              actions: { type: 'take over the check', params: ({ event }) => ({ check: event.output }) },
            },
            onError: { target: 'resting', actions: { type: 'show the problem', params: ({ event }) => ({ error: event.error }) } },
          },
        },
        checking: {
          tags: 'busy',
          invoke: {
            id: 'check the products',
            src: 'check',
            input: ({ context }) => ({ step: 'products', context }),
            onDone: { target: 'checked', actions: { type: 'take over the check', params: ({ event }) => ({ check: event.output }) } },
            onError: { target: 'resting', actions: { type: 'show the problem', params: ({ event }) => ({ error: event.error }) } },
          },
        },
        checked: { always: [{ guard: 'the step has problems', target: 'resting' }, { target: '#wizard.onward' }] },
      },
    },
    option: {
      initial: 'resting',
      on: { cancel: 'cancelled', back: { target: 'products', actions: 'forget the problems' } },
      states: {
        resting: {
          on: {
            continue: 'checking',
            'choose option': {
              actions: [
                { type: 'note the choice', params: ({ event }) => ({ option: event.option }) },
                { type: 'look at these again', params: { steps: ['grid'] } },
              ],
            },
            'select sub-product': {
              actions: [
                {
                  type: 'note the choice',
                  params: ({ context, event }) => ({
                    deselected: [
                      ...context.choices.deselected.filter((key) => key !== event.subProduct),
                      ...(event.selected ? [] : [event.subProduct]),
                    ],
                  }),
                },
                { type: 'look at these again', params: { steps: ['grid'] } },
              ],
            },
            'confirm early': { actions: { type: 'note the choice', params: ({ event }) => ({ confirmedEarly: event.confirmed }) } },
            'give late reason': { actions: { type: 'note the choice', params: ({ event }) => ({ lateReason: event.reason }) } },
          },
        },
        checking: {
          tags: 'busy',
          invoke: {
            id: 'check the option',
            src: 'check',
            input: ({ context }) => ({ step: 'option', context }),
            onDone: { target: 'checked', actions: { type: 'take over the check', params: ({ event }) => ({ check: event.output }) } },
            onError: { target: 'resting', actions: { type: 'show the problem', params: ({ event }) => ({ error: event.error }) } },
          },
        },
        checked: { always: [{ guard: 'the step has problems', target: 'resting' }, { target: '#wizard.onward' }] },
      },
    },
    agreement: {
      initial: 'resting',
      on: { cancel: 'cancelled', back: { target: 'option', actions: 'forget the problems' } },
      states: {
        resting: {
          on: {
            continue: 'checking',
            'link company': {
              actions: [
                { type: 'note the choice', params: ({ event }) => ({ link: event.link, agreementId: null }) },
                { type: 'look at these again', params: { steps: ['agreement', 'grid'] } },
              ],
            },
            'choose agreement': {
              actions: [
                { type: 'note the choice', params: ({ event }) => ({ agreementId: event.agreementId }) },
                { type: 'look at these again', params: { steps: ['grid'] } },
              ],
            },
          },
        },
        checking: {
          tags: 'busy',
          invoke: {
            id: 'check the agreement',
            src: 'check',
            input: ({ context }) => ({ step: 'agreement', context }),
            onDone: { target: 'checked', actions: { type: 'take over the check', params: ({ event }) => ({ check: event.output }) } },
            onError: { target: 'resting', actions: { type: 'show the problem', params: ({ event }) => ({ error: event.error }) } },
          },
        },
        checked: { always: [{ guard: 'the step has problems', target: 'resting' }, { target: '#wizard.onward' }] },
      },
    },
    grid: {
      initial: 'resting',
      on: {
        cancel: 'cancelled',
        back: { target: 'agreement', actions: 'forget the problems' },
      },
      states: {
        resting: {
          on: {
            continue: 'checking',
            'edit line': { actions: { type: 'note the edit', params: ({ event }) => ({ slot: event.slot, edit: event.edit }) } },
            'choose ending': { actions: { type: 'note the choice', params: ({ event }) => ({ zero: event.zero }) } },
          },
        },
        checking: {
          tags: 'busy',
          invoke: {
            id: 'check the lines',
            src: 'check',
            input: ({ context }) => ({ step: 'grid', context }),
            onDone: { target: 'checked', actions: { type: 'take over the check', params: ({ event }) => ({ check: event.output }) } },
            onError: { target: 'resting', actions: { type: 'show the problem', params: ({ event }) => ({ error: event.error }) } },
          },
        },
        checked: { always: [{ guard: 'the step has problems', target: 'resting' }, { target: '#wizard.onward' }] },
      },
    },
    summary: {
      initial: 'resting',
      states: {
        resting: {
          on: {
            confirm: { target: 'confirming', actions: 'forget the problems' },
            cancel: '#wizard.cancelled',
            back: { target: '#wizard.grid', actions: 'forget the problems' },
            'usage changed': {
              target: '#wizard.grid',
              actions: { type: 'note the usage', params: ({ event }) => ({ fingerprint: event.fingerprint }) },
            },
          },
        },
        confirming: {
          tags: 'busy',
          invoke: {
            id: 'confirm',
            src: 'confirm',
            input: ({ context, event }) => ({ plan: event.type === 'confirm' ? event.plan : '', context }),
            onDone: {
              target: '#wizard.delivering',
              actions: { type: 'note the plan set', params: ({ event }) => ({ set: event.output }) },
            },
            onError: { target: 'refused', actions: { type: 'show the problem', params: ({ event }) => ({ error: event.error }) } },
          },
        },
        refused: { always: [{ guard: 'the plan changed meanwhile', target: '#wizard.grid' }, { target: 'resting' }] },
      },
    },
    delivering: { tags: 'busy', on: { delivered: 'receipt' } },
    receipt: { on: { 'send the rest': 'delivering', 'look again': { target: 'opening', actions: assign({ set: null, done: [] }) } } },
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

/** Steps that the partner may go back to: those done, and everything before them. */
export function reached({ done }: Pick<WizardContext, 'done'>): readonly Step[] {
  const last = Math.max(-1, ...done.map((step) => STEPS.indexOf(step)));
  return STEPS.slice(0, last + 2);
}
