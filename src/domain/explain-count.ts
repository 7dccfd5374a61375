import type { Day } from './calendar';
import { ZERO, type Decimal } from './decimal';
import { followedBy, step, type Step, type Trail } from './derivation';
import { isOfPrice } from './rule';
import type { SiteCount, SubProductCount } from './snapshot';
import type { UsageLine } from './usage';

/** A row of a committed import as it was read, and when it was imported. */
export interface ReadRow {
  readonly line: UsageLine;
  readonly importId: string;
  readonly importedAt: string;
}

/** What a site's count rests on, beside the count itself. */
export interface CountBasis {
  readonly count: SiteCount;
  readonly snapshotDay: Day;
  /** The rows of each sub-product, as far as their imports are still here. */
  readonly rows: ReadonlyMap<string, readonly ReadRow[]>;
  /** Imports that it rested on and that are here no more. */
  readonly gone: readonly string[];
  /** What sources that do not bill count of each sub-product. */
  readonly compared: readonly { readonly source: string; readonly counts: ReadonlyMap<string, Decimal | null> }[];
  /** Names of sub-products that the count does not name. */
  readonly nameOf: (subProduct: string) => string;
}

/** How the quantity of one sub-product was counted: its rows, and their sum where they are several. */
export function countedOf(basis: CountBasis, subProduct: string): Trail {
  const { count } = basis;
  const own = count.counts.find((counted) => counted.subProduct === subProduct);
  if (own === undefined) {
    if (count.date === null) return { value: null, steps: [step('not counted', null, { period: count.period })] };
    return { value: ZERO, steps: [step('not reported', ZERO, { name: basis.nameOf(subProduct), date: count.date })] };
  }
  const rows = basis.rows.get(subProduct) ?? [];
  const paid = rows.filter(({ line }) => !line.trial);
  const read = rows.map(({ line, importedAt }) => {
    const { file, row, date, trial, quantity } = line;
    return step('row', quantity, { name: own.name, file, row, date, importedAt, trial });
  });
  const several = paid.length > 1 || (rows.length > 0 && paid.length === 0);
  const counted = own.ruled?.counted ?? own.quantity;
  const sum = several ? [step('rows are summed', counted, { name: own.name, quantities: paid.map(({ line }) => line.quantity) })] : [];
  const none = own.evidence.length > 0 || count.date === null ? [] : [step('not reported', ZERO, { name: own.name, date: count.date })];
  return ruledBy({ value: counted, steps: [...read, ...sum, ...none] }, own, 'quantity');
}

/** What the rules of the partner made of it, one after the other. */
export function ruledBy(trail: Trail, { name, ruled }: SubProductCount, figure: 'quantity' | 'price'): Trail {
  const own = (ruled?.applied ?? []).filter(({ rule }) => isOfPrice(rule) === (figure === 'price'));
  return own.reduce((so, applied) => followedBy(so, step('by a rule', applied.after, { figure, name, applied })), trail);
}

/** Why this date, and why this source: the same for every sub-product of a site. */
export function chosenOf(
  { count, snapshotDay, compared, gone, nameOf }: CountBasis,
  subProducts: readonly string[],
  reason: string | null,
): Step[] {
  const { how, date, period, source } = count;
  const lost = gone.map((importId) => step('import is gone', null, { importId }));
  if (date === null || source === null) return lost;
  const others = compared.flatMap((other) =>
    subProducts.map((key) => ({
      source: other.source,
      name: nameOf(key),
      quantity: other.counts.has(key) ? (other.counts.get(key) ?? null) : ZERO,
    })),
  );
  return [
    ...lost,
    step('date', null, { how, date, period, snapshotDay, reason: how === 'late' ? reason : null }),
    step('source', null, { source, compared: others }),
  ];
}
