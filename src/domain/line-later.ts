import type { PsaLine } from './agreement';
import { laterThan } from './dated-quantity';
import { equals, type Decimal } from './decimal';
import type { GridInput } from './grid';
import { problem, type Problem } from './problem';

/** A change of the quantity that somebody planned for a later day: it is told, and never moved along with what is written for an earlier one. */
export function laterOf(
  { limits, dates: { firstDay } }: Pick<GridInput, 'limits' | 'dates'>,
  line: PsaLine | null,
  name: string,
  wanted: Decimal | null,
): { readonly blocks: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const moves = limits.movesLater === true && !equals(line?.quantity ?? null, wanted);
  const later = line === null ? null : laterThan(line, firstDay, moves ? line.quantity : wanted);
  if (later === null) return { blocks: [], warnings: [] };
  const { quantity, from } = later;
  if (moves) return { blocks: [problem('later quantity would move', { line: name, quantity, from })], warnings: [] };
  return { blocks: [], warnings: [problem('quantity changes later', { line: name, quantity, from })] };
}
