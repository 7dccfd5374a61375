import type { PsaLine } from '../domain/agreement';
import { canonicalJson } from '../domain/canonical';
import { standingOn } from '../domain/dated-quantity';
import type { Delivery } from '../domain/delivery';
import type { PlanRequest } from '../domain/plan';
import { problem, type Problem } from '../domain/problem';
import { findLine, findProduct, lookAlikes, type Finding, type Sought } from '../domain/proof';
import type { PsaRequest, Reading } from '../psa/psa';
import { waitOf } from './verdict';
import type { Exchange, Outgoing } from './channel';
import { MOST_WAITS, type Means } from './means';
import type { Pace } from './pace';

/** A read that did not come through. `run` says that nothing else would either. */
export interface Unreadable {
  readonly problem: Problem;
  readonly stops: 'plan' | 'run' | 'cancelled';
}

/** What the PSA holds for one request, read just now (or by the read-back of the request before). */
export interface Look {
  readonly finding: Finding;
  readonly alike: readonly string[];
  readonly yielded: Readonly<Record<string, string | number>>;
  readonly readAt: string;
  /** Why the request may not go although its own line stands as believed. */
  readonly changed: Problem | null;
  /** What a write changed beside its own line, where it was sent before this read. */
  readonly spoiled: Problem | null;
}

export interface Eyes {
  /** `fresh` reads again; otherwise the last read of this plan may answer, as long as nothing was sent since. */
  readonly look: (request: PlanRequest, sought: Sought, fresh: boolean) => Promise<Look | Unreadable>;
  /** One read as it stands, for a plan's own read request. */
  readonly ask: (request: PsaRequest, line: string) => Promise<Exchange | Unreadable>;
  /** Something was sent: what was read no longer counts. */
  readonly forget: () => void;
}

export function createEyes(means: Means, pace: Pace): Eyes {
  const known = new Map<string, Pages<PsaLine>>();
  return {
    look: async (request, sought, fresh) => {
      if (request.operation === 'export') {
        const pages = await readAll(means, pace, means.adapter.read.productsByReference(request.line.lineKey, request.line.product));
        if ('problem' in pages) return pages;
        const finding = findProduct(request, pages.rows);
        return {
          finding,
          alike: [],
          yielded: yieldedBy(request, finding, means.adapter),
          readAt: pages.readAt,
          changed: null,
          spoiled: null,
        };
      }
      const agreement = request.line.agreementId ?? '';
      const { read } = means.adapter;
      const kind = read.oneTimeAmongLines === true ? 'all' : request.operation === 'charge' ? 'one-time' : 'recurring';
      const place = `${kind} ${agreement}`;
      const held = fresh ? undefined : known.get(place);
      const pages = held ?? (await readAll(means, pace, kind === 'one-time' ? read.oneTimeLines(agreement) : read.lines(agreement)));
      if ('problem' in pages) return pages;
      if (held === undefined) {
        known.set(place, pages);
        means.seen?.({ agreementId: agreement, kind, rows: pages.rows, readAt: pages.readAt });
      }
      const day = means.adapter.writesFrom?.(request) ?? null;
      const finding = findLine(request, day === null ? pages.rows : standingOn(pages.rows, day), sought);
      return {
        finding,
        alike: lookAlikes(request, pages.rows, sought.day),
        yielded: yieldedBy(request, finding, means.adapter),
        readAt: pages.readAt,
        changed: means.adapter.guard?.(request, pages.rows, finding.kind === 'absent' ? null : finding.id) ?? null,
        spoiled: means.adapter.spoiled?.(request, pages.rows) ?? null,
      };
    },
    ask: (request, line) => askPatiently(means, pace, request, line),
    forget: () => known.clear(),
  };
}

/** What to look for: by the id that the request itself goes to, else by the one that an answer told. */
export function soughtFor(means: Means, delivery: Delivery, lineId: string | null, proven: boolean): Sought {
  const besides = delivery.attempts === 0 ? null : delivery.besides;
  return { day: means.today(), lineId: lineId ?? delivery.lineId, besides, proven, keyless: means.adapter.limits.lineKey === null };
}

interface Pages<T> {
  readonly readAt: string;
  readonly rows: readonly T[];
}

async function readAll<T>(means: Means, pace: Pace, reading: Reading<T>): Promise<Pages<T> | Unreadable> {
  const readAt = means.now().toISOString();
  const rows: T[] = [];
  let next: PsaRequest | null = reading.request;
  while (next !== null) {
    const asked: PsaRequest = next;
    const exchange = await askPatiently(means, pace, asked, 'read');
    if ('problem' in exchange) return exchange;
    if (exchange.kind === 'no answer') return unreachable(means);
    const page = reading.parse(exchange.answer, asked);
    if (!page.ok) return { problem: page.error[0] ?? problem('answer is not understood', { what: 'list', detail: '' }), stops: 'plan' };
    rows.push(...page.value.rows);
    next = page.value.next;
  }
  return { readAt, rows: reading.join?.(rows) ?? rows };
}

/** Reads are safe to repeat: twice after a silence or a 5xx, and after every 429 as long as it may take. Each has a key of its own. */
async function askPatiently(means: Means, pace: Pace, request: PsaRequest, line: string): Promise<Exchange | Unreadable> {
  let silences = 0;
  for (let waits = 0; waits < MOST_WAITS;) {
    await pace.turn();
    const exchange = await means.channel.send(outgoing(request, means.newId(), line));
    const status = exchange.kind === 'answered' ? exchange.answer.status : null;
    if (exchange.kind === 'answered' && (status === 401 || status === 403)) return lockedOut(means, exchange);
    if (exchange.kind === 'answered' && (status === 408 || status === 425 || status === 429)) {
      waits += 1;
      await pause(means, waitOf(exchange.answer.headers['retry-after'], means.now()));
    } else if (status === null || status >= 500) {
      const delay = BETWEEN_SILENCES[silences];
      if (delay === undefined) return exchange.kind === 'answered' ? failed(means, exchange) : unreachable(means);
      silences += 1;
      await means.wait(delay, means.signal);
    } else return exchange;
    if (means.signal.aborted) return { problem: problem('request was withdrawn', { line }), stops: 'cancelled' };
  }
  return { problem: problem('rate limit', { seconds: 60 }), stops: 'run' };
}

const BETWEEN_SILENCES = [2_000, 10_000] as const;

/** The whole endpoint rests, not this request alone. */
export async function pause(means: Means, seconds: number): Promise<void> {
  means.progress({ kind: 'paused', seconds, problem: problem('rate limit', { seconds }) });
  await means.wait(seconds * 1000, means.signal);
  means.progress({ kind: 'resumed' });
}

export function outgoing(request: PsaRequest, key: string, line: string): Outgoing {
  const { method, path, query, headers, body } = request;
  return { key, method, path, query, headers, body: body === null ? null : canonicalJson(body), line };
}

export function lockedOutBy(means: Means, exchange: Extract<Exchange, { kind: 'answered' }>): Problem {
  const { answer } = exchange;
  return problem('credentials were refused', { status: answer.status, message: means.redact(means.adapter.message(answer) ?? '') });
}

function lockedOut(means: Means, exchange: Extract<Exchange, { kind: 'answered' }>): Unreadable {
  return { problem: lockedOutBy(means, exchange), stops: 'run' };
}

function failed(means: Means, { answer }: Extract<Exchange, { kind: 'answered' }>): Unreadable {
  return {
    problem: problem('request was refused', { status: answer.status, message: means.redact(means.adapter.message(answer) ?? '') }),
    stops: 'plan',
  };
}

/** Where requests go, without the query: some relays carry a secret in it. */
export function placeOf({ connection }: Means): string {
  return connection.url?.split(/[?#]/)[0] ?? '';
}

function unreachable(means: Means): Unreadable {
  return { problem: problem('endpoint is unreachable', { url: placeOf(means) }), stops: 'run' };
}

/** The ids that a record found by looking yields, with the JSON type that the PSA gives them. */
function yieldedBy(request: PlanRequest, finding: Finding, { ids }: Means['adapter']): Readonly<Record<string, string | number>> {
  if (finding.kind !== 'as wanted') return {};
  const id = ids === 'number' ? Number(finding.id) : finding.id;
  return Object.fromEntries(Object.keys(request.expects.yields).map((name) => [name, id]));
}
