import type { Json } from '../domain/canonical';
import type { Delivery, DeliveryNews } from '../domain/delivery';
import type { Plan, PlanRequest } from '../domain/plan';
import { problem } from '../domain/problem';
import type { Finding } from '../domain/proof';
import type { PsaAnswer, PsaRequest } from '../psa/psa';
import type { Exchange } from './channel';
import { lockedOutBy, pause, placeOf, soughtFor, type Eyes, type Look, type Unreadable } from './look';
import { MOST_SENDS, MOST_WAITS, type Means, type Step } from './means';
import type { Pace } from './pace';
import { conflictOf } from './conflict';
import { isNew } from './recount';
import { idsTold, resolve } from './resolve';
import { classify } from './verdict';

/** One request of a plan, and what the sender knows around it. */
export interface Task {
  readonly means: Means;
  readonly pace: Pace;
  readonly eyes: Eyes;
  readonly plan: Plan;
  readonly request: PlanRequest;
  readonly ids: Readonly<Record<string, string | number>>;
}

type Sent = { readonly row: Delivery; readonly step: Step | null };

/** Takes a row as far as it can be taken now. Every change of it is on disk before the next thing happens. */
export async function deliverRequest(task: Task, found: Delivery): Promise<Step> {
  let row = found;
  for (let waits = 0; waits < MOST_WAITS; waits += 1) {
    if (row.state === 'sent') return { go: 'on' };
    if (task.request.method === 'HAND') return { go: 'on' };
    if (row.state === 'refused') return { go: 'next plan' };
    if (task.means.signal.aborted) return { go: 'stop', problem: null };
    if (task.request.operation === 'read') return readLine(task, row);
    const { row: next, step } = await attempt(task, row);
    if (step !== null) return step;
    row = next;
  }
  return { go: 'stop', problem: problem('rate limit', { seconds: 60 }) };
}

async function attempt(task: Task, row: Delivery): Promise<Sent> {
  const { means, request } = task;
  const ready = row.resolved === null ? resolve(request, task.ids) : { resolved: row.resolved };
  const unresolved = 'missing' in ready;
  if (unresolved && request.operation !== 'end') return untilExported(task, row);
  const lookedAt = means.now();
  const look = means.adapter.can.readBack ? await see(task, row, false, row.state === 'unknown') : null;
  if (look !== null && 'problem' in look) return blind(task, row, look);
  const settled = look === null ? null : settledBy(task, row, look);
  if (settled !== null) return { row: await record(task, row, settled), step: settled.state === 'refused' ? { go: 'next plan' } : null };
  if (unresolved) return untilExported(task, row);
  if (row.state === 'unknown') {
    const held = holdOf(task, row, look, lookedAt);
    if (held !== null) return held;
  }
  if (look?.changed) return { row: await record(task, row, { state: 'refused', problem: look.changed }), step: { go: 'next plan' } };
  if (means.signal.aborted) return { row, step: { go: 'stop', problem: null } };
  await task.pace.turn();
  const besides = row.attempts === 0 ? (look?.alike ?? []) : row.besides;
  const claimed = await means.books.claim(row, { resolved: ready.resolved, besides });
  if (claimed === null) return { row, step: { go: 'next plan' } };
  tell(task, claimed);
  task.eyes.forget();
  const { key, line, headers } = request;
  const exchange = await means.channel.send({ key, ...ready.resolved, headers, line: line.name });
  return judged(task, row.state === 'unknown' ? 'unknown' : 'pending', claimed, exchange);
}

async function untilExported(task: Task, row: Delivery): Promise<Sent> {
  const { name, product } = task.request.line;
  const waiting = problem('product is not exported yet', { line: name, product });
  return { row: await record(task, row, { problem: waiting }), step: { go: 'next plan' } };
}

/** What a look alone settles: it is there already, or must not be touched. Null leaves it to be sent, or to wait. */
function settledBy({ means, request }: Task, row: Delivery, look: Look): DeliveryNews | null {
  const { finding, yielded } = look;
  const { name } = request.line;
  const known = row.state === 'unknown';
  if (finding.kind === 'as wanted' && row.attempts === 0 && request.operation === 'charge' && means.adapter.limits.lineKey === null)
    return { state: 'refused', problem: problem('line may already be there', { line: name, candidate: finding.id }) };
  if (finding.kind === 'as wanted') return provenBy(look, yielded, 'probed');
  if (isNew(request)) {
    if (finding.kind !== 'different' || known) return null;
    return { state: 'refused', problem: conflictOf(request, finding) };
  }
  if (finding.kind === 'absent' && request.operation === 'end') return { state: 'sent', proof: 'probed', problem: null };
  if (finding.kind === 'absent') return { state: 'refused', problem: problem('line is gone', { line: name }) };
  if (known || isForced(means, row)) return null;
  if (finding.kind === 'different') return { state: 'refused', problem: conflictOf(request, finding) };
  if (finding.copies.length > 0 && request.line.lineId === null)
    return { state: 'refused', problem: problem('line exists more than once', { line: name, ids: [finding.id, ...finding.copies] }) };
  return null;
}

/** The partner's word sends a state onto whatever is there; a delta would make it another number. */
function isForced({ adapter }: Means, { forced }: Delivery): boolean {
  return forced && adapter.deltas !== true;
}

/** Why an unknown row may not go again now. Null says that it may: same key, same bytes. */
function holdOf(task: Task, row: Delivery, look: Look | null, lookedAt: Date): Sent | null {
  const { connection } = task.means;
  const hold = { row, step: { go: 'next plan' } } as const;
  const keys = connection.protocol === 'relay' && connection.checksKeys;
  const sentAt = Date.parse(row.sentAt ?? '');
  const age = lookedAt.getTime() - sentAt;
  const changed = look?.finding.kind === 'different' && (isNew(task.request) || !isForced(task.means, row));
  const answered = (isNew(task.request) && row.lineId !== null) || Object.keys(row.yielded).length > 0;
  if (row.attempts >= MOST_SENDS || changed || answered) return hold;
  if (look === null) return hold;
  if (keys && row.attempts === 1 && age < KEYS_ARE_KEPT) return null;
  const quarantine = connection.quarantineMinutes * 60_000;
  if (age >= quarantine) return null;
  return { row, step: { go: 'next plan', lookAgainAt: new Date(sentAt + quarantine).toISOString() } };
}

/** A relay that checks keys keeps them for 13 months. */
const KEYS_ARE_KEPT = 390 * 86_400_000;

async function judged(task: Task, before: 'pending' | 'unknown', row: Delivery, exchange: Exchange): Promise<Sent> {
  const { means, request } = task;
  if (exchange.kind === 'no answer' && exchange.unsent === true) return unsent(task, before, row, exchange);
  const proof = exchange.kind === 'answered' && exchange.from === 'psa' ? means.adapter.prove(request, exchange.answer) : null;
  const refuses = exchange.kind === 'answered' && exchange.from === 'psa' && means.adapter.refuses(exchange.answer);
  const verdict = classify(exchange, { proven: proof !== null, refuses }, means.now());
  const line = request.line.name;
  const answer = receiptOf(means, exchange);
  switch (verdict.kind) {
    case 'applied': {
      const noted = await record(task, row, { lineId: proof?.lineId ?? null, yielded: proof?.yielded ?? {}, answer });
      return readBack(task, noted);
    }
    case 'refused': {
      const refused = problem('request was refused', { status: statusOf(exchange), message: messageOf(means, exchange) });
      const look = means.adapter.can.readBack ? await see(task, row, false, true) : null;
      const there = look !== null && 'finding' in look && look.finding.kind === 'as wanted';
      const news = there ? provenBy(look, look.yielded, 'probed') : { state: 'refused' as const, problem: refused };
      return { row: await record(task, row, { ...news, answer: { ...answer, problem: refused } }), step: null };
    }
    case 'wait': {
      const limited = problem('rate limit', { seconds: verdict.seconds });
      const waiting = await record(task, row, { state: before, uncounted: true, problem: limited, answer });
      await pause(means, verdict.seconds);
      return { row: waiting, step: null };
    }
    case 'locked out': {
      const refused = exchange.kind === 'answered' ? lockedOutBy(means, exchange) : problem('outcome is unknown', { line });
      return {
        row: await record(task, row, { state: before, uncounted: true, problem: refused, answer }),
        step: { go: 'stop', problem: refused },
      };
    }
    case 'alarm': {
      const alarm = problem('key was used for something else', { line, message: messageOf(means, exchange) });
      return { row: await record(task, row, { state: 'refused', problem: alarm, answer }), step: { go: 'next plan' } };
    }
    case 'unknown':
      return { row: await record(task, row, { state: 'unknown', problem: problem('outcome is unknown', { line }), answer }), step: null };
  }
}

/** The request never left, because signing in failed: it waits as it was. */
async function unsent(task: Task, before: 'pending' | 'unknown', row: Delivery, exchange: Exchange): Promise<Sent> {
  const why = problem('endpoint is unreachable', { url: placeOf(task.means) });
  const waiting = await record(task, row, { state: before, uncounted: true, problem: why, answer: receiptOf(task.means, exchange) });
  return { row: waiting, step: { go: 'stop', problem: why } };
}

/** Only a read that counts the copies makes a proven answer `sent`. */
async function readBack(task: Task, row: Delivery): Promise<Sent> {
  const { means, request } = task;
  const unknown = { state: 'unknown', problem: problem('outcome is unknown', { line: request.line.name }) } as const;
  if (!means.adapter.can.readBack) return { row: await record(task, row, { state: 'sent', proof: 'answered', problem: null }), step: null };
  const look = await see(task, row, true, true);
  if ('problem' in look) return blind(task, await record(task, row, unknown), look);
  const { finding } = look;
  if (finding.kind === 'as wanted')
    return { row: await record(task, row, provenBy(look, { ...row.yielded, ...look.yielded }, 'read back')), step: null };
  const doubt = finding.kind === 'different' ? { ...unknown, problem: conflictOf(request, finding) } : unknown;
  return { row: await record(task, row, doubt), step: { go: 'next plan' } };
}

/** A plan's own read: it finds the line whose id the next request uses. Nothing was changed, so it may be asked as often as needed. */
async function readLine(task: Task, row: Delivery): Promise<Step> {
  const { means, request } = task;
  const { method, headers, line } = request;
  if (method === 'HAND') return { go: 'on' };
  const ready = resolve(request, task.ids);
  if ('missing' in ready) return (await untilExported(task, row)).step ?? { go: 'next plan' };
  const { path, query, body: text } = ready.resolved;
  const body = text === null ? null : (JSON.parse(text) as Json);
  let proof: ReturnType<typeof means.adapter.prove> = null;
  let exchange: Exchange | null = null;
  for (let next: PsaRequest | null = { method, path, query, headers, body }; next !== null && proof === null;) {
    const asked: PsaRequest = next;
    const answered: Exchange | Unreadable = await task.eyes.ask(asked, line.name);
    if ('problem' in answered) return (await blind(task, row, answered)).step ?? { go: 'next plan' };
    exchange = answered;
    proof = answered.kind === 'answered' ? means.adapter.prove(request, answered.answer) : null;
    next = answered.kind === 'answered' ? (means.adapter.readOn?.(answered.answer, asked) ?? null) : null;
  }
  if (proof !== null) {
    await record(task, row, { state: 'sent', proof: 'answered', problem: null, lineId: proof.lineId, yielded: proof.yielded });
    return { go: 'on' };
  }
  const look = means.adapter.can.readBack ? await see(task, row, false, true) : null;
  if (look !== null && 'problem' in look) return (await blind(task, row, look)).step ?? { go: 'next plan' };
  const news = unfound(task, row, exchange ?? { kind: 'no answer', reason: '' }, look?.finding ?? null);
  await record(task, row, news);
  return { go: news.state === 'sent' ? 'on' : 'next plan' };
}

/** Why a read names no line: none is there, which is all that an end wants; several are; or the answer was none. */
function unfound({ means, plan, request }: Task, { n }: Delivery, exchange: Exchange, finding: Finding | null): DeliveryNews {
  const { name } = request.line;
  if (finding?.kind === 'absent' && plan.requests[n + 1]?.operation === 'end') return { state: 'sent', proof: 'probed', problem: null };
  if (finding === null || finding.kind === 'absent') return { state: 'refused', problem: problem('line is gone', { line: name }) };
  const ids = [finding.id, ...finding.copies];
  if (ids.length > 1) return { state: 'refused', problem: problem('line exists more than once', { line: name, ids }) };
  return { state: 'refused', problem: problem('request was refused', { status: statusOf(exchange), message: messageOf(means, exchange) }) };
}

async function see(task: Task, row: Delivery, proven: boolean, fresh: boolean): Promise<Look | Unreadable> {
  const { means, plan, request, ids } = task;
  const told = idsTold(plan, request, ids);
  const line = { ...request.line, productId: request.line.productId ?? told.productId };
  return task.eyes.look({ ...request, line }, soughtFor(means, row, line.lineId ?? told.lineId, proven), fresh);
}

/** The read failed: nothing is sent, and the row says why it rests. */
async function blind(task: Task, row: Delivery, { problem: why, stops }: Unreadable): Promise<Sent> {
  if (stops === 'cancelled') return { row, step: { go: 'stop', problem: null } };
  const resting = row.state === 'unknown' ? row : await record(task, row, { problem: why });
  return { row: resting, step: stops === 'run' ? { go: 'stop', problem: why } : { go: 'next plan' } };
}

async function record(task: Task, row: Delivery, news: DeliveryNews): Promise<Delivery> {
  const next = await task.means.books.record(row, news);
  tell(task, next);
  return next;
}

function tell({ means, plan, request }: Task, { n, state }: Delivery): void {
  means.progress({ kind: 'request', plan: plan.id, n, state, line: request.line.name });
}

function provenBy({ finding, readAt }: Look, yielded: Delivery['yielded'], proof: 'probed' | 'read back'): DeliveryNews {
  const line = finding.kind === 'as wanted' ? finding.line : null;
  const found = finding.kind === 'absent' ? {} : { lineId: finding.id, duplicates: finding.copies };
  return { state: 'sent', proof, problem: null, countedAt: readAt, yielded, line, ...found };
}

function receiptOf(means: Means, exchange: Exchange): NonNullable<DeliveryNews['answer']> {
  if (exchange.kind === 'answered')
    return { status: exchange.answer.status, body: means.redact(exchange.text.slice(0, KEPT)), problem: null };
  return {
    status: null,
    body: means.redact(exchange.reason),
    problem: problem('endpoint is unreachable', { url: placeOf(means) }),
  };
}

/** Characters of an answer that a receipt keeps. */
const KEPT = 20_000;

function statusOf(exchange: Exchange): number {
  return exchange.kind === 'answered' ? exchange.answer.status : 0;
}

function messageOf(means: Means, exchange: Exchange): string {
  const answer: PsaAnswer | null = exchange.kind === 'answered' ? exchange.answer : null;
  return means.redact(answer === null ? '' : (means.adapter.message(answer) ?? ''));
}
