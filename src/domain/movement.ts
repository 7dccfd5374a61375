import type { Catalogue } from './catalogue';
import { equals, isZero, lineTotal, subtract, ZERO, type Decimal } from './decimal';
import { priceOf, type PriceVersion } from './price';
import type { Rate } from './rates';
import { singleOf } from './single';
import { bills, type SiteCount, type SubProductCount } from './snapshot';
import type { SyncedLine } from './synced';

/** Why a line needs a look. */
export type ChangeReason =
  'new' | 'quantity changed' | 'gone' | 'company changed' | 'agreement ended' | 'product changed' | 'price changed' | 'cost changed';

/** The PSA keeps the price it has until somebody pushes another: such a line needs a look, and a sync has nothing to do. */
export function isAboutMoney(reason: ChangeReason | null): boolean {
  return reason === 'price changed' || reason === 'cost changed';
}

/** One sub-product of one customer against last month and against what was last synced. Null is unknown, never 0. */
export interface Movement {
  readonly subProduct: string;
  readonly name: string;
  readonly previous: Decimal | null;
  readonly synced: Decimal | null;
  readonly current: Decimal | null;
  /** current - synced (0 where never synced); null where one line of the PSA holds the sum of several and no longer the right one. */
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

/** A live line of ours, why it would be made elsewhere today, and the sub-products that the last sync of the month left out. */
export interface LiveLine {
  readonly line: SyncedLine;
  readonly moved: ChangeReason | null;
  readonly left: readonly string[];
}

/** What the customer's usage looked like a month ago. */
export interface MonthBefore {
  readonly quantities: ReadonlyMap<string, Decimal | null> | null;
  readonly rate: (subProduct: string) => Rate | null;
}

/** Every sub-product that is counted, was counted last month, or has a line of ours. */
export function movementsOf(
  input: MovementInput,
  count: SiteCount,
  { quantities: before, rate }: MonthBefore,
  live: readonly LiveLine[],
  company: string | null,
): Movement[] {
  const lines = live.map(({ line }) => line);
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
    const covering = lines.filter((candidate) => candidate.subProducts.includes(subProduct));
    const line = covering.find(({ quantity }) => quantity !== ZERO) ?? covering[0];
    const found = live.find((candidate) => candidate.line === line);
    const synced =
      line === undefined
        ? null
        : line.quantity === ZERO || line.option === 'multi-product' || line.option === 'one-time itemised'
          ? line.quantity
          : heldInSingle(input, count, { line, left: found?.left ?? [] }, current, company);
    const priced = own ? priceOf(own, company, input.prices, count.period) : null;
    const price = priced?.price ?? line?.price ?? null;
    const currency = priced?.currency ?? count.counts.find((other) => other.currency !== null)?.currency ?? null;
    const inSum = line !== undefined && synced === null;
    const delta = current === null || inSum ? null : subtract(current, synced ?? ZERO);
    return {
      subProduct,
      name: own?.name ?? input.catalogue.subProducts.get(subProduct)?.name ?? subProduct,
      previous: before === null ? null : before.has(subProduct) ? (before.get(subProduct) ?? null) : ZERO,
      synced,
      current,
      delta,
      money: delta === null || price === null || currency === null ? null : lineTotal(delta, price, currency),
      currency,
      reason:
        reasonOf(current, synced, line, own) ??
        (isNothing(current, synced) ? null : movedAmong(live, covering)) ??
        (own === undefined || line === undefined ? null : rateReason(own, rate(subProduct))),
    };
  });
}

/** Of several lines that bill a sub-product, one that was to end and did not bills it a second time. */
function movedAmong(live: readonly LiveLine[], covering: readonly SyncedLine[]): ChangeReason | null {
  const billing = live.filter(({ line }) => covering.includes(line) && line.quantity !== ZERO);
  return billing.find(({ moved }) => moved !== null)?.moved ?? null;
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

/** A line that was kept at 0 bills nothing wherever it lies. */
function isNothing(current: Decimal | null, synced: Decimal | null): boolean {
  return current !== null && isZero(current) && synced !== null && isZero(synced);
}

/** The usage names another price or cost than it did a month ago. What it does not name, or did not, is no change. */
function rateReason({ price, cost, evidence }: SubProductCount, before: Rate | null): ChangeReason | null {
  if (evidence.length > 1) return null;
  const differs = (now: Decimal | null, then: number | null | undefined) => now !== null && (then ?? null) !== null && Number(now) !== then;
  if (differs(price, before?.price)) return 'price changed';
  return differs(cost, before?.cost) ? 'cost changed' : null;
}

/** A single line holds a sum: where the sum and price of today's counts, but for what was left out, are what it holds, nothing of it changed. */
function heldInSingle(
  input: MovementInput,
  count: SiteCount,
  { line, left }: Pick<LiveLine, 'line' | 'left'>,
  current: Decimal | null,
  company: string | null,
): Decimal | null {
  const counts = count.counts
    .filter((own) => bills(own) && !left.includes(own.subProduct))
    .map((own) => ({ quantity: own.quantity, ...priceOf(own, company, input.prices, count.period) }));
  const single = singleOf(counts, line.option);
  return equals(single.quantity, line.quantity) && equals(single.price, line.price) ? current : null;
}
