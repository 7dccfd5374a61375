import { call, parsed } from '../delivery/http';
import { addressOf } from '../delivery/psa-api';
import type { Zone } from '../psa/psa';

/** What a look for the partner's zone found. `no answer` is all that a browser tells of a refusal by CORS and of a host that is not there. */
export type ZoneOutcome =
  | { readonly kind: 'found'; readonly url: string }
  | { readonly kind: 'not found'; readonly status: number }
  | { readonly kind: 'no answer' };

/** One read of a public address with the user's name and nothing else: no secret leaves, and nothing is written. */
export async function findZone(zone: Zone, user: string, send: typeof fetch = (...asked) => fetch(...asked)): Promise<ZoneOutcome> {
  const { method, path, query } = zone.request(user);
  const init = { method, headers: { Accept: 'application/json' }, body: null };
  const fetched = await call(addressOf(zone.baseUrl, { path, query }), init, { fetch: send, timeout: 30_000 });
  if (fetched.kind === 'no answer') return { kind: 'no answer' };
  const { status, headers, text } = fetched;
  const url = zone.url({ status, headers, body: parsed(text) });
  return url === null ? { kind: 'not found', status } : { kind: 'found', url };
}
