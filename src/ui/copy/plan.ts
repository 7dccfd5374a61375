import type { PlanProblems } from '../../domain/problem';
import { formatDayInWords, formatInstant } from '../format';
import { SPLIT_REFUSALS } from './reconcile';
import type { Sentences } from './sentences';

export const PLAN: Sentences<PlanProblems> = {
  'lines of the agreement were never read': ({ agreement }) => ({
    title: 'The lines were never read',
    detail: `This PSA takes all lines of ${agreement} back whole, so they must be read before one changes.`,
    action: 'Read them under Tools > Business Automation > Agreements.',
  }),
  'choices were never read': ({ what }) => ({
    title: 'Choices of the PSA were never read',
    detail: `A request needs the ${what} of your PSA.`,
    action:
      'Press Read everything under Tools > Business Automation > Connection. By file, save them as the Files tab says, or enter their ids in the connection.',
  }),
  'sync file is not marked': () => ({
    title: 'A sync file waits to be marked',
    detail: 'It was downloaded, and nobody said whether it was applied.',
    action: 'Mark it as applied or not applied, or read the lines of the PSA again.',
  }),
  'delivery is not settled': () => ({
    title: 'A delivery is not settled',
    detail: 'The outcome of an earlier delivery for this customer is still open.',
    action: 'Open that delivery and settle it first.',
  }),
  'newer plan has the line': ({ line }) => ({
    title: 'A newer plan has this line',
    detail: `${line} was planned anew after this delivery. Sending the old request would set it back, or bill it a second time.`,
    action: 'Open the newer delivery, or plan again.',
  }),
  'nothing to sync': ({ site }) => ({ title: 'Nothing to sync', detail: `Everything of ${site} is in the PSA as counted.` }),
  'connection is not chosen': () => ({ title: 'No PSA chosen', detail: 'Choose the PSA tool that receives the lines.' }),
  'agreement is not chosen': () => ({ title: 'No agreement chosen', detail: 'Choose the agreement that is to be invoiced.' }),
  'lines were never read': ({ site }) => ({
    title: 'The lines were never read',
    detail: `Nobody knows what the agreement of ${site} holds.`,
    action: 'Open its wizard once, or read the lines under Business Automation.',
  }),
  'choice is not remembered': ({ site }) => ({
    title: 'Never synced before',
    detail: `${site} has no option and agreement yet.`,
    action: 'Open its wizard once.',
  }),
  'effective date is out of range': ({ date, first, last }) => ({
    title: 'New lines cannot begin on that day',
    detail: `${formatDayInWords(date)} is ${first !== null && date < first ? `before the agreement begins on ${formatDayInWords(first)}` : `after ${formatDayInWords(last)}, the end of the month that is invoiced`}.`,
    action: 'Choose another effective date, or none.',
  }),
  'decision rests': ({ reason }) => ({
    title: 'This decision cannot be taken back now',
    detail: RESTS[reason],
  }),
  'split is not possible': ({ line, reason }) => ({ title: `${line} cannot be split`, detail: SPLIT_REFUSALS[reason] }),
  'agreement may be invoiced since': ({ agreement, readAt, next }) => ({
    title: `An invoice of ${agreement} may have gone out`,
    detail: `It was last read on ${formatInstant(readAt)}, before its invoice of ${formatDayInWords(next)}. What an invoice billed decides what an undo does.`,
    action: 'Read the agreements again under Tools > Business Automation > Agreements, and undo then.',
  }),
  'undo is not possible': ({ reason }) => ({
    title: 'This cannot be undone here',
    ...{
      'no lines': { detail: 'It changed no line of a customer. Exported products stay in the PSA.' },
      'newer plan': { detail: 'A newer sync of this customer rests on it.', action: 'Undo that one first.' },
      'nothing sent': { detail: 'The PSA took nothing of it.' },
      'not compared': { detail: 'What its lines held before was never compared.', action: 'Set them right in the PSA, or sync again.' },
      charges: {
        detail: 'It charged once, and an invoice may have that already.',
        action: 'Remove the charge in the PSA, or write a credit there.',
      },
    }[reason],
  }),
  'plan changed meanwhile': () => ({
    title: 'Something changed since you looked',
    detail: 'The lines below are not those that you were about to confirm. Nothing was sent.',
    action: 'Check them and confirm again.',
  }),
};

const RESTS = {
  gone: 'It is no longer on record.',
  newer: 'A newer decision changed the same. Take that one back first.',
  plan: 'A sync was confirmed that rests on it. Decide anew instead: the next sync brings the PSA to it.',
  changed: 'What it changed was changed again since, by an import or by a sync.',
} as const;
