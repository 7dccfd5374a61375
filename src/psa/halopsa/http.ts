import type { RecordType } from '../fields';
import { isRecord, pagesOf, type Paging } from '../paging';
import type { PsaAnswer, PsaRequest, Reading } from '../psa';
import { limits } from './limits';

export const readHeaders = { Accept: 'application/json' };
export const writeHeaders = { Accept: 'application/json', 'Content-Type': 'application/json' };

export function get(path: string, query: Readonly<Record<string, string>>): PsaRequest {
  return { method: 'GET', path, query, headers: readHeaders, body: null };
}

/** A page of a list, in the order of ids. */
export function pageOf(path: string, query: Readonly<Record<string, string>>): PsaRequest {
  return get(path, { ...query, order: 'id', pageinate: 'true', page_size: String(limits.pageSize), page_no: '1' });
}

/** All pages of a list that the answer holds under `plural`. */
export function listed<T>(type: RecordType<T>, plural: string, path: string, query: Readonly<Record<string, string>>): Reading<T> {
  return pagesOf(type, pageOf(path, query), { rowsIn: (body) => listIn(body, plural), next: nextPage, message: messageOf });
}

/** One answer that holds everything. */
export function whole<T>(type: RecordType<T>, request: PsaRequest, rowsIn: Paging['rowsIn'], agreementId?: string): Reading<T> {
  const options = agreementId === undefined ? {} : { agreementId };
  return pagesOf(type, request, { rowsIn, next: () => null, message: messageOf }, options);
}

export function listIn(body: unknown, plural: string): readonly unknown[] | null {
  const rows = isRecord(body) ? body[plural] : body;
  return Array.isArray(rows) ? rows : null;
}

/** The one record that a write answers, alone or in a list of one. */
export function writtenIn(body: unknown): Readonly<Record<string, unknown>> | null {
  const rows: readonly unknown[] = Array.isArray(body) ? body : [body];
  const [row] = rows;
  return rows.length === 1 && isRecord(row) ? row : null;
}

/** HaloPSA publishes no shape of its errors: a text, or the fields that its public clients print. */
export function messageOf({ body }: PsaAnswer): string | null {
  if (typeof body === 'string') return body.trim() === '' ? null : body.trim();
  if (!isRecord(body)) return null;
  const texts = ['error', 'error_description', 'title', 'detail', 'message', 'Message', 'ClassName'].flatMap((name) => {
    const text = body[name];
    return typeof text === 'string' && text.trim() !== '' ? [text.trim()] : [];
  });
  return texts.length === 0 ? null : [...new Set(texts)].join(': ');
}

/** By the count of all records; where the answer tells none, a full page has a next one. */
export function nextPage({ body }: PsaAnswer, asked: PsaRequest, rows: number): PsaRequest | null {
  const page = Number(asked.query['page_no'] ?? '1');
  const count = isRecord(body) ? body['record_count'] : undefined;
  const more = rows > 0 && (typeof count === 'number' ? page * limits.pageSize < count : rows >= limits.pageSize);
  return more ? { ...asked, query: { ...asked.query, page_no: String(page + 1) } } : null;
}
