import type { LineProblems } from '../../domain/problem';
import { NO_END } from '../../domain/dated-quantity';
import { formatDay, formatDayInWords, formatMoney, formatQuantity, plural } from '../format';
import type { Sentences } from './sentences';

export const LINE: Sentences<LineProblems> = {
  'option is refused': ({ option, reason }) => ({
    title: 'This option is not possible here',
    detail: `${option} cannot be used with ${reason === 'not the newest final period' ? 'a month that is not the newest final one' : reason}.`,
    action: 'Choose another option.',
  }),
  'several lines could be ours': ({ line, candidates }) => ({
    title: 'Several lines could be this one',
    detail: `${plural(candidates, 'open line')} on the agreement could be ${line}.`,
    action: 'Choose the line to adopt.',
  }),
  'line may already be there': ({ line, candidate }) => ({
    title: 'The line may be there already',
    detail: `${candidate} on the agreement could be ${line}.`,
    action: 'Adopt it, or confirm that a second line shall be made.',
  }),
  'line was invoiced already': ({ line }) => ({ title: 'Invoiced already', detail: `${line} is on an invoice and is not changed.` }),
  'line cannot end before it starts': ({ line, start }) => ({
    title: 'Stays with quantity 0',
    detail: `${line} starts on ${formatDay(start)}, so it cannot end before this invoice. Its quantity becomes 0 instead.`,
  }),
  'line has ended already': ({ line, on }) => ({
    title: on === null ? 'The PSA no longer holds it' : 'Ended already',
    detail:
      on === null ? `${line} is gone there; only its end is noted here.` : `${line} ended on ${formatDay(on)}; only that is noted here.`,
  }),
  'charge is not there': ({ line }) => ({
    title: 'The PSA no longer shows this charge',
    detail: `${line} was charged for the month, and is not on the agreement now. It is not charged a second time by itself.`,
    action: 'If somebody deleted it and no invoice has it, say so below.',
  }),
  'product cannot repeat on the agreement': ({ product, money, currency }) => ({
    title: 'The product is on the agreement already',
    detail: `${product} cannot stand on it twice; ${formatMoney(money, currency)} are left out.`,
    action: 'Bind the sub-product to a product of its own.',
  }),
  'name was cut': ({ name, limit }) => ({
    title: 'Name was cut',
    detail: `“${name}” is cut to the ${limit} characters that the PSA takes.`,
  }),
  'name is taken': ({ name }) => ({
    title: 'The name is taken',
    detail: `An open line of the agreement is called “${name}” already.`,
    action: 'Give the new line another name.',
  }),
  'name is not kept': ({ line, name }) => ({
    title: 'The PSA keeps no name here',
    detail: `The invoice says “${name}”, the product's own name, instead of “${line}”.`,
  }),
  'cost is not kept': ({ line }) => ({
    title: 'The PSA keeps no cost here',
    detail: `The cost of ${line} counts on this page only; in the PSA it stands on the product.`,
  }),
  'line is counted by the PSA': ({ line }) => ({
    title: 'The PSA counts this line itself',
    detail: `${line} takes its quantity from the PSA's own count, so a quantity from here would not last.`,
    action: 'Set the line to a fixed quantity in the PSA.',
  }),
  'period was posted already': ({ line, through }) => ({
    title: 'Approved and posted already',
    detail: `The PSA has posted the time of ${line} ${through === NO_END ? 'without an end' : `through ${formatDayInWords(through)}`}: a change of that time is not billed.`,
    action: 'Bill the difference as a one-time line.',
  }),
  'quantity changes later': ({ line, quantity, from }) => ({
    title: 'Another quantity is planned in the PSA',
    detail: `From ${formatDayInWords(from)} on the PSA holds ${formatQuantity(quantity)} of ${line}, and this sync leaves that as it is.`,
    action: 'If nobody meant it, change it in the PSA before that day.',
  }),
  'later quantity would move': ({ line, quantity, from }) => ({
    title: 'Another quantity is planned in the PSA',
    detail: `From ${formatDayInWords(from)} on the PSA holds ${formatQuantity(quantity)} of ${line}. A change of an earlier day would move that number along, so nothing is sent.`,
    action: 'Take the planned change back in the PSA, and read its lines again.',
  }),
};
