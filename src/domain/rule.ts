import type { Period } from './calendar';
import type { Decimal } from './decimal';
import { versionFor, type Customer } from './marketplace';

/** The kinds of rules in the order in which they are applied: those of the quantity, then those of the price. */
export const RULE_KINDS = [
  ...['exclusion', 'override', 'included', 'free', 'minimum', 'whole units'],
  ...['markup', 'price rounding'],
] as readonly RuleKind[];
export type RuleKind = RuleEffect['kind'];

/**
 * What a rule does. Quantities are units a month, money is for one unit.
 * `exclusion`: nothing bills. `override`: this fixed quantity bills, whatever is counted. `included`: the first units do not bill.
 * `free`: so many units are given away, all of them where it is null. `minimum`: at least so many bill. `whole units`: a quantity with
 * digits behind the point becomes a whole one. `markup`: the price is the cost plus a percentage, never below the cost plus `overCost` and
 * never below `least`. `price rounding`: to so many digits behind the point, null is the currency's minor unit. A rule with a currency
 * applies to prices in that currency alone; null is any.
 */
export type RuleEffect =
  | { readonly kind: 'exclusion' }
  | { readonly kind: 'override'; readonly quantity: Decimal }
  | { readonly kind: 'included'; readonly quantity: Decimal }
  | { readonly kind: 'minimum'; readonly quantity: Decimal }
  | { readonly kind: 'free'; readonly quantity: Decimal | null }
  | { readonly kind: 'whole units'; readonly how: 'up' | 'half away from zero' }
  | {
      readonly kind: 'markup';
      readonly percent: Decimal;
      readonly overCost: Decimal | null;
      readonly least: Decimal | null;
      readonly currency: string | null;
    }
  | { readonly kind: 'price rounding'; readonly places: number | null; readonly currency: string | null };

/**
 * What a rule is for and when it holds. Sub-product null is each sub-product by itself, site null is every customer. The first and last
 * month are included, null is without end.
 */
export interface RulePlace {
  readonly product: string;
  readonly subProduct: string | null;
  readonly site: string | null;
  readonly from: Period | null;
  readonly until: Period | null;
  readonly reason: string;
}

/** A rule before it has its place in the order of the database. */
export type RuleDraft = RuleEffect & RulePlace;

/** A stored rule. `seq` orders versions; the newest that holds wins. Only its end is ever changed. */
export type RuleVersion = RuleDraft & { readonly seq: number };
type Of<K extends RuleKind> = Extract<RuleVersion, { readonly kind: K }>;

/** One rule that changed something: the quantity that bills, or the price. A price may have been unknown before. */
export interface AppliedRule {
  readonly rule: RuleVersion;
  readonly before: Decimal | null;
  readonly after: Decimal;
}

/** Whether a rule is about the price; the others are about the quantity. */
export function isOfPrice({ kind }: Pick<RuleVersion, 'kind'>): boolean {
  return kind === 'markup' || kind === 'price rounding';
}

/** What rules made of a count. */
export interface Ruled {
  /** What the vendor counted. */
  readonly counted: Decimal;
  readonly applied: readonly AppliedRule[];
  /** The price list version that a ruled price rests on, as `priceOf` names it. */
  readonly priceVersion: string | null;
}

/**
 * The one rule of a kind that holds for a sub-product of a customer in a period: that of the customer before that of all, of the
 * sub-product before that of the whole product, and then the newest.
 */
export function ruleFor<K extends RuleKind>(
  rules: readonly RuleVersion[],
  kind: K,
  { product, site, subProduct }: Customer & { readonly subProduct: string },
  period: Period,
): Of<K> | undefined {
  const own = rules.filter((rule): rule is Of<K> => rule.kind === kind && rule.product === product);
  for (const [forSite, forSubProduct] of [
    [site, subProduct],
    [site, null],
    [null, subProduct],
    [null, null],
  ] as const) {
    const found = versionFor(
      own.filter((rule) => rule.site === forSite && rule.subProduct === forSubProduct),
      period,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How a rule stands in a month. `replaced`: it covers the month, and a newer one of the same kind and place holds in its stead. */
export type RuleState = 'holds' | 'begins later' | 'ended' | 'never held' | 'replaced';

export function ruleStateIn(rule: RuleVersion, rules: readonly RuleVersion[], period: Period): RuleState {
  const { kind, product, subProduct, site, from, until } = rule;
  if (from !== null && until !== null && until < from) return 'never held';
  if (from !== null && period < from) return 'begins later';
  if (until !== null && until < period) return 'ended';
  const same = rules.filter(
    (other) => other.kind === kind && other.product === product && other.subProduct === subProduct && other.site === site,
  );
  return versionFor(same, period)?.seq === rule.seq ? 'holds' : 'replaced';
}

/** How a rule is named among a plan's inputs. */
export function ruleVersionOf({ product, subProduct, seq }: Pick<RuleVersion, 'product' | 'subProduct' | 'seq'>): string {
  return `${product}/${subProduct ?? ''}#${String(seq)}`;
}
