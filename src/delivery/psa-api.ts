import type { Channel, ChannelKind, Outgoing, Surroundings } from './channel';
import { call, parsed } from './http';

/** Protocol PSA: the requests go, as they are, to a base URL that answers like the PSA, with the PSA's own authentication headers. */
export const psaApi: ChannelKind = {
  id: 'psa',
  sends: true,
  needsUrl: true,
  needsCredentials: true,
  fields: [],
  open: (surroundings): Channel => ({
    send: async (request) => {
      const url = addressOf(surroundings.connection.url ?? '', request);
      const fetched = await call(url, { ...request, headers: headersOf(request, surroundings) }, surroundings);
      if (fetched.kind === 'no answer') return fetched;
      const { status, headers, text } = fetched;
      return { kind: 'answered', from: 'psa', answer: { status, headers, body: parsed(text) }, text };
    },
  }),
};

/** `+` and spaces in the query are escaped, since a bare `+` is a space to ConnectWise. */
export function addressOf(base: string, { path, query }: Pick<Outgoing, 'path' | 'query'>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`;
}

/** JSON on every call, so a preflight always comes first and a refused one has run nothing. */
function headersOf(request: Outgoing, { authorization }: Surroundings): Readonly<Record<string, string>> {
  return { 'Content-Type': 'application/json', ...request.headers, ...authorization };
}
