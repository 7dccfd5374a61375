import type { Catalogue } from './catalogue';
import { equals, isZero, lineTotal, subtract, ZERO, type Decimal } from './decimal';
import { priceOf, type PriceVersion } from './price';
import { singleOf } from './single';
import { bills, type SiteCount, type SubProductCount } from './snapshot';
import type { SyncedLine } from './synced';

/** Why a line needs a look. */
export type ChangeReason = 'new' | 'quantity changed' | 'gone' | 'price changed' | 'agreement changed' | 'withheld';

/** One sub-product of one customer against last month and against what was last synced. Null is unknown, never 0. */
export interface Movement {
  readonly subProduct: string;
  readonly name: string;
  readonly previous: Decimal | null;
  readonly synced: Decimal | null;
  readonly current: Decimal | null;
  /** current - synced (0 where never synced). */
  readonly delta: Decimal | null;
  /** delta x price in the currency's minor unit; null when the price is unknown. */
  readonly money: Decimal | null;
  readonly currency: string | null;
  readonly reason: ChangeReason | null;
}

interface MovementInput {
  readonly catalogue: Catalogue;
  readonly prices: readonly PriceVersion[];
}

/** Every sub-product that is counted, was counted last month, or has a line of ours. */
export function movementsOf(
  input: MovementInput,
  count: SiteCount,
  before: ReadonlyMap<string, Decimal | null> | null,
  lines: readonly SyncedLine[],
  company: string | null,
): Movement[] {
  const keys = new Set([
    ...count.counts.map(({ subProduct }) => subProduct),
    ...(before?.keys() ?? []),
    ...lines.flatMap(({ subProducts }) => subProducts),
  ]);
  const counted = new Map(count.counts.map((own) => [own.subProduct, own]));
  const known = count.how !== 'unknown';
  return [...keys].map((subProduct) => {
    const own = counted.get(subProduct);
    const current = own ? own.quantity : known ? ZERO : null;
    const line = lines.find((candidate) => candidate.subProducts.includes(subProduct));
    const synced =
      line === undefined ? null : line.subProducts.length === 1 ? line.quantity : heldInSingle(input, count, line, current, company);
    const priced = own ? priceOf(own, company, input.prices, count.period) : null;
    const price = priced?.price ?? line?.price ?? null;
    const currency = priced?.currency ?? count.counts.find((other) => other.currency !== null)?.currency ?? null;
    const delta = current === null ? null : subtract(current, synced ?? ZERO);
    return {
      subProduct,
      name: own?.name ?? input.catalogue.subProducts.get(subProduct)?.name ?? subProduct,
      previous: before === null ? null : before.has(subProduct) ? (before.get(subProduct) ?? null) : ZERO,
      synced,
      current,
      delta,
      money: delta === null || price === null || currency === null ? null : lineTotal(delta, price, currency),
      currency,
      reason: reasonOf(current, synced, line, own),
    };
  });
}

function reasonOf(
  current: Decimal | null,
  synced: Decimal | null,
  line: SyncedLine | undefined,
  own: SubProductCount | undefined,
): ChangeReason | null {
  if (current === null) return null;
  if (line === undefined) return own !== undefined && bills(own) ? 'new' : null;
  if (equals(current, synced)) return null;
  return isZero(current) ? 'gone' : 'quantity changed';
}

/** A single line holds a sum: where the sum and price of today's counts are what it holds, nothing of it changed. */
function heldInSingle(
  input: MovementInput,
  count: SiteCount,
  line: SyncedLine,
  current: Decimal | null,
  company: string | null,
): Decimal | null {
  const counts = count.counts
    .filter(bills)
    .map((own) => ({ quantity: own.quantity, ...priceOf(own, company, input.prices, count.period) }));
  const single = singleOf(counts, line.option);
  return equals(single.quantity, line.quantity) && equals(single.price, line.price) ? current : null;
}
