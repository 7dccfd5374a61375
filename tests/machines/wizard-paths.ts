import type { SnapshotFrom } from 'xstate';
import { getShortestPaths } from 'xstate/graph';
import { problem, ProblemError } from '../../src/domain/problem';
import { NO_CHOICES } from '../../src/domain/sync-choices';
import { wizard, type Check, type Survey, type WizardEvent, type WizardInput } from '../../src/machines/wizard';
import { STEPS, type Step } from '../../src/domain/sync-steps';

export const INPUT: WizardInput = { product: 'proofpoint', site: '1stwestinsurance.com', period: '2020-12' };
type Snapshot = SnapshotFrom<typeof wizard>;

const survey: Survey = { assigned: true, set: null, connection: 'cw', choices: NO_CHOICES, done: [], fingerprint: 'f' };
const surveys: Readonly<Record<string, Survey>> = {
  fresh: survey,
  'nobody assigned': { ...survey, assigned: false, connection: null, fingerprint: null },
  'a delivery is open': { ...survey, set: 'plan-0' },
  'everything remembered': { ...survey, choices: { ...NO_CHOICES, agreementId: '12' }, done: ['psa', 'products', 'option', 'agreement'] },
};

const ACTORS: Readonly<Record<string, Step>> = {
  'check the PSA': 'psa',
  'check the products': 'products',
  'check the option': 'option',
  'check the agreement': 'agreement',
  'check the lines': 'grid',
};

/** What an actor of a busy state may come back with, and what a person may do in it. */
function eventsIn(snapshot: Snapshot): { readonly type: string; readonly output?: unknown; readonly error?: unknown }[] {
  const { context } = snapshot;
  const person: WizardEvent[] = [
    ...(['continue', 'next', 'back', 'cancel', 'company assigned', 'look again', 'delivered', 'send the rest'] as const).map((type) => ({
      type,
    })),
    ...STEPS.map((step) => ({ type: 'go to' as const, step })),
    { type: 'to the lines', bindings: [] },
    { type: 'choose connection', connection: 'other' },
    { type: 'choose agreement', agreementId: '12' },
    { type: 'confirm', plan: 'plan-1' },
    { type: 'usage changed', fingerprint: 'g' },
  ];
  const actors = Object.entries(ACTORS).flatMap(([id, step]) => {
    const fine: Check = {
      problems: [],
      choices: context.choices,
      done: [...new Set([...context.done.filter((one) => one !== 'grid' || step === 'grid'), step])],
      fingerprint: 'f',
    };
    const blocked: Check = { ...fine, done: context.done, problems: [problem('price is missing', { subProduct: 'Business' })] };
    return [
      { type: `xstate.done.actor.${id}`, output: fine },
      { type: `xstate.done.actor.${id}`, output: blocked },
      { type: `xstate.error.actor.${id}`, error: new Error('no answer') },
    ];
  });
  const ahead = ['look ahead from the PSA', 'look ahead from the products'].flatMap((id) => [
    ...[0, 2, 4].map((open) => ({
      type: `xstate.done.actor.${id}`,
      output: { problems: [], choices: context.choices, done: STEPS.slice(0, open), fingerprint: 'f' } satisfies Check,
    })),
    { type: `xstate.error.actor.${id}`, error: new Error('no answer') },
  ]);
  return [
    ...person,
    ...actors,
    ...ahead,
    ...Object.values(surveys).map((output) => ({ type: 'xstate.done.actor.survey', output })),
    { type: 'xstate.error.actor.survey', error: new Error('no database') },
    { type: 'xstate.done.actor.confirm', output: 'plan-1' },
    { type: 'xstate.error.actor.confirm', error: new Error('storage is full') },
    { type: 'xstate.error.actor.confirm', error: new ProblemError(problem('plan changed meanwhile', {})) },
    { type: 'xstate.error.actor.confirm', error: new ProblemError(problem('delivery is not settled', { plan: 'plan-0' })) },
  ];
}

/** What tells two snapshots apart: the state and everything that a guard reads. */
function stateOf({ value, context: { assigned, done, problems, set } }: Snapshot): string {
  return JSON.stringify([value, assigned, [...done].sort(), problems.map(({ code }) => code).sort(), set !== null]);
}

export interface Reached {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly events: readonly { readonly type: string }[];
}

let known: readonly Reached[] | null = null;

/** Every state of the chart that any person and any outcome can bring about, each by a shortest path. */
export function reachedStates(): readonly Reached[] {
  known ??= getShortestPaths(wizard, {
    input: INPUT,
    events: (snapshot) => eventsIn(snapshot) as never[],
    serializeState: (snapshot) => stateOf(snapshot),
    serializeEvent: (event) => JSON.stringify(event),
    limit: 200_000,
  }).map(({ state, steps }) => {
    const snapshot = state;
    return {
      name: `${JSON.stringify(snapshot.value)} done ${snapshot.context.done.join('+')}`,
      snapshot,
      events: steps.map(({ event }) => event),
    };
  });
  return known;
}

/** One state for each place and resting or busy inside of it. */
export function oneOfEach(): readonly Reached[] {
  const seen = new Map<string, Reached>();
  for (const reached of reachedStates()) {
    const key = `${JSON.stringify(reached.snapshot.value)} ${String(reached.snapshot.context.problems.length > 0)}`;
    if (!seen.has(key)) seen.set(key, reached);
  }
  return [...seen.values()];
}

export function isResting(snapshot: Snapshot): boolean {
  return snapshot.status === 'active' && !snapshot.hasTag('busy');
}
