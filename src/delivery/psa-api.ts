import type { SignIn } from '../psa/psa';
import type { Channel, ChannelKind, Exchange, Outgoing, Surroundings } from './channel';
import { call, parsed } from './http';
import { signIn, type SignedIn } from './sign-in';

/** Protocol PSA: the requests go, as they are, to a base URL that answers like the PSA, with the PSA's own authentication headers. */
export const psaApi: ChannelKind = {
  id: 'psa',
  sends: true,
  needsUrl: true,
  needsCredentials: true,
  fields: [],
  open: (surroundings): Channel => {
    const { signIn: way } = surroundings;
    return way === null ? { send: (request) => ask(request, surroundings, null) } : signedChannel(way, surroundings);
  },
};

/** The token of a sign-in is taken out of whatever comes back: answers are kept as receipts. */
async function ask(request: Outgoing, surroundings: Surroundings, token: string | null): Promise<Exchange> {
  const url = addressOf(surroundings.connection.url ?? '', request);
  const headers = { ...headersOf(request, surroundings), ...(token === null ? {} : { Authorization: `Bearer ${token}` }) };
  const fetched = await call(url, { ...request, headers }, surroundings);
  if (fetched.kind === 'no answer') return fetched;
  const { status, headers: told } = fetched;
  const text = token === null ? fetched.text : fetched.text.replaceAll(token, '[secret]');
  return { kind: 'answered', from: 'psa', answer: { status, headers: told, body: parsed(text) }, text };
}

/** Signs in before the first request. A 401 has applied nothing: the token is renewed once, and the same bytes go again. */
function signedChannel(way: SignIn, surroundings: Surroundings): Channel {
  let signed: Promise<SignedIn> | null = null;
  const send = async (request: Outgoing, mayRenew: boolean): Promise<Exchange> => {
    signed ??= signIn(way, surroundings);
    const found = await signed;
    if (!('token' in found)) {
      signed = null;
      return 'refused' in found ? found.refused : { kind: 'no answer', reason: found.silent, unsent: true };
    }
    const exchange = await ask(request, surroundings, found.token);
    if (!mayRenew || exchange.kind === 'no answer' || exchange.answer.status !== 401) return exchange;
    signed = null;
    return send(request, false);
  };
  return { send: (request) => send(request, true) };
}

/** `+` and spaces in the query are escaped, since a bare `+` is a space to ConnectWise. */
export function addressOf(base: string, { path, query }: Pick<Outgoing, 'path' | 'query'>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`;
}

/** JSON on every call, so a preflight always comes first and a refused one has run nothing. */
function headersOf(request: Outgoing, { authorization }: Surroundings): Readonly<Record<string, string>> {
  return { 'Content-Type': 'application/json', ...request.headers, ...authorization };
}
