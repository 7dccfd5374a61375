import { assign, fromPromise, setup, type ActorRefFrom, type SnapshotFrom } from 'xstate';
import type { ProductExport } from '../domain/agreement';
import type { Period } from '../domain/calendar';
import type { SyncOption } from '../domain/change';
import type { LineEdit } from '../domain/grid';
import { problemOf, type Problem } from '../domain/problem';
import { NO_CHOICES, type ChosenBinding, type SyncChoices } from '../domain/sync';
import { STEPS, type Step } from '../domain/sync-steps';

/** Ids, choices and problem codes; rows, lines and plans are looked up where they are needed. */
export interface WizardContext {
  readonly product: string;
  readonly site: string;
  readonly period: Period;
  readonly assigned: boolean;
  readonly connection: string | null;
  readonly choices: SyncChoices;
  /** Steps that need no look: the partner left them, or they are remembered. */
  readonly done: readonly Step[];
  readonly problems: readonly Problem[];
  /** The usage that the choices were made over. */
  readonly fingerprint: string | null;
  readonly usageChanged: boolean;
  /** The confirmed plan set whose receipt is shown. */
  readonly set: string | null;
}

export interface WizardInput {
  readonly product: string;
  readonly site: string;
  readonly period: Period;
}

export type WizardEvent =
  | { readonly type: 'continue' | 'next' | 'back' | 'cancel' | 'company assigned' | 'look again' | 'delivered' | 'send the rest' }
  | { readonly type: 'go to'; readonly step: Step }
  | { readonly type: 'to the lines'; readonly bindings: readonly ChosenBinding[] }
  | { readonly type: 'choose connection'; readonly connection: string }
  | { readonly type: 'link company'; readonly link: { readonly id: string; readonly name: string } | null }
  | { readonly type: 'bind products'; readonly bindings: readonly ChosenBinding[] }
  | { readonly type: 'export product'; readonly exported: ProductExport }
  | { readonly type: 'unbind product'; readonly subProduct: string | null }
  | { readonly type: 'choose option'; readonly option: SyncOption }
  | { readonly type: 'select sub-product'; readonly subProduct: string; readonly selected: boolean }
  | { readonly type: 'choose agreement'; readonly agreementId: string }
  | { readonly type: 'edit line'; readonly slot: string; readonly edit: LineEdit }
  | { readonly type: 'choose ending'; readonly zero: 'date' | 'zero' }
  | { readonly type: 'confirm early'; readonly confirmed: boolean }
  | { readonly type: 'give late reason'; readonly reason: string }
  | { readonly type: 'confirm'; readonly plan: string }
  | { readonly type: 'usage changed'; readonly fingerprint: string };

/** What opening a customer finds: who it is, a delivery that is still open, and what is remembered of it. */
export interface Survey {
  readonly assigned: boolean;
  readonly set: string | null;
  readonly connection: string | null;
  readonly choices: SyncChoices;
  readonly done: readonly Step[];
  readonly fingerprint: string | null;
}

/** What a look at a step finds: why it cannot be left, and which steps still need no look. */
export interface Check {
  readonly problems: readonly Problem[];
  readonly choices: SyncChoices;
  readonly done: readonly Step[];
  readonly fingerprint: string | null;
}

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

/** Another PSA has other products, companies and agreements; the option and the selection stay. */
function elsewhere(choices: SyncChoices): SyncChoices {
  return { ...choices, link: null, bindings: [], exports: [], skipped: false, agreementId: null, edits: {} };
}

function withEdit(edits: SyncChoices['edits'], slot: string, edit: LineEdit): SyncChoices['edits'] {
  const { [slot]: _, ...rest } = edits;
  return Object.keys(edit).length === 0 ? rest : { ...rest, [slot]: edit };
}

function withoutProducts(choices: SyncChoices, subProducts: readonly (string | null)[]): SyncChoices {
  return {
    ...choices,
    bindings: choices.bindings.filter(({ subProduct }) => !subProducts.includes(subProduct)),
    exports: choices.exports.filter(({ subProduct }) => !subProducts.includes(subProduct)),
  };
}

function joined(choices: SyncChoices, bindings: readonly ChosenBinding[]): readonly ChosenBinding[] {
  const named = bindings.map(({ subProduct }) => subProduct);
  return [...choices.bindings.filter(({ subProduct }) => !named.includes(subProduct)), ...bindings];
}
