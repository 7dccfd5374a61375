import type { Json } from '../../domain/canonical';
import { isRecord, type Paging } from '../paging';
import type { PsaAnswer, PsaRequest } from '../psa';
import { limits } from './limits';

export const headers = { Accept: 'application/json' };
export const writeHeaders = { ...headers, 'Content-Type': 'application/json' };

export function get(path: string, query: Readonly<Record<string, string>>): PsaRequest {
  return { method: 'GET', path, query, headers, body: null };
}

export function post(path: string, body: Json): PsaRequest {
  return { method: 'POST', path, query: {}, headers: writeHeaders, body };
}

/** Lists stand under their plural. `meta.total_pages` tells how many there are; where it is missing, a page of 25 or more has a next one. */
export function paging(plural: string): Paging {
  return {
    rowsIn: (body) => (isRecord(body) && Array.isArray(body[plural]) ? (body[plural] as unknown[]) : null),
    next: ({ body }, asked, rows) => {
      const page = Number(asked.query['page'] ?? '1');
      const meta = isRecord(body) && isRecord(body['meta']) ? body['meta']['total_pages'] : undefined;
      const more = typeof meta === 'number' ? page < meta : rows >= limits.pageSize;
      return more ? { ...asked, query: { ...asked.query, page: String(page + 1) } } : null;
    },
    message: messageOf,
    refuses: ({ body }) => isRecord(body) && body['success'] === false,
  };
}

/** Texts of `error` and `message`, each a text or a list of them. */
export function messageOf({ body }: PsaAnswer): string | null {
  if (!isRecord(body)) return null;
  const parts = [body['error'], body['message']].flatMap((part): unknown[] => (Array.isArray(part) ? (part as unknown[]) : [part]));
  const said = parts.filter((part): part is string => typeof part === 'string' && part.trim() !== '');
  return said.length === 0 ? null : said.join('; ');
}
