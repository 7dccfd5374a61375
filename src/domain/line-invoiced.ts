import type { Day } from './calendar';
import { isRecurring } from './change';
import { equals } from './decimal';
import type { GridInput, LineEdit } from './grid';
import { chargedAlready, isShown, type Wanted } from './known-line';
import type { Compared } from './line-compared';
import { problem, type Problem } from './problem';

/** What of a line was invoiced or posted already, so that it cannot be written; and whether the partner can have a charge made `again`. */
export function invoicedOf(
  input: GridInput,
  wanted: Wanted,
  edit: LineEdit,
  { lineKey, named, found, known, marketplace, differs }: Compared,
  startsOn: Day | null,
): { readonly blocks: readonly Problem[]; readonly warnings: readonly Problem[]; readonly again: boolean } {
  const line = named.name;
  const once = !isRecurring(input.option);
  const blocks: Problem[] = [];
  const charged = known === null ? chargedAlready(input, lineKey, wanted) : [];
  const shown = charged.some((charge) => isShown(input, charge));
  if (shown || (charged.length > 0 && edit.again !== true)) blocks.push(problem('line was invoiced already', { line }));
  const otherTotal = known !== null && wanted.alwaysPrice && !equals(known.price, marketplace.price);
  if (once && (differs || otherTotal)) blocks.push(problem('line was invoiced already', { line }));
  const isNew = known === null && !once;
  const posted = isNew ? postedOn(input) : (found.line?.postedThrough ?? null);
  const from = (isNew ? startsOn : null) ?? input.dates.firstDay;
  if ((isNew || differs) && posted !== null && posted >= from) blocks.push(problem('period was posted already', { line, through: posted }));
  return {
    blocks,
    warnings: once && found.gone && known !== null ? [problem('charge is not there', { line })] : [],
    again: (once && found.gone) || (charged.length > 0 && !shown),
  };
}

/** What of the agreement was posted, as far as its lines tell: a new line would come too late for that time. */
function postedOn({ psaLines }: GridInput): Day | null {
  const posted = (psaLines ?? []).flatMap(({ postedThrough }) => postedThrough ?? []);
  return posted.sort().at(-1) ?? null;
}
