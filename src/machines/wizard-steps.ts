import type { Step } from '../domain/sync-steps';
import { wizardParts } from './wizard-parts';

/** The steps before a plan is confirmed: each rests for the partner, is looked at when it is left, and goes on to the first open one. */
export const wizardSteps = {
  psa: wizardParts.createStateConfig({
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
      ahead: lookAhead('look ahead from the PSA'),
      ...lookAt('psa', 'check the PSA'),
    },
  }),
  products: wizardParts.createStateConfig({
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
      ahead: lookAhead('look ahead from the products'),
      ...lookAt('products', 'check the products'),
    },
  }),
  option: wizardParts.createStateConfig({
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
      ...lookAt('option', 'check the option'),
    },
  }),
  agreement: wizardParts.createStateConfig({
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
      ...lookAt('agreement', 'check the agreement'),
    },
  }),
  grid: wizardParts.createStateConfig({
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
      ...lookAt('grid', 'check the lines'),
    },
  }),
  summary: wizardParts.createStateConfig({
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
      refused: {
        always: [
          { guard: 'the plan changed meanwhile', target: '#wizard.grid' },
          { guard: 'another delivery is open', target: '#wizard.opening' },
          { target: 'resting' },
        ],
      },
    },
  }),
};

/** A look at a step before it is left: what it finds keeps the partner there. */
function lookAt(step: Step, id: string) {
  return {
    checking: wizardParts.createStateConfig({
      tags: 'busy',
      invoke: {
        id,
        src: 'check',
        input: ({ context }) => ({ step, context }),
        onDone: { target: 'checked', actions: { type: 'take over the check', params: ({ event }) => ({ check: event.output }) } },
        onError: { target: 'resting', actions: { type: 'show the problem', params: ({ event }) => ({ error: event.error }) } },
      },
    }),
    checked: wizardParts.createStateConfig({
      always: [{ guard: 'the step has problems', target: 'resting' }, { target: '#wizard.onward' }],
    }),
  };
}

/** Everything before the lines in one look. */
function lookAhead(id: string) {
  return wizardParts.createStateConfig({
    tags: 'busy',
    invoke: {
      id,
      src: 'lookAhead',
      input: ({ context }) => context,
      onDone: { target: '#wizard.onward', actions: { type: 'take over the check', params: ({ event }) => ({ check: event.output }) } },
      onError: { target: 'resting', actions: { type: 'show the problem', params: ({ event }) => ({ error: event.error }) } },
    },
  });
}
