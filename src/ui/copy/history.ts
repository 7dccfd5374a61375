import type { PlanState } from '../../domain/delivery';
import type { NotInverted } from '../../domain/inverse';
import type { PlanOutcome } from '../../domain/plan-outcome';
import { plural } from '../format';

/** What became of a confirmed plan, in words. */
export const PLAN_STATES = {
  confirmed: { text: 'Waits to be sent', tone: 'note', shape: 'dot' },
  delivering: { text: 'Not settled', tone: 'warn', shape: 'alert' },
  settled: { text: 'Settled', tone: 'good', shape: 'check' },
  downloaded: { text: 'File not marked', tone: 'warn', shape: 'alert' },
  applied: { text: 'Applied by file', tone: 'good', shape: 'check' },
  'not applied': { text: 'Not applied', tone: 'plain', shape: 'dash' },
} as const satisfies Record<PlanState, { text: string; tone: string; shape: string }>;

/** The same, with what the PSA refused first. */
export function outcomeOf({ state, refused }: { readonly state: PlanState; readonly refused: number }) {
  return refused === 0 ? PLAN_STATES[state] : ({ text: `${plural(refused, 'request')} refused`, tone: 'bad', shape: 'warning' } as const);
}

/** The same over all of a plan's requests, as Home counts it. */
export const PLAN_OUTCOMES: Readonly<Record<PlanOutcome, string>> = {
  done: 'delivered',
  open: 'not sent to the end',
  refused: 'with refused requests',
  unknown: 'with an unknown outcome',
  unmarked: 'sync file not marked',
  'not applied': 'not applied',
  replaced: 'replaced by a newer plan',
};

export function isOutcome(text: string | null): text is PlanOutcome {
  return text !== null && Object.hasOwn(PLAN_OUTCOMES, text);
}

/** Why an undo leaves something as it is. */
export const LEFT_OF_UNDO: Readonly<Record<NotInverted['why'], string>> = {
  charge: 'charged once, and an invoice may have it. Remove it in the PSA, or write a credit there.',
  export: 'the product stays in the PSA.',
  'not compared': 'stays as it is, because what it held before was never compared.',
  'never made': 'was never made, so there is nothing to take back.',
};
