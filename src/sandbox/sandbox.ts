import type { Json } from '../domain/canonical';
import type { PsaAnswer, PsaRequest } from '../psa/psa';

/** A record as the PSA itself would hold and answer it. */
export type Row = Readonly<Record<string, Json>>;

/** One change that really happened. A write that changes nothing leaves no entry. */
export interface Effect {
  readonly n: number;
  readonly effect: 'created' | 'changed' | 'removed';
  readonly table: string;
  readonly id: number | string;
  /** Our key, where the record carries one. */
  readonly key: string | null;
  readonly method: string;
  readonly path: string;
  readonly body: Json;
}

export const FAULTS = ['timeout after applying', '429', '500 before', '500 after', 'malformed', 'wrong id', 'empty', 'html'] as const;
export type FaultKind = (typeof FAULTS)[number];

/** A switch: the next `times` requests whose method is `method` and whose path holds `path` (null is any) go wrong this way. */
export interface Fault<Kind extends string = FaultKind> {
  readonly match: { readonly method: string | null; readonly path: string | null };
  readonly kind: Kind;
  readonly times: number;
}

/** How many requests a PSA takes within any `seconds`. `by` counts kinds of requests apart; absent, they are counted together. */
export interface Rate {
  readonly most: number;
  readonly seconds: number;
  readonly by?: (request: Pick<PsaRequest, 'method' | 'path'>) => string;
}

/** Requests that were taken, by kind: how many in each part of the span, which begins at so many milliseconds. */
export type Taken = Readonly<Record<string, readonly { readonly begin: number; readonly count: number }[]>>;

/** A whole PSA as plain JSON: what it holds, what was done to it, and what shall go wrong. */
export interface SandboxState {
  readonly psa: string;
  readonly nextId: number;
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  readonly ledger: readonly Effect[];
  readonly faults: readonly Fault[];
  /** What counts for its rate limit; absent before the first request that was counted. */
  readonly taken?: Taken;
}

/** `body` is parsed, or undefined when `text` is no JSON. */
export interface SandboxAnswer extends PsaAnswer {
  readonly text: string;
}

export interface Handled {
  readonly state: SandboxState;
  readonly answer: SandboxAnswer;
}

/** One PSA's behaviour, and the tables it starts with when the seed names none. */
export interface Sandbox {
  readonly psa: string;
  readonly tables: readonly string[];
  readonly handle: (state: SandboxState, request: PsaRequest) => Handled;
  readonly rate: Rate;
  /** The PSA's own answer to one request too many, with the seconds until it takes another where it tells them. */
  readonly tooMany: (seconds: number) => SandboxAnswer;
  /** The PSA's own answer when it fails. */
  readonly failure: SandboxAnswer;
}

/** The first fault that meets the request, and the switches after it was used once. */
export function takeFault<Kind extends string>(
  faults: readonly Fault<Kind>[],
  request: { readonly method: string; readonly path: string },
): { readonly kind: Kind | null; readonly left: readonly Fault<Kind>[] } {
  const index = faults.findIndex(
    ({ match, times }) => times > 0 && meets(match.method, request.method) && (match.path === null || request.path.includes(match.path)),
  );
  const fault = faults[index];
  if (fault === undefined) return { kind: null, left: faults };
  const rest = fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [];
  return { kind: fault.kind, left: [...faults.slice(0, index), ...rest, ...faults.slice(index + 1)] };
}

export function json(status: number, body: Json, headers: Readonly<Record<string, string>> = {}): SandboxAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body, text: JSON.stringify(body) };
}

export function text(status: number, content: string, type: string): SandboxAnswer {
  return { status, headers: content === '' ? {} : { 'content-type': type }, body: undefined, text: content };
}

function meets(wanted: string | null, method: string): boolean {
  return wanted === null || wanted === method;
}
