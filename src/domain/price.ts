import type { Period } from './calendar';
import { compare, type Decimal } from './decimal';
import { versionFor } from './marketplace';
import { problem, type Problem } from './problem';
import type { SubProductCount } from './snapshot';

/** A dated price of a sub-product; `company` overrides it for one customer. */
export interface PriceVersion {
  readonly subProduct: string;
  readonly company: string | null;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  readonly currency: string;
  readonly from: Period | null;
  readonly until: Period | null;
  readonly seq: number;
}

/** What a count costs and sells for. `version` names the price list entry that supplied a missing value, for the plan's inputs. */
export interface Priced {
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  readonly currency: string | null;
  readonly version: string | null;
}

/** The usage's own price and cost where it has them, else the price list's: the customer's entry before the general one. */
export function priceOf(count: SubProductCount, company: string | null, prices: readonly PriceVersion[], period: Period): Priced {
  const { price, cost, currency } = count;
  if (price !== null && cost !== null && currency !== null) return { price, cost, currency, version: count.ruled?.priceVersion ?? null };
  const listed = listedFor(count, company, prices, period);
  if (!listed) return { price, cost, currency, version: null };
  return {
    price: price ?? listed.price,
    cost: cost ?? listed.cost,
    currency: currency ?? listed.currency,
    version: `${listed.subProduct}#${String(listed.seq)}`,
  };
}

/** Whether the price is the customer's own entry of the price list. */
export function isAgreed(count: SubProductCount, company: string | null, prices: readonly PriceVersion[], period: Period): boolean {
  if (count.price !== null) return false;
  const listed = listedFor(count, company, prices, period);
  return listed !== undefined && listed.company !== null && listed.price !== null;
}

/** The entry of the price list that prices a count: in its currency, the customer's own before the general one. */
export function listedFor(
  { subProduct, currency }: Pick<SubProductCount, 'subProduct' | 'currency'>,
  company: string | null,
  prices: readonly PriceVersion[],
  period: Period,
): PriceVersion | undefined {
  const own = prices.filter((version) => version.subProduct === subProduct && (currency === null || version.currency === currency));
  const of = (whose: string | null) =>
    versionFor(
      own.filter((version) => version.company === whose),
      period,
    );
  return (company === null ? undefined : of(company)) ?? of(null);
}

/** What is wrong with a price: missing blocks the line, an unknown cost or a margin below zero warns. */
export function priceProblems(subProduct: string, price: Decimal | null, cost: Decimal | null): { blocks: Problem[]; warnings: Problem[] } {
  if (price === null) return { blocks: [problem('price is missing', { subProduct })], warnings: [] };
  if (cost === null) return { blocks: [], warnings: [problem('cost is unknown', { subProduct })] };
  return { blocks: [], warnings: compare(price, cost) < 0 ? [problem('price is below cost', { subProduct, price, cost })] : [] };
}
