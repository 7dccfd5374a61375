import { assign, fromPromise, setup } from 'xstate';
import type { ProductExport } from '../domain/agreement';
import type { LineEdit } from '../domain/grid';
import { problemOf } from '../domain/problem';
import type { ChosenBinding, SyncChoices } from '../domain/sync-choices';
import { STEPS, type Step } from '../domain/sync-steps';
import { elsewhere, joined, withEdit, withoutProducts } from './wizard-choices';
import type { Check, Survey, WizardContext, WizardEvent, WizardInput } from './wizard-events';

/** What the wizard's chart is made of: its actors, what it asks, and what it notes. */
export const wizardParts = setup({
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
    'another delivery is open': ({ context }) =>
      context.problems.some(({ code }) => code === 'delivery is not settled' || code === 'sync file is not marked'),
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
});

/** Steps that the partner may go back to: those done, and everything before them. */
export function reached({ done }: Pick<WizardContext, 'done'>): readonly Step[] {
  const last = Math.max(-1, ...done.map((step) => STEPS.indexOf(step)));
  return STEPS.slice(0, last + 2);
}
