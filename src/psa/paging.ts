import { problem, type Problem } from '../domain/problem';
import { err, ok, partition } from '../domain/result';
import type { RecordType } from './fields';
import type { PsaAnswer, PsaRequest, Reading } from './psa';

/** How one PSA pages its lists and words its refusals. */
export interface Paging {
  /** The rows of one answer, or null when it is no list. */
  readonly rowsIn: (body: unknown) => readonly unknown[] | null;
  /** The request of the next page, from the answer and how many rows it held; null after the last. */
  readonly next: (answer: PsaAnswer, asked: PsaRequest, rows: number) => PsaRequest | null;
  /** The PSA's own message in an answer; null when it holds none. */
  readonly message: (answer: PsaAnswer) => string | null;
  /** Whether a 2xx answer is a refusal all the same. */
  readonly refuses?: (answer: PsaAnswer) => boolean;
}

/** All pages of a list. `keep` leaves rows out after they were counted, so a filtered page is not taken for a short one. */
export function pagesOf<T>(
  type: RecordType<T>,
  request: PsaRequest,
  paging: Paging,
  options: { readonly agreementId?: string; readonly keep?: (row: T) => boolean } = {},
): Reading<T> {
  return {
    request,
    parse: (answer, asked) => {
      const refused = refusalOf(answer, paging);
      if (refused !== null) return err([refused]);
      const found = paging.rowsIn(answer.body);
      if (found === null) return err([problem('answer is not understood', { what: `${type.what} list`, detail: 'not a list' })]);
      const { values, errors } = partition<T, Problem>(
        found.map((value, index) => {
          const row = type.read(value, options.agreementId ?? null);
          return row === null
            ? err(problem('answer is not understood', { what: type.what, detail: `row ${index + 1}: ${shownId(value)}` }))
            : ok(row);
        }),
      );
      if (errors.length > 0) return err(errors);
      const { keep } = options;
      return ok({ rows: keep === undefined ? values : values.filter(keep), next: paging.next(answer, asked, found.length) });
    },
  };
}

/** Why an answer to a read holds no rows; null when it may. */
export function refusalOf(answer: PsaAnswer, { message, refuses }: Pick<Paging, 'message' | 'refuses'>): Problem | null {
  const { status } = answer;
  const said = () => message(answer) ?? '';
  if (status >= 200 && status < 300 && refuses?.(answer) !== true) return null;
  if (status === 401 || status === 403) return problem('credentials were refused', { status, message: said() });
  if (status === 429) return problem('rate limit', { seconds: secondsIn(answer.headers['retry-after']) });
  return problem('request was refused', { status, message: said() });
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function secondsIn(header: string | undefined): number {
  return header !== undefined && /^\d{1,5}$/.test(header.trim()) ? Number(header) : 60;
}

function shownId(value: unknown): string {
  const id = isRecord(value) ? (value['id'] ?? value['Id']) : undefined;
  return typeof id === 'number' || typeof id === 'string' ? `id ${id}` : 'without an id';
}
