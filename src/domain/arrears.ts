import { add, ZERO, type Decimal } from './decimal';
import type { Ignore } from './ignore';
import { isAboutMoney, type Movement } from './movement';
import type { Problem } from './problem';
import type { ProductStanding } from './product-standing';
import { isUnsynced, needsLook, type Standing } from './standing-row';
import { unusualIn, type Threshold } from './threshold';

/** What a customer of Arrears Subscriptions needs; one may need several. */
export const ARREARS_VIEWS = ['all', 'new', 'changed', 'gone', 'price', 'unusual', 'needs-look', 'ignored'] as const;
export type ArrearsView = (typeof ARREARS_VIEWS)[number];

/** A customer whose billable counts the PSA does not hold, whose price or cost changed, or who needs a look first. */
export interface ArrearsCustomer {
  readonly key: string;
  readonly product: ProductStanding;
  readonly standing: Standing;
  /** The connection it was last synced at. */
  readonly connection: string | null;
  readonly ignore: Ignore | null;
  /** Above the threshold: it is in no bulk sync unless somebody picked it. */
  readonly unusual: Problem | null;
  /** The partner decided about a line of it, or left one out: it is in no bulk sync unless somebody picked it. */
  readonly decided: boolean;
  readonly lines: readonly Movement[];
  readonly views: ReadonlySet<ArrearsView>;
}

/** `changed` of `compared` of `customers`: how many differ, could be compared, and report usage. */
export interface Arrears {
  readonly customers: readonly ArrearsCustomer[];
  readonly all: number;
  readonly compared: number;
  readonly changed: number;
}

/** What the partner decided about customers, and where they were synced. */
export interface ArrearsFacts {
  readonly ignores: ReadonlyMap<string, Ignore>;
  readonly thresholdOf: (product: string) => Threshold;
  readonly connectionOf: (customer: string) => string | null;
  /** Customers with a line that was accepted as the PSA has it, is left alone, or was left out of the month's sync. */
  readonly decided: ReadonlySet<string>;
}

/** Everybody who needs a sync or a look, in every product. */
export function arrearsOf(products: readonly ProductStanding[], facts: ArrearsFacts): Arrears {
  const customers = products.flatMap((product) => {
    const threshold = facts.thresholdOf(product.product);
    return product.standings.flatMap((standing) => {
      const lines = linesOf(standing);
      if (lines.length === 0 && !needsLook(standing)) return [];
      const ignore = facts.ignores.get(standing.key) ?? null;
      const unusual = isUnsynced(standing) ? unusualIn(standing, threshold) : null;
      const connection = facts.connectionOf(standing.key);
      const decided = facts.decided.has(standing.key);
      return [
        {
          key: standing.key,
          product,
          standing,
          connection,
          ignore,
          unusual,
          decided,
          lines,
          views: viewsOf(standing, lines, ignore, unusual),
        },
      ];
    });
  });
  return {
    customers,
    all: products.reduce((sum, product) => sum + product.customers, 0),
    compared: products.reduce((sum, product) => sum + product.compared, 0),
    changed: customers.filter(({ standing, ignore }) => isUnsynced(standing) && ignore === null).length,
  };
}

/** Whether a bulk sync takes the customer without being told to: something to sync, not ignored, not unusual, and not decided line by line. */
export function isForBulk({ standing, ignore, unusual, decided }: ArrearsCustomer): boolean {
  return isUnsynced(standing) && ignore === null && unusual === null && !decided;
}

/** The money effect of lines, by currency; a line whose money is unknown is counted apart. */
export function moneyOf(lines: readonly Movement[]): { readonly sums: ReadonlyMap<string, Decimal>; readonly unknown: number } {
  const sums = new Map<string, Decimal>();
  let unknown = 0;
  for (const { money, currency } of lines) {
    if (money === null || currency === null) unknown += 1;
    else sums.set(currency, add(sums.get(currency) ?? ZERO, money));
  }
  return { sums, unknown };
}

/** What differs; of a customer whose lines were all left out, what it counts. */
function linesOf(standing: Standing): readonly Movement[] {
  const { movements } = standing;
  const changed = movements.filter(({ reason }) => reason !== null);
  if (isUnsynced(standing)) return changed.length > 0 ? changed : movements;
  return changed.filter(({ reason }) => isAboutMoney(reason));
}

function viewsOf(standing: Standing, lines: readonly Movement[], ignore: Ignore | null, unusual: Problem | null): ReadonlySet<ArrearsView> {
  if (ignore !== null) return new Set(['ignored']);
  const is: Readonly<Record<Exclude<ArrearsView, 'ignored'>, boolean>> = {
    all: true,
    new: standing.flag === 'never synced',
    changed: standing.flag === 'changed',
    gone: isUnsynced(standing) && lines.some(({ reason }) => reason === 'gone'),
    price: lines.some(({ reason }) => isAboutMoney(reason)),
    unusual: unusual !== null,
    'needs-look': needsLook(standing),
  };
  return new Set(ARREARS_VIEWS.filter((view) => view !== 'ignored' && is[view]));
}
