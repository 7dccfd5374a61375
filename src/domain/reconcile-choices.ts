import type { ReconciledLine, Verdict } from './reconcile';

/**
 * What can be done about a line. `push`: the wizard writes what was counted. `accept`: what the PSA holds is right, and nothing is sent. `split`: our line holds
 * what was counted, and what the PSA holds beyond it stays there as a line of the partner's own. `end`:
 * a plan ends that one line. `ignore`: it is left alone, visibly, until that is taken back.
 */
export type LineChoice = 'push' | 'accept' | 'split' | 'end' | 'ignore';

export function choicesFor({ verdict, split }: ReconciledLine): readonly LineChoice[] {
  return CHOICES[verdict].filter((choice) => choice !== 'split' || split?.refusal === null);
}

const CHOICES: Readonly<Record<Verdict, readonly LineChoice[]>> = {
  agree: [],
  unread: [],
  'changed here': ['push', 'ignore'],
  'changed in the PSA': ['push', 'accept', 'split', 'ignore'],
  'changed in both': ['push', 'accept', 'split', 'ignore'],
  missing: ['push', 'accept', 'ignore'],
  duplicate: ['end', 'ignore'],
  orphan: ['end', 'ignore'],
  'not billed': ['push', 'ignore'],
  'no usage': ['ignore'],
};
