import type { Connection, Protocol } from '../../domain/agreement';
import type { PsaAdapter } from '../../psa/psa';

/** The protocols in the words of the page. */
export const PROTOCOLS: Readonly<Record<Protocol, { readonly label: string; readonly hint: string }>> = {
  file: { label: 'File', hint: 'You download a sync file, run it, and mark it as applied here.' },
  psa: { label: 'PSA', hint: 'Requests go to an address that answers like the PSA: the PSA itself, or a CORS relay in front of it.' },
  relay: {
    label: 'Relay',
    hint: 'Each request is posted as one JSON envelope to one address, such as a webhook of n8n or Power Automate.',
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
  return 'A browser may repeat a request by itself, so every line is read back and counted: a double is always found and shown with the request that removes it.';
}

/** Nobody can look whether a line is there, so only a receiver that checks keys keeps doubles away. */
function promiseOfUnread(protocol: Protocol, { psa, lines }: PsaAdapter['words']): string {
  if (protocol === 'file')
    return `The sync file cannot look for ${lines} first, because ${psa} lets nobody read them: run it once, and say in this page what was applied.`;
  return `A browser may repeat a request by itself, and ${psa} lets nobody read its ${lines}: a double would not be found. Look into ${psa} after sending, or send through a relay that checks keys.`;
}

/** The exact answer headers that a browser needs from a relay. */
export const RELAY_HEADERS: readonly { readonly name: string; readonly value: string }[] = [
  { name: 'Access-Control-Allow-Origin', value: 'the address of this page' },
  {
    name: 'Access-Control-Allow-Headers',
    value: 'content-type, webhook-id, webhook-timestamp, webhook-signature, idempotency-key',
  },
  { name: 'Access-Control-Expose-Headers', value: 'retry-after' },
];
