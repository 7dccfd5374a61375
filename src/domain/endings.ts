import { isOpen, type PsaLine } from './agreement';
import { type Change, isRecurring } from './change';
import { decimalOf, negate, ZERO } from './decimal';
import type { GridInput, GridLine } from './grid';
import { isMissed, isTrueZero, type Item } from './items';
import { beliefOfSynced, bindingFor, isMoved, keyFor } from './known-line';
import { problem } from './problem';
import type { SyncedLine } from './synced';

/** Lines of ours that no longer bill: a true zero, or a line that moved to another agreement, option or product. */
export function endings(input: GridInput, items: readonly Item[]): GridLine[] {
  if (input.count.how === 'unknown' || isMissed(input)) return [];
  const unproven = input.count.warnings.some(({ code }) => code === 'usage has no customer yet');
  const zero = (unproven ? [] : input.subProducts)
    .filter((subProduct) => !input.deselected.includes(subProduct.key))
    .filter((subProduct) => input.option === 'multi-product' && isTrueZero(items, subProduct.key))
    .map((subProduct) => endingOfZero(input, subProduct));
  const single =
    !unproven && input.option === 'single line' && items.every(({ count }) => isTrueZero(items, count.subProduct))
      ? [endingOfZero(input, { key: '*', name: input.productName })]
      : [];
  const moved = (input.synced?.lines ?? [])
    .filter((line) => line.endedOn === null && line.quantity !== ZERO && isRecurring(line.option))
    .filter((line) => !line.subProducts.every((key) => input.deselected.includes(key)))
    .filter((line) => line.agreementId !== input.agreement.id || line.option !== input.option || isMoved(line, bindingFor(input, line)))
    .map((line) => endingOf(input, `old:${line.lineKey}`, line.name, line.lineKey, line.subProducts, null, line));
  return [...zero, ...single, ...moved].filter((line) => line !== null);
}

function endingOfZero(input: GridInput, subProduct: { key: string; name: string }): GridLine | null {
  const lineKey = keyFor(input, subProduct.key, input.option, input.agreement.id);
  const memory = input.synced?.lines.find((line) => line.lineKey === lineKey && line.endedOn === null) ?? null;
  const open = (input.psaLines ?? []).filter((line) => line.kind === 'recurring' && isOpen(line, input.dates.lastDay));
  const line = open.find((candidate) => candidate.id === memory?.lineId) ?? open.find((candidate) => candidate.key === lineKey) ?? null;
  if (line === null && (memory === null || input.psaLines !== null)) return null;
  if ((line ?? memory)?.quantity === ZERO) return null;
  return endingOf(input, subProduct.key, subProduct.name, lineKey, memory?.subProducts ?? [subProduct.key], line, memory);
}

function endingOf(
  input: GridInput,
  slot: string,
  name: string,
  lineKey: string,
  subProducts: readonly string[],
  line: PsaLine | null,
  memory: SyncedLine | null,
): GridLine {
  const edit = input.edits[slot] ?? {};
  const how = slot.startsWith('old:') ? 'date' : (edit.ending ?? input.zero);
  const known = line ?? (memory === null ? null : beliefOfSynced(memory));
  const quantity = known?.quantity ?? null;
  const product = { id: known?.productId ?? null, identifier: line?.productIdentifier ?? '', use: null };
  const label = known?.description ?? name;
  const posted = line?.postedThrough ?? null;
  const change: Change = {
    kind: 'end',
    lineKey,
    agreementId: memory?.agreementId ?? input.agreement.id,
    name: label,
    subProducts,
    product,
    lineId: known?.id ?? null,
    how,
    on: input.dates.firstDay,
    before: { quantity, price: null, cost: null, name: null, productId: known?.productId ?? null, endDate: null },
    after: {
      quantity: how === 'zero' ? ZERO : null,
      price: null,
      cost: null,
      name: null,
      effectiveDate: null,
      endDate: how === 'date' ? input.dates.lastDay : null,
    },
  };
  return {
    slot,
    lineKey,
    status: 'Ending',
    subProducts,
    product,
    name: label,
    usageDate: input.today,
    effectiveDate: known?.effectiveDate ?? null,
    sentDate: how === 'date' ? input.dates.lastDay : null,
    syncedQuantity: decimalOf(0),
    quantity: slot.startsWith('old:') ? null : ZERO,
    reason: edit.reason ?? null,
    cost: known?.cost ?? null,
    price: known?.price ?? null,
    total: ZERO,
    margin: ZERO,
    currency: null,
    marketplacePrice: null,
    marketplaceCost: null,
    inPsa: line?.quantity ?? null,
    delta: quantity === null ? null : negate(quantity),
    candidates: [],
    blocks:
      posted !== null && posted >= input.dates.firstDay ? [problem('period was posted already', { line: label, through: posted })] : [],
    warnings: [],
    settled: memory?.settled ?? 0,
    changes: posted !== null && posted >= input.dates.firstDay ? [] : [change],
  };
}
