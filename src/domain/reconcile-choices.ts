import type { ReconciledLine, Verdict } from './reconcile';

/**
 * What can be done about a line. `push`: the wizard writes what was counted. `accept`: what the PSA holds is right, and nothing is sent. `end`:
 * a plan ends that one line. `ignore`: it is left alone, visibly, until that is taken back.
 */
export type LineChoice = 'push' | 'accept' | 'end' | 'ignore';

export function choicesFor({ verdict }: ReconciledLine): readonly LineChoice[] {
  return CHOICES[verdict];
}

const CHOICES: Readonly<Record<Verdict, readonly LineChoice[]>> = {
  agree: [],
  unread: [],
  'changed here': ['push', 'ignore'],
  'changed in the PSA': ['push', 'accept', 'ignore'],
  'changed in both': ['push', 'accept', 'ignore'],
  missing: ['push', 'accept', 'ignore'],
  duplicate: ['end', 'ignore'],
  orphan: ['end', 'ignore'],
  'not billed': ['push', 'ignore'],
  'no usage': ['ignore'],
};
