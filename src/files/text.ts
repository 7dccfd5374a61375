import type { Json } from '../domain/canonical';
import type { PsaRequest } from '../psa/psa';

/** A request of a file: what it is, in words, and the request with `{{name}}` where an id or a secret belongs. */
export type Uses = (name: string) => string;

/**
 * JSON with every `{"$use": name}` written as `use(name)`, unquoted, so that an id keeps its type. Double braces inside texts are
 * escaped: Postman and .http editors would take a customer's name for a variable.
 */
export function bodyText(body: Json, use: Uses, indent = ''): string {
  if (typeof body !== 'object' || body === null) return quiet(JSON.stringify(body));
  const inner = `${indent}  `;
  if (Array.isArray(body))
    return wrapped(
      '[',
      ']',
      (body as readonly Json[]).map((each) => bodyText(each, use, inner)),
      indent,
    );
  const record = body as Readonly<Record<string, Json>>;
  if (typeof record['$use'] === 'string') return use(record['$use']);
  return wrapped(
    '{',
    '}',
    Object.keys(record)
      .sort()
      .map((name) => `${quiet(JSON.stringify(name))}: ${bodyText(record[name] ?? null, use, inner)}`),
    indent,
  );
}

/** Path and query as they go onto the wire; `{{name}}` in a path stays for `use`. */
export function urlText(request: Pick<PsaRequest, 'path' | 'query'>, use: Uses): string {
  const path = request.path.replace(/\{\{(.+?)\}\}/g, (_, name: string) => use(name));
  const query = Object.entries(request.query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** One line of plain text, for titles and comments. */
export function title(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll('{{', '{ {')
    .trim();
}

/** Spreadsheets run a text that starts like a formula; numbers are left alone, so a negative one stays a number. */
export function guarded(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

export function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function quiet(text: string): string {
  return text.replaceAll('{{', '\\u007b\\u007b').replaceAll('}}', '\\u007d\\u007d');
}

function wrapped(open: string, close: string, parts: readonly string[], indent: string): string {
  if (parts.length === 0) return `${open}${close}`;
  return `${open}\n${parts.map((part) => `${indent}  ${part}`).join(',\n')}\n${indent}${close}`;
}
