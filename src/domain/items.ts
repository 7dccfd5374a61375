import type { Binding } from './agreement';
import { isRecurring, type SyncOption } from './change';
import { isRuledOut } from './billable';
import { type Decimal, isNegative, isZero, lineTotal, subtract, ZERO } from './decimal';
import type { GridInput, LeftLine } from './grid';
import { type Priced, priceOf } from './price';
import { problem, type Problem } from './problem';
import { bills, type SubProductCount } from './snapshot';

export interface Item {
  readonly count: SubProductCount;
  readonly priced: Priced;
  /** The sub-product's own binding, else the top-level product's. */
  readonly binding: Binding | null;
  readonly skipped: boolean;
  readonly problems: readonly Problem[];
}

export function itemsOf(input: GridInput): Item[] {
  return input.count.counts.map((count) => itemOf(input, count));
}

function itemOf(input: GridInput, count: SubProductCount): Item {
  const top = input.bindings.find((binding) => binding.subProduct === null) ?? null;
  const own = input.bindings.find((binding) => binding.subProduct === count.subProduct) ?? null;
  return {
    count,
    priced: priceOf(count, input.company?.id ?? null, input.prices, input.period),
    binding: own ?? top,
    skipped: own === null,
    problems: input.count.blocks.filter((block) => 'subProduct' in block && block.subProduct === count.name),
  };
}

/** A quantity that is unknown or refused is no 0: without it a sum, or the end of a line, would be a guess. */
export function isAboutTheQuantity({ code }: Problem): boolean {
  return code === 'quantity is missing' || code === 'quantity is negative';
}

/** A missed month, whose recurring lines were invoiced as they stood: only the difference is still to be billed. */
export function isMissed({ held, option }: GridInput): boolean {
  return held !== null && !isRecurring(option);
}

/** The differences of a missed month, below zero where its invoice held too much: also of what the month no longer reports. */
export function owedOf(input: GridInput, items: readonly Item[], blocks: Problem[]): Item[] {
  const held = input.held ?? new Map<string, Decimal | null>();
  const currency = items.find(({ count }) => count.currency !== null)?.count.currency ?? null;
  const gone = input.subProducts
    .filter(({ key }) => (held.get(key) ?? ZERO) !== ZERO && !items.some(({ count }) => count.subProduct === key))
    .map(({ key, name, unit }) => itemOf(input, { ...NOT_REPORTED, subProduct: key, name, unit, currency }));
  const selected = [...items, ...gone].filter(({ count }) => !input.deselected.includes(count.subProduct));
  if (selected.some(({ count }) => held.get(count.subProduct) === null))
    blocks.push(problem('option is refused', { option: input.option, reason: 'a month that a single line has billed' }));
  return selected.flatMap((item) => {
    const { quantity, subProduct } = item.count;
    if (quantity === null || isNegative(quantity)) return [];
    const difference = subtract(quantity, held.get(subProduct) ?? ZERO);
    const { ruled: _ruled, ...count } = item.count;
    return isZero(difference) ? [] : [{ ...item, count: { ...count, quantity: difference } }];
  });
}

/** The count of a sub-product that the period does not report. */
export const NOT_REPORTED = {
  quantity: ZERO,
  trialQuantity: ZERO,
  price: null,
  cost: null,
  vendorTotal: null,
  licences: null,
  evidence: [],
} as const;

export function isSingle(option: SyncOption): boolean {
  return option === 'single line' || option === 'one-time single';
}

/** Where the PSA cannot hold a product twice, the skipped sub-products share one place: only the first is kept. */
export function repeats(input: GridInput, billing: readonly Item[]): { kept: Item[]; left: LeftLine[] } {
  if (input.limits.productRepeats || isSingle(input.option)) return { kept: [...billing], left: [] };
  const kept: Item[] = [];
  const left: LeftLine[] = [];
  const taken = new Set<string>();
  for (const item of billing) {
    const product = item.binding?.identifier ?? '';
    if (!taken.has(product)) {
      taken.add(product);
      kept.push(item);
      continue;
    }
    const money = moneyOf(item);
    left.push({
      subProduct: item.count.subProduct,
      name: item.count.name,
      reason: problem('product cannot repeat on the agreement', { product, money, currency: item.priced.currency }),
      money,
    });
  }
  return { kept, left };
}

export function moneyOf({ count, priced }: Item): Decimal | null {
  return count.quantity === null || priced.price === null || priced.currency === null
    ? null
    : lineTotal(count.quantity, priced.price, priced.currency);
}

export function leftOf(input: GridInput, items: readonly Item[]): LeftLine[] {
  return items.flatMap((item): LeftLine[] => {
    const { count } = item;
    const line = { subProduct: count.subProduct, name: count.name };
    if (isRuledOut(count)) return [{ ...line, reason: notBilled(count), money: moneyOf({ ...item, count: asCounted(count) }) }];
    if (!bills(count)) {
      if (count.quantity !== null && isZero(count.quantity) && isZero(count.trialQuantity))
        return [{ ...line, reason: 'zero', money: ZERO }];
      return isZero(count.trialQuantity) ? [] : [{ ...line, reason: 'trial', money: null }];
    }
    return input.deselected.includes(count.subProduct) ? [{ ...line, reason: 'deselected', money: moneyOf(item) }] : [];
  });
}

/** Why a rule alone makes a count bill nothing. */
export function notBilled({ name, ruled }: SubProductCount): Problem {
  const last = ruled?.applied.findLast(({ after }) => after === ZERO)?.rule;
  return problem('usage is not billed by a rule', {
    subProduct: name,
    ...{ kind: last?.kind ?? 'exclusion', counted: ruled?.counted ?? ZERO, reason: last?.reason ?? '' },
  });
}

function asCounted(count: SubProductCount): SubProductCount {
  return { ...count, quantity: count.ruled?.counted ?? count.quantity };
}

/** Nothing of it is paid for. A trial beside it is no paid usage, and an unknown quantity is no 0. */
export function isTrueZero(items: readonly Item[], subProduct: string): boolean {
  const item = items.find(({ count }) => count.subProduct === subProduct);
  return item === undefined || (item.count.quantity !== null && isZero(item.count.quantity));
}
