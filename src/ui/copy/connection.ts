import type { ConnectionProblems } from '../../domain/problem';
import { plural } from '../format';
import type { Sentences } from './sentences';

export const CONNECTION: Sentences<ConnectionProblems> = {
  'answer is not understood': ({ what, detail }) => ({
    title: 'An answer was not understood',
    detail: `${what}: ${detail}`,
    action: 'Check that the address belongs to the PSA or to your relay.',
  }),
  'credentials are missing': ({ field }) => ({
    title: 'Credentials are missing',
    detail: `${field} is not entered.`,
    action: 'Enter it under Tools > Business Automation.',
  }),
  'credentials were refused': ({ status, message }) => ({
    title: 'The PSA refused the credentials',
    detail: `It answered ${status}${message === '' ? '' : `: ${message}`}.`,
    action: 'Check the keys under Tools > Business Automation.',
  }),
  'endpoint is unreachable': ({ url }) => ({
    title: 'No answer',
    detail: `${url} could not be reached, or does not allow requests from this page.`,
    action: 'Check the address, your connection and the relay.',
  }),
  'rate limit': ({ seconds }) => ({ title: 'The PSA asks to wait', detail: `It takes the next request in ${plural(seconds, 'second')}.` }),
  'connection is in use': ({ connection, customers }) => ({
    title: 'The account of this connection stays',
    detail: `${connection} has plans or synced lines of ${plural(customers, 'customer')}, and its account is part of their keys.`,
    action: 'Make another connection for the other account.',
  }),
  'secret is locked': () => ({
    title: 'The secrets are locked',
    detail: 'They are stored encrypted on this device.',
    action: 'Enter the passphrase to unlock them.',
  }),
  'passphrase is wrong': () => ({
    title: 'The passphrase is wrong',
    detail: 'The stored secrets could not be opened with it.',
    action: 'Try again, or forget the secrets under Settings and enter them anew.',
  }),
  'browser cannot lock': () => ({
    title: 'This browser cannot hold other tabs back',
    detail: 'Sending needs Web Locks, which this browser or address (plain http) does not offer.',
    action: 'Use a current browser over https or localhost, or download the sync file.',
  }),
};
