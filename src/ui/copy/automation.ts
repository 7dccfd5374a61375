import type { AutomationProblems } from '../../domain/problem';
import { formatDayInWords, formatPeriod, formatQuantity, plural } from '../format';
import type { Sentences } from './sentences';

export const AUTOMATION: Sentences<AutomationProblems> = {
  'customer is ignored': ({ reason, until }) => ({
    title: 'Ignored',
    detail: `${reasonOf(reason)}${untilOf(until)}`,
    action: 'Stop ignoring it, and it goes by itself again.',
  }),
  'auto-sync is paused': ({ site, product, reason, until }) => ({
    title: site !== null ? 'Paused' : product !== null ? 'The product is paused' : 'The connection is paused',
    detail: `${reasonOf(reason)}${untilOf(until)}`,
    action: 'Take the pause back, and it goes by itself again.',
  }),
  'month was synced already': ({ site, period }) => ({
    title: `${formatPeriod(period)} was synced already`,
    detail: `The count of ${site} is another one since. Auto-sync confirms a month once, so that a correction is never a surprise.`,
    action: 'Look at the difference and sync it by itself.',
  }),
  'line differs in the PSA': ({ line, synced, found }) => ({
    title: 'Somebody changed the line in the PSA',
    detail: `${line} was synced with ${formatQuantity(synced)} and holds ${formatQuantity(found)} there.`,
    action: 'Look at it and sync it by itself.',
  }),
  'hand-work is left': ({ lines }) => ({
    title: 'It needs a hand',
    detail: `The PSA has no request for ${plural(lines, 'change')} of it.`,
    action: 'Sync it by itself and tick the list off.',
  }),
  'file cannot be sent': ({ connection }) => ({
    title: 'A file is not sent by itself',
    detail: `${connection} goes by file, and only a person can carry one.`,
    action: 'Choose to prepare plans instead.',
  }),
};

function reasonOf(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}

function untilOf(until: string | null): string {
  return until === null ? '' : ` It ends after ${formatDayInWords(until)}.`;
}
