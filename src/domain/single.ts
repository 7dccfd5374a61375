import type { SyncOption } from './change';
import { add, divide, equals, lineTotal, minorDigits, multiply, ONE, ZERO, type Decimal } from './decimal';

/**
 * Several counts as one line: the sum at the weighted price, or quantity 1 at the total where that price (in the currency's minor
 * unit) times the sum is not the exact total (`exact` false). One-time single is always quantity 1. Null where a price is missing.
 */
export function singleOf(
  counts: readonly {
    readonly quantity: Decimal | null;
    readonly price: Decimal | null;
    readonly cost: Decimal | null;
    readonly currency: string | null;
  }[],
  option: SyncOption,
): { readonly exact: boolean; readonly quantity: Decimal; readonly price: Decimal | null; readonly cost: Decimal | null } {
  const currency = counts[0]?.currency ?? null;
  const quantity = add(...counts.map((count) => count.quantity ?? ZERO));
  const totals = counts.map((count) =>
    count.quantity === null || count.price === null || currency === null ? null : lineTotal(count.quantity, count.price, currency),
  );
  const costs = counts.map((count) => (count.quantity === null || count.cost === null ? null : multiply(count.quantity, count.cost)));
  const total = totals.every((value) => value !== null) ? add(...totals) : null;
  const cost = costs.every((value) => value !== null) ? add(...costs) : null;
  const weighted = total === null || currency === null ? null : divide(total, quantity, minorDigits(currency));
  const exact = option === 'single line' && weighted !== null && total !== null && equals(multiply(weighted, quantity), total);
  if (!exact) return { exact, quantity: ONE, price: total, cost };
  return { exact, quantity, price: weighted, cost: cost === null ? null : divide(cost, quantity, 6) };
}
