import type { AssignmentProblems } from '../../domain/problem';
import { formatList, formatMoney } from '../format';
import type { Sentences } from './sentences';

export const ASSIGNMENT: Sentences<AssignmentProblems> = {
  'no company assigned': ({ site }) => ({
    title: 'No company assigned',
    detail: `Nobody knows yet which company ${site} is.`,
    action: 'Choose Assign Company.',
  }),
  'company is not linked': ({ company, psa }) => ({
    title: `Not linked in ${psa}`,
    detail: `${company} has no company in ${psa} yet.`,
    action: 'Choose the company it is there.',
  }),
  'no product bound': ({ product }) => ({
    title: 'No product in the PSA',
    detail: `${product} is neither bound nor exported.`,
    action: 'Bind it to an existing product, or export it as a new one.',
  }),
  'sub-product uses the top-level product': ({ subProduct, money, currency }) => ({
    title: `${subProduct} uses the top-level product`,
    detail: `It has no product of its own; its line names it in the description and is worth ${formatMoney(money, currency)}.`,
  }),
  'sub-products have no product': ({ names, topLevel }) => ({
    title: `${formatList(names)} ${names.length === 1 ? 'has' : 'have'} no product`,
    detail:
      topLevel === null
        ? 'Bind or export a product for each, or bind the top-level product, whose lines they can use.'
        : `Bind or export a product for each, or choose Next: their lines then use ${topLevel} and name the sub-product.`,
  }),
};
