import type { SignIn } from '../psa/psa';
import type { Exchange, Surroundings } from './channel';
import { call, parsed } from './http';

/** A token to send with, or the exchange that says why there is none. */
export type SignedIn =
  { readonly token: string } | { readonly refused: Extract<Exchange, { kind: 'answered' }> } | { readonly silent: string };

/**
 * One sign-in at the PSA. An answer without a token counts as refused credentials (401) with the PSA's own words: whatever was to be sent
 * after it has not left. Of a 2xx nothing is told, since a token may stand in it where nobody looks. The token is handed on and kept
 * nowhere else.
 */
export async function signIn(way: SignIn, surroundings: Surroundings): Promise<SignedIn> {
  const pairs = Object.entries(way.form);
  const body = way.encoding === 'urlencoded' ? new URLSearchParams(pairs.map(([name, text]) => [name, text])) : formOf(pairs);
  const url = new URL(way.path, `${(surroundings.connection.url ?? '').replace(/\/+$/, '')}/`).href;
  const fetched = await call(url, { method: 'POST', headers: { Accept: 'application/json' }, body }, surroundings);
  if (fetched.kind === 'no answer') return { silent: fetched.reason };
  const answer = parsed(fetched.text);
  const token = way.token.split('.').reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), answer);
  if (fetched.status >= 200 && fetched.status < 300 && typeof token === 'string' && token !== '') return { token };
  if (fetched.status >= 500) return { silent: `sign-in was answered with ${String(fetched.status)}` };
  const status = fetched.status === 429 ? 429 : 401;
  const told = fetched.status >= 200 && fetched.status < 300 ? { body: undefined, text: '' } : { body: answer, text: fetched.text };
  const refusal = { status, headers: fetched.headers, body: told.body };
  return { refused: { kind: 'answered', from: 'psa', answer: refusal, text: told.text } };
}

function formOf(pairs: readonly (readonly [string, string])[]): FormData {
  const form = new FormData();
  for (const [name, text] of pairs) form.append(name, text);
  return form;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
