import type { Json } from '../../domain/canonical';
import type { RecordType } from '../fields';
import { isRecord, pagesOf, type Paging } from '../paging';
import type { PsaAnswer, PsaRequest, Reading } from '../psa';
import { limits } from './limits';

export const readHeaders = { Accept: 'application/json' };
export const writeHeaders = { Accept: 'application/json', 'Content-Type': 'application/json' };

export function get(path: string, query: Readonly<Record<string, string>> = {}): PsaRequest {
  return { method: 'GET', path, query, headers: readHeaders, body: null };
}

/** A list whose page is asked for in the query. */
export function paged(path: string, query: Readonly<Record<string, string>> = {}): PsaRequest {
  return get(path, { ...query, PageSize: String(limits.pageSize), PageNumber: '1' });
}

/** The list of services is asked for with a POST; it writes nothing. */
export function search(filter: Readonly<Record<string, string>> = {}): PsaRequest {
  const body = { PageSize: limits.pageSize, PageNumber: 1, ...(Object.keys(filter).length === 0 ? {} : { Filter: filter }) };
  return { method: 'POST', path: '/v2/admin/finance/services/search', query: {}, headers: writeHeaders, body };
}

export function reading<T>(type: RecordType<T>, request: PsaRequest, keep?: (row: T) => boolean): Reading<T> {
  return pagesOf(type, request, paging, keep === undefined ? {} : { keep });
}

/** What every answer carries its content in; null where it is none. */
export function resultOf({ body }: PsaAnswer): unknown {
  return isRecord(body) && body['Success'] === true ? body['Result'] : null;
}

/** A failure may come with status 200. */
export function refuses({ body }: PsaAnswer): boolean {
  return isRecord(body) && body['Success'] === false;
}

/** The words of BMS: message, details and every further error. The stack that it sends along is left out. */
export function messageOf({ body }: PsaAnswer): string | null {
  const error = isRecord(body) ? body['Error'] : null;
  if (!isRecord(error)) return null;
  const further: readonly unknown[] = Array.isArray(error['SubErrors']) ? error['SubErrors'] : [];
  const parts = [error['Message'], error['Details'], ...further].filter((part) => typeof part === 'string' && part.trim() !== '');
  return parts.length === 0 ? null : [...new Set(parts)].join('; ');
}

const paging: Paging = {
  rowsIn: (body) => {
    const result = resultOf({ status: 200, headers: {}, body });
    return Array.isArray(result) ? result : null;
  },
  next: nextPage,
  message: messageOf,
  refuses,
};

/** By `TotalRecords`; where a list has none, a full page has a next one. A list without a page number is whole. */
function nextPage({ body }: PsaAnswer, asked: PsaRequest, rows: number): PsaRequest | null {
  const place = placeOf(asked);
  if (place === null || rows === 0) return null;
  const total = isRecord(body) ? body['TotalRecords'] : null;
  const seen = (place.page - 1) * place.size + rows;
  if (typeof total === 'number' && total > 0 ? seen >= total : rows < place.size) return null;
  return atPage(asked, place.page === 1 ? Math.min(rows, place.size) : place.size, place.page + 1);
}

function placeOf({ query, body }: PsaRequest): { readonly page: number; readonly size: number } | null {
  const asked: Readonly<Record<string, Json>> = isRecord(body) ? body : query;
  return asked['PageNumber'] === undefined ? null : { page: Number(asked['PageNumber']), size: Number(asked['PageSize']) };
}

function atPage(asked: PsaRequest, size: number, page: number): PsaRequest {
  if (isRecord(asked.body))
    return { ...asked, body: { ...(asked.body as Readonly<Record<string, Json>>), PageSize: size, PageNumber: page } };
  return { ...asked, query: { ...asked.query, PageSize: String(size), PageNumber: String(page) } };
}
