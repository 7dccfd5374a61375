import { removalsAmong, withRemoval, type Delivery, type Removal } from '../domain/delivery';
import { shortKey, type Plan, type PlanRequest } from '../domain/plan';
import { problem, ProblemError, type Problem } from '../domain/problem';
import type { PsaRequest } from '../psa/psa';
import type { Exchange } from './channel';
import { createEyes, lockedOutBy, outgoing, placeOf, soughtFor } from './look';
import { MOST_SENDS, type Means } from './means';
import { createPace, type Pace } from './pace';
import { messageOf, receiptOf, statusOf } from './receipt';
import { classify } from './verdict';

/**
 * Removes a second copy of a line that the read-back found, by the partner's wish: only while the copy and another line with our key
 * are both there. The removal is on disk before and after its call; one whose outcome is unknown is looked for first, and goes again
 * with the same key only after the quarantine, at most three times in all. Answers the row, with the copy gone from its duplicates once
 * the PSA no longer lists it. Throws why the PSA could not be read.
 */
export async function removeCopy(means: Means, plan: Plan, believed: Delivery, copy: string): Promise<Delivery> {
  return means.lock(means.lockName, async () => {
    await means.books.recover();
    const row = (await means.books.deliveries(plan.id)).find(({ id }) => id === believed.id) ?? believed;
    const request = plan.requests[row.n];
    const agreementId = request?.line.agreementId ?? null;
    if (request === undefined || agreementId === null || !row.duplicates.includes(copy)) return row;
    const task: Task = { means, pace: createPace(means), request, copy };
    const { ids, counted } = await linesOfKey(task, row);
    if (ids.length > 0 && !ids.includes(copy)) return gone(task, row, ids);
    if (ids.length < 2 || copy === row.lineId) return row;
    if (counted && !means.adapter.limits.writesCounted) {
      const why = problem('line is counted by the PSA', { line: request.line.name });
      return means.books.record(row, { answer: { status: null, body: '', problem: why } });
    }
    const kind = request.operation === 'charge' ? 'one-time' : 'recurring';
    const removal = means.adapter.removal({ agreementId, lineId: copy, kind });
    const before = row.removals?.find((one) => one.copy === copy) ?? null;
    return removal === null || waits(means, before) ? row : remove(task, row, removal, before);
  });
}

interface Task {
  readonly means: Means;
  readonly pace: Pace;
  readonly request: PlanRequest;
  readonly copy: string;
}

/** The lines that carry our key, read just now, and whether the PSA has come to count the copy itself. */
async function linesOfKey(
  { means, pace, request, copy }: Task,
  row: Delivery,
): Promise<{ readonly ids: string[]; readonly counted: boolean }> {
  let counted = false;
  const seen: Means['seen'] = (reading) => {
    counted ||= reading.rows.some((line) => line.id === copy && line.counted === true);
    means.seen?.(reading);
  };
  const look = await createEyes({ ...means, seen }, pace).look(request, soughtFor(means, row, row.lineId, true), true);
  if ('problem' in look) throw new ProblemError(look.problem);
  return { ids: look.finding.kind === 'absent' ? [] : [look.finding.id, ...look.finding.copies], counted };
}

/** An unknown removal may land late: it goes again only when that is over, or when the receiver refuses a key that it has seen. */
function waits({ connection, now }: Means, before: Removal | null): boolean {
  if (before?.state !== 'unknown') return false;
  if (before.attempts >= MOST_SENDS) return true;
  if (connection.protocol === 'relay' && connection.checksKeys && before.attempts === 1) return false;
  return now().getTime() - Date.parse(before.sentAt) < connection.quarantineMinutes * 60_000;
}

async function remove(task: Task, row: Delivery, request: PsaRequest, before: Removal | null): Promise<Delivery> {
  const { means, pace, copy } = task;
  const { lineKey, name } = task.request.line;
  await pace.turn();
  const attempts = (before?.state === 'unknown' ? before.attempts : 0) + 1;
  const sending: Removal = { copy, state: 'sending', attempts, sentAt: means.now().toISOString(), problem: null };
  const claimed = await means.books.record(row, { removals: withRemoval(row, sending) });
  const exchange = await means.channel.send(outgoing(request, shortKey([lineKey, 'remove', copy]), name));
  const judged = judgedBy(task, sending, before, exchange);
  const answer = { ...receiptOf(means, exchange), problem: judged.problem };
  const noted = await means.books.record(claimed, { removals: withRemoval(claimed, judged), answer });
  const { ids } = await linesOfKey(task, noted);
  return ids.includes(copy) || ids.length === 0 ? noted : gone(task, noted, ids);
}

/** What the call alone says; what the PSA then lists has the last word. What surely was not applied leaves an unknown one unknown. */
function judgedBy({ means, request }: Task, sending: Removal, before: Removal | null, exchange: Exchange): Removal {
  const untouched = (why: Problem): Removal =>
    before?.state === 'unknown' ? { ...before, problem: why } : { ...sending, state: 'refused', problem: why };
  const unknown: Removal = { ...sending, state: 'unknown', problem: problem('outcome is unknown', { line: request.line.name }) };
  if (exchange.kind === 'no answer')
    return exchange.unsent === true ? untouched(problem('endpoint is unreachable', { url: placeOf(means) })) : unknown;
  const refuses = exchange.from === 'psa' && means.adapter.refuses(exchange.answer);
  const verdict = classify(exchange, { proven: false, refuses }, means.now());
  if (verdict.kind === 'unknown' || verdict.kind === 'applied') return unknown;
  if (verdict.kind === 'locked out') return untouched(lockedOutBy(means, exchange));
  if (verdict.kind === 'wait') return untouched(problem('rate limit', { seconds: verdict.seconds }));
  const refused = problem('request was refused', { status: statusOf(exchange), message: messageOf(means, exchange) });
  return { ...sending, state: 'refused', problem: refused };
}

/** The PSA lists it no longer: whoever removed it, it is removed. */
function gone({ means, copy }: Task, row: Delivery, ids: readonly string[]): Promise<Delivery> {
  return means.books.record(row, { duplicates: row.duplicates.filter((id) => id !== copy), ...removalsAmong(row, ids) });
}
