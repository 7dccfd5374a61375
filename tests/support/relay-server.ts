import { appendFileSync, existsSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PsaRequest, SignIn } from '../../src/psa/psa';
import type { Outcome } from './endpoint';
import { createRelay, own, type Known, type KeyStore, type RelayOptions } from './relay';

/** The PSA behind the relay. `headers` are the PSA's own authentication; with `signIn`, a token is fetched before the first request. */
export interface Behind {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signIn?: SignIn;
  /** Milliseconds; below the 30 seconds that the page waits. */
  readonly timeout?: number;
}

export interface RelayServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The reference relay of `docs/relay.md` on Node's http: CORS for one page, then everything of `createRelay`, then the PSA over HTTP. */
export async function serveRelay(options: {
  readonly secret: string;
  /** The page's origin, such as `https://tallyline.example.com`. */
  readonly origin: string;
  readonly psa: Behind;
  readonly keys?: KeyStore;
  readonly now?: () => Date;
  readonly port?: number;
}): Promise<RelayServer> {
  const { secret, psa, keys = new Map(), now = () => new Date() } = options;
  const relay = createRelay({ secret, checksKeys: true, credentials: {}, forward: forwardTo(psa), now, keys });
  const server = createServer((incoming, outgoing) => {
    allow(outgoing, options.origin);
    if (incoming.method === 'OPTIONS') outgoing.writeHead(204).end();
    else if (incoming.method !== 'POST') write(outgoing, own(405, 'Envelopes are posted.'));
    else
      void textOf(incoming)
        .then(async (text) => (text === null ? own(413, 'The envelope is too large.') : relay.receive(incoming.headers, text)))
        .catch(() => own(500, 'The relay could not keep its books.'))
        .then((outcome) => write(outgoing, outcome));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`, close: () => closed(server) };
}

/** Sends a request to the PSA once. Redirects are not followed, nothing is repeated but what a 401 has surely not applied. */
export function forwardTo({ baseUrl, headers, signIn, timeout = 25_000 }: Behind): RelayOptions['forward'] {
  let token: string | null = null;
  const forward = async (request: PsaRequest, mayRenew: boolean): Promise<Awaited<ReturnType<RelayOptions['forward']>>> => {
    if (signIn !== undefined && token === null) {
      const signed = await tokenOf(signIn, baseUrl, timeout);
      if (typeof signed !== 'string') return signed;
      token = signed;
    }
    const bearer = token === null ? {} : { Authorization: `Bearer ${token}` };
    const answer = await ask(addressOf(baseUrl, request), {
      method: request.method,
      headers: { 'content-type': 'application/json', ...request.headers, ...headers, ...bearer },
      body: request.body === null ? null : JSON.stringify(request.body),
      ...{ redirect: 'manual', signal: AbortSignal.timeout(timeout) },
    });
    if (signIn === undefined || !mayRenew || answer.kind !== 'answer' || answer.status !== 401) return answer;
    token = null;
    return forward(request, false);
  };
  return (request) => forward(request, true);
}

/** Keys in a file of lines, each on disk before the request leaves. What was running when the relay stopped is a doubt: 502. */
export function keysIn(file: string): KeyStore {
  const keys = new Map<string, Known>();
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  for (const line of lines.filter((text) => text !== '')) {
    const [key, known] = JSON.parse(line) as [string, Known | null];
    if (known === null) keys.delete(key);
    else keys.set(key, known.answer === null ? { ...known, answer: own(502, 'The relay stopped while this request ran.') } : known);
  }
  const log = openSync(file, 'a');
  const note = (key: string, known: Known | null) => {
    appendFileSync(log, `${JSON.stringify([key, known])}\n`);
    fsyncSync(log);
  };
  return {
    get: (key) => keys.get(key),
    set: (key, known) => {
      note(key, known);
      keys.set(key, known);
    },
    delete: (key) => {
      note(key, null);
      keys.delete(key);
    },
  };
}

/** `node tests/support/run.js tests/support/relay-server.ts`, told by its environment: `docs/relay.md` lists the names. */
export async function main(): Promise<number> {
  const { RELAY_SECRET, RELAY_ORIGIN, RELAY_PSA_URL, RELAY_PSA_HEADERS = '{}', RELAY_PSA_SIGN_IN, RELAY_KEYS, RELAY_PORT } = process.env;
  if (!RELAY_SECRET || !RELAY_ORIGIN || !RELAY_PSA_URL || !RELAY_KEYS) {
    console.error('Set RELAY_SECRET, RELAY_ORIGIN, RELAY_PSA_URL and RELAY_KEYS (a file).');
    return 1;
  }
  const { url, close } = await serveRelay({
    ...{ secret: RELAY_SECRET, origin: RELAY_ORIGIN, keys: keysIn(RELAY_KEYS), port: Number(RELAY_PORT ?? 8787) },
    psa: {
      ...{ baseUrl: RELAY_PSA_URL, headers: JSON.parse(RELAY_PSA_HEADERS) as Record<string, string> },
      ...(RELAY_PSA_SIGN_IN === undefined ? {} : { signIn: JSON.parse(RELAY_PSA_SIGN_IN) as SignIn }),
    },
  });
  console.info(`Relay to ${RELAY_PSA_URL} on ${url}`);
  return new Promise<number>((resolve) => process.once('SIGTERM', () => void close().then(() => resolve(0))));
}

async function ask(url: string, init: RequestInit): Promise<Outcome | { readonly kind: 'not sent'; readonly message: string }> {
  try {
    const response = await fetch(url, init);
    const text = await response.text();
    return { kind: 'answer', status: response.status, headers: Object.fromEntries(response.headers), text, fault: null };
  } catch (reason) {
    const { code } = ((reason as Error).cause ?? {}) as { readonly code?: string };
    const never = code === 'ECONNREFUSED' || code === 'ENOTFOUND';
    return never ? { kind: 'not sent', message: 'The PSA is not reachable.' } : { kind: 'reset' };
  }
}

/** A token, or why there is none. Nothing of the partner's request has left by then. */
async function tokenOf(way: SignIn, baseUrl: string, timeout: number): Promise<string | Awaited<ReturnType<RelayOptions['forward']>>> {
  const body = way.encoding === 'urlencoded' ? new URLSearchParams(way.form) : new FormData();
  if (body instanceof FormData) for (const [name, text] of Object.entries(way.form)) body.append(name, text);
  const url = new URL(way.path, `${baseUrl.replace(/\/+$/, '')}/`).href;
  const answer = await ask(url, { method: 'POST', body, signal: AbortSignal.timeout(timeout) });
  if (answer.kind !== 'answer' || answer.status >= 500) return { kind: 'not sent', message: 'The PSA gave no token.' };
  const token =
    answer.status < 300 ? way.token.split('.').reduce<unknown>((value, name) => member(value, name), parsed(answer.text)) : null;
  return typeof token === 'string' && token !== '' ? token : { ...answer, status: 401 };
}

function addressOf(baseUrl: string, { path, query }: PsaRequest): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`;
}

function allow(outgoing: ServerResponse, origin: string): void {
  outgoing.setHeader('access-control-allow-origin', origin);
  outgoing.setHeader('access-control-allow-methods', 'POST');
  outgoing.setHeader('access-control-allow-headers', 'content-type, idempotency-key, webhook-id, webhook-timestamp, webhook-signature');
  outgoing.setHeader('access-control-expose-headers', 'retry-after');
  outgoing.setHeader('access-control-max-age', '600');
  outgoing.setHeader('vary', 'origin');
}

/** Null where it is longer than any envelope. */
async function textOf(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += (chunk as Buffer).length;
    if (bytes <= MOST_BYTES) chunks.push(chunk as Buffer);
  }
  return bytes > MOST_BYTES ? null : Buffer.concat(chunks).toString('utf8');
}

const MOST_BYTES = 1_048_576;

/** What gave no answer would hang for the page, too; `createRelay` has made a 502 of it. */
function write(outgoing: ServerResponse, outcome: Outcome): void {
  if (outcome.kind === 'answer') outgoing.writeHead(outcome.status, outcome.headers).end(outcome.text);
}

async function closed(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await done;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
