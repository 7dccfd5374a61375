import type { SyncOption } from '../../src/domain/change';

export const SUB_PRODUCTS = ['business', 'pro'] as const;
export type SubProduct = (typeof SUB_PRODUCTS)[number];
/** What a customer's file says of a month: users by sub-product. `pro` at 0 is not in the file. Null is a customer whom no file names. */
export type Counts = Readonly<Record<SubProduct, number>> | null;

/** A rule as it is agreed. Months are numbers, the last one included; null is everybody, every sub-product, without end. */
export interface Rule {
  readonly kind: 'exclusion' | 'override' | 'included' | 'free' | 'minimum' | 'markup' | 'price rounding';
  readonly site: string | null;
  readonly key: SubProduct | null;
  /** Units, or percent of the cost; of `free` null is all, and of `price rounding` it is digits behind the point. */
  readonly value: number | null;
  /** The least price of a markup in hundredths of a cent. */
  readonly least: number | null;
  readonly from: number;
  readonly until: number | null;
}

/** A price that is agreed from a month on, of one company or of all, in hundredths of a cent. */
export interface Agreed {
  readonly company: string | null;
  readonly key: SubProduct;
  readonly price: number;
  readonly from: number;
}

/** What a customer is to be billed for a month in one place, price in dollars. */
export interface Due {
  readonly slot: string;
  readonly quantity: number;
  readonly price: number;
}

/** Money is in hundredths of a cent, so that every step is a whole number. */
const CENT = 100;
export const COST = 110 * CENT;

/**
 * What is billable, in plain numbers. Nothing of it is the page's own arithmetic.
 * A rule of a customer stands before one of all, one of a sub-product before one of the product, and then the newest.
 */
export class Agreements {
  readonly #rules: Rule[] = [];
  readonly #prices: Agreed[] = [];

  addRule(rule: Rule): void {
    this.#rules.push(rule);
  }
  /** The newest rule holds no longer from a month on. */
  endRule(at: number, month: number): void {
    const rule = this.#rules[at];
    if (rule !== undefined && (rule.until === null || rule.until >= month)) this.#rules[at] = { ...rule, until: month - 1 };
  }
  addPrice(price: Agreed): void {
    this.#prices.push(price);
  }

  /** What each sub-product bills in a month, by the rules. `paid` is the price that the usage names; null leaves it to the price list. */
  itemsOf(site: string, company: string, counts: NonNullable<Counts>, paid: number | null, month: number) {
    return SUB_PRODUCTS.map((key) => {
      const isReported = key === 'business' || counts[key] > 0;
      const rule = (kind: Rule['kind'], own = false) => this.#rule(kind, site, key, month, own);
      return {
        slot: key,
        quantity: billable(counts[key], isReported, rule),
        price: this.#price(company, key, isReported ? paid : null, month, rule),
      };
    }).filter(({ quantity }) => quantity > 0);
  }

  #rule(kind: Rule['kind'], site: string, key: SubProduct, month: number, own: boolean): Rule | undefined {
    const near = (rule: Rule) => (rule.site === null ? 0 : 2) + (rule.key === null ? 0 : 1);
    return this.#rules
      .filter((rule) => rule.kind === kind && rule.from <= month && (rule.until === null || month <= rule.until))
      .filter((rule) => (rule.site ?? site) === site && (rule.key ?? key) === key && (!own || near(rule) === 3))
      .reduce<Rule | undefined>((best, rule) => (best === undefined || near(rule) >= near(best) ? rule : best), undefined);
  }

  #price(company: string, key: SubProduct, paid: number | null, month: number, rule: (kind: Rule['kind']) => Rule | undefined): number {
    const listed = this.#prices.filter((one) => one.key === key && one.from <= month);
    const own = listed.findLast((one) => one.company === company)?.price;
    const agreed = paid ?? own ?? listed.findLast((one) => one.company === null)?.price ?? 0;
    const markup = paid === null && own !== undefined ? undefined : rule('markup');
    const least = markup?.least ?? 0;
    const price = markup === undefined ? agreed : Math.max((COST * (100 + (markup.value ?? 0))) / 100, least);
    const digits = rule('price rounding')?.value ?? null;
    if (digits === null) return price;
    const step = 10 ** (4 - digits);
    const near = Math.floor(price / step + 0.5) * step;
    return near < least ? Math.ceil(price / step) * step : near;
  }
}

/** Exclusion and override stand alone; else units are taken off, and a minimum lifts what is reported or was agreed for this very place. */
function billable(counted: number, isReported: boolean, rule: (kind: Rule['kind'], own?: boolean) => Rule | undefined): number {
  const [override, minimum, free] = [rule('override', !isReported), rule('minimum', !isReported), rule('free')];
  if (rule('exclusion') !== undefined) return 0;
  if (override !== undefined) return override.value ?? 0;
  if (free?.value === null) return 0;
  const paid = Math.max(0, counted - (rule('included')?.value ?? 0));
  return Math.max(0, paid - (free?.value ?? 0), minimum?.value ?? 0);
}

/**
 * The same as the chosen option bills it: one line each, or one for all at a price in whole cents that gives the exact total. `digits` is how
 * many the PSA has behind the point of a price, null for any.
 */
export function dueOf(items: readonly Due[], option: SyncOption, digits: number | null): readonly Due[] {
  const step = digits === null ? 1 : 10 ** (4 - digits);
  const inDollars = (price: number) => (Math.floor(price / step + 0.5) * step) / (100 * CENT);
  if (option === 'multi-product' || option === 'one-time itemised') return items.map((item) => ({ ...item, price: inDollars(item.price) }));
  if (items.length === 0) return [];
  const cents = sum(items.map(({ quantity, price }) => Math.floor((quantity * price) / CENT + 0.5)));
  const users = sum(items.map(({ quantity }) => quantity));
  const isExact = option === 'single line' && cents % users === 0;
  return [isExact ? { slot: '*', quantity: users, price: cents / users / 100 } : { slot: '*', quantity: 1, price: cents / 100 }];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
