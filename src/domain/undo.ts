import type { Change } from './change';
import { add, lineTotal, ZERO, type Decimal } from './decimal';
import { codeOfLeft, inverseOf, type Delivered, type NotInverted } from './inverse';
import { isSplitOff } from './line-key';
import type { Plan, PlanDraft, PlanLine } from './plan';
import { opensSplit } from './split-plan';

/** What takes a delivered plan back, as a plan of its own, and what of it no request takes back. */
export interface UndoDraft {
  readonly draft: PlanDraft;
  readonly left: readonly NotInverted[];
}

/**
 * The draft that undoes a plan: of its requests only those at `sent` (by their number) have anything to take back. `settledOf` counts the
 * settled requests of a line: the same change of it has another key each time.
 */
export function undoDraftOf(
  plan: Plan,
  sent: ReadonlySet<number>,
  delivered: Delivered,
  settledOf: (lineKey: string) => number,
): UndoDraft {
  const done: Plan = { ...plan, requests: plan.requests.filter((_, n) => sent.has(n)) };
  const inverse = inverseOf(done, delivered);
  const { changes } = inverse;
  const left = [...inverse.left, ...neverMade(plan, done)];
  const { format: _format, id: _id, hash: _hash, requests: _requests, ...frame } = plan;
  const lines = changes.map((change) => lineOf(plan, change));
  const before = lines.map(({ before: quantity, price }) => totalOf(quantity, price, plan.currency));
  return {
    draft: {
      ...frame,
      lines,
      left: left.map(({ name, why }) => ({ name, code: codeOfLeft(why), money: null })),
      totals: {
        price: add(...lines.map(({ total }) => (total ?? ZERO) as Decimal)),
        ...{ cost: null, margin: null, before: before.every((total) => total !== null) ? add(...before) : null },
      },
      changes: changes.map((change) => ({ change, settled: settledOf(change.lineKey) })),
    },
    left,
  };
}

/** The rest of a split of which only our line was taken to what was counted. */
function neverMade(plan: Plan, { requests }: Plan): NotInverted[] {
  if (!requests.some((request) => opensSplit(plan, request))) return [];
  const isMade = (key: string) => requests.some(({ line }) => line.lineKey === key);
  const rests = plan.requests.filter(({ line }) => isSplitOff(line.lineKey) && !isMade(line.lineKey));
  return [...new Map(rests.map(({ line: { lineKey, name } }) => [lineKey, { lineKey, name, why: 'never made' as const }])).values()];
}

/** The line of a plan that a change takes back. Where one moved, its key is that of the line that ended and, after it, of the one that was made. */
export function shownOf({ lines }: Plan, key: string, takenBackBy: Change['kind']): PlanLine | undefined {
  return lines.find(({ lineKey, status }) => lineKey === key && !(takenBackBy === 'end' && status === 'Ending'));
}

function lineOf(plan: Plan, change: Change): PlanLine {
  const shown = shownOf(plan, change.lineKey, change.kind);
  const after = change.kind === 'export' ? null : change.after;
  const held = change.kind === 'update' || change.kind === 'end' ? change.before.quantity : null;
  const quantity = change.kind === 'end' ? ZERO : (after?.quantity ?? null);
  const price = after?.price ?? shown?.price ?? null;
  return {
    lineKey: change.lineKey,
    status: change.kind === 'end' ? 'Ending' : change.kind === 'create' ? 'Creating' : 'Updating',
    name: change.kind === 'export' ? change.product.name : change.name,
    subProducts: change.kind === 'export' ? [] : [...change.subProducts],
    effectiveDate: after?.effectiveDate ?? shown?.effectiveDate ?? null,
    sentDate: after?.endDate ?? null,
    quantity: null,
    syncedQuantity: quantity,
    reason: `Undo of plan ${plan.id.slice(0, 8)}`,
    before: held,
    cost: after?.cost ?? shown?.cost ?? null,
    price,
    total: totalOf(quantity, price, plan.currency),
  };
}

/** What a line of a plan bills, whose texts are decimals; null where a part of it is unknown. */
export function totalOf(quantity: string | null, price: string | null, currency: string | null): Decimal | null {
  return quantity === null || price === null || currency === null ? null : lineTotal(quantity as Decimal, price as Decimal, currency);
}
