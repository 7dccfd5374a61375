import type { Decimal } from '../../domain/decimal';
import type { Figure, Step, StepData } from '../../domain/derivation';
import { ruleInWords } from './rule';
import {
  formatCount,
  formatDayInWords,
  formatInstant,
  formatList,
  formatMoney,
  formatPeriod,
  formatPrice,
  formatQuantity,
  plural,
} from '../format';

type Sentences = { readonly [W in keyof StepData]: (from: Readonly<StepData[W]>, value: Decimal | null) => string };

const SENTENCES: Sentences = {
  row: ({ name, file, row, date, importedAt, trial }) =>
    `${file}, row ${formatCount(row)}: ${name} on ${formatDayInWords(date)}${trial ? ', a trial, which never bills' : ''}. Imported ${formatInstant(importedAt)}.`,
  'import is gone': ({ importId }) =>
    `Import ${importId.slice(0, 8)}, which it rests on, is not here any more, so its rows cannot be shown.`,
  'rows are summed': ({ name, quantities }) =>
    quantities.length === 0
      ? `No row of ${name} is paid usage.`
      : `${plural(quantities.length, 'row')} of ${name}: ${quantities.map(formatQuantity).join(' + ')}.`,
  'not reported': ({ name, date }) => `${name} is not among what was reported on ${formatDayInWords(date)}: a true 0.`,
  'not counted': ({ period }) => `Nothing was reported for ${formatPeriod(period)}: unknown, which is not 0.`,
  date: dateInWords,
  source: ({ source, compared }) => [`${source} bills this product.`, ...compared.map(comparedInWords)].join(' '),
  'by a rule': ({ applied: { rule } }) => `Your rule: ${ruleInWords(rule)}${rule.reason === '' ? '' : ` (${rule.reason})`}.`,
  'counts are summed': ({ counts }) =>
    `One line for all: ${formatList(counts.map(({ name, quantity }) => `${formatQuantity(quantity)} ${name}`))}.`,
  'one for all': ({ counts }) =>
    `One line with quantity 1, because its price is the whole total: ${formatList(counts.map(({ name, quantity }) => `${formatQuantity(quantity)} ${name}`))}.`,
  'missed month': ({ counted, held }) =>
    `The invoice of that month has gone by with ${formatQuantity(held)}: only the difference to ${formatQuantity(counted)} is still owed.`,
  credit: ({ figure }) =>
    figure === 'quantity' ? 'The invoice held too much, so it is a credit of that many.' : 'A credit has its price below zero.',
  'of the usage': ({ figure, name }) => `The usage itself names the ${figure} of ${name}.`,
  'costs are averaged': ({ name, costs }) =>
    `The rows of ${name} cost ${formatList(costs.map((cost) => formatPrice(cost, null)))}: their average by quantity.`,
  'of the price list': listedInWords,
  'nobody says': ({ figure, name }) => `Neither the usage nor the price list names a ${figure} of ${name}.`,
  weighted: ({ figure, quantity }) => `The ${figure} of all, divided by ${formatQuantity(quantity)}.`,
  'sum of all': ({ figure }) => `The ${figure} of all together.`,
  edited: ({ before, reason }) =>
    `Changed from ${formatPrice(before, null)} in the line grid${reason === null || reason === '' ? '' : `: “${reason}”`}.`,
  rounded: ({ before, digits }) => `${formatPrice(before, null)} rounded to the ${plural(digits, 'decimal')} that the PSA takes.`,
  'held by the PSA': ({ figure, ours }) =>
    `The PSA’s line keeps its own ${figure}${ours === null ? '' : `; the marketplace’s is ${formatPrice(ours, null)}`}.`,
  frozen: ({ derived }) =>
    derived === null
      ? 'This is what the plan froze when it was confirmed.'
      : `This is what the plan froze when it was confirmed; from what is here now it would be ${formatPrice(derived, null)}.`,
  'line ends': ({ moves, reason }) =>
    reason !== null && reason !== ''
      ? `The line ends: “${reason}”.`
      : moves
        ? 'The line ends, because another one takes its place.'
        : 'Nothing is counted any more, so the line ends.',
  'taken back': ({ reason }) => `${reason}: it goes back to what was there before.`,
  multiplied: ({ quantity, price, currency, exact }, value) => {
    const sum = `${formatQuantity(quantity)} x ${formatPrice(price, null)} =`;
    return exact === value
      ? `${sum} ${formatMoney(value, currency)}`
      : `${sum} ${formatPrice(exact, null)}, rounded half away from zero to ${formatMoney(value, currency)}`;
  },
  'not multiplied': ({ missing }) => `The ${missing} is unknown, so there is no total.`,
  company: ({ name, since, evidence }) =>
    `Billed to ${name}, assigned ${evidence === null ? 'then' : EVIDENCE[evidence]}${since === null ? ', for every month' : `, since ${formatPeriod(since)}`}.`,
  'no company': ({ site }) => `${site} is not assigned to a company yet.`,
  binding: ({ identifier, topLevel, origin, since, version }) =>
    `${topLevel ? 'Uses the product of the top level' : 'Is'} ${identifier} in the PSA, ${origin}${since === null ? '' : ` since ${formatPeriod(since)}`}, version ${formatCount(version)}.`,
  'bound here': ({ identifier, topLevel }) =>
    `${topLevel ? 'Uses the product of the top level' : 'Is'} ${identifier === '' ? 'a product' : identifier} in the PSA, bound with this sync.`,
};

/** The sentence of one step. */
export function sayStep({ what, value, from }: Step): string {
  return (SENTENCES[what] as (from: Step['from'], value: Decimal | null) => string)(from, value);
}

export const FIGURES: Readonly<Record<Figure | 'mapping', string>> = {
  quantity: 'Quantity',
  price: 'Price',
  cost: 'Cost',
  total: 'Total',
  mapping: 'Company and product',
};

const EVIDENCE = {
  partner: 'by you',
  summary: 'because the usage summary names it',
  domain: 'because it has the domain',
  'external id': 'because it has the external id',
} as const;

function dateInWords({ how, date, period, snapshotDay, reason }: StepData['date']): string {
  const on = formatDayInWords(date);
  const day = formatDayInWords(snapshotDay);
  switch (how) {
    case 'final':
      return `Final: the file is the last word for ${formatPeriod(period)} and goes before daily counts.`;
    case 'snapshot':
      return `Counted on ${on}, the snapshot day of ${formatPeriod(period)}.`;
    case 'stale':
      return `Stale: nothing was reported on the snapshot day, ${day}, so the newest count before it bills, of ${on}.`;
    case 'late':
      return `Late: counted only after the snapshot day, ${day}, first on ${on}${reason === null || reason === '' ? '; it bills only with a reason' : `. It bills because “${reason}”`}.`;
    case 'unknown':
      return `Nothing was reported for ${formatPeriod(period)}.`;
  }
}

function comparedInWords({ source, name, quantity }: StepData['source']['compared'][number]): string {
  return `${source} counts ${formatQuantity(quantity)} ${name}: compared, never added.`;
}

function listedInWords({ figure, name, version, ofCompany, from, until, currency }: StepData['of the price list']): string {
  const whose = ofCompany ? 'the customer’s own entry of the price list' : 'the price list';
  const since = from === null ? '' : ` from ${formatPeriod(from)}`;
  const end = until === null ? '' : ` until ${formatPeriod(until)}`;
  return `The usage names no ${figure} of ${name}; ${whose} does (${currency}${since}${end}, version ${formatCount(version)}).`;
}
