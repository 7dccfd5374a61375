import type { DeliveryProblems } from '../../domain/problem';
import { formatList } from '../format';
import type { Sentences } from './sentences';

export const DELIVERY: Sentences<DeliveryProblems> = {
  'request was refused': ({ status, message }) => ({
    title: 'The PSA refused the request',
    detail: `It answered ${status}${message === '' ? '' : `: ${message}`}. Nothing was changed.`,
    action: 'Correct what it names and plan again.',
  }),
  'line was changed meanwhile': ({ line, field, believed, found }) => ({
    title: 'The line was changed in the PSA',
    detail: `${field} of ${line} is ${found ?? 'empty'}, and the plan rests on ${believed ?? 'empty'}. Nothing was sent for it.`,
    action: 'Plan again, or send it all the same.',
  }),
  'another line was changed': ({ line, field, believed, found }) => ({
    title: 'Another line is not what it was',
    detail: `${field} of ${line} was ${believed ?? 'empty'} before this request was sent, and is ${found ?? 'empty'} now.`,
    action: 'Put it right in the PSA and look again, or say that the request was applied.',
  }),
  'line is gone': ({ line }) => ({
    title: 'The line is gone',
    detail: `${line} is no longer in the PSA.`,
    action: 'Plan again to create it.',
  }),
  'line exists more than once': ({ line, ids }) => ({
    title: 'The line is there more than once',
    detail: `${line} is in the PSA ${ids.length} times: ${formatList(ids)}.`,
    action: 'Send the request that removes the copy.',
  }),
  'outcome is unknown': ({ line }) => ({
    title: 'Outcome unknown',
    detail: `Nothing proves whether ${line} was changed.`,
    action: 'Read the PSA again. Nothing is sent twice before that.',
  }),
  'request was withdrawn': ({ line }) => ({ title: 'Withdrawn', detail: `The request for ${line} was withdrawn before it was sent.` }),
  'key was used for something else': ({ line, message }) => ({
    title: 'The receiver knows this key with other content',
    detail: `It refused ${line}${message === '' ? '' : `: ${message}`}. Nothing was sent again.`,
    action: 'Read the PSA again and plan anew.',
  }),
  'product is not exported yet': ({ line, product }) => ({
    title: 'Its product is not exported yet',
    detail: `${line} needs ${product}, which the PSA does not have yet.`,
    action: 'Deliver or mark the export first.',
  }),
};
