import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '../../src/domain/canonical';
import type { PsaRequest } from '../../src/psa/psa';
import { answer } from '../../src/sandbox';
import type { Effect, FaultKind, Sandbox, SandboxState } from '../../src/sandbox/sandbox';

/** What can go wrong with one call. `reset` and `hang` leave no answer; `late` applies only when `landLate` is called. */
export type EndpointFault =
  | (
      | 'refuse'
      | 'reset before'
      | 'reset after'
      | 'hang before'
      | 'hang after'
      | 'late'
      | 'twice'
      | 'wrong id'
      | 'empty'
      | 'html'
      | 'truncated'
    )
  | ('429' | '429 hidden' | '500 before' | '500 after' | 'redirect' | 'slow body' | 'no cors' | 'locked out');

/** What the network carries back. */
export type Outcome =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly text: string;
      readonly fault: EndpointFault | null;
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' };

/** One run of the handler, whether or not anybody heard of it. */
export interface HandlerRun {
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly body: Json;
  readonly fault: EndpointFault | null;
}

/** A PSA that keeps two books: every run of its handler, and every effect that was applied. */
export interface Endpoint {
  readonly receive: (request: PsaRequest, fault: EndpointFault | null) => Outcome;
  /** Applies the oldest request that arrived `late`: one at a time, so that its effects are known as its own. */
  readonly landLate: () => void;
  readonly runs: () => readonly HandlerRun[];
  readonly effects: () => readonly Effect[];
  readonly state: () => SandboxState;
  readonly change: (work: (state: SandboxState) => SandboxState) => void;
}

export function createEndpoint(seed: SandboxState, among?: readonly Sandbox[]): Endpoint {
  let state = seed;
  const runs: HandlerRun[] = [];
  const late: PsaRequest[] = [];
  const apply = (request: PsaRequest, kind: FaultKind | null) => {
    const faults = kind === null ? [] : [{ match: { method: null, path: null }, kind, times: 1 }];
    const handled = answer({ ...state, faults }, request, { among });
    state = { ...handled.state, faults: [] };
    return handled.answer;
  };
  return {
    receive: (request, fault) => {
      const { method, path, body } = request;
      runs.push({ n: runs.length + 1, method, path, body, fault });
      const early = withoutEffect(fault);
      if (early !== null) return early;
      if (fault === 'late') {
        late.push(request);
        return { kind: 'reset' };
      }
      if (fault === 'twice') apply(request, null);
      const sent = apply(request, sandboxFault(fault));
      if (fault === 'reset after') return { kind: 'reset' };
      if (fault === 'hang after' || sent === null) return { kind: 'hang' };
      const text = fault === 'truncated' ? sent.text.slice(0, Math.ceil(sent.text.length / 2)) : sent.text;
      return { kind: 'answer', status: sent.status, headers: sent.headers, text, fault };
    },
    landLate: () => {
      const request = late.shift();
      if (request !== undefined) apply(request, null);
    },
    runs: () => [...runs],
    effects: () => state.ledger,
    state: () => state,
    change: (work) => {
      state = work(state);
    },
  };
}

/** The endpoint as a page sees it through `fetch`, without a network: what gives no clean answer is one and the same TypeError. */
export function fetchOf(endpoint: Pick<Endpoint, 'receive'>, nextFault: (request: PsaRequest) => EndpointFault | null): typeof fetch {
  return (input, init) => {
    const request = requestOf(input instanceof Request ? input.url : String(input), init);
    const outcome = endpoint.receive(request, nextFault(request));
    if (outcome.kind === 'hang') return Promise.reject(new DOMException('signal timed out', 'TimeoutError'));
    if (outcome.kind === 'reset' || outcome.fault === 'no cors' || outcome.fault === 'redirect')
      return Promise.reject(new TypeError('Failed to fetch'));
    const hidden = outcome.fault === '429 hidden';
    const body = outcome.fault === 'slow body' ? stalled() : outcome.text;
    const headers = hidden ? {} : outcome.headers;
    return Promise.resolve(new Response(outcome.status === 204 ? null : body, { status: outcome.status, headers }));
  };
}

/** The same behind a real server on loopback, with CORS. `nextFault` decides before the handler runs, `answered` tells when bytes have left. */
export async function listen(
  receive: (request: PsaRequest, raw: { readonly headers: IncomingMessage['headers']; readonly text: string }) => Promise<Outcome>,
  options: { readonly port?: number } = {},
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    allow(incoming, outgoing);
    if (incoming.method === 'OPTIONS') outgoing.writeHead(204, { 'access-control-max-age': '600' }).end();
    else
      void textOf(incoming).then(async (text) =>
        write(outgoing, await receive(requestIn(incoming, text), { headers: incoming.headers, text })),
      );
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, close: () => closed(server) };
}

function withoutEffect(fault: EndpointFault | null): Outcome | null {
  const json = (status: number, body: Json, headers: Readonly<Record<string, string>> = {}): Outcome => {
    return { kind: 'answer', status, headers: { 'content-type': 'application/json', ...headers }, text: JSON.stringify(body), fault };
  };
  switch (fault) {
    case 'refuse':
      return json(400, { code: 'InvalidObject', message: 'The endpoint does not like it.', errors: [] });
    case 'locked out':
      return json(401, { code: 'Unauthorized', message: 'The key was revoked.' });
    case '429':
    case '429 hidden':
      return json(429, { error: 'TooManyRequests', message: 'Slow down.' }, { 'retry-after': '7' });
    case '500 before':
      return json(500, { code: 'InternalServerError', message: 'Nothing was done.' });
    case 'redirect':
      return { kind: 'answer', status: 307, headers: { location: '/elsewhere' }, text: '', fault };
    case 'reset before':
      return { kind: 'reset' };
    case 'hang before':
      return { kind: 'hang' };
    default:
      return null;
  }
}

function sandboxFault(fault: EndpointFault | null): FaultKind | null {
  return fault === 'wrong id' || fault === 'empty' || fault === 'html' || fault === '500 after' ? fault : null;
}

function requestOf(address: string, init: RequestInit | undefined): PsaRequest {
  const url = new URL(address);
  return {
    method: (init?.method ?? 'GET') as PsaRequest['method'],
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(new Headers(init?.headers)),
    body: bodyIn(init?.body),
  };
}

/** JSON, or the fields of a form that a page sends; as raw text a form is left to who reads it. */
function bodyIn(body: BodyInit | null | undefined): Json {
  if (body instanceof URLSearchParams || body instanceof FormData)
    return Object.fromEntries([...body.entries()].map(([name, value]) => [name, typeof value === 'string' ? value : value.name]));
  return typeof body === 'string' ? jsonIn(body) : null;
}

function jsonIn(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

function requestIn(incoming: IncomingMessage, text: string): PsaRequest {
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const init = { method: incoming.method ?? 'GET', headers, ...(text === '' ? {} : { body: text }) };
  return requestOf(`http://127.0.0.1${incoming.url ?? '/'}`, init);
}

function write(outgoing: ServerResponse, outcome: Outcome): void {
  if (outcome.kind === 'hang') return;
  if (outcome.kind === 'reset') {
    outgoing.socket?.destroy();
    return;
  }
  if (outcome.fault === 'no cors') outgoing.removeHeader('access-control-allow-origin');
  if (outcome.fault === '429 hidden') outgoing.removeHeader('access-control-expose-headers');
  outgoing.writeHead(outcome.status, outcome.headers);
  if (outcome.fault === 'slow body') outgoing.write(outcome.text.slice(0, 1));
  else outgoing.end(outcome.text);
}

function allow(incoming: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.setHeader('access-control-allow-origin', '*');
  outgoing.setHeader('access-control-allow-methods', 'GET, POST, PATCH, PUT, DELETE');
  outgoing.setHeader('access-control-allow-headers', incoming.headers['access-control-request-headers'] ?? '*');
  outgoing.setHeader('access-control-expose-headers', 'link, retry-after');
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function stalled(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.error(new DOMException('signal timed out', 'TimeoutError')) });
}

async function closed(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await done;
}
