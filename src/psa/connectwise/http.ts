import type { RecordType } from '../fields';
import { isRecord, pagesOf, type Paging } from '../paging';
import type { PsaAnswer, PsaRequest, Reading } from '../psa';
import { limits } from './limits';

/** The schemas of one version: ConnectWise keeps a superseded one for 12 months (Developer Guide). */
const ACCEPT = 'application/vnd.connectwise.com+json; version=2026.4';

export const readHeaders = { Accept: ACCEPT };
export const writeHeaders = { Accept: ACCEPT, 'Content-Type': 'application/json' };

export function get(path: string, query: Readonly<Record<string, string>>): PsaRequest {
  return { method: 'GET', path, query, headers: readHeaders, body: null };
}

/** All pages of a list. `keep` leaves rows out after they were counted, so a filtered page is not taken for a short one. */
export function reading<T>(
  type: RecordType<T>,
  path: string,
  query: Readonly<Record<string, string>>,
  options: { readonly agreementId?: string; readonly keep?: (row: T) => boolean } = {},
): Reading<T> {
  return pagesOf(type, get(path, { ...query, pageSize: String(limits.pageSize), page: '1' }), paging, options);
}

/** The words of ConnectWise in an error body: code, message and every error with its field. */
export function messageOf(answer: PsaAnswer): string | null {
  const { body } = answer;
  if (!isRecord(body)) return null;
  const head = [body['code'] ?? body['error'], body['message']].filter(isText).join(': ');
  const errors = Array.isArray(body['errors']) ? body['errors'].filter(isRecord) : [];
  const details = errors.map((error) => [error['field'], error['message']].filter(isText).join(': ')).filter((text) => text !== '');
  const text = [head, ...details].filter((part) => part !== '').join('; ');
  return text === '' ? null : text;
}

/** A condition's text in double quotes; a quote inside becomes the wildcard, and the reader compares exactly. */
export function quoted(text: string): string {
  return `"${text.replaceAll('"', '*')}"`;
}

/** The additions that carry our key, the newest first. */
export function linesWithKey(lineKey: string): Readonly<Record<string, string>> {
  return { conditions: `serialNumber=${quoted(lineKey)}`, orderBy: 'id desc', pageSize: String(limits.pageSize), page: '1' };
}

const paging: Paging = {
  rowsIn: (body) => (Array.isArray(body) ? body : null),
  next: nextPage,
  message: messageOf,
};

/** By the Link header; where a browser hides it, a full page has a next one. */
function nextPage(answer: PsaAnswer, asked: PsaRequest, rows: number): PsaRequest | null {
  const link = answer.headers['link'];
  const more =
    link === undefined || link.trim() === '' ? rows >= Number(asked.query['pageSize'] ?? limits.pageSize) : /rel="?next"?/i.test(link);
  return more ? { ...asked, query: { ...asked.query, page: String(Number(asked.query['page'] ?? '1') + 1) } } : null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
