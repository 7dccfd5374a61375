import type { Binding } from './agreement';
import type { SyncOption } from './change';
import { isNegative, subtract, ZERO, type Decimal } from './decimal';
import { step, followedBy, type Trail } from './derivation';
import { countedOf, type CountBasis } from './explain-count';
import type { PriceBasis } from './explain-price';
import type { GridInput, GridLine, LineEdit, LineStatus } from './grid';
import { isSingle, NOT_REPORTED } from './items';
import type { Assignment } from './marketplace';
import { priceOf } from './price';
import { singleOf } from './single';
import type { SubProductCount } from './snapshot';

type Shown = 'subProducts' | 'quantity' | 'syncedQuantity' | 'price' | 'cost' | 'total' | 'currency' | 'reason';

/** The numbers of a line as it is shown, or as a plan froze it. A count that no line bills has no `status`. */
export interface ExplainedLine extends Pick<GridLine, Shown> {
  readonly status: LineStatus | null;
  /** What the partner wrote; null where only the outcome is known, as in a confirmed plan. */
  readonly edit: LineEdit | null;
  /** The PSA's line keeps its own price and cost. */
  readonly keepsPrice: boolean;
}

/** `version` is null where it was bound with the sync itself. */
export type BindingBasis = Pick<Binding, 'identifier' | 'origin' | 'from'> & {
  readonly topLevel: boolean;
  readonly version: number | null;
};

/** Everything that the numbers of a line are a function of. */
export interface Basis extends CountBasis, PriceBasis {
  readonly line: ExplainedLine;
  /** Null for a count that no line bills. */
  readonly option: SyncOption | null;
  /** What the invoice of a missed month held, where only the difference bills. */
  readonly held: ReadonlyMap<string, Decimal | null> | null;
  readonly limits: Pick<GridInput['limits'], 'quantityDecimals' | 'priceDecimals'>;
  readonly company: { readonly name: string; readonly assignment: Assignment | null } | null;
  /** Null where nothing is bound. */
  readonly binding: BindingBasis | null;
}

/** One sub-product of a line: its count with the quantity that is still owed, and how that was counted. */
export interface Counted {
  readonly count: SubProductCount;
  readonly counted: Trail;
}

export function countsOf(basis: Basis): Counted[] {
  const { count, held, line, nameOf } = basis;
  const currency = count.counts.find((own) => own.currency !== null)?.currency ?? null;
  return line.subProducts.map((key) => {
    const found = count.counts.find(({ subProduct }) => subProduct === key);
    const own = found ?? { ...NOT_REPORTED, subProduct: key, name: nameOf(key), unit: null, currency };
    const counted = countedOf(basis, key);
    if (held === null) return { count: { ...own, quantity: counted.value }, counted };
    const before = held.has(key) ? (held.get(key) ?? null) : ZERO;
    const owed = counted.value === null || before === null ? null : subtract(counted.value, before);
    return {
      count: { ...own, quantity: owed },
      counted: followedBy(counted, step('missed month', owed, { counted: counted.value, held: before })),
    };
  });
}

/** Several counts as one line, where the option makes one. */
export function singleFor({ option, prices, companyId, count }: Basis, counts: readonly Counted[]): ReturnType<typeof singleOf> | null {
  if (option === null || !isSingle(option)) return null;
  const priced = counts.map((own) => ({ quantity: own.count.quantity, ...priceOf(own.count, companyId, prices, count.period) }));
  return singleOf(priced, option);
}

/** A missed month whose invoice held too much: the line's quantity is above zero, and its price below. */
export function isCredit({ option }: Basis, counts: readonly Counted[]): boolean {
  const quantity = counts[0]?.count.quantity ?? null;
  return option !== null && !isSingle(option) && quantity !== null && isNegative(quantity);
}
