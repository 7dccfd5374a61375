import { canonicalJson } from './canonical';
import type { Grid } from './grid';
import { problem, type Problem } from './problem';
import { equals, isNegative, ZERO, add, lineTotal, type Decimal } from './decimal';
import { isRecurring } from './change';
import { planSetFor } from './sync';
import { agreementFor, bindingsWith, linkFor, type SyncChoices } from './sync-choices';
import { billingOf, finalOn, type SyncFacts } from './sync-facts';
import { gridFor, refusalsOf } from './sync-grid';
import { judgeFor, type PsaRules } from './sync-rules';
import { liveLines } from './synced';

/** The steps of the sync wizard in order. */
export const STEPS = ['psa', 'products', 'option', 'agreement', 'grid', 'summary'] as const;
export type Step = (typeof STEPS)[number];

/** Why a step cannot be left, in words of problem codes; empty when it is satisfied. Pure: the page shows the same as Continue finds. */
export function stepProblems(step: Step, facts: SyncFacts | null, choices: SyncChoices, rules: PsaRules | null): readonly Problem[] {
  if (facts === null || rules === null) return [problem('connection is not chosen', {})];
  switch (step) {
    case 'psa':
      return facts.company === null ? [problem('no company assigned', { site: facts.customer.site })] : [];
    case 'products':
      return productProblems(facts, choices);
    case 'option':
      return [...countProblems(facts, choices), ...refusalsOf(facts, choices, rules)];
    case 'agreement':
      return agreementProblems(facts, choices, rules);
    case 'grid':
      return gridProblems(facts, choices, rules);
    case 'summary':
      return eachOnce(STEPS.slice(0, 5).flatMap((earlier) => stepProblems(earlier, facts, choices, rules)));
  }
}

/** What two steps ask is one question. */
function eachOnce(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((one) => [canonicalJson({ ...one }), one])).values()];
}

/** The steps that come before the lines. */
export const STEPS_BEFORE_LINES = STEPS.slice(0, STEPS.indexOf('grid'));

/** Whether no step before the lines has a question or a warning, so that the partner may go straight to the lines. */
export function isClearToLines(facts: SyncFacts, choices: SyncChoices, rules: PsaRules): boolean {
  const agreement = agreementFor(facts, choices);
  if (agreement === null || judgeFor(facts, choices, rules, agreement).warnings.length > 0) return false;
  if (facts.count.warnings.length > 0 || withoutProduct(facts, choices).length > 0) return false;
  return STEPS_BEFORE_LINES.every((step) => stepProblems(step, facts, choices, rules).length === 0);
}

/** Sub-products that bill and have no product of their own, with what their lines are worth. */
export function withoutProduct(facts: SyncFacts, choices: SyncChoices): readonly { key: string; name: string; money: Decimal | null }[] {
  const bound = new Set(bindingsWith(facts, choices).map(({ subProduct }) => subProduct));
  return billingOf(facts)
    .filter(({ subProduct }) => !bound.has(subProduct))
    .map(({ subProduct, name, quantity, price, currency }) => ({
      key: subProduct,
      name,
      money: quantity === null || price === null || currency === null ? null : lineTotal(quantity, price, currency),
    }));
}

/** The sum of known money; null where one part is unknown. */
export function sumOf(values: readonly (Decimal | null)[]): Decimal | null {
  return values.every((value) => value !== null) ? add(...values) : null;
}

/** Everything that stops the grid, of the customer and of each line. */
export function blocksOf(grid: Grid, facts: SyncFacts, choices: SyncChoices): readonly Problem[] {
  const excused = facts.count.how === 'late' && choices.lateReason.trim() !== '';
  return [...grid.blocks.filter(({ code }) => !(code === 'count is late' && excused)), ...grid.lines.flatMap(({ blocks }) => blocks)];
}

/** Whether the sync would change anything: a line, an export, what withholds the flag, or what is remembered of a line that is there. */
export function changesAnything(grid: Grid, facts: SyncFacts, choices: SyncChoices): boolean {
  const withheld = facts.synced?.withheld?.period === facts.period ? facts.synced.withheld.subProducts : [];
  const sameWithheld = withheld.length === grid.withheld.length && withheld.every((key) => grid.withheld.includes(key));
  const live = liveLines(facts.synced?.lines ?? []);
  const learned = grid.lines.some(({ status, lineKey, syncedQuantity, blocks }) => {
    if (status === 'Ending') return blocks.length === 0;
    return status === 'Unchanged' && !equals(live.get(lineKey)?.quantity ?? null, syncedQuantity);
  });
  return grid.lines.some(({ changes }) => changes.length > 0) || choices.exports.length > 0 || !sameWithheld || learned;
}

function productProblems(facts: SyncFacts, choices: SyncChoices): Problem[] {
  const missing = withoutProduct(facts, choices);
  if (missing.length === 0) return [];
  const top = bindingsWith(facts, choices).find(({ subProduct }) => subProduct === null);
  if (choices.skipped && top !== undefined) return [];
  return [problem('sub-products have no product', { names: missing.map(({ name }) => name), topLevel: top?.description ?? null })];
}

function countProblems(facts: SyncFacts, choices: SyncChoices): Problem[] {
  const { count, period } = facts;
  const final = finalOn(facts);
  return [
    ...count.blocks.filter(({ code }) => code === 'no usage reported'),
    ...(count.how === 'late' && choices.lateReason.trim() === '' ? count.blocks.filter(({ code }) => code === 'count is late') : []),
    ...(final === null || choices.confirmedEarly ? [] : [problem('period is not final', { period, finalOn: final })]),
  ];
}

function agreementProblems(facts: SyncFacts, choices: SyncChoices, rules: PsaRules): readonly Problem[] {
  if (linkFor(facts, choices) === null)
    return [problem('company is not linked', { company: facts.company?.name ?? '', psa: facts.connection.name })];
  const agreement = agreementFor(facts, choices);
  if (agreement === null) return [problem('agreement is not chosen', {})];
  return judgeFor(facts, choices, rules, agreement).refusals;
}

function gridProblems(facts: SyncFacts, choices: SyncChoices, rules: PsaRules): readonly Problem[] {
  const grid = gridFor(facts, choices, rules);
  const blocks = [...blocksOf(grid, facts, choices), ...signProblems(grid, rules, choices)];
  if (blocks.length > 0) return blocks;
  if (!changesAnything(grid, facts, choices)) return [problem('nothing to sync', { site: facts.customer.site })];
  const plans = planSetFor(facts, choices, rules);
  return plans.ok ? [] : plans.error;
}

/** A recurring line never holds less than nothing, and a credit needs a PSA that takes negative prices. */
function signProblems(grid: Grid, { limits }: PsaRules, { option }: SyncChoices): Problem[] {
  return grid.lines.flatMap(({ name, syncedQuantity, price }) => [
    ...(isRecurring(option) && syncedQuantity !== null && isNegative(syncedQuantity)
      ? [problem('quantity is negative', { site: '', subProduct: name, quantity: syncedQuantity })]
      : []),
    ...(!limits.negativePrices && isNegative(price ?? ZERO)
      ? [problem('number is not accepted', { field: 'price', value: price ?? '' })]
      : []),
  ]);
}
