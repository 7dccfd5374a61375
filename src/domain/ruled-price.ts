import type { Period } from './calendar';
import { add, compare, decimalOf, minorDigits, multiply, ONE, round, roundUp, type Decimal } from './decimal';
import { isAgreed, priceOf, type Priced, type PriceVersion } from './price';
import { problem, type Problem } from './problem';
import type { AppliedRule, RuleVersion } from './rule';
import type { RuleOf } from './ruled-quantity';
import type { SubProductCount } from './snapshot';

interface Around {
  readonly company: string | null;
  readonly prices: readonly PriceVersion[];
  readonly period: Period;
}
type Markup = Extract<RuleVersion, { readonly kind: 'markup' }>;

/**
 * The count with the price that rules give it, by the order that `billableCount` describes, and why a rule that holds was not applied. A
 * count whose price no rule changes is answered as it came.
 */
export function ruledPrice(
  count: SubProductCount,
  ruleOf: RuleOf,
  { company, prices, period }: Around,
): { readonly count: SubProductCount; readonly problems: readonly Problem[] } {
  const [markup, rounding] = [ruleOf('markup'), ruleOf('price rounding')];
  if ((markup === undefined && rounding === undefined) || count.quantity === null) return { count, problems: [] };
  const base = priceOf(count, company, prices, period);
  const problems: Problem[] = [];
  const applied: AppliedRule[] = [];
  let price = base.price;
  const step = (rule: RuleVersion, after: Decimal) => {
    if (after !== price) applied.push({ rule, before: price, after });
    price = after;
  };
  let floor: Decimal | null = null;
  if (markup !== undefined && !isAgreed(count, company, prices, period)) {
    const why = inTheWay(markup, base, count.name);
    if (why !== null) problems.push(why);
    else if (base.cost !== null) {
      floor = floorOf(markup, base.cost);
      step(markup, highest(multiply(base.cost, add(ONE, multiply(markup.percent, PERCENT))), floor));
    }
  }
  if (rounding !== undefined && price !== null) {
    const places = rounding.places ?? (base.currency === null ? null : minorDigits(base.currency));
    const foreign = inOtherCurrency(rounding, base, count.name);
    if (foreign !== null) problems.push(foreign);
    else if (places !== null) {
      const near = round(price, places);
      step(rounding, floor !== null && compare(near, floor) < 0 ? roundUp(price, places) : near);
    }
  }
  if (applied.length === 0 || price === null) return { count, problems };
  const { counted, applied: before } = count.ruled ?? { counted: count.quantity, applied: [] };
  return { count: { ...count, price, ruled: { counted, applied: [...before, ...applied], priceVersion: base.version } }, problems };
}

const PERCENT = decimalOf('0.01');

/** The least that the price may be: the cost plus an amount, or an amount; null where there is none. */
function floorOf({ overCost, least }: Markup, cost: Decimal): Decimal | null {
  const over = overCost === null ? null : add(cost, overCost);
  return over === null ? least : highest(over, least);
}

function highest(value: Decimal, floor: Decimal | null): Decimal {
  return floor !== null && compare(value, floor) < 0 ? floor : value;
}

function inTheWay(markup: Markup, base: Priced, subProduct: string): Problem | null {
  if (base.cost === null) return problem('rule needs a cost', { subProduct });
  return inOtherCurrency(markup, base, subProduct);
}

function inOtherCurrency(
  { kind, currency }: Pick<Markup, 'currency'> & { readonly kind: 'markup' | 'price rounding' },
  base: Priced,
  subProduct: string,
): Problem | null {
  if (currency === null || currency === base.currency) return null;
  return problem('rule is in another currency', { subProduct, kind, expected: currency, found: base.currency });
}
