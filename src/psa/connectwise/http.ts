import { problem, type Problem } from '../../domain/problem';
import { err, ok, partition } from '../../domain/result';
import type { PsaAnswer, PsaRequest, Reading } from '../psa';
import type { RecordType } from './fields';

/** The most rows that a page holds; without `pageSize` it would be 25. */
export const PAGE_SIZE = 1000;

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
  return {
    request: get(path, { ...query, pageSize: String(PAGE_SIZE), page: '1' }),
    parse: (answer, asked) => {
      const refused = refusalOf(answer);
      if (refused !== null) return err([refused]);
      if (!Array.isArray(answer.body))
        return err([problem('answer is not understood', { what: `${type.what} list`, detail: 'not a list' })]);
      const { values, errors } = partition<T, Problem>(
        answer.body.map((value: unknown, index) => {
          const row = type.read(value, options.agreementId ?? null);
          return row === null
            ? err(problem('answer is not understood', { what: type.what, detail: `row ${index + 1}: ${shownId(value)}` }))
            : ok(row);
        }),
      );
      if (errors.length > 0) return err(errors);
      const { keep } = options;
      return ok({ rows: keep === undefined ? values : values.filter(keep), next: nextPage(answer, asked) });
    },
  };
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
  return { conditions: `serialNumber=${quoted(lineKey)}`, orderBy: 'id desc', pageSize: String(PAGE_SIZE), page: '1' };
}

function refusalOf(answer: PsaAnswer): Problem | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  const message = messageOf(answer) ?? '';
  if (status === 401 || status === 403) return problem('credentials were refused', { status, message });
  if (status === 429) return problem('rate limit', { seconds: secondsIn(answer.headers['retry-after']) });
  return problem('request was refused', { status, message });
}

function secondsIn(header: string | undefined): number {
  return header !== undefined && /^\d{1,5}$/.test(header.trim()) ? Number(header) : 60;
}

/** By the Link header; where a browser hides it, a full page has a next one. */
function nextPage(answer: PsaAnswer, asked: PsaRequest): PsaRequest | null {
  const link = answer.headers['link'];
  const rows = Array.isArray(answer.body) ? answer.body.length : 0;
  const more = link === undefined || link.trim() === '' ? rows >= Number(asked.query['pageSize'] ?? PAGE_SIZE) : /rel="?next"?/i.test(link);
  return more ? { ...asked, query: { ...asked.query, page: String(Number(asked.query['page'] ?? '1') + 1) } } : null;
}

function shownId(value: unknown): string {
  return isRecord(value) && (typeof value['id'] === 'number' || typeof value['id'] === 'string') ? `id ${value['id']}` : 'without an id';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
