import { isNegative, isZero, ZERO } from './decimal';
import type { SubProduct } from './marketplace';
import type { PriceVersion } from './price';
import type { Problem } from './problem';
import { ruleFor, type RuleKind, type RuleVersion } from './rule';
import { ruledPrice } from './ruled-price';
import { ruledQuantity } from './ruled-quantity';
import { bills, type SiteCount, type SubProductCount } from './snapshot';

/** What rules need beside a count. `rules` may hold those of other products and customers. */
export interface BillableAround {
  readonly rules: readonly RuleVersion[];
  readonly company: string | null;
  readonly prices: readonly PriceVersion[];
  readonly subProducts: ReadonlyMap<string, SubProduct>;
}

/**
 * A count as it bills: the one place where rules turn what the vendor counted into what the PSA is to hold. Standings, grid, bulk plans
 * and reconciliation all read its answer, so they cannot disagree. What was counted stays in `ruled.counted`, beside every rule that
 * changed something; a count that no rule changes is answered as it came.
 *
 * The order is fixed and the same everywhere:
 * 1. exclusion: nothing bills, and no later rule of the quantity is looked at;
 * 2. override: its quantity bills, and no later rule of the quantity is looked at;
 * 3. included and free units are taken off, never below 0; where all units are free, no minimum lifts them;
 * 4. minimum: at least so many bill;
 * 5. whole units.
 * Then the price: the customer's own price of the price list stands as agreed; any other (the usage's own, else the list's) gives way to
 * the markup on the cost with its floor; the result is rounded, and where that would go below the floor, up.
 *
 * Unknown stays unknown: a site that nobody counted, and a quantity that is missing or negative, are not touched and block as before. A
 * minimum or override of one customer's sub-product also bills where a counted site reports none of it, for that is a true 0, unless usage
 * without a customer could still be it. A minimum of all customers lifts only what a site reports, also as 0, and no mere trial. Trials never bill.
 */
export function billableCount(count: SiteCount, { rules, company, prices, subProducts }: BillableAround): SiteCount {
  const own = rules.filter(({ product, site }) => product === count.product && (site === null || site === count.site));
  if (own.length === 0 || count.how === 'unknown') return count;
  const warnings: Problem[] = [];
  const counts = [...count.counts, ...commitments(count, own, subProducts)].map((one) => {
    const rule = <K extends RuleKind>(kind: K) =>
      ruleFor(own, kind, { product: count.product, site: count.site, subProduct: one.subProduct }, count.period);
    const counted = ruledQuantity(one, rule);
    const priced = ruledPrice(counted, rule, { company, prices, period: count.period });
    if (bills(counted)) warnings.push(...priced.problems);
    return priced.count;
  });
  const kept = counts.filter((one, at) => at < count.counts.length || bills(one));
  const same = kept.length === count.counts.length && kept.every((one, at) => one === count.counts[at]);
  if (same && warnings.length === 0) return count;
  const ruledOut = new Set(kept.filter(isRuledOut).map(({ name }) => name));
  return {
    ...count,
    blocks: count.blocks.filter((block) => !('subProduct' in block && ruledOut.has(block.subProduct))),
    counts: kept.sort((left, right) => (left.name < right.name ? -1 : 1)),
    warnings: [...count.warnings, ...warnings],
  };
}

/** Sub-products that the site does not report and that a rule of its own may bill: a true 0 each. */
function commitments(
  count: SiteCount,
  own: readonly RuleVersion[],
  subProducts: ReadonlyMap<string, SubProduct>,
): readonly SubProductCount[] {
  if (count.warnings.some(({ code }) => code === 'usage has no customer yet')) return [];
  const reported = new Set(count.counts.map(({ subProduct }) => subProduct));
  const named = own.flatMap(({ kind, site, subProduct }) =>
    (kind === 'minimum' || kind === 'override') && site !== null && subProduct !== null && !reported.has(subProduct) ? [subProduct] : [],
  );
  const currencies = [...new Set(count.counts.flatMap(({ currency }) => currency ?? []))];
  return [...new Set(named)].map((subProduct) => ({
    ...{ subProduct, name: subProducts.get(subProduct)?.name ?? subProduct, unit: subProducts.get(subProduct)?.unit ?? null },
    ...{ quantity: ZERO, trialQuantity: ZERO, currency: currencies.length === 1 ? (currencies[0] ?? null) : null },
    ...{ price: null, cost: null, vendorTotal: null, licences: null, evidence: [] },
  }));
}

/** Whether a rule alone makes a count bill nothing. */
export function isRuledOut({ quantity, ruled }: SubProductCount): boolean {
  return quantity !== null && isZero(quantity) && ruled !== undefined && !isZero(ruled.counted) && !isNegative(ruled.counted);
}
