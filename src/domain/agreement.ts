import type { Day, Period } from './calendar';
import type { Json } from './canonical';
import type { Decimal } from './decimal';

/** A customer in the PSA. Ids are text everywhere but in a `body` whose PSA wants numbers. */
export interface PsaCompany {
  readonly id: string;
  readonly name: string;
  readonly identifier: string | null;
  readonly website: string | null;
  readonly externalId: string | null;
  readonly active: boolean;
}

/** The PSA document that gets invoiced: agreement, contract, recurring invoice. */
export interface Agreement {
  readonly id: string;
  readonly name: string;
  readonly companyId: string;
  readonly type: string | null;
  readonly status: 'active' | 'ended' | 'cancelled' | 'inactive' | 'unknown';
  /** The PSA's own word of a status that is not understood. */
  readonly statusName?: string;
  readonly startDate: Day | null;
  readonly endDate: Day | null;
  /** The PSA's own name of the billing cycle, and whether it is monthly; null when the PSA did not say. */
  readonly cycle: string | null;
  readonly monthly: boolean | null;
  readonly currency: string | null;
  readonly prorates: boolean | null;
  /** The first day that is not yet invoiced. */
  readonly nextInvoiceDate: Day | null;
  /** Whether one-time products on it are billed; null is unknown. */
  readonly billsProducts: boolean | null;
}

/** What the PSA can put on an agreement. `reference` is the field that holds our product key. */
export interface PsaProduct {
  readonly id: string;
  readonly identifier: string;
  readonly description: string;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  readonly taxable: boolean | null;
  readonly active: boolean;
  readonly reference: string | null;
}

/** One position on an agreement as the PSA holds it. `key` is our lineKey where the line is ours. */
export interface PsaLine {
  readonly id: string;
  readonly agreementId: string;
  readonly kind: 'recurring' | 'one-time';
  readonly productId: string | null;
  readonly productIdentifier: string | null;
  readonly description: string;
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  readonly effectiveDate: Day | null;
  /** The last day of the line; null while it is open. */
  readonly endDate: Day | null;
  readonly lessIncluded: Decimal | null;
  readonly invoiced: boolean | null;
  readonly key: string | null;
  /** The last day that the PSA has approved and posted for this line: nothing on or before it can change. Absent where the PSA says none. */
  readonly postedThrough?: Day | null;
  /**
   * Where the PSA dates quantities: all of them, by their day. `quantity` is then the newest, which may lie in the future; whoever compares or
   * computes takes the line as it stands on a day. Absent, `quantity` holds from now on.
   */
  readonly quantities?: readonly DatedQuantity[];
  /** True where the PSA counts the quantity by itself and overwrites ours. */
  readonly counted?: boolean;
  /** The record as read, kept only for a PSA that takes its lines back whole. */
  readonly raw?: Json;
}

/** What a line holds from a day on: until the next one, or until `until` (a last day) where no next one follows at once. */
export interface DatedQuantity {
  readonly from: Day;
  readonly until: Day | null;
  readonly quantity: Decimal | null;
}

/** A line that still bills: not ended before `day`. Probes and matching ignore ended ones. */
export function isOpen(line: PsaLine, day: Day): boolean {
  return line.endDate === null || line.endDate > day;
}

/** Product or sub-product -> PSA product of one connection. `subProduct` null is the top-level product. */
export interface Binding {
  readonly connection: string;
  readonly product: string;
  readonly subProduct: string | null;
  /** Null until an exported product's id is known. */
  readonly psaProductId: string | null;
  readonly identifier: string;
  readonly description: string;
  readonly taxable: boolean | null;
  readonly origin: 'bound' | 'exported';
  /** The plan that exports the product, while it is not delivered. */
  readonly exportPlan: string | null;
  readonly from: Period | null;
  readonly until: Period | null;
  readonly seq: number;
}

/** What the partner fills in to export a product (product.md step 6). */
export interface ProductExport {
  readonly product: string;
  readonly subProduct: string | null;
  readonly term: 'monthly' | 'annual' | 'one time';
  readonly name: string;
  readonly description: string;
  readonly identifier: string;
  readonly category: string;
  readonly type: string;
  readonly unit: string | null;
  readonly cost: Decimal | null;
  readonly price: Decimal | null;
  readonly taxable: boolean;
}

export type Protocol = 'file' | 'psa' | 'relay' | 'sandbox';

/** One PSA tool and account, and how requests reach it. Secrets live elsewhere and never here. */
export interface Connection {
  readonly id: string;
  readonly psa: string;
  readonly name: string;
  readonly protocol: Protocol;
  /** Base URL of the PSA (or the CORS relay in front of it), or the relay's one URL; null for file and sandbox. */
  readonly url: string | null;
  /** The account at the PSA, part of every lineKey: for ConnectWise the login company id, in lower case. */
  readonly tenant: string;
  readonly currency: string;
  /** Requests a minute at the most. */
  readonly rateLimit: number;
  /** Minutes after which an absent line counts as absent. */
  readonly quarantineMinutes: number;
  /** With protocol relay: the receiver refuses a key that it has seen. The page says which promise holds. */
  readonly checksKeys: boolean;
  /** Settings of the PSA that are not secret: codebase, default sub-category, type. */
  readonly settings: Readonly<Record<string, string>>;
  readonly remember: boolean;
}

/** Requests a minute: what the connection says, and never more than its PSA takes. */
export function rateOf({ rateLimit }: Pick<Connection, 'rateLimit'>, most: number): number {
  return Math.max(1, Math.min(rateLimit, most));
}
