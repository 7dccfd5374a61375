import { compare, type Decimal, isNegative, isZero, lineTotal, negate, round, scaleOf, subtract } from './decimal';
import type { GridInput } from './grid';
import { problem, type Problem } from './problem';

/** What a line is to hold, before a PSA is asked what it can hold. */
interface Amounts {
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
}

export interface Rounded extends Amounts {
  readonly warnings: readonly Problem[];
  readonly blocks: readonly Problem[];
}

/**
 * Quantity, price and cost in the digits that the PSA has for them, half away from zero. What rounding does to the line's total is said in
 * money, and so is what it does to its cost; a price that would move the total by more than the limit is refused.
 */
export function roundedFor(
  limits: Pick<GridInput['limits'], 'quantityDecimals' | 'priceDecimals' | 'mostRounding'>,
  line: string,
  amounts: Amounts,
  currency: string | null,
): Rounded {
  const quantity = inDigits(amounts.quantity, limits.quantityDecimals);
  const price = inDigits(amounts.price, limits.priceDecimals);
  const cost = inDigits(amounts.cost, limits.priceDecimals);
  const warnings: Problem[] = [];
  const blocks: Problem[] = [];
  if (amounts.quantity !== null && quantity !== null && quantity !== amounts.quantity) {
    const money = moved(currency, [amounts.quantity, amounts.price], [quantity, amounts.price]);
    warnings.push(problem('quantity was rounded', { line, from: amounts.quantity, to: quantity, money, currency }));
  }
  if (amounts.price !== null && price !== null && price !== amounts.price) {
    const data = { line, from: amounts.price, to: price };
    const money = moved(currency, [quantity, amounts.price], [quantity, price]);
    if (money !== null && currency !== null && compare(size(money), limits.mostRounding) > 0)
      blocks.push(problem('rounding is too much', { ...data, money, limit: limits.mostRounding, currency }));
    else warnings.push(problem('price was rounded', { ...data, money, currency }));
  }
  if (amounts.cost !== null && cost !== null && cost !== amounts.cost) {
    const money = moved(currency, [quantity, amounts.cost], [quantity, cost]);
    if (money === null || !isZero(money))
      warnings.push(problem('cost was rounded', { line, from: amounts.cost, to: cost, money, currency }));
  }
  return { quantity, price, cost, warnings, blocks };
}

type Pair = readonly [quantity: Decimal | null, price: Decimal | null];

function moved(currency: string | null, before: Pair, after: Pair): Decimal | null {
  const total = ([quantity, price]: Pair) =>
    quantity === null || price === null || currency === null ? null : lineTotal(quantity, price, currency);
  const [from, to] = [total(before), total(after)];
  return from === null || to === null ? null : subtract(to, from);
}

/** Half away from zero to so many digits behind the point; null is any. */
export function inDigits(value: Decimal | null, digits: number | null): Decimal | null {
  return value === null || digits === null || scaleOf(value) <= digits ? value : round(value, digits);
}

function size(value: Decimal): Decimal {
  return isNegative(value) ? negate(value) : value;
}
