import { compare, decimalOf, isNegative, isZero, multiply, negate, subtract, ZERO, type Decimal } from './decimal';
import { problem, type Problem } from './problem';
import type { Standing } from './standing-row';

/**
 * Above which a change gets a second look: percent of the quantity that was synced, or of last month's where nothing was; or money a month.
 * Null is no limit.
 */
export interface Threshold {
  readonly percent: number | null;
  readonly amount: Decimal | null;
}

export const NO_THRESHOLD: Threshold = { percent: null, amount: null };

/** The first change of a customer that is above the threshold. A change whose money is unknown is above every amount. */
export function unusualIn({ movements, customer }: Standing, { percent, amount }: Threshold): Problem | null {
  for (const { reason, money, currency, synced, previous, current, name } of movements) {
    if (reason === null || current === null) continue;
    const before = synced ?? previous ?? ZERO;
    const change = subtract(current, before);
    const isUnknown = synced === null && previous === null && reason !== 'new';
    const said = { site: customer.site, subProduct: name, delta: change, before };
    if (percent !== null && (isUnknown || (!isZero(before) && isAbove(multiply(change, HUNDRED), multiply(before, decimalOf(percent))))))
      return problem('change is unusual', { ...said, limit: `${String(percent)} %` });
    if (amount !== null && (money === null || isAbove(money, amount)))
      return problem('change is unusual', { ...said, limit: currency === null ? amount : `${amount} ${currency}` });
  }
  return null;
}

const HUNDRED = decimalOf(100);

function isAbove(change: Decimal, limit: Decimal): boolean {
  return compare(isNegative(change) ? negate(change) : change, limit) > 0;
}
