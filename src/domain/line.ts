import type { Day } from './calendar';
import { equals, lineTotal, subtract, ZERO } from './decimal';
import type { GridInput, GridLine, LineEdit, LineStatus } from './grid';
import type { Wanted } from './known-line';
import { changesOf, referenceOf } from './line-changes';
import { comparedOf } from './line-compared';
import { invoicedOf } from './line-invoiced';
import { laterOf } from './line-later';
import { lineProblems } from './line-problems';

/** One row of the grid: what is wanted, beside what the PSA holds, and what is sent for it unless something blocks it. */
export function lineOf(input: GridInput, wanted: Wanted): GridLine {
  const edit = input.edits[wanted.slot] ?? {};
  const compared = comparedOf(input, wanted, edit);
  const { lineKey, named, currency, found, known, marketplace, syncedQuantity, price, cost, pushPrice, rename, differs } = compared;
  const exists = known !== null;
  const status: LineStatus = exists ? (differs ? 'Updating' : 'Unchanged') : 'Creating';
  const own = lineProblems(input, wanted, edit, compared);
  const dates = datesOf(input, edit);
  const invoiced = invoicedOf(input, wanted, edit, compared, dates.sent);
  const later = laterOf(input, found.line, named.name, syncedQuantity);
  const blocks = [...own.blocks, ...invoiced.blocks, ...later.blocks];
  const warnings = [...own.warnings, ...invoiced.warnings, ...later.warnings];
  const total = syncedQuantity === null || price === null || currency === null ? null : lineTotal(syncedQuantity, price, currency);
  const costTotal = syncedQuantity === null || cost === null || currency === null ? null : lineTotal(syncedQuantity, cost, currency);
  const line = {
    slot: wanted.slot,
    lineKey,
    status,
    subProducts: wanted.subProducts,
    product: referenceOf(wanted.binding),
    name: exists && !rename && known.description !== '' ? known.description : named.name,
    usageDate: input.today,
    effectiveDate: exists ? (known.effectiveDate ?? dates.shown) : dates.shown,
    sentDate: status === 'Creating' ? dates.sent : status === 'Updating' && input.limits.datesChanges ? input.dates.firstDay : null,
    syncedQuantity,
    quantity: wanted.counted,
    rules: wanted.rules,
    reason: edit.reason ?? null,
    cost,
    price,
    total,
    margin: total === null || costTotal === null ? null : subtract(total, costTotal),
    currency,
    marketplacePrice: exists && !equals(known.price, marketplace.price) ? marketplace.price : null,
    marketplaceCost: exists && input.limits.keepsCost !== false && !equals(known.cost, marketplace.cost) ? marketplace.cost : null,
    inPsa: found.line?.quantity ?? null,
    delta: syncedQuantity === null ? null : subtract(syncedQuantity, known?.quantity ?? ZERO),
    candidates: found.candidates,
    blocks,
    warnings,
    again: invoiced.again,
    settled: found.synced?.settled ?? 0,
  } as const;
  return {
    ...line,
    changes: blocks.length > 0 || status === 'Unchanged' ? [] : changesOf(input, line, found, known, { pushPrice, rename }),
  };
}

function datesOf(input: GridInput, edit: LineEdit): { shown: Day | null; sent: Day | null } {
  const { agreement, dates, subscriptionStart } = input;
  const start =
    [subscriptionStart, agreement.startDate]
      .filter((day) => day !== null)
      .sort()
      .at(-1) ?? dates.firstDay;
  const shown = edit.effectiveDate ?? start;
  if (agreement.prorates !== true && !input.limits.datesChanges) return { shown, sent: shown };
  return { shown, sent: shown > dates.firstDay ? shown : dates.firstDay };
}
