import type { MoneyProblems } from '../../domain/problem';
import { formatMoney, formatPrice, formatQuantity } from '../format';
import type { Sentences } from './sentences';

export const MONEY: Sentences<MoneyProblems> = {
  'price is missing': ({ subProduct }) => ({
    title: 'Price is missing',
    detail: `Nobody gave a price for ${subProduct}.`,
    action: 'Enter a price in the line grid.',
  }),
  'cost is unknown': ({ subProduct }) => ({ title: 'Cost is unknown', detail: `The margin of ${subProduct} is unknown, too.` }),
  'price is below cost': ({ subProduct, price, cost }) => ({
    title: 'Price is below cost',
    detail: `${subProduct} sells at ${formatPrice(price, null)} and costs ${formatPrice(cost, null)}.`,
    action: 'Check the price before you continue.',
  }),
  'currency differs': ({ expected, found }) => ({ title: 'Another currency', detail: `Expected ${expected}, found ${found}.` }),
  'quantity was rounded': ({ line, from, to, money, currency }) => ({
    title: 'Quantity was rounded',
    detail: `The PSA takes ${formatQuantity(to)} of ${line} instead of ${formatQuantity(from)}${money === null ? '' : `: ${formatMoney(money, currency)} on the line`}.`,
  }),
  'price was rounded': ({ line, from, to, money, currency }) => ({
    title: 'Price was rounded',
    detail: `The PSA takes ${formatPrice(to, currency)} for ${line} instead of ${formatPrice(from, currency)}${money === null ? '' : `: ${formatMoney(money, currency)} on the line`}.`,
  }),
  'cost was rounded': ({ line, from, to, money, currency }) => ({
    title: 'Cost was rounded',
    detail: `The PSA takes ${formatPrice(to, currency)} as the cost of ${line} instead of ${formatPrice(from, currency)}${money === null ? '' : `: ${formatMoney(money, currency)} on the line's cost, so its margin is off by as much`}.`,
  }),
  'rounding is too much': ({ line, from, to, money, limit, currency }) => ({
    title: 'Rounding the price costs too much',
    detail: `${line} at ${formatPrice(from, currency)} can only be ${formatPrice(to, currency)} in the PSA, which moves the line by ${formatMoney(money, currency)}; ${formatMoney(limit, currency)} is the most.`,
    action: 'Give the line a price that the PSA can hold, or use a single line.',
  }),
};
