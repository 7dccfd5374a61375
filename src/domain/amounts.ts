import { isZero, total, type Decimal } from './decimal';

/** Money by currency, which is never added to another's, and of how many things it is not known. */
export interface Amounts {
  readonly money: readonly { readonly currency: string; readonly amount: Decimal }[];
  readonly unknown: number;
}

/** The sum of several amounts; one without a value or a currency is unknown, never 0. */
export function amountsOf(parts: Iterable<{ readonly amount: Decimal | null; readonly currency: string | null }>): Amounts {
  const known = new Map<string, Decimal[]>();
  let unknown = 0;
  for (const { amount, currency } of parts) {
    if (amount === null || currency === null) unknown += 1;
    else if (!known.get(currency)?.push(amount)) known.set(currency, [amount]);
  }
  return { money: sorted(known), unknown };
}

function sorted(known: ReadonlyMap<string, readonly Decimal[]>): Amounts['money'] {
  return [...known]
    .map(([currency, amounts]) => ({ currency, amount: total(amounts) }))
    .filter(({ amount }) => !isZero(amount))
    .sort((left, right) => (left.currency < right.currency ? -1 : 1));
}
