import { isOfPrice, type AppliedRule, type RuleKind, type RuleVersion } from '../../domain/rule';
import type { RuleProblems } from '../../domain/problem';
import { formatPeriod, formatPrice, formatQuantity } from '../format';
import type { Sentences } from './sentences';

/** What each kind of rule is called, and what it does. */
export const RULE_WORDS: Readonly<Record<RuleKind, { readonly name: string; readonly means: string }>> = {
  exclusion: { name: 'Exclusion', means: 'Nothing is billed, with a reason. A line that is there ends with the next sync.' },
  override: {
    name: 'Fixed quantity',
    means: 'This quantity is billed whatever is counted: for one customer and sub-product, until a last month, with a reason.',
  },
  included: { name: 'Included units', means: 'The first units are not billed.' },
  free: {
    name: 'Free units',
    means: 'So many units are given away. Leave the number empty where all are free, as for your own organisation.',
  },
  minimum: {
    name: 'Minimum',
    means: 'At least so many are billed, also where 0 are counted. A minimum of 0 frees one customer from the minimum of all.',
  },
  'whole units': { name: 'Whole units', means: 'A quantity such as 2.5 becomes a whole one.' },
  markup: {
    name: 'Markup on cost',
    means: 'The price is the cost plus a percentage. A price agreed with the customer in the price list stays.',
  },
  'price rounding': { name: 'Price rounding', means: 'The price is rounded half away from zero.' },
};

export const RULE: Sentences<RuleProblems> = {
  'usage is not billed by a rule': ({ subProduct, kind, counted, reason }) => ({
    title: 'Not billed by a rule',
    detail: `${formatQuantity(counted)} of ${subProduct} are counted. ${RULE_WORDS[kind].name}${reason === '' ? '' : `: ${reason}`}.`,
    action: 'End the rule to bill it again.',
  }),
  'rule needs a cost': ({ subProduct }) => ({
    title: 'A markup is not applied',
    detail: `The cost of ${subProduct} is unknown, so its price stays as it was reported.`,
    action: 'Enter a cost in the price list.',
  }),
  'rule is in another currency': ({ subProduct, kind, expected, found }) => ({
    title: 'A rule is in another currency',
    detail: `${RULE_WORDS[kind].name} is for prices in ${expected}; ${subProduct} is in ${found ?? 'an unknown currency'}, so it is not applied.`,
    action: 'Add a rule in that currency.',
  }),
  'rule needs a field': ({ field, kind }) => ({
    title: `${field} is missing`,
    detail: `${RULE_WORDS[kind].name} needs it.`,
    action: `Enter ${field}.`,
  }),
  'rule ends before it begins': ({ from, until }) => ({
    title: 'The rule ends before it begins',
    detail: `It would begin with ${formatPeriod(from)} and end with ${formatPeriod(until)}.`,
    action: 'Choose a later last month.',
  }),
  'rule is gone': () => ({ title: 'There is no such rule', detail: 'Nothing was changed.', action: 'Reload the page.' }),
};

/** What a rule says, in short: `Minimum 20.00`, `Markup 20% on cost, at least 3.00 USD`. */
export function ruleInWords(rule: RuleVersion): string {
  const { name } = RULE_WORDS[rule.kind];
  switch (rule.kind) {
    case 'exclusion':
      return 'Excluded';
    case 'override':
      return `Fixed at ${formatQuantity(rule.quantity)}`;
    case 'included':
      return `${formatQuantity(rule.quantity)} included`;
    case 'free':
      return rule.quantity === null ? 'All free' : `${formatQuantity(rule.quantity)} free`;
    case 'minimum':
      return `${name} ${formatQuantity(rule.quantity)}`;
    case 'whole units':
      return rule.how === 'up' ? 'Whole units, rounded up' : 'Whole units, rounded half away from zero';
    case 'markup':
      return [`Markup ${rule.percent}% on cost`, ...floorWords(rule)].join(', ');
    case 'price rounding':
      return `Price rounded to ${rule.places === null ? 'the smallest coin' : `${String(rule.places)} digits`}${rule.currency === null ? '' : ` in ${rule.currency}`}`;
  }
}

function floorWords({ overCost, least, currency }: Extract<RuleVersion, { readonly kind: 'markup' }>): string[] {
  const money = (value: NonNullable<typeof least>) => `${formatPrice(value, null)} ${currency ?? ''}`.trim();
  return [
    ...(overCost === null ? [] : [`at least cost plus ${money(overCost)}`]),
    ...(least === null ? [] : [`at least ${money(least)}`]),
    ...(overCost === null && least === null && currency !== null ? [`in ${currency}`] : []),
  ];
}

/** What rules made of a line: `Minimum 10.00 (counted 7.00): Contract of July`. A rule of the price says what it was before. */
export function rulesInWords(applied: readonly AppliedRule[]): string[] {
  return applied.map((step) => `${stepInWords(step, applied)}${step.rule.reason === '' ? '' : `: ${step.rule.reason}`}`);
}

/** The same of the quantity alone, without reasons, where space is short. */
export function quantityRulesInWords(applied: readonly AppliedRule[]): string[] {
  return applied.filter(({ rule }) => !isOfPrice(rule)).map((step) => stepInWords(step, applied));
}

function stepInWords({ rule, before }: AppliedRule, applied: readonly AppliedRule[]): string {
  if (isOfPrice(rule)) return `${ruleInWords(rule)} (was ${formatPrice(before, null)})`;
  return `${ruleInWords(rule)} (${rule === applied[0]?.rule ? 'counted' : 'was'} ${formatQuantity(before)})`;
}
