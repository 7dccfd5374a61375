import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Json } from '../../src/domain/canonical';
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
  readonly forward: (request: PsaRequest) => Promise<Outcome>;
  readonly now: () => Date;
}

interface Known {
  readonly fingerprint: string;
  readonly answer: Outcome | null;
}

/** Seconds that a timestamp may be off: the replay window of the reference library. */
const WINDOW = 300;

/**
 * Writes are remembered from before they are forwarded: a repeat while the first runs is 409, with another body 422, afterwards the
 * stored answer. A refusal (4xx) changed nothing and is forgotten. Where the PSA gave no clear answer, a 502 is stored: whether it
 * was applied is for the page to find out, and nothing is forwarded twice.
 */
export function createRelay({ secret, checksKeys, credentials, forward, now }: RelayOptions): Relay {
  const known = new Map<string, Known>();
  const forwarded = new Map<string, number>();
  return {
    forwarded: () => forwarded,
    receive: async (headers, text) => {
      if (secret !== null && !isSigned(headers, text, secret, now())) return own(401, 'The signature or its time is wrong.');
      const data = dataIn(text);
      const key = /^"([\w-]+)"$/.exec(String(headers['idempotency-key'] ?? ''))?.[1];
      if (data === null || key === undefined || data.key !== key) return own(400, 'The envelope or its key is not understood.');
      const reads = data.request.method === 'GET' || !checksKeys;
      const fingerprint = createHash('sha256').update(JSON.stringify(data.request)).digest('hex');
      const stored = known.get(key);
      if (!reads && stored !== undefined) {
        if (stored.fingerprint !== fingerprint) return own(422, 'This key was used for another request.');
        return stored.answer ?? own(409, 'The first request with this key is still running.');
      }
      if (!reads) known.set(key, { fingerprint, answer: null });
      if (data.request.method !== 'GET') forwarded.set(key, (forwarded.get(key) ?? 0) + 1);
      const outcome = await forward({ ...data.request, headers: { ...data.request.headers, ...credentials } });
      const answer = enveloped(outcome);
      if (reads) return answer;
      if (outcome.kind === 'answer' && outcome.status >= 400 && outcome.status < 500) known.delete(key);
      else known.set(key, { fingerprint, answer });
      return answer;
    },
  };
}

function enveloped(outcome: Outcome): Outcome {
  if (outcome.kind !== 'answer') return own(502, 'The PSA gave no answer.');
  const headers = Object.fromEntries(Object.entries(outcome.headers).filter(([name]) => name === 'link' || name === 'retry-after'));
  return json(200, { status: outcome.status, headers, body: bodyIn(outcome.text) });
}

function isSigned(headers: Parameters<Relay['receive']>[0], text: string, secret: string, now: Date): boolean {
  const [id, stamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => String(headers[name] ?? ''));
  if (Math.abs(now.getTime() / 1000 - Number(stamp)) > WINDOW) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const wanted = Buffer.from(
    `v1,${createHmac('sha256', key)
      .update(`${String(id)}.${String(stamp)}.${text}`)
      .digest('base64')}`,
  );
  return (signatures ?? '').split(' ').some((given) => given.length === wanted.length && timingSafeEqual(Buffer.from(given), wanted));
}

function dataIn(text: string): { readonly key: string; readonly request: PsaRequest } | null {
  const envelope = bodyIn(text) as { readonly type?: string; readonly data?: PsaRequest & { readonly key: string } } | null;
  if (envelope?.type !== 'tallyline.request' || envelope.data === undefined) return null;
  const { key, method, path, query, headers, body } = envelope.data;
  return { key, request: { method, path, query, headers, body } };
}

function bodyIn(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

function own(status: number, message: string): Outcome {
  return json(status, { message });
}

function json(status: number, body: Json): Outcome {
  return { kind: 'answer', status, headers: { 'content-type': 'application/json' }, text: JSON.stringify(body), fault: null };
}
