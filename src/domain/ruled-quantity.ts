import { compare, isNegative, isZero, round, roundUp, subtract, ZERO, type Decimal } from './decimal';
import type { AppliedRule, RuleKind, RuleVersion } from './rule';
import type { SubProductCount } from './snapshot';

/** Finds the rule of a kind that holds for the count. */
export type RuleOf = <K extends RuleKind>(kind: K) => Extract<RuleVersion, { readonly kind: K }> | undefined;

/** The count with the quantity that bills, by the order that `billableCount` describes. One that no rule changes is answered as it came. */
export function ruledQuantity(count: SubProductCount, ruleOf: RuleOf): SubProductCount {
  const { quantity: counted } = count;
  if (counted === null || isNegative(counted)) return count;
  const applied: AppliedRule[] = [];
  const quantity = stepsOf(count, ruleOf).reduce((before, { rule, to }) => {
    const after = to(before);
    if (after !== before) applied.push({ rule, before, after });
    return after;
  }, counted);
  return applied.length === 0 ? count : { ...count, quantity, ruled: { counted, applied, priceVersion: null } };
}

interface Step {
  readonly rule: RuleVersion;
  readonly to: (quantity: Decimal) => Decimal;
}

function stepsOf(count: SubProductCount, ruleOf: RuleOf): Step[] {
  const exclusion = ruleOf('exclusion');
  if (exclusion !== undefined) return [{ rule: exclusion, to: () => ZERO }];
  const override = ruleOf('override');
  if (override !== undefined) return [{ rule: override, to: () => override.quantity }];
  const [included, free, minimum, whole] = [ruleOf('included'), ruleOf('free'), ruleOf('minimum'), ruleOf('whole units')];
  const steps: Step[] = [];
  if (included !== undefined) steps.push({ rule: included, to: (quantity) => without(quantity, included.quantity) });
  if (free !== undefined) steps.push({ rule: free, to: (quantity) => (free.quantity === null ? ZERO : without(quantity, free.quantity)) });
  const allFree = free !== undefined && free.quantity === null;
  if (minimum !== undefined && !allFree && lifts(minimum, count))
    steps.push({ rule: minimum, to: (quantity) => (compare(quantity, minimum.quantity) < 0 ? minimum.quantity : quantity) });
  if (whole !== undefined) steps.push({ rule: whole, to: (quantity) => (whole.how === 'up' ? roundUp(quantity, 0) : round(quantity, 0)) });
  return steps;
}

/** What is only tried is no commitment, unless the rule is this customer's and names it. */
function lifts({ site, subProduct }: RuleVersion, { quantity, trialQuantity }: SubProductCount): boolean {
  const isTrial = quantity === ZERO && !isZero(trialQuantity);
  return !isTrial || (site !== null && subProduct !== null);
}

function without(quantity: Decimal, units: Decimal): Decimal {
  return compare(quantity, units) <= 0 ? ZERO : subtract(quantity, units);
}
