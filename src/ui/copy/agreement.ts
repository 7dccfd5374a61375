import type { AgreementProblems } from '../../domain/problem';
import { formatDay, formatQuantity } from '../format';
import type { Sentences } from './sentences';

export const AGREEMENT: Sentences<AgreementProblems> = {
  'agreement is ended': ({ agreement, on }) => ({
    title: 'Ended',
    detail: `${agreement} ended${on === null ? '' : ` on ${formatDay(on)}`}.`,
  }),
  'agreement is cancelled': ({ agreement }) => ({ title: 'Cancelled', detail: `${agreement} is cancelled.` }),
  'agreement is inactive': ({ agreement }) => ({ title: 'Inactive', detail: `${agreement} is not active.` }),
  'agreement is not monthly': ({ agreement, cycle }) => ({
    title: 'Not monthly',
    detail: `${agreement} is billed ${cycle === null ? 'in an unknown cycle' : `by the cycle “${cycle}”`}.`,
  }),
  'agreement is in another currency': ({ agreement, expected, found }) => ({
    title: 'Another currency',
    detail: `${agreement} is in ${found}; this usage is in ${expected}.`,
  }),
  'agreement has not started': ({ agreement, startDate }) => ({
    title: 'Not yet started',
    detail: `${agreement} starts on ${formatDay(startDate)}.`,
  }),
  'agreement prorates': ({ agreement }) => ({
    title: 'Prorates changes',
    detail: `${agreement} prorates. Changes are dated to the first day that is not invoiced, so that nothing is billed backwards.`,
  }),
  'agreement does not bill products': ({ agreement }) => ({
    title: 'Would not bill the line',
    detail: `${agreement} does not bill products, so a one-time line on it would never be invoiced.`,
    action: 'Choose another agreement or a recurring option.',
  }),
  'agreement takes no services': ({ agreement, type }) => ({
    title: 'Takes no services',
    detail: `${agreement} is ${type === null ? 'of a type that was not read' : `a contract of the type ${type}`}; only recurring service contracts take services.`,
    action:
      'Choose a recurring service contract, or read the contracts again. If your PSA calls them otherwise, enter its word in the connection.',
  }),
  'word is not known': ({ agreement, what, found }) => ({
    title: `The ${what} is not understood`,
    detail: `${agreement}: ${found === null ? `your PSA names no ${what}` : `your PSA calls its ${what} “${found}”`}.`,
    action: `If that is ${what === 'status' ? 'a contract in force' : 'a month'}, enter the word in the connection; else choose another contract.`,
  }),
  'line has less included': ({ line, quantity }) => ({
    title: 'Some are included for free',
    detail: `${line} has ${formatQuantity(quantity)} included, so the invoice will show less.`,
  }),
};
