import type { Verdict } from '../../domain/reconcile';
import type { SplitRefusal } from '../../domain/split-line';

/** How a line stands three ways, in words: what happened, and what can be done about it. */
export const VERDICTS = {
  agree: { text: 'Agrees', tone: 'good', shape: 'check', what: 'The PSA bills what was counted.', next: '' },
  'changed here': {
    text: 'Changed here',
    tone: 'info',
    shape: 'change',
    what: 'The usage moved since the last sync.',
    next: 'Push the count.',
  },
  'changed in the PSA': {
    text: 'Changed in the PSA',
    tone: 'warn',
    shape: 'alert',
    what: 'Somebody wrote another quantity there since the last sync.',
    next: 'Push the count, or accept what is there if it is right.',
  },
  'changed in both': {
    text: 'Changed in both',
    tone: 'warn',
    shape: 'alert',
    what: 'The usage moved, and somebody changed the line in the PSA, too.',
    next: 'Push the count, or accept what is there if it is right.',
  },
  missing: {
    text: 'Missing in the PSA',
    tone: 'bad',
    shape: 'warning',
    what: 'It was synced, and no open line of the PSA is it.',
    next: 'Push makes it anew; accept it if it was ended there on purpose.',
  },
  duplicate: {
    text: 'Duplicate',
    tone: 'bad',
    shape: 'warning',
    what: 'A second open line with the key of another: the customer is billed twice.',
    next: 'End it.',
  },
  orphan: {
    text: 'Orphan',
    tone: 'bad',
    shape: 'warning',
    what: 'An open line that this page made and does not remember.',
    next: 'Sync its customer to take it over, or end it.',
  },
  'not billed': {
    text: 'Not billed',
    tone: 'warn',
    shape: 'dot',
    what: 'Usage that no line of the PSA bills.',
    next: 'Sync its customer.',
  },
  'no usage': {
    text: 'No usage',
    tone: 'bad',
    shape: 'warning',
    what: 'The PSA bills a customer whom no file of the month mentions.',
    next: 'Import the missing file, or see whether the customer was renamed or left.',
  },
  unread: {
    text: 'Not read',
    tone: 'plain',
    shape: 'dash',
    what: 'The lines of its agreement were not read since the last sync.',
    next: 'Read the lines.',
  },
} as const satisfies Record<Verdict, { text: string; tone: string; shape: string; what: string; next: string }>;

export const SPLIT_NEXT = 'Split it if both are right: the rest becomes a line of your own.';

export const SPLIT_REFUSALS: Readonly<Record<SplitRefusal, string>> = {
  file: 'Nobody looks at the line right before the requests of a file go. Split it in the PSA by hand, and push the count.',
  'not final': 'The count of the month may still move.',
  'product once': 'An agreement of this PSA holds a product once. Put the rest on another product by hand, and push the count.',
  price: 'Its price is not known, or would change along with it.',
  'no update': 'A sync could not write to it, or would make another line of it.',
};
