import { isOpen, type Binding, type PsaLine } from './agreement';
import { type Change, isRecurring, type SyncOption } from './change';
import { decimalOf, isZero, negate, ZERO } from './decimal';
import type { GridInput, GridLine } from './grid';
import { isRuledOut } from './billable';
import { bindingOfAll } from './item-lines';
import { isMissed, isTrueZero, type Item, notBilled } from './items';
import { beliefOfSynced, bindingFor, isMoved, keyFor } from './known-line';
import { laterOf } from './line-later';
import { problem } from './problem';
import { bills } from './snapshot';
import { rememberedLine, type SyncedLine } from './synced';

/** Lines of ours that no longer bill: a true zero, or a line that moved to another agreement, option or product. */
export function endings(input: GridInput, items: readonly Item[]): GridLine[] {
  if (input.count.how === 'unknown' || isMissed(input)) return [];
  const moved = [...movedLines(input, items), ...forgottenLines(input)];
  const leaving = new Set(moved.map(({ lineKey }) => lineKey));
  const unproven = input.count.warnings.some(({ code }) => code === 'usage has no customer yet');
  const proven = zerosOf(input, items).filter(
    ({ key }) => !unproven || items.some(({ count }) => count.subProduct === key && isRuledOut(count)),
  );
  const zeros = proven.map((slot) => endingOfZero(input, slot, items));
  return [...zeros.filter((line) => line !== null).filter(({ lineKey }) => !leaving.has(lineKey)), ...moved];
}

interface Slot {
  readonly key: string;
  readonly name: string;
}

/** What has no paid count any more. */
function zerosOf({ option, subProducts, deselected, productName }: GridInput, items: readonly Item[]): Slot[] {
  if (option === 'single line')
    return items.every(({ count }) => isTrueZero(items, count.subProduct)) ? [{ key: '*', name: productName }] : [];
  if (option !== 'multi-product') return [];
  return subProducts.filter(({ key }) => !deselected.includes(key) && isTrueZero(items, key));
}

function movedLines(input: GridInput, items: readonly Item[]): GridLine[] {
  return (input.synced?.lines ?? [])
    .filter((line) => line.endedOn === null && line.quantity !== ZERO && isRecurring(line.option))
    .filter((line) => !line.subProducts.every((key) => input.deselected.includes(key)))
    .filter(
      (line) => line.agreementId !== input.agreement.id || line.option !== input.option || isMoved(line, wantedFor(input, items, line)),
    )
    .map((line) =>
      endingOf(input, { slot: `old:${line.lineKey}`, name: line.name, lineKey: line.lineKey, subProducts: line.subProducts }, null, line),
    );
}

/** What a sync of today binds the line to: one for all bills other sub-products each month. */
function wantedFor(input: GridInput, items: readonly Item[], line: SyncedLine): Binding | null {
  const billing = items.filter(({ count }) => bills(count) && !input.deselected.includes(count.subProduct));
  return line.option === 'single line' && billing.length > 0 ? bindingOfAll(input, billing) : bindingFor(input, line);
}

/** Open lines of ours under a recurring option that is not chosen, which nobody here remembers, as after a restored backup. */
function forgottenLines(input: GridInput): GridLine[] {
  const { deselected, subProducts } = input;
  const slots: readonly (Slot & { readonly option: SyncOption; readonly covers: readonly string[] })[] = [
    ...subProducts.map(({ key, name }) => ({ key, name, option: 'multi-product' as const, covers: [key] })),
    { key: '*', name: input.productName, option: 'single line', covers: subProducts.map(({ key }) => key) },
  ];
  const remembered = new Set<string | null>([null, ...(input.synced?.lines ?? []).map(({ lineKey }) => lineKey)]);
  const unknown = openLines(input).filter(({ key, quantity }) => !remembered.has(key) && quantity !== ZERO);
  if (unknown.length === 0) return [];
  return slots
    .filter(({ option, covers }) => option !== input.option && !covers.every((key) => deselected.includes(key)))
    .flatMap(({ key, name, option, covers }) => {
      const lineKey = keyFor(input, key, option, input.agreement.id);
      const line = unknown.find((candidate) => candidate.key === lineKey);
      if (line === undefined) return [];
      return [endingOf(input, { slot: `old:${lineKey}`, name, lineKey, subProducts: covers }, line, null)];
    });
}

/** What the end of one line is a function of. */
export type EndingInput = Pick<
  GridInput,
  'edits' | 'zero' | 'agreement' | 'dates' | 'datesOfOthers' | 'limits' | 'psaLines' | 'linesByAgreement' | 'today'
>;

function openLines(input: Pick<EndingInput, 'psaLines' | 'dates'>): PsaLine[] {
  return (input.psaLines ?? []).filter((line) => line.kind === 'recurring' && isOpen(line, input.dates.lastDay));
}

function endingOfZero(input: GridInput, { key, name }: Slot, items: readonly Item[]): GridLine | null {
  const lineKey = keyFor(input, key, input.option, input.agreement.id);
  const remembered = rememberedLine(input.synced, lineKey);
  const memory = remembered?.endedOn === null ? remembered : null;
  const outweighed = input.olderKinds.includes('recurring') && remembered !== null;
  const open = outweighed ? [] : openLines(input);
  const line = open.find(({ id }) => id === memory?.lineId) ?? open.find((candidate) => candidate.key === lineKey) ?? null;
  if ((line === null && memory === null) || (line ?? memory)?.quantity === ZERO) return null;
  const ending = endingOf(input, { slot: key, name, lineKey, subProducts: memory?.subProducts ?? [key] }, line, memory);
  const own = items.filter(({ count }) => key === '*' || count.subProduct === key);
  const ruledOut = own.filter(({ count }) => isRuledOut(count)).map(({ count }) => notBilled(count));
  const trials = own
    .filter(({ count }) => !isZero(count.trialQuantity))
    .map(({ count }) =>
      problem('trial usage is not billed', { site: input.count.site, subProduct: count.name, quantity: count.trialQuantity }),
    );
  const withReason = {
    ...ending,
    quantity: own.length === 1 ? (own[0]?.count.ruled?.counted ?? ending.quantity) : ending.quantity,
    rules: own.flatMap(({ count }) => count.ruled?.applied ?? []),
    warnings: [...ending.warnings, ...ruledOut, ...trials],
  };
  const unsure = memory?.lineId === null && open.some((candidate) => candidate.key === null && candidate.productId === memory.productId);
  return line === null && input.psaLines !== null && !outweighed && !unsure
    ? alreadyEnded(input, withReason, memory?.lineId ?? null)
    : withReason;
}

/** The PSA holds it no longer, or has ended it: there is nothing to send, and its end is remembered. */
export function alreadyEnded(input: GridInput, ending: GridLine, lineId: string | null): GridLine {
  const { name, lineKey, warnings } = ending;
  const on = input.psaLines?.find(({ id, key }) => id === lineId || key === lineKey)?.endDate ?? null;
  const said = problem('line has ended already', { line: name, on });
  return { ...ending, sentDate: on ?? input.dates.lastDay, changes: [], warnings: [...warnings, said] };
}

/** A line ends on the last day before the cycle that bills nothing for it; one that starts later stays, with quantity 0. */
export function endingOf(
  input: EndingInput,
  place: { readonly slot: string; readonly name: string; readonly lineKey: string; readonly subProducts: readonly string[] },
  line: PsaLine | null,
  memory: SyncedLine | null,
): GridLine {
  const { slot, name, lineKey, subProducts } = place;
  const edit = input.edits[slot] ?? {};
  const known = line ?? (memory === null ? null : beliefOfSynced(memory));
  const quantity = known?.quantity ?? null;
  const product = { id: known?.productId ?? null, identifier: line?.productIdentifier ?? '', use: null };
  const label = known?.description ?? name;
  const agreementId = memory?.agreementId ?? input.agreement.id;
  const { firstDay, lastDay } = input.datesOfOthers[agreementId] ?? input.dates;
  const wanted = slot.startsWith('old:') ? 'date' : (edit.ending ?? input.zero);
  const start = known?.effectiveDate ?? null;
  const early =
    wanted === 'date' && start !== null && start > lastDay ? [problem('line cannot end before it starts', { line: label, start })] : [];
  const how = early.length > 0 ? 'zero' : wanted;
  const posted = line?.postedThrough ?? null;
  const gone = posted !== null && posted >= firstDay ? [problem('period was posted already', { line: label, through: posted })] : [];
  const staying = how === 'zero' || input.limits.movesLater === true ? line : null;
  const later = laterOf({ limits: input.limits, dates: { firstDay, lastDay } }, staying, label, ZERO);
  const counted = isCounted(input, agreementId, known?.id ?? null) ? [problem('line is counted by the PSA', { line: label })] : [];
  const blocks = [...gone, ...later.blocks, ...(input.limits.writesCounted ? [] : counted)];
  const warnings = [...early, ...later.warnings, ...(input.limits.writesCounted && how === 'zero' ? counted : [])];
  const change: Change = {
    kind: 'end',
    lineKey,
    agreementId,
    name: label,
    subProducts,
    product,
    lineId: known?.id ?? null,
    how,
    on: firstDay,
    before: { quantity, price: null, cost: null, name: null, productId: known?.productId ?? null, endDate: null },
    after: {
      quantity: how === 'zero' ? ZERO : null,
      price: null,
      cost: null,
      name: null,
      effectiveDate: null,
      endDate: how === 'date' ? lastDay : null,
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
    sentDate: how === 'date' ? lastDay : input.limits.datesChanges ? firstDay : null,
    syncedQuantity: decimalOf(0),
    quantity: slot.startsWith('old:') ? null : ZERO,
    rules: [],
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
    blocks,
    warnings,
    again: false,
    settled: memory?.settled ?? 0,
    changes: blocks.length > 0 ? [] : [change],
  };
}

/** Whether the PSA counts the line itself: by what was read of its agreement, also where the line is known from memory alone. */
function isCounted(input: EndingInput, agreementId: string, lineId: string | null): boolean {
  const lines = agreementId === input.agreement.id ? openLines(input) : (input.linesByAgreement.get(agreementId) ?? []);
  return lines.some(({ id, kind, counted }) => id === lineId && kind === 'recurring' && counted === true);
}
