import type { Connection, Protocol } from '../../domain/agreement';
import type { PsaAdapter } from '../../psa/psa';

/** The protocols in the words of the page. */
export const PROTOCOLS: Readonly<Record<Protocol, { readonly label: string; readonly hint: string }>> = {
  file: { label: 'File', hint: 'You download a sync file, run it, and mark it as applied here.' },
  psa: { label: 'PSA', hint: 'Requests go to an address that answers like the PSA: the PSA itself, or a CORS relay in front of it.' },
  relay: {
    label: 'Relay',
    hint: 'Each request is posted as one JSON envelope to one address, such as a webhook of n8n or a function of yours.',
  },
  sandbox: { label: 'Demo', hint: 'A PSA that answers inside this page.' },
};

/** What the connection promises about doubles. */
export function promiseOf(
  { protocol, checksKeys }: Pick<Connection, 'protocol' | 'checksKeys'>,
  adapter: Pick<PsaAdapter, 'can' | 'words'> | undefined,
): string {
  if (adapter?.can.readBack === false && !(protocol === 'relay' && checksKeys)) return promiseOfUnread(protocol, adapter.words);
  if (protocol === 'file') return 'The sync file looks for our key before it creates a line; you say in this page what was applied.';
  if (protocol === 'relay' && checksKeys) return 'Because the relay refuses a key that it has seen, no line is made twice.';
  return 'A browser may repeat a request by itself, so every line is read back and counted: a double is always found and shown, with the request that removes it where the PSA has one.';
}

/** Nobody can look whether a line is there, so only a receiver that checks keys keeps doubles away. */
function promiseOfUnread(protocol: Protocol, { psa, lines }: PsaAdapter['words']): string {
  if (protocol === 'file')
    return `The sync file cannot look for ${lines} first, because ${psa} lets nobody read them: run it once, and say in this page what was applied.`;
  return `A browser may repeat a request by itself, and ${psa} lets nobody read its ${lines}: a double would not be found. Look into ${psa} after sending, or send through a relay that checks keys.`;
}

/**
 * What a relay or proxy has to answer a browser for this connection, as header lines. All of them answer the preflight; the first and the
 * last belong on every other answer, too.
 */
export function corsAnswer({ protocol, settings }: Connection, { signIn, placeholders, read }: PsaAdapter, origin: string): string {
  const relay = protocol === 'relay';
  const own = settings['relayHeader'] ?? '';
  const signs = placeholders.basic !== null || signIn !== null ? ['authorization'] : [];
  const names = relay
    ? ['content-type', 'idempotency-key', 'webhook-id', 'webhook-timestamp', 'webhook-signature', ...(own === '' ? [] : [own])]
    : ['content-type', ...Object.keys(read.test().headers), ...signs, ...Object.keys(placeholders.headers)];
  return [
    `Access-Control-Allow-Origin: ${origin}`,
    `Access-Control-Allow-Methods: ${relay ? 'POST' : 'GET, POST, PATCH, PUT, DELETE'}`,
    `Access-Control-Allow-Headers: ${[...new Set(names.map((name) => name.toLowerCase()))].join(', ')}`,
    'Access-Control-Max-Age: 600',
    `Access-Control-Expose-Headers: ${relay ? 'retry-after' : 'link, retry-after'}`,
  ].join('\n');
}
