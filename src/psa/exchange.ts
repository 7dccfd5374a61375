import type { Json } from '../domain/canonical';
import type { Problem } from '../domain/problem';
import type { Result } from '../domain/result';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** A request as it leaves: ids resolved, no secret inside. `path` is relative to the connection's base URL. */
export interface PsaRequest {
  readonly method: Method;
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
  /** Puts the rows of all pages together where one record is spread over several answers; absent, they stand as they are. */
  readonly join?: (rows: readonly T[]) => readonly T[];
}
