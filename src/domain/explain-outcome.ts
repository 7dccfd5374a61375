import { equals, lineTotal, multiply, type Decimal } from './decimal';
import { step, followedBy, type Figure, type Step, type Trail } from './derivation';
import type { Basis, ExplainedLine } from './explain-items';
import { inDigits } from './rounding';

type Settled = Exclude<Figure, 'total'>;

/** What a confirmed plan says is what was billed, whatever today's books give. */
export function frozen(trail: Trail, figure: Settled, { edit }: ExplainedLine, said: Decimal | null): Trail {
  return edit !== null || equals(trail.value, said) ? trail : followedBy(trail, step('frozen', said, { figure, derived: trail.value }));
}

/** From what was derived to what the line holds: what the partner wrote, the digits that the PSA has, and the price that its line keeps. */
export function settled(trail: Trail, figure: Settled, { line, limits }: Pick<Basis, 'line' | 'limits'>): Trail {
  const held = figure === 'quantity' ? line.syncedQuantity : line[figure];
  const digits = figure === 'quantity' ? limits.quantityDecimals : limits.priceDecimals;
  const keeps = figure !== 'quantity' && line.keepsPrice;
  const written = line.edit === null ? concluded(trail.value, held, { digits, keeps }) : writtenIn(line, figure, trail.value);
  const edited = equals(written, trail.value)
    ? trail
    : followedBy(trail, step('edited', written, { figure, before: trail.value, reason: line.reason }));
  const round = inDigits(written, digits);
  const rounded =
    equals(round, written) || written === null
      ? edited
      : followedBy(edited, step('rounded', round, { figure, before: written, digits: digits ?? 0 }));
  if (equals(held, rounded.value) || held === null || !keeps) return rounded;
  return followedBy(rounded, step('held by the PSA', held, { figure, ours: rounded.value }));
}

function writtenIn({ edit }: ExplainedLine, figure: Settled, derived: Decimal | null): Decimal | null {
  return edit?.[figure === 'quantity' ? 'syncedQuantity' : figure] ?? derived;
}

/** A plan keeps no edits: what neither rounding nor the PSA's own line explains was written by the partner. */
function concluded(
  derived: Decimal | null,
  held: Decimal | null,
  { digits, keeps }: { digits: number | null; keeps: boolean },
): Decimal | null {
  return keeps || equals(inDigits(derived, digits), held) ? derived : held;
}

/** Quantity x price, rounded to the currency's minor unit. */
export function multiplied({ syncedQuantity: quantity, price, currency, total }: ExplainedLine): Step {
  if (quantity === null) return step('not multiplied', total, { missing: 'quantity' });
  if (price === null) return step('not multiplied', total, { missing: 'price' });
  if (currency === null) return step('not multiplied', total, { missing: 'currency' });
  return step('multiplied', lineTotal(quantity, price, currency), { quantity, price, currency, exact: multiply(quantity, price) });
}
