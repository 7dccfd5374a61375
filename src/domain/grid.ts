import type { Agreement, Binding, PsaLine } from './agreement';
import type { Day, Period } from './calendar';
import type { Change, ProductReference, SyncOption } from './change';
import type { Decimal } from './decimal';
import type { NameTemplate } from './line-name';
import type { SubProduct } from './marketplace';
import type { PriceVersion } from './price';
import type { Problem } from './problem';
import type { AppliedRule } from './rule';
import type { SiteCount } from './snapshot';
import type { Synced } from './synced';

export type LineStatus = 'Creating' | 'Updating' | 'Unchanged' | 'Ending';

/** What the partner changed on a line of the grid; absent fields keep what the page computed. */
export interface LineEdit {
  readonly name?: string;
  readonly effectiveDate?: Day;
  readonly price?: Decimal;
  readonly cost?: Decimal;
  readonly syncedQuantity?: Decimal;
  readonly reason?: string;
  /** Push the marketplace's price (and cost) onto an existing line. */
  readonly pushPrice?: boolean;
  /** How a true zero ends the line. */
  readonly ending?: 'date' | 'zero';
  /** The PSA line to take over, or `new` to create beside the candidates. */
  readonly adopt?: string;
  /** The partner says that the charge of this month was deleted in the PSA and is on no invoice: it is made again. */
  readonly again?: boolean;
}

/** Everything that the grid is a function of. */
export interface GridInput {
  readonly psa: { readonly id: string; readonly tenant: string; readonly connection: string };
  readonly limits: {
    readonly lineName: number;
    /** Null where a line has no field for our key. */
    readonly lineKey?: number | null;
    readonly productRepeats: boolean;
    readonly negativePrices: boolean;
    readonly quantityDecimals: number | null;
    readonly priceDecimals: number | null;
    /** The most that rounding a price may move a line's total, in its currency; more is refused. */
    readonly mostRounding: Decimal;
    /** Whether changes of a line carry a date. */
    readonly datesChanges: boolean;
    /** True where a change of a quantity moves what is planned for later days along. */
    readonly movesLater?: true;
    /** Whether a line that the PSA counts by itself may be written. */
    readonly writesCounted: boolean;
    /** False where a line has no cost of its own, and where a recurring line has no name of its own. */
    readonly keepsCost?: boolean;
    readonly keepsName?: boolean;
  };
  readonly vendor: string;
  readonly productName: string;
  readonly company: { readonly id: string; readonly psaId: string } | null;
  readonly count: SiteCount;
  /** The product's registry: every sub-product that could have a line of ours. */
  readonly subProducts: readonly SubProduct[];
  readonly prices: readonly PriceVersion[];
  readonly bindings: readonly Binding[];
  readonly option: SyncOption;
  /** Sub-products that the partner deselected: they stay untouched and withhold the synced flag. */
  readonly deselected: readonly string[];
  readonly agreement: Agreement;
  /** First day that a dated change may carry, last day of a line that ends: the adapter's `dates`. */
  readonly dates: { readonly firstDay: Day; readonly lastDay: Day };
  /** The same dates of other agreements that lines of ours are to leave, by their id. */
  readonly datesOfOthers: Readonly<Record<string, GridInput['dates']>>;
  /** What the PSA holds on the agreement (recurring and one-time); null when it was not read. */
  readonly psaLines: readonly PsaLine[] | null;
  /** What was read of other agreements that lines of ours are to leave; an agreement that never was is not in it. */
  readonly linesByAgreement: ReadonlyMap<string, readonly PsaLine[]>;
  /** Kinds of lines that were read before the customer's last change was proven: what we remember of a line outweighs them. */
  readonly olderKinds: readonly PsaLine['kind'][];
  readonly synced: Synced | null;
  /**
   * For a missed month: what the recurring lines held when its invoice was made, null inside it where a single line held several counts
   * as one. Null as a whole when the period is the newest final one.
   */
  readonly held: ReadonlyMap<string, Decimal | null> | null;
  readonly subscriptionStart: Day | null;
  readonly today: Day;
  readonly period: Period;
  readonly template: NameTemplate;
  readonly edits: Readonly<Record<string, LineEdit>>;
  /** How true zeros end lines unless a line says otherwise. */
  readonly zero: 'date' | 'zero';
}

/** One row of the line grid. `slot` names it among its siblings: the sub-product, `*` for a single line, `old:<id>` for a line that moves. */
export interface GridLine {
  readonly slot: string;
  readonly lineKey: string;
  readonly status: LineStatus;
  readonly subProducts: readonly string[];
  readonly product: ProductReference;
  readonly name: string;
  readonly usageDate: Day;
  readonly effectiveDate: Day | null;
  /** The date that is sent, where one is. */
  readonly sentDate: Day | null;
  readonly syncedQuantity: Decimal | null;
  /** What the vendor counted. Rules may bill another quantity. */
  readonly quantity: Decimal | null;
  /** The rules that made the billed quantity and the marketplace's price, in order. */
  readonly rules: readonly AppliedRule[];
  readonly reason: string | null;
  readonly cost: Decimal | null;
  readonly price: Decimal | null;
  readonly total: Decimal | null;
  readonly margin: Decimal | null;
  readonly currency: string | null;
  /** The marketplace's price beside the PSA's, where they differ. */
  readonly marketplacePrice: Decimal | null;
  readonly marketplaceCost: Decimal | null;
  readonly inPsa: Decimal | null;
  readonly delta: Decimal | null;
  readonly candidates: readonly PsaLine[];
  readonly blocks: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** A charge of the period stands in the way that the PSA may no longer hold: the partner can have it made again. */
  readonly again: boolean;
  readonly settled: number;
  readonly changes: readonly Change[];
}

/** What is not sent, and why, with the money it is worth. */
export interface LeftLine {
  readonly subProduct: string;
  readonly name: string;
  readonly reason: Problem | 'deselected' | 'trial' | 'zero';
  readonly money: Decimal | null;
}

export interface Grid {
  readonly lines: readonly GridLine[];
  readonly left: readonly LeftLine[];
  readonly blocks: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly currency: string | null;
  readonly totals: {
    readonly cost: Decimal | null;
    readonly price: Decimal;
    readonly margin: Decimal | null;
    readonly before: Decimal | null;
  };
  /** Price list versions, bindings and rules that the lines rest on. */
  readonly inputs: { readonly prices: readonly string[]; readonly bindings: readonly string[]; readonly rules: readonly string[] };
  /** Sub-products that withhold the synced flag: deselected, or left out because the PSA cannot take them. */
  readonly withheld: readonly string[];
}
