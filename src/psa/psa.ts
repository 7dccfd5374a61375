import type { Agreement, Connection, PsaCompany, PsaLine, PsaProduct } from '../domain/agreement';
import type { Day, Period } from '../domain/calendar';
import type { Json } from '../domain/canonical';
import type { Change, RequestDraft, SyncOption } from '../domain/change';
import type { PlanRequest } from '../domain/plan';
import type { Problem } from '../domain/problem';
import type { Result } from '../domain/result';

/** A request as it leaves: ids resolved, no secret inside. `path` is relative to the connection's base URL. */
export interface PsaRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

/** What came back: header names in lower case, the body parsed from JSON, or undefined when it was none. */
export interface PsaAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * A paged read. `parse` answers one page and the next request, or every reason why the page is not understood.
 * It takes the request that was answered: browsers hide the paging headers of other origins, and then only the asked page tells which one is next.
 */
export interface Reading<T> {
  readonly request: PsaRequest;
  readonly parse: (
    answer: PsaAnswer,
    asked: PsaRequest,
  ) => Result<{ readonly rows: readonly T[]; readonly next: PsaRequest | null }, readonly Problem[]>;
}

/** A choice that the PSA offers by name: sub-categories, product types, units. */
export interface Lookup {
  readonly id: string;
  readonly name: string;
}

/** The PSA's own words on the page. */
export interface Words {
  readonly psa: string;
  readonly agreement: string;
  readonly agreements: string;
  readonly line: string;
  readonly lines: string;
  readonly product: string;
}

/** A field of the connection form. Secret ones go to the vault, the others into `connection.settings` (or `tenant`). */
export interface ConnectionField {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly secret: boolean;
  readonly required: boolean;
  readonly target: 'tenant' | 'settings' | 'credentials';
}

/** The PSA's limits as data: checked before a plan exists, each tested from both sides. Lengths in characters. */
export interface Limits {
  readonly lineName: number;
  readonly productIdentifier: number;
  readonly productDescription: number;
  readonly productReference: number;
  readonly lineKey: number;
  readonly quantityDecimals: number | null;
  readonly priceDecimals: number | null;
  readonly wholeUnits: boolean;
  readonly pageSize: number;
  readonly requestsPerMinute: number;
  /** False where one agreement cannot hold the same product twice. */
  readonly productRepeats: boolean;
  readonly negativePrices: boolean;
}

/**
 * How a script that knows no PSA finds what a request writes: one read, the rows that are ours, and what they must hold. Fields are
 * dotted paths into a row. Dates are compared as days; `equals` may be `{"$use": name}`.
 */
export interface Evidence {
  readonly read: PsaRequest;
  readonly where: { readonly field: string; readonly equals: Json };
  /** The field whose day ends a row; ended rows are not ours. Null where an end is what the request writes. */
  readonly ended: string | null;
  /** What the row must hold for the change to be sent; empty for a new row, which must not be there. */
  readonly before: readonly { readonly field: string; readonly equals: Json }[];
  readonly after: readonly { readonly field: string; readonly equals: Json }[];
}

export type Kind = 'companies' | 'agreements' | 'products' | 'lines';

/** One PSA: pure functions from changes to requests and from answers to facts. One file, one registry line. */
export interface PsaAdapter {
  readonly id: string;
  readonly words: Words;
  readonly limits: Limits;
  readonly fields: readonly ConnectionField[];
  /** Whether recurring lines, one-time lines and quantity changes can be requests at all. */
  readonly can: { readonly recurring: boolean; readonly oneTime: boolean; readonly readBack: boolean };
  /** The authentication headers. They are added at the moment of sending and never stored. */
  readonly authorization: (
    connection: Connection,
    credentials: Readonly<Record<string, string>>,
  ) => Result<Readonly<Record<string, string>>, Problem>;
  readonly read: {
    readonly companies: () => Reading<PsaCompany>;
    readonly agreements: (companyId: string | null) => Reading<Agreement>;
    readonly products: () => Reading<PsaProduct>;
    readonly productsByReference: (reference: string, identifier: string) => Reading<PsaProduct>;
    readonly lines: (agreementId: string) => Reading<PsaLine>;
    readonly oneTimeLines: (agreementId: string) => Reading<PsaLine>;
    readonly lookups: () => Readonly<Record<'categories' | 'types' | 'units', Reading<Lookup>>>;
    /** The cheapest read that proves URL and credentials. */
    readonly test: () => PsaRequest;
  };
  /** Saved answers of the same reads (array, or one object): what they are, and their rows. */
  readonly recognise: (
    saved: unknown,
  ) => { readonly kind: Kind; readonly rows: readonly (PsaCompany | Agreement | PsaProduct | PsaLine)[] } | null;
  /** Why the agreement cannot take the lines, and what it warns of. */
  readonly judge: (
    agreement: Agreement,
    use: { readonly period: Period; readonly today: Day; readonly currency: string | null; readonly option: SyncOption },
  ) => { readonly refusals: readonly Problem[]; readonly warnings: readonly Problem[] };
  /** The last day of a line that no longer bills `period`, and the first day that a dated change may carry. */
  readonly dates: (agreement: Agreement, period: Period) => { readonly firstDay: Day; readonly lastDay: Day };
  /** The requests of a change, in order, or every limit it breaks. */
  readonly requests: (change: Change) => Result<readonly RequestDraft[], readonly Problem[]>;
  /** The request that removes a second copy of a line. */
  readonly removal: (line: { readonly agreementId: string; readonly lineId: string; readonly kind: PsaLine['kind'] }) => PsaRequest;
  /** What proves a write from outside of this page; for a plan's own read, which row it means. Sync files carry it. */
  readonly evidence: (request: PlanRequest) => Evidence;
  /** Where a sync file leaves room for the account and its secrets: the names of `fields` as `{{name}}`. */
  readonly placeholders: {
    readonly baseUrl: string;
    readonly basic: { readonly username: string; readonly password: string } | null;
    readonly headers: Readonly<Record<string, string>>;
  };
  /** The PSA's own message in a refusal; null when the body holds none. */
  readonly message: (answer: PsaAnswer) => string | null;
  /** Whether a 2xx answer proves the write: the parsed record with what it yields, else null. */
  readonly prove: (
    request: PlanRequest,
    answer: PsaAnswer,
  ) => { readonly lineId: string | null; readonly yielded: Readonly<Record<string, string | number>> } | null;
}
