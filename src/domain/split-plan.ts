import { codeOfLeft } from './inverse';
import { isSplitOff } from './line-key';
import type { Plan, PlanRequest } from './plan';

/**
 * Whether a request takes from a line what a later one of its plan makes a line of its own. Such a change is no state that somebody else may
 * have brought about: who found the line changed already, or sent it onto another number, would bill the remainder twice.
 */
export function opensSplit(plan: Plan, { operation, line }: PlanRequest): boolean {
  return operation === 'update' && !isSplitOff(line.lineKey) && isSplit(plan);
}

/** Whether a plan makes, or raises again, a line of the partner's own beside one of ours. */
export function isSplit({ requests }: Pick<Plan, 'requests'>): boolean {
  return requests.some(({ line, operation }) => isSplitOff(line.lineKey) && operation !== 'end');
}

/** Whether a plan puts back onto a line of ours what was split off it, or was to be: nobody counted that, somebody wrote it in the PSA. */
export function rejoinsSplit({ requests, left }: Pick<Plan, 'requests' | 'left'>): boolean {
  const ends = requests.some(({ line, operation }) => isSplitOff(line.lineKey) && operation === 'end');
  return ends || left.some(({ code }) => code === codeOfLeft('never made'));
}
