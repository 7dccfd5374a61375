import type { Decimal } from './decimal';
import { step, type Figure, type Step, type Trail } from './derivation';
import { ruledBy, type CountBasis } from './explain-count';
import { listedFor, priceOf, type PriceVersion } from './price';
import { isOfPrice } from './rule';
import type { SubProductCount } from './snapshot';

export interface PriceBasis extends Pick<CountBasis, 'rows' | 'count'> {
  readonly prices: readonly PriceVersion[];
  /** Whose entries of the price list go before the general ones. */
  readonly companyId: string | null;
}

/** Where the price or the cost of a count comes from: the usage itself, else the entry of the price list that holds in the period. */
export function pricedOf(basis: PriceBasis, count: SubProductCount, figure: 'price' | 'cost'): Trail {
  const { ruled: _, ...asReported } = count;
  const first = figure === 'price' ? count.ruled?.applied.find(({ rule }) => isOfPrice(rule)) : undefined;
  if (first !== undefined) {
    const named = (basis.rows.get(count.subProduct) ?? []).some(({ line }) => !line.trial && line.unitPrice !== null);
    const price = named ? first.before : null;
    return ruledBy(pricedOf(basis, { ...asReported, price }, figure), count, 'price');
  }
  const { prices, companyId } = basis;
  const { period } = basis.count;
  const { name } = count;
  const value = priceOf(count, companyId, prices, period)[figure];
  const only = (made: Step): Trail => ({ value, steps: [made] });
  if (count[figure] !== null) {
    const costs = figure === 'cost' ? distinctCosts(basis, count) : [];
    return only(costs.length > 1 ? step('costs are averaged', value, { name, costs }) : step('of the usage', value, { figure, name }));
  }
  const listed = value === null ? undefined : listedFor(count, companyId, prices, period);
  if (listed === undefined) return only(step('nobody says', null, { figure, name }));
  const { from, until, seq, company, currency } = listed;
  return only(step('of the price list', value, { figure, name, version: seq, ofCompany: company !== null, from, until, currency }));
}

/** Several prices or costs as one line's: each by itself, then what they come to. */
export function pooled(trails: readonly Trail[], figure: Figure, { exact, quantity, value }: Pooled): Trail {
  const steps = trails.flatMap((trail) => trail.steps);
  const last = exact ? step('weighted', value, { figure, quantity }) : step('sum of all', value, { figure });
  return { value, steps: [...steps, last] };
}

interface Pooled {
  readonly exact: boolean;
  readonly quantity: Decimal;
  readonly value: Decimal | null;
}

function distinctCosts({ rows }: PriceBasis, { subProduct }: SubProductCount): Decimal[] {
  const costs = (rows.get(subProduct) ?? []).flatMap(({ line }) => (line.trial || line.unitCost === null ? [] : [line.unitCost]));
  return [...new Set(costs)];
}
