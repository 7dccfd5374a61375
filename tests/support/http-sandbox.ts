import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '../../src/domain/canonical';
import type { PsaRequest } from '../../src/psa/psa';
import { answer } from '../../src/sandbox';
import {
  FAULTS,
  takeFault,
  type Effect,
  type Fault,
  type FaultKind,
  type SandboxAnswer,
  type SandboxState,
} from '../../src/sandbox/sandbox';

/** What only a network can do, besides the faults of the sandbox itself. `late` waits `lateMs`, `held` until it is let go; `hang` never answers. */
export type HttpFaultKind = FaultKind | 'reset before' | 'reset after' | 'late' | 'held' | 'hang before' | 'hang after';
export type HttpFault = Fault<HttpFaultKind>;

/** One run of the handler, whether or not it changed anything or its answer arrived. */
export interface Run {
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly body: Json;
  readonly status: number | null;
  readonly fault: HttpFaultKind | null;
}

export interface HttpSandbox {
  /** Base URL without a slash at its end. */
  readonly url: string;
  /** Without what counts for its rate limit. */
  readonly state: () => SandboxState;
  readonly setState: (state: SandboxState) => void;
  readonly ledger: () => { readonly runs: readonly Run[]; readonly effects: readonly Effect[] };
  /** The most requests other than GET that waited for their answer at the same moment. */
  readonly mostWrites: () => number;
  /** Sends the answers that were held. */
  readonly letGo: () => void;
  readonly setFaults: (faults: readonly HttpFault[]) => void;
  readonly close: () => Promise<void>;
}

/**
 * The sandbox behind a real HTTP server on loopback. With `cors` it answers preflights and names the paging and retry headers;
 * with `hideHeaders` it answers CORS but exposes no header, as most relays do.
 */
export async function startHttpSandbox(options: {
  readonly seed: SandboxState;
  readonly cors?: boolean;
  readonly hideHeaders?: boolean;
  readonly lateMs?: number;
  readonly port?: number;
  /** The clock of its rate limit. */
  readonly now?: () => Date;
  /** Where the PSA's paths begin, such as `/api`; a path outside of it stays as it is. */
  readonly base?: string;
}): Promise<HttpSandbox> {
  const { cors = true, hideHeaders = false, lateMs = 200, now = () => new Date(), base = '' } = options;
  let { taken = {}, ...state } = options.seed;
  let faults: readonly HttpFault[] = [];
  const runs: Run[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const writing = new Set<ServerResponse>();
  const held: (() => void)[] = [];
  let mostWrites = 0;

  const server = createServer((incoming, outgoing) => {
    if (cors) allow(incoming, outgoing, hideHeaders);
    if (incoming.method === 'OPTIONS') {
      outgoing.writeHead(cors ? 204 : 405).end();
      return;
    }
    if (incoming.method !== 'GET') {
      writing.add(outgoing);
      outgoing.once('close', () => writing.delete(outgoing));
      mostWrites = Math.max(mostWrites, writing.size);
    }
    void requestIn(incoming, base).then((request) => handle(request, incoming, outgoing));
  });

  function handle(request: PsaRequest, incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { kind, left } = takeFault(faults, request);
    faults = left;
    const note = (status: number | null) =>
      runs.push({ n: runs.length + 1, method: request.method, path: request.path, body: request.body, status, fault: kind });
    if (kind === 'reset before') {
      note(null);
      incoming.socket.destroy();
      return;
    }
    if (kind === 'hang before') {
      note(null);
      return;
    }
    const inner = isSandboxFault(kind) ? [{ match: { method: null, path: null }, kind, times: 1 }] : [];
    const handled = answer({ ...state, taken, faults: inner }, request, { now: now() });
    ({ taken = {}, ...state } = { ...handled.state, faults: [] });
    note(handled.answer?.status ?? null);
    if (kind === 'reset after') incoming.socket.destroy();
    else if (kind === 'held') held.push(() => send(outgoing, handled.answer));
    else if (kind === 'late') {
      const timer = setTimeout(() => {
        timers.delete(timer);
        send(outgoing, handled.answer);
      }, lateMs);
      timers.add(timer);
    } else if (kind !== 'hang after') send(outgoing, handled.answer);
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${base}`,
    state: () => state,
    setState: (next) => {
      ({ taken = taken, ...state } = next);
    },
    ledger: () => ({ runs: [...runs], effects: state.ledger }),
    mostWrites: () => mostWrites,
    letGo: () => held.splice(0).forEach((answerNow) => answerNow()),
    setFaults: (next) => {
      faults = next;
    },
    close: async () => {
      timers.forEach((timer) => clearTimeout(timer));
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function requestIn(incoming: IncomingMessage, base: string): Promise<PsaRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  return {
    method: (incoming.method ?? 'GET') as PsaRequest['method'],
    path: url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    body: bodyIn(text, incoming.headers['content-type'] ?? ''),
  };
}

/** JSON, or the fields of a form as texts. */
function bodyIn(text: string, type: string): Json {
  if (text === '') return null;
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  if (type.startsWith('multipart/form-data'))
    return Object.fromEntries(
      [...text.matchAll(/name="([^"]+)"\r\n\r\n([\s\S]*?)\r\n--/g)].map(([, name = '', value = '']) => [name, value]),
    );
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

/** No answer at all (`timeout after applying`) leaves the connection open. */
function send(outgoing: ServerResponse, sent: SandboxAnswer | null): void {
  if (sent === null || outgoing.destroyed) return;
  outgoing.writeHead(sent.status, sent.headers).end(sent.text);
}

function allow(incoming: IncomingMessage, outgoing: ServerResponse, hideHeaders: boolean): void {
  outgoing.setHeader('access-control-allow-origin', '*');
  outgoing.setHeader('access-control-allow-methods', 'GET, POST, PATCH, PUT, DELETE');
  outgoing.setHeader('access-control-allow-headers', incoming.headers['access-control-request-headers'] ?? '*');
  if (!hideHeaders) outgoing.setHeader('access-control-expose-headers', 'link, retry-after');
}

function isSandboxFault(kind: HttpFaultKind | null): kind is FaultKind {
  return FAULTS.some((fault) => fault === kind);
}
