import type { Agreement, Connection, PsaCompany, PsaLine, PsaProduct } from '../domain/agreement';
import type { AgreementUse } from '../domain/billing-cycle';
import type { Day, Period } from '../domain/calendar';
import type { Around, Lookup, LookupKind, RequestsOf } from '../domain/change';
import type { PlanRequest } from '../domain/plan';
import type { Problem } from '../domain/problem';
import type { Result } from '../domain/result';
import type { Evidence } from './evidence';
import type { PsaAnswer, PsaRequest, Reading } from './exchange';
import type { Limits } from './limits';

export type { Evidence, Held } from './evidence';
export type { Method, PsaAnswer, PsaRequest, Reading } from './exchange';

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
  /** A setting that is a number, not less than 0. Absent, any text is one. */
  readonly amount?: true;
}

/** What an exported product is filed under, in the PSA's words; null where the PSA has no such field. `unit` may be left empty. */
export interface ProductFields {
  /** Null where a product is known by its name alone. */
  readonly identifier: string | null;
  readonly category: string | null;
  readonly type: string | null;
  readonly unit: string | null;
}

/**
 * Where the PSA gives out a token for the credentials: one POST before everything else, then `Authorization: Bearer` and the token.
 * `path` is relative to the base URL and may leave its last folder with `../`; its query and the values of `form` name `fields` as
 * `{{name}}`; `token` is the dotted path of the token in the answer.
 */
export interface SignIn {
  readonly path: string;
  readonly encoding: 'urlencoded' | 'multipart';
  readonly form: Readonly<Record<string, string>>;
  readonly token: string;
}

/** What a saved answer holds; `also` where the PSA's record is two things at once, such as the customer that is its own agreement. */
export interface Recognised {
  readonly kind: Kind;
  readonly rows: readonly (PsaCompany | Agreement | PsaProduct | PsaLine)[];
  readonly also?: Recognised;
  /** Where the record of an agreement holds all its lines: whose they are, even if there is none. */
  readonly whole?: LinesOf;
}

/** All lines of these kinds that an agreement has. */
export interface LinesOf {
  readonly agreementId: string;
  readonly kinds: readonly PsaLine['kind'][];
}

/** How the address of the partner's own servers is found: one read of a public address, by the name of the user. */
export interface Zone {
  /** The name of the field in `fields` that is asked for. */
  readonly field: string;
  readonly baseUrl: string;
  readonly request: (user: string) => PsaRequest;
  /** The base URL that the answer names; null when it names none. */
  readonly url: (answer: PsaAnswer) => string | null;
}

export type Kind = 'companies' | 'agreements' | 'products' | 'lines';

/** One PSA: pure functions from changes to requests and from answers to facts. One file, one registry line. */
export interface PsaAdapter {
  readonly id: string;
  /** The JSON type of ids in the PSA's bodies. Everywhere else they are text. */
  readonly ids: 'number' | 'text';
  readonly words: Words;
  readonly limits: Limits;
  /** The limits with what the tenant says of its own fields; absent where no tenant differs. */
  readonly limitsIn?: (lookups: Around['lookups']) => Limits;
  readonly fields: readonly ConnectionField[];
  readonly productFields: ProductFields;
  /**
   * What can be requests at all: new recurring lines, changes and ends of them, one-time lines. What cannot is hand-work of the partner.
   * Where nothing can be read back, a write goes once and never again by itself, and the lines are what was last synced.
   */
  readonly can: { readonly recurring: boolean; readonly change: boolean; readonly oneTime: boolean; readonly readBack: boolean };
  /** Null where the credentials go with every request. */
  readonly signIn: SignIn | null;
  /**
   * True where a change of a quantity says by how much (a delta), not what the line shall hold: it never goes onto another number than the
   * one it was planned from, not even by the partner's word.
   */
  readonly deltas?: true;
  /** The authentication headers, without those of a sign-in. They are added at the moment of sending and never stored. */
  readonly authorization: (
    connection: Connection,
    credentials: Readonly<Record<string, string>>,
  ) => Result<Readonly<Record<string, string>>, Problem>;
  readonly read: {
    readonly companies: () => Reading<PsaCompany>;
    readonly agreements: (companyId: string | null) => Reading<Agreement>;
    /** Every agreement in one list of its own, where `agreements` reads others before it and `placed` can do without them. */
    readonly agreementsAlone?: () => Reading<Agreement>;
    readonly products: () => Reading<PsaProduct>;
    readonly productsByReference: (reference: string, identifier: string) => Reading<PsaProduct>;
    /** Asked only where `can` says that there is something to read: `readBack`, and `oneTime` for the second. They throw otherwise. */
    readonly lines: (agreementId: string) => Reading<PsaLine>;
    readonly oneTimeLines: (agreementId: string) => Reading<PsaLine>;
    /** Whether both readings are the same one, with recurring and one-time lines in it. */
    readonly oneTimeAmongLines?: true;
    /** The choices that `productFields` and `requests` are made of. */
    readonly lookups: () => Readonly<Partial<Record<LookupKind, Reading<Lookup>>>>;
    /** The cheapest read that proves URL and credentials. */
    readonly test: () => PsaRequest;
  };
  /** Saved answers of the same reads (array, or one object): what they are, and their rows. */
  readonly recognise: (saved: unknown) => Recognised | null;
  /** Saved agreements that only name their company, with the id of the one company of that name. Absent where they tell the id. */
  readonly placed?: (agreements: readonly Agreement[], companies: readonly PsaCompany[]) => readonly Agreement[];
  /** Why the agreement cannot take the lines, and what it warns of. */
  readonly judge: (
    agreement: Agreement,
    use: AgreementUse,
  ) => { readonly refusals: readonly Problem[]; readonly warnings: readonly Problem[] };
  /** The last day of a line that no longer bills `period`, and the first day that a dated change may carry. */
  readonly dates: (agreement: Agreement, period: Period) => { readonly firstDay: Day; readonly lastDay: Day };
  /**
   * The day from which a request's quantity counts, null where it writes none: lines are compared as they stand on it. Absent where a PSA
   * does not date quantities.
   */
  readonly writesFrom?: (request: PlanRequest) => Day | null;
  /** The requests of a change, in order, or every limit it breaks. */
  readonly requests: RequestsOf;
  /** The request that removes a second copy of a line; null where the PSA has none and a person must. */
  readonly removal: (line: { readonly agreementId: string; readonly lineId: string; readonly kind: PsaLine['kind'] }) => PsaRequest | null;
  /**
   * What must still stand before a write goes, beside what it writes, given the lines just read and the id of the one that the request
   * means: a PSA that takes a document back whole would lose what somebody changed in it meanwhile, and a line that the PSA has come to
   * count itself is not ours to write. Not even the partner's word to send anyway passes it. Absent where nothing else matters.
   */
  readonly guard?: (request: PlanRequest, lines: readonly PsaLine[], lineId: string | null) => Problem | null;
  /**
   * What a write changed that it was not to change, given the lines read after it: a PSA that takes a document back whole may have lost or
   * altered the other lines in it. Such a write is not called sent. Absent where a write touches its own line alone.
   */
  readonly spoiled?: (request: PlanRequest, lines: readonly PsaLine[]) => Problem | null;
  /** The page after an answer to a plan's own read that held nothing sought; null after the last. Absent where one answer holds all. */
  readonly readOn?: (answer: PsaAnswer, asked: PsaRequest) => PsaRequest | null;
  /** What proves a write from outside of this page; for a plan's own read, which row it means. Null where nothing can be read back. */
  readonly evidence: (request: PlanRequest) => Evidence | null;
  /** Absent where a PSA has one address, or the partner knows it. */
  readonly zone?: Zone;
  /** Where a sync file leaves room for the account and its secrets: the names of `fields` as `{{name}}`. */
  readonly placeholders: {
    readonly baseUrl: string;
    readonly basic: { readonly username: string; readonly password: string } | null;
    readonly headers: Readonly<Record<string, string>>;
  };
  /** The PSA's own message in a refusal; null when the body holds none. */
  readonly message: (answer: PsaAnswer) => string | null;
  /** Whether a 2xx answer says that nothing was applied. */
  readonly refuses: (answer: PsaAnswer) => boolean;
  /** Whether a 2xx answer proves the write: the parsed record with what it yields, else null. */
  readonly prove: (
    request: PlanRequest,
    answer: PsaAnswer,
  ) => { readonly lineId: string | null; readonly yielded: Readonly<Record<string, string | number>> } | null;
}
