import type { PsaLine } from './agreement';
import type { CreateChange, UpdateChange } from './change';
import { add, equals, isNegative, isZero, lineTotal, subtract, ZERO, type Decimal } from './decimal';
import { draftOf, type PlanContext } from './draft';
import type { Grid, GridInput, GridLine } from './grid';
import { splitMarkOf } from './line-key';
import type { PlanDraft, PlanLine } from './plan';
import { problem, type Problem, type ProblemData } from './problem';
import { err, ok, type Result } from './result';
import type { PsaRules } from './sync-rules';
import { finalOn, type SyncFacts } from './sync-facts';

/**
 * Why a line that holds more than was counted cannot be split. `file`: nobody looks right before a file's requests go. `product once`: an
 * agreement of the PSA takes a product once. `not final`: the count may still move. `price`: the line's price is not known, or would change with the split. `no update`: a sync could
 * not write to the line, or would make another one of it.
 */
export type SplitRefusal = ProblemData['split is not possible']['reason'];

/** What a split would leave to the partner (above 0), and what stands in the way. */
export interface Split {
  readonly remainder: Decimal;
  readonly refusal: SplitRefusal | null;
}

/** What was counted, and what the PSA holds. */
interface Beside {
  readonly usage: Decimal | null;
  readonly psa: Decimal | null;
}

/** Null where the PSA holds nothing beyond what was counted. `own` is the line as it stands, `line` what a sync would make of it. */
export function splitOf({ usage, psa }: Beside, own: PsaLine, line: GridLine, facts: SyncFacts, limits: PsaRules['limits']): Split | null {
  if (usage === null || psa === null || isZero(usage) || isNegative(usage)) return null;
  const remainder = subtract(psa, usage);
  if (isZero(remainder) || isNegative(remainder)) return null;
  return { remainder, refusal: refusalOf({ usage, psa }, own, line, facts, limits) };
}

function refusalOf(
  { usage, psa }: Beside,
  own: PsaLine,
  line: GridLine,
  facts: SyncFacts,
  { productRepeats }: PsaRules['limits'],
): SplitRefusal | null {
  if (facts.connection.protocol === 'file') return 'file';
  if (finalOn(facts) !== null) return 'not final';
  if (!productRepeats) return 'product once';
  const blocked = line.blocks.some(({ code }) => code !== 'no product bound');
  if (blocked || line.status !== 'Updating' || own.productId === null || !equals(line.inPsa, psa) || !equals(line.syncedQuantity, usage))
    return 'no update';
  return own.price === null || !equals(line.price, own.price) ? 'price' : null;
}

/** Everything that the plan of a split is made of. */
export interface SplitInput {
  readonly own: PsaLine;
  readonly line: GridLine;
  readonly remainder: Decimal;
  /** Every line of the agreement, as it was read. */
  readonly lines: readonly PsaLine[];
  readonly grid: Grid;
  readonly context: PlanContext;
  readonly limits: GridInput['limits'];
  readonly dates: GridInput['dates'];
  readonly name: string;
  readonly reason: string;
}

/**
 * The draft that takes our line to what was counted and makes a line of the partner's own of the remainder, at the price of the line that it
 * was part of. Our line goes first: only while it still holds what was read may the other one be made, and in between the PSA bills
 * too little rather than twice.
 */
export function splitDraft(given: SplitInput): Result<PlanDraft, readonly Problem[]> {
  const { own, line, remainder, lines, grid, context, limits, dates, name, reason } = given;
  const { price, cost } = own;
  const { currency } = grid;
  if (price === null || currency === null || line.total === null)
    return err([problem('split is not possible', { line: own.description, reason: 'price' })]);
  const text = limits.keepsName === false ? own.description : name.trim();
  if (text === '') return err([problem('text is missing', { field: 'name' })]);
  if (limits.keepsName !== false && lines.some((other) => other.description.trim() === text && other.endDate === null))
    return err([problem('name is taken', { name: text })]);
  const rest = remainderOf(given, text);
  const total = lineTotal(remainder, price, currency);
  const costs = line.cost === null || cost === null ? null : add(totalAt(line, line.cost, currency), lineTotal(remainder, cost, currency));
  const sum = add(line.total, total);
  const draft = draftOf(
    {
      ...grid,
      ...{ lines: [{ ...line, reason, changes: [ownOf(given)] }], left: [] },
      totals: {
        ...{ price: sum, cost: costs, margin: costs === null ? null : subtract(sum, costs) },
        before: own.quantity === null ? null : lineTotal(own.quantity, price, currency),
      },
    },
    context,
  );
  const shown: PlanLine = {
    ...{ lineKey: rest.lineKey, status: 'Creating', name: text, subProducts: [], quantity: null, syncedQuantity: remainder },
    ...{ effectiveDate: dates.firstDay, sentDate: dates.firstDay, reason, before: null, cost, price, total },
  };
  return ok({ ...draft, lines: [...draft.lines, shown], changes: [...draft.changes, { change: rest, settled: 0 }] });
}

/** Its quantity and nothing else. */
function ownOf({ own, line, dates }: SplitInput): UpdateChange {
  const nothing = { price: null, cost: null, name: null, endDate: null } as const;
  return {
    ...{ kind: 'update', lineKey: line.lineKey, agreementId: own.agreementId, name: own.description, subProducts: line.subProducts },
    ...{ product: productOf(own, line), on: dates.firstDay, lineId: own.id, adopt: false },
    before: { ...nothing, quantity: own.quantity, productId: own.productId },
    after: { ...nothing, quantity: line.syncedQuantity, effectiveDate: null },
  };
}

function remainderOf({ own, line, remainder, lines, context, dates }: SplitInput, name: string): CreateChange {
  return {
    ...{ kind: 'create', lineKey: freshMark(line, lines, context.period), agreementId: own.agreementId, name, subProducts: [] },
    ...{ product: productOf(own, line), on: dates.firstDay, follows: null },
    after: { quantity: remainder, price: own.price, cost: own.cost, name, effectiveDate: dates.firstDay, endDate: null },
  };
}

function productOf({ productId, productIdentifier }: PsaLine, { product }: GridLine): CreateChange['product'] {
  return { id: productId, identifier: productIdentifier ?? product.identifier, use: null };
}

/** One that no line of the agreement carries: a line can be split again, also where a restored backup knows nothing of the first time. */
function freshMark({ lineKey, settled }: GridLine, lines: readonly PsaLine[], period: string): string {
  for (let n = 0; ; n += 1) {
    const mark = splitMarkOf([lineKey, period, settled, n]);
    if (!lines.some(({ key }) => key === mark)) return mark;
  }
}

function totalAt({ syncedQuantity }: GridLine, each: Decimal, currency: string): Decimal {
  return lineTotal(syncedQuantity ?? ZERO, each, currency);
}
