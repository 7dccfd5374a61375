import { compare, decimalOf, isZero, multiply, subtract, ZERO, type Decimal } from './decimal';
import { problem, type Problem } from './problem';
import type { Standing } from './standing-row';

/** Above which a change gets a second look: percent of the quantity that was synced (else of last month's), or money a month. Null is no limit. */
export interface Threshold {
  readonly percent: number | null;
  readonly amount: Decimal | null;
}

export const NO_THRESHOLD: Threshold = { percent: null, amount: null };

/** The first change of a customer that is above the threshold. A change whose money is unknown is above every amount. */
export function unusualIn({ movements, customer }: Standing, { percent, amount }: Threshold): Problem | null {
  for (const { reason, delta, money, currency, synced, previous, name } of movements) {
    if (reason === null || delta === null) continue;
    const before = synced ?? previous ?? ZERO;
    const site = customer.site;
    if (
      percent !== null &&
      !isZero(before) &&
      compare(multiply(absolute(delta), HUNDRED), multiply(absolute(before), decimalOf(percent))) > 0
    )
      return problem('change is unusual', { site, subProduct: name, delta, before, limit: `${String(percent)} %` });
    if (amount !== null && (money === null || compare(absolute(money), amount) > 0))
      return problem('change is unusual', {
        site,
        subProduct: name,
        delta,
        before,
        limit: currency === null ? amount : `${amount} ${currency}`,
      });
  }
  return null;
}

const HUNDRED = decimalOf(100);

function absolute(value: Decimal): Decimal {
  return compare(value, ZERO) < 0 ? subtract(ZERO, value) : value;
}
