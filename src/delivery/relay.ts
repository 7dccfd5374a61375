import { canonicalJson, type Json } from '../domain/canonical';
import { RelayAnswerSchema } from '../domain/envelope';
import type { ConnectionField } from '../psa/psa';
import type { Channel, ChannelKind, Exchange, Outgoing, Surroundings } from './channel';
import { call, parsed } from './http';

const fields: readonly ConnectionField[] = [
  {
    name: 'signingSecret',
    label: 'Signing secret',
    help: 'whsec_ and base64, as Standard Webhooks writes it. Empty sends without a signature.',
    secret: true,
    required: false,
    target: 'credentials',
  },
  {
    name: 'relayHeader',
    label: 'Header name',
    help: 'A header that the receiver asks for, such as x-make-apikey or Authorization.',
    secret: false,
    required: false,
    target: 'settings',
  },
  { name: 'relayHeaderValue', label: 'Header value', help: 'Its value.', secret: true, required: false, target: 'credentials' },
];

/**
 * Protocol Relay: each request is posted as one JSON envelope to one URL (Standard Webhooks 1.0.0); the answer is
 * `{"status", "body", "headers"?}` of the PSA. Any other status is the relay's own. The relay holds the PSA's credentials.
 */
export const relay: ChannelKind = {
  id: 'relay',
  sends: true,
  needsUrl: true,
  needsCredentials: false,
  fields,
  open: (surroundings): Channel => ({
    send: async (request) => {
      const stamp = String(Math.floor(surroundings.now().getTime() / 1000));
      const body = envelopeOf(request, surroundings, stamp);
      const headers = await headersOf(request.key, stamp, body, surroundings);
      const fetched = await call(surroundings.connection.url ?? '', { method: 'POST', headers, body }, surroundings);
      return fetched.kind === 'no answer' ? fetched : opened(fetched);
    },
  }),
};

/** `v1,` and the base64 of HMAC-SHA256 over `{id}.{timestamp}.{body}`; the secret is base64 behind `whsec_`. */
export async function signatureOf(secret: string, id: string, timestamp: string, body: string): Promise<string> {
  const bytes = Uint8Array.from(atob(secret.trim().replace(/^whsec_/, '')), (character) => character.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${id}.${timestamp}.${body}`));
  return `v1,${btoa(String.fromCharCode(...new Uint8Array(signature)))}`;
}

/** The inner bytes are the same on every attempt; only the timestamp is of the attempt. */
function envelopeOf(request: Outgoing, { connection }: Surroundings, stamp: string): string {
  const { key, method, path, query, headers, line } = request;
  const body = request.body === null ? null : (JSON.parse(request.body) as Json);
  return canonicalJson({
    type: 'tallyline.request',
    timestamp: new Date(Number(stamp) * 1000).toISOString(),
    data: { key, psa: connection.psa, tenant: connection.tenant, method, path, query, headers, body, line },
  });
}

async function headersOf(
  key: string,
  stamp: string,
  body: string,
  { connection, credentials }: Surroundings,
): Promise<Record<string, string>> {
  const { signingSecret = '', relayHeaderValue = '' } = credentials;
  const name = connection.settings['relayHeader'] ?? '';
  return {
    'Content-Type': 'application/json',
    'Idempotency-Key': `"${key}"`,
    ...(name === '' || relayHeaderValue === '' ? {} : { [name]: relayHeaderValue }),
    ...(signingSecret === ''
      ? {}
      : { 'webhook-id': key, 'webhook-timestamp': stamp, 'webhook-signature': await signatureOf(signingSecret, key, stamp, body) }),
  };
}

function opened(fetched: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string }): Exchange {
  const { status, headers, text } = fetched;
  const body = parsed(text);
  const inner = status >= 200 && status < 300 ? RelayAnswerSchema.safeParse(body) : null;
  if (inner?.success === true) {
    const { data } = inner;
    return { kind: 'answered', from: 'psa', answer: { status: data.status, headers: headersIn(data.headers), body: data.body }, text };
  }
  return { kind: 'answered', from: 'relay', answer: { status, headers, body }, text };
}

function headersIn(told: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(told).map(([name, text]) => [name.toLowerCase(), String(text)]));
}
