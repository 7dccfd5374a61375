import type { EntryProblems } from '../../domain/problem';
import type { Sentences } from './sentences';

export const ENTRY: Sentences<EntryProblems> = {
  'field is read-only': ({ field }) => ({
    title: `${field} cannot be written`,
    detail: 'Your PSA says that this field is read-only, so the change would be refused or lost.',
    action: 'Leave it as the PSA holds it, or ask the PSA’s administrator.',
  }),
  'field is required': ({ field, record }) => ({
    title: `${field} is required`,
    detail: `Your PSA wants ${field} on every ${record}, and this request does not send it.`,
    action: 'Ask the PSA’s administrator to make it optional, then press Read everything again.',
  }),
  'choice is needed': ({ field, choices }) => ({
    title: `The ${field} is not chosen`,
    detail: `Your PSA names none that is taken by itself. It has: ${choices.join(', ')}.`,
    action: 'Enter one of them under Tools > Business Automation > Connection.',
  }),
  'text is too long': ({ field, value, limit }) => ({
    title: `${field} is too long`,
    detail: `“${value}” has ${value.length} characters; ${limit} are possible.`,
    action: 'Shorten it.',
  }),
  'text is missing': ({ field }) => ({ title: `${field} is missing`, detail: `Enter ${field}.` }),
  'number is not accepted': ({ field, value }) => ({
    title: `${field} is not a number that can be used`,
    detail: `“${value}” was entered.`,
    action: 'Enter a number such as 3.00.',
  }),
  'PSA takes fewer requests': ({ field, requests, most }) => ({
    title: `${field} are more than the PSA takes`,
    detail: `${requests} were entered; it takes ${most}.`,
    action: `Enter ${most} or less.`,
  }),
  'reason is missing': ({ line }) => ({
    title: 'A reason is needed',
    detail: `The quantity of ${line} differs from the vendor’s count.`,
    action: 'Say why.',
  }),
  'address is not accepted': () => ({
    title: 'The address cannot be used',
    detail: 'It has to begin with https:// (http:// only on this computer) and hold no name or password.',
    action: 'Enter the address again.',
  }),
  'value is not accepted': ({ field, value }) => ({
    title: `${field} cannot be used`,
    detail: `“${value}” was entered.`,
    action: 'Enter another one.',
  }),
};
