import type { Agreement, PsaCompany } from '../../domain/agreement';
import type { Ask, FoundInFile } from '../../machines/psa-files-actors';
import type { PsaAdapter, PsaRequest } from '../../psa/psa';
import { plural } from '../format';

/** Agreements by their id, in the words of the page: several companies have one of the same name. */
export function agreementNames(agreements: readonly Agreement[], companies: readonly PsaCompany[]): ReadonlyMap<string, string> {
  const named = new Map(companies.map(({ id, name }) => [id, name]));
  return new Map(
    agreements.map(({ id, name, companyId }) => [id, [name, named.get(companyId) ?? ''].filter((part) => part !== '').join(', ')]),
  );
}

/** What a request asks for, in the PSA's words. */
export function askLabel({ name, parts }: Ask, { words, productFields }: PsaAdapter, names: ReadonlyMap<string, string>): string {
  const [part] = parts;
  const lists: Readonly<Record<string, string | null>> = {
    ...{ companies: 'companies', agreements: words.agreements, products: `${words.product}s`, rules: 'fields and picklists' },
    ...{ categories: productFields.category, types: productFields.type, units: productFields.unit },
  };
  if (part?.kind !== 'lines') return capital(lists[part?.kind ?? ''] ?? name);
  const [only, ...others] = part.of;
  const lines = only?.kinds.includes('recurring') === true ? capital(words.lines) : 'One-time lines';
  const whose = others.length > 0 ? `all ${words.agreements}` : (names.get(only?.agreementId ?? '') ?? only?.agreementId ?? '');
  return `${lines} of ${whose}`;
}

/** What a file holds. */
export function heldWords(
  { rows, kind, whole = [], pages = 1 }: Extract<FoundInFile, { kind: unknown }>,
  { words }: PsaAdapter,
  names: ReadonlyMap<string, string>,
): string {
  const [only, ...others] = whole;
  const whose =
    others.length > 0 ? plural(whole.length, words.agreement, words.agreements) : (names.get(only?.agreementId ?? '') ?? only?.agreementId);
  return [
    `${plural(rows.length, 'row')} of ${kind}`,
    ...(whose === undefined ? [] : [`all there are of ${whose}`]),
    ...(pages > 1 ? [`from ${plural(pages, 'page')}`] : []),
  ].join(', ');
}

/** Requests as HTTP editors send them, each under the name to save its answer as. The account and its secrets stay names. */
export function requestsText(
  requests: readonly { readonly file: string; readonly request: PsaRequest }[],
  { placeholders }: PsaAdapter,
): string {
  const { baseUrl, basic, headers } = placeholders;
  const authorization = basic === null ? {} : { Authorization: `Basic ${basic.username} ${basic.password}` };
  return requests
    .map(({ file, request: { method, path, query, headers: own, body } }) =>
      [
        `### ${file}`,
        `${method} ${baseUrl}${path}${queryText(query)}`,
        ...Object.entries({ ...own, ...authorization, ...headers }).map(([name, value]) => `${name}: ${value}`),
        ...(body === null ? [] : ['', JSON.stringify(body)]),
      ].join('\n'),
    )
    .join('\n\n');
}

function queryText(query: PsaRequest['query']): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
