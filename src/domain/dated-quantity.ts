import type { DatedQuantity, PsaLine } from './agreement';
import type { Day } from './calendar';
import type { Decimal } from './decimal';

/** The last day of what has no end. */
export const NO_END: Day = '9999-12-31';

/** The lines as they stand on a day: one that starts later as it starts, one without a quantity for that day with null. */
export function standingOn(lines: readonly PsaLine[], day: Day): readonly PsaLine[] {
  return lines.map((line) => {
    const { quantities = [] } = line;
    const held = quantities.findLast(({ from }) => from <= day) ?? quantities[0];
    if (held === undefined) return line;
    const over = held.from <= day && held.until !== null && held.until < day;
    return { ...line, quantity: over ? null : held.quantity };
  });
}

/** The first change after a day that makes the quantity another one than `quantity`. */
export function laterThan({ quantities = [] }: PsaLine, day: Day, quantity: Decimal | null): DatedQuantity | null {
  const start = quantities[0]?.from ?? day;
  return quantities.find(({ from, quantity: later }) => from > day && from > start && later !== quantity) ?? null;
}
