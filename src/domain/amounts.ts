import { add, isZero, ZERO, type Decimal } from './decimal';

/** Money by currency, which is never added to another's, and of how many things it is not known. */
export interface Amounts {
  readonly money: readonly { readonly currency: string; readonly amount: Decimal }[];
  readonly unknown: number;
}

export const NOTHING: Amounts = { money: [], unknown: 0 };

/** The sum of several amounts; one without a value or a currency is unknown, never 0. */
export function amountsOf(parts: Iterable<{ readonly amount: Decimal | null; readonly currency: string | null }>): Amounts {
  const sums = new Map<string, Decimal>();
  let unknown = 0;
  for (const { amount, currency } of parts) {
    if (amount === null || currency === null) unknown += 1;
    else sums.set(currency, add(sums.get(currency) ?? ZERO, amount));
  }
  return { money: sorted(sums), unknown };
}

/** The sum of sums. */
export function together(parts: Iterable<Amounts>): Amounts {
  const all = [...parts];
  const sum = amountsOf(all.flatMap(({ money }) => money));
  return { money: sum.money, unknown: all.reduce((count, { unknown }) => count + unknown, 0) };
}

function sorted(sums: ReadonlyMap<string, Decimal>): Amounts['money'] {
  return [...sums]
    .map(([currency, amount]) => ({ currency, amount }))
    .filter(({ amount }) => !isZero(amount))
    .sort((left, right) => (left.currency < right.currency ? -1 : 1));
}
