import type { Yield } from '../domain/change';
import type { PsaAdapter, PsaRequest, SignIn } from '../psa/psa';
import type { Step } from './steps';
import { bodyText, title, urlText, type Uses } from './text';

/** The requests for the HTTP editors of VS Code and JetBrains: each one is sent by hand, after the look above it. */
export function httpRequests(name: string, steps: readonly Step[], adapter: PsaAdapter, baseUrl: string): string {
  const paged = steps.some(({ evidence }) => evidence?.more !== undefined);
  const variables = [
    ...adapter.fields.filter(({ target }) => target !== 'settings').map((field) => `@${field.name} = `),
    ...(paged ? [`# A look shows one page. While it says that more follow, raise this and look again.`, '@page = 1'] : []),
  ];
  const use = usesOf(steps);
  const blocks = [...signInBlock(adapter, baseUrl), ...steps.flatMap((step) => blocksOf(step, adapter, use))];
  return `${[`# ${title(name)}`, '# Fill in the account and its keys. They stay in this file on your disk: do not share it afterwards.', `@baseUrl = ${baseUrl}`, ...variables, '', ...blocks].join('\n')}\n`;
}

function blocksOf(step: Step, adapter: PsaAdapter, use: Uses): readonly string[] {
  const { request, evidence, n, name } = step;
  const sent = request.operation === 'read' && evidence?.more !== undefined ? evidence.read : request;
  const send = block(`${n}. ${name}`, `step${n}`, sent, adapter, use);
  if (request.operation === 'read' || evidence === null) return send;
  const creates = request.operation !== 'update' && request.operation !== 'end';
  const expected =
    evidence.every === undefined ? 'the line is as you expect it' : 'every row is as you expect it: the change moves them all';
  const rule = creates ? 'if it shows one, do not send the next request' : `go on only if ${expected}`;
  return [
    ...block(`${n}. Look first: ${rule}`, `look${n}`, evidence.read, adapter, use),
    ...send,
    ...block(`${n}. Read back: it must be there exactly once`, `check${n}`, evidence.read, adapter, use),
  ];
}

function block(
  heading: string,
  name: string,
  request: Pick<PsaRequest, 'method' | 'path' | 'query' | 'headers' | 'body'>,
  adapter: PsaAdapter,
  use: Uses,
): readonly string[] {
  const { basic, headers } = adapter.placeholders;
  return [
    `### ${heading}`,
    `# @name ${name}`,
    `${request.method} {{baseUrl}}${urlText(request, use)}`,
    ...(basic === null ? [] : [`Authorization: Basic ${basic.username} ${basic.password}`]),
    ...Object.entries({ ...request.headers, ...headers }).map(([header, text]) => `${header}: ${text}`),
    ...(request.body === null
      ? []
      : ['', bodyText(request.body, (id) => (adapter.ids === 'text' && id !== 'page' ? `"${use(id)}"` : use(id)))]),
    '',
  ];
}

/** The token of a PSA that gives one out; every block after it carries it. */
function signInBlock({ signIn }: PsaAdapter, baseUrl: string): readonly string[] {
  if (signIn === null) return [];
  const multipart = signIn.encoding === 'multipart';
  const pairs = Object.entries(signIn.form);
  const body = multipart
    ? [...pairs.flatMap(([name, text]) => [`--${BOUNDARY}`, `Content-Disposition: form-data; name="${name}"`, '', text]), `--${BOUNDARY}--`]
    : [pairs.map(([name, text]) => `${name}=${text}`).join('&')];
  const type = multipart ? `multipart/form-data; boundary=${BOUNDARY}` : 'application/x-www-form-urlencoded';
  return [
    ...['### Sign in', '# @name signIn', `POST ${signInUrl(signIn, baseUrl)}`, `Content-Type: ${type}`, '', ...body, ''],
    ...[`@token = {{signIn.response.body.$.${signIn.token}}}`, ''],
  ];
}

const BOUNDARY = 'tallyline';

/** An id is taken from the answer of the named request above; a list has the newest line first. */
function usesOf(steps: readonly Step[]): Uses {
  const places = new Map(
    steps.flatMap(({ n, request, evidence }) =>
      Object.entries(request.expects.yields).map(
        ([name, { field, where }]) => [name, `{{${placeOf(n, request, where, evidence)}.${field}}}`] as const,
      ),
    ),
  );
  return (name) => places.get(name) ?? `{{${name}}}`;
}

/**
 * A written row of a document is told by its key in the read-back. A row that was read is the first of a list that was searched, and told by
 * its key in one that the PSA cannot search.
 */
function placeOf(n: number, { operation }: Step['request'], where: Yield['where'], evidence: Step['evidence']): string {
  const list = `$${evidence?.rows ? `.${evidence.rows}` : ''}`;
  if (where === null) return `step${n}.response.body.${operation === 'read' ? `${list}[0]` : '$'}`;
  const told = `[?(@.${where.field}=="${where.equals}")]`;
  if (operation !== 'read') return `check${n}.response.body.${list}${told}`;
  return `step${n}.response.body.${list}${evidence?.more === undefined ? '[0]' : told}`;
}

/** `../` leaves the last folder of the base URL. */
function signInUrl({ path }: SignIn, baseUrl: string): string {
  return new URL(path, `${baseUrl.replace(/\/+$/, '')}/`).href;
}
