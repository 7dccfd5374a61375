import type { Day } from './calendar';
import type { Json } from './canonical';
import type { Decimal } from './decimal';
import type { ProductExport, PsaLine } from './agreement';
import type { Problem } from './problem';
import type { Result } from './result';

export const SYNC_OPTIONS = ['multi-product', 'single line', 'one-time itemised', 'one-time single'] as const;
export type SyncOption = (typeof SYNC_OPTIONS)[number];
export function isRecurring(option: SyncOption): boolean {
  return option === 'multi-product' || option === 'single line';
}

/** A PSA product to put on a line: by id, or by an id that an earlier request yields under the name `use`. */
export interface ProductReference {
  readonly id: string | null;
  readonly identifier: string;
  readonly use: string | null;
}

/** What the PSA is believed to hold before a change: only the fields that we write, the product and the end date. Null is "not compared". */
export interface Belief {
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  readonly name: string | null;
  readonly productId: string | null;
  readonly endDate: Day | null;
}

/** What the PSA must hold after it. Null is "not written". An `endDate` ends the line. */
export interface Outcome {
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  readonly name: string | null;
  readonly effectiveDate: Day | null;
  readonly endDate: Day | null;
}

interface LineChange {
  readonly lineKey: string;
  readonly agreementId: string;
  readonly name: string;
  readonly subProducts: readonly string[];
  readonly product: ProductReference;
  readonly after: Outcome;
  /** The first day of the cycle that is not invoiced yet: what a change carries at a PSA that dates its changes. */
  readonly on: Day;
}
/** A new recurring line. */
export interface CreateChange extends LineChange {
  readonly kind: 'create';
  /** The ended line of the same key that this one follows, or null. */
  readonly follows: string | null;
}
/** An absolute change of a line; `lineId` null means that it is found by its key first. `adopt` writes our key onto it. */
export interface UpdateChange extends LineChange {
  readonly kind: 'update';
  readonly lineId: string | null;
  readonly adopt: boolean;
  readonly before: Belief;
}
/** The end of a line: by date, or by quantity 0. */
export interface EndChange extends LineChange {
  readonly kind: 'end';
  readonly lineId: string | null;
  readonly how: 'date' | 'zero';
  readonly before: Belief;
}
/** A one-time line of one period. */
export interface ChargeChange extends LineChange {
  readonly kind: 'charge';
  readonly companyId: string;
  /** The charge of the same key that somebody deleted in the PSA and that this one replaces, or null. */
  readonly follows: string | null;
}
/** A product that the PSA does not have yet. `reference` is our key on it, `yields` the name under which later requests use its id. */
export interface ExportChange {
  readonly kind: 'export';
  readonly lineKey: string;
  readonly reference: string;
  readonly yields: string;
  readonly product: ProductExport;
}
export type Change = CreateChange | UpdateChange | EndChange | ChargeChange | ExportChange;

/** Where an answer holds a value: a field of the body, or of the one array element whose `where` field equals a text. */
export interface Yield {
  readonly field: string;
  readonly where: { readonly field: string; readonly equals: string } | null;
}

/** A choice that the PSA offers by name: sub-categories, product types, units, and the values of picklists that requests need. */
export interface Lookup {
  readonly id: string;
  readonly name: string;
}
export const LOOKUP_KINDS = ['categories', 'types', 'units', 'rules'] as const;
export type LookupKind = (typeof LOOKUP_KINDS)[number];

/** What an adapter may need beside a change to make its requests. */
export interface Around {
  /** Lines of an agreement as they were read, null when they never were: for a PSA that takes a document back whole. */
  readonly linesOf: (agreementId: string) => readonly PsaLine[] | null;
  /** Changes of the same plan that come before this one, in order. */
  readonly earlier: readonly Change[];
  /** Settings of the connection that are no secret. */
  readonly settings: Readonly<Record<string, string>>;
  /** Choices of the tenant as they were read; a kind that was never read is absent. */
  readonly lookups: Readonly<Partial<Record<LookupKind, readonly Lookup[]>>>;
  /** Whether the PSA can be read: by file it cannot, and documented limits stand in for what a tenant says of its own. */
  readonly readable: boolean;
}

/** A change with nothing around it. */
export const ALONE: Around = { linesOf: () => null, earlier: [], settings: {}, lookups: {}, readable: false };

/** The requests of a change, in order, or everything in the way. */
export type RequestsOf = (change: Change, around: Around) => Result<readonly RequestDraft[], readonly Problem[]>;

/**
 * A request before it has its key: what an adapter makes of a change. `path` and `body` use ids as `{{name}}` and `{"$use": "name"}`.
 * `HAND` is no request: the PSA has none for it, and the partner does it by hand and ticks it off.
 */
export interface RequestDraft {
  readonly operation: 'read' | Change['kind'];
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'HAND';
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly expects: { readonly status: readonly number[]; readonly yields: Readonly<Record<string, Yield>> };
  readonly uses: readonly string[];
  /** What this request alone believes and writes, where a change takes several; absent, it is what the change says. */
  readonly part?: { readonly before: Belief | null; readonly after: Outcome };
}
