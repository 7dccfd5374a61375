import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Json } from '../../src/domain/canonical';
import { EnvelopeSchema, type Envelope } from '../../src/domain/envelope';
import type { PsaRequest } from '../../src/psa/psa';
import type { Outcome } from './endpoint';

/** A receiver as a partner may run it: it checks the signature, runs each key once and forwards to the PSA with the PSA's credentials. */
export interface Relay {
  readonly receive: (headers: Readonly<Record<string, string | string[] | undefined>>, text: string) => Promise<Outcome>;
  /** Keys it has executed, and how often it forwarded each. */
  readonly forwarded: () => ReadonlyMap<string, number>;
}

export interface RelayOptions {
  /** `whsec_` and base64; null checks no signature. */
  readonly secret: string | null;
  readonly checksKeys: boolean;
  readonly credentials: Readonly<Record<string, string>>;
  /** `not sent` says that surely nothing reached the PSA; a reset says that nobody knows. */
  readonly forward: (request: PsaRequest) => Promise<Outcome | { readonly kind: 'not sent'; readonly message: string }>;
  readonly now: () => Date;
  /** One store belongs to one credential: another sender's keys are not in it, and a changed secret does not empty it. */
  readonly keys?: KeyStore;
}

/** What is known of a key. `answer` is null while the first request with it runs. */
export interface Known {
  readonly fingerprint: string;
  readonly answer: Outcome | null;
}

/** Keys for 13 months. `set` is on disk before it returns. */
export interface KeyStore {
  readonly get: (key: string) => Known | undefined;
  readonly set: (key: string, known: Known) => unknown;
  readonly delete: (key: string) => unknown;
}

/** Seconds that a timestamp may be off: the replay window of the reference library. */
const WINDOW = 300;

/**
 * Writes are remembered from before they are forwarded: a repeat while the first runs is 409, with another body 422, afterwards the
 * stored answer. A refusal changed nothing and is forgotten, as is a request that never left. Where the PSA gave no clear answer, a 502
 * is stored: whether it was applied is for the page to find out, and nothing is forwarded twice.
 */
export function createRelay({ secret, checksKeys, credentials, forward, now, keys = new Map() }: RelayOptions): Relay {
  const forwarded = new Map<string, number>();
  return {
    forwarded: () => forwarded,
    receive: async (headers, text) => {
      if (secret !== null && !isSigned(headers, text, secret, now())) return own(401, 'The signature or its time is wrong.');
      const data = dataIn(text);
      const key = /^"([\w-]+)"$/.exec(String(headers['idempotency-key'] ?? ''))?.[1];
      if (data === null || key === undefined || data.key !== key) return own(400, 'The envelope or its key is not understood.');
      const { method, path, query } = data;
      const request: PsaRequest = { method, path, query, headers: data.headers, body: data.body };
      const remembers = checksKeys && method !== 'GET' && key.startsWith('tl1-');
      const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex');
      const known = remembers ? keys.get(key) : undefined;
      if (known !== undefined && known.fingerprint !== fingerprint) return own(422, 'This key was used for another request.');
      if (known !== undefined) return known.answer ?? own(409, 'The first request with this key is still running.', { 'retry-after': '5' });
      if (remembers) keys.set(key, { fingerprint, answer: null });
      if (method !== 'GET') forwarded.set(key, (forwarded.get(key) ?? 0) + 1);
      const outcome = await forward({ ...request, headers: { ...request.headers, ...credentials } });
      const answer = enveloped(outcome);
      if (remembers && changedNothing(outcome)) keys.delete(key);
      else if (remembers) keys.set(key, { fingerprint, answer });
      return answer;
    },
  };
}

function enveloped(outcome: Awaited<ReturnType<RelayOptions['forward']>>): Outcome {
  if (outcome.kind === 'not sent') return own(503, outcome.message);
  if (outcome.kind !== 'answer') return own(502, 'The PSA gave no answer.');
  const headers = Object.fromEntries(Object.entries(outcome.headers).filter(([name]) => name === 'link' || name === 'retry-after'));
  return json(200, { status: outcome.status, headers, body: bodyIn(outcome.text) });
}

/** A refusal, also one inside of a 200: Kaseya BMS says `Success: false`, GraphQL has errors and no data. */
function changedNothing(outcome: Awaited<ReturnType<RelayOptions['forward']>>): boolean {
  if (outcome.kind !== 'answer') return outcome.kind === 'not sent';
  if (outcome.status >= 400) return outcome.status < 500;
  const body = bodyIn(outcome.text) as { readonly Success?: Json; readonly errors?: Json; readonly data?: object | null } | null;
  return body?.Success === false || (Array.isArray(body?.errors) && Object.values(body.data ?? {}).every((value) => value === null));
}

function isSigned(headers: Parameters<Relay['receive']>[0], text: string, secret: string, now: Date): boolean {
  const [id, stamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => String(headers[name] ?? ''));
  if (!(Math.abs(now.getTime() / 1000 - Number(stamp)) <= WINDOW)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const wanted = Buffer.from(
    `v1,${createHmac('sha256', key)
      .update(`${String(id)}.${String(stamp)}.${text}`)
      .digest('base64')}`,
  );
  return (signatures ?? '').split(' ').some((given) => given.length === wanted.length && timingSafeEqual(Buffer.from(given), wanted));
}

function dataIn(text: string): Envelope['data'] | null {
  const envelope = EnvelopeSchema.safeParse(bodyIn(text));
  return envelope.success ? envelope.data.data : null;
}

function bodyIn(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

/** The relay's own words: the page never takes them for the PSA's. */
export function own(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Outcome {
  return json(status, { message }, headers);
}

function json(status: number, body: Json, headers: Readonly<Record<string, string>> = {}): Outcome {
  const text = JSON.stringify(body);
  return { kind: 'answer', status, headers: { 'content-type': 'application/json', ...headers }, text, fault: null };
}
