import type { Json } from '../../domain/canonical';
import { problem } from '../../domain/problem';
import { err } from '../../domain/result';
import type { RecordType } from '../fields';
import { isRecord, pagesOf } from '../paging';
import type { PsaAnswer, PsaRequest, Reading } from '../psa';
import { limits } from './limits';

export const jsonHeaders = { 'Content-Type': 'application/json' };

/** A condition of a query, in the PSA's own words. */
export type Filter = Readonly<Record<string, Json>>;

export const equal = (field: string, value: Json): Filter => ({ op: 'eq', field, value });
export const all: Filter = { op: 'exist', field: 'id' };

export function query(entity: string, filter: readonly Filter[], includeFields?: readonly string[]): PsaRequest {
  const body = { maxRecords: limits.pageSize, ...(includeFields === undefined ? {} : { includeFields }), filter };
  return { method: 'POST', path: `/V1.0/${entity}/query`, query: {}, headers: jsonHeaders, body };
}

export function fieldsOf(entity: string): PsaRequest {
  return { method: 'GET', path: `/V1.0/${entity}/entityInformation/fields`, query: {}, headers: {}, body: null };
}

/** One list of a reading that takes several: where its answers are recognised by, what a row is, and what is asked after its last page. */
export interface Link<T> {
  readonly path: string;
  readonly type: RecordType<T>;
  readonly rowsIn: (body: unknown) => readonly unknown[] | null;
  readonly then: ((answer: PsaAnswer) => PsaRequest) | null;
}

/** All pages of one list after the other. */
export function reading<T>(request: PsaRequest, links: readonly Link<T>[], keep?: (row: T) => boolean): Reading<T> {
  return {
    request,
    parse: (answer, asked) => {
      const link = links.find(({ path }) => asked.path.startsWith(path));
      if (link === undefined) return err([problem('answer is not understood', { what: 'list', detail: asked.path })]);
      const { type, rowsIn, then } = link;
      const next = (page: PsaAnswer, before: PsaRequest) => nextPage(page, before) ?? then?.(page) ?? null;
      return pagesOf(type, request, { rowsIn, next, message: messageOf }, keep === undefined ? {} : { keep }).parse(answer, asked);
    },
  };
}

export function link<T>(entity: string, type: RecordType<T>, then: Link<T>['then'] = null): Link<T> {
  return { path: `/V1.0/${entity}/query`, type, rowsIn: itemsIn, then };
}

export function itemsIn(body: unknown): readonly unknown[] | null {
  return isRecord(body) && Array.isArray(body['items']) && isAddress(addressIn(body)) ? body['items'] : null;
}

/** The words of Autotask in an error body. */
export function messageOf({ body }: PsaAnswer): string | null {
  if (!isRecord(body)) return null;
  const errors = Array.isArray(body['errors']) ? body['errors'] : [body['Message'] ?? body['message']];
  const text = errors.filter((error): error is string => typeof error === 'string' && error.trim() !== '').join('; ');
  return text === '' ? null : text;
}

/**
 * The address of the next page, below the base URL that this page reaches. It takes the method and the body of the first page again (a GET
 * is answered with 405), unless it carries the search itself.
 */
function nextPage({ body }: PsaAnswer, asked: PsaRequest): PsaRequest | null {
  const found = NEXT_PAGE.exec(addressIn(body) ?? '');
  if (found === null) return null;
  const next = Object.fromEntries(new URLSearchParams(found[2] ?? ''));
  const page = { ...asked, path: `/V1.0/${found[1] ?? ''}`, query: next };
  return 'search' in next ? { ...page, method: 'GET', headers: {}, body: null } : page;
}

const NEXT_PAGE = /\/v1\.0\/([^?#]*)(?:\?([^#]*))?/i;

function addressIn(body: unknown): string | null {
  const details = isRecord(body) ? body['pageDetails'] : null;
  const address = isRecord(details) ? details['nextPageUrl'] : null;
  return typeof address === 'string' && address.trim() !== '' ? address : null;
}

/** A next page whose address is not understood is not the last page: the list would be read as shorter than it is. */
function isAddress(address: string | null): boolean {
  return address === null || NEXT_PAGE.test(address);
}
