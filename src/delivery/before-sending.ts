import type { Delivery, DeliveryNews } from '../domain/delivery';
import type { PlanRequest } from '../domain/plan';
import { problem, type Problem } from '../domain/problem';
import { isSplitOff } from '../domain/line-key';
import { opensSplit } from '../domain/split-plan';
import { conflictOf } from './conflict';
import type { Look } from './look';
import { MOST_SENDS } from './means';
import { isNew } from './recount';
import { blind, provenBy, record, see, type Sent, type Task } from './task';

/** What a look alone settles: it is there already, or must not be touched. Null leaves it to be sent, or to wait. */
export function settledBy(task: Task, row: Delivery, look: Look): DeliveryNews | null {
  const { means, plan, request } = task;
  const { finding, yielded } = look;
  const { name } = request.line;
  const known = row.state === 'unknown';
  if (finding.kind === 'as wanted' && row.attempts === 0 && request.operation === 'charge' && means.adapter.limits.lineKey === null)
    return { state: 'refused', problem: problem('line may already be there', { line: name, candidate: finding.id }) };
  if (finding.kind === 'as wanted' && row.attempts === 0 && opensSplit(plan, request))
    return { state: 'refused', problem: changedBy(request) };
  if (finding.kind === 'as wanted') return provenBy(look, yielded, 'probed', row.attempts > 0);
  if (isNew(request)) {
    if (finding.kind !== 'different' || known) return null;
    return { state: 'refused', problem: conflictOf(request, finding) };
  }
  if (finding.kind === 'absent' && request.operation === 'end') return { state: 'sent', proof: 'probed', problem: null };
  if (finding.kind === 'absent') return { state: 'refused', problem: problem('line is gone', { line: name }) };
  if (known || isForced(task, row)) return null;
  if (finding.kind === 'different') return { state: 'refused', problem: conflictOf(request, finding) };
  if (finding.copies.length > 0 && request.line.lineId === null)
    return { state: 'refused', problem: problem('line exists more than once', { line: name, ids: [finding.id, ...finding.copies] }) };
  return null;
}

/** The partner's word sends a state onto whatever is there; a delta would make it another number, and a split another total. */
function isForced({ means, plan, request }: Task, { forced }: Delivery): boolean {
  return forced && means.adapter.deltas !== true && !opensSplit(plan, request);
}

/** Somebody brought the line to what the request writes. */
function changedBy({ line, before }: PlanRequest): Problem {
  const { name, after } = line;
  const field = 'quantity';
  return problem('line was changed meanwhile', { line: name, field, believed: before?.[field] ?? null, found: after?.[field] ?? null });
}

/**
 * The rest of a split is made only while the line that it is of holds what the split left it: beside one that was undone, or written back, it
 * would be billed twice. Null lets it go; so does the partner's word. One that may be on its way already stays unknown: only its mark proves it.
 */
export async function unlessRejoined(task: Task, row: Delivery): Promise<Sent | null> {
  const { plan, request } = task;
  if (!isSplitOff(request.line.lineKey) || row.forced) return null;
  const opening = plan.requests.find((one) => opensSplit(plan, one));
  if (opening === undefined) return null;
  const look = await see({ ...task, request: opening }, row, true, false);
  if ('problem' in look) return blind(task, row, look);
  const { finding } = look;
  if (finding.kind === 'as wanted') return null;
  const { name, after } = opening.line;
  const wanted = { line: name, field: 'quantity', believed: after?.quantity ?? null };
  const why =
    finding.kind === 'absent'
      ? problem('line is gone', { line: name })
      : finding.kind === 'different' && finding.field !== wanted.field
        ? conflictOf(opening, finding)
        : problem('line was changed meanwhile', { ...wanted, found: finding.kind === 'different' ? finding.found : finding.line.quantity });
  const news = row.state === 'unknown' ? { problem: why } : ({ state: 'refused', problem: why } as const);
  return { row: await record(task, row, news), step: { go: 'next plan' } };
}

/** Why an unknown row may not go again now. Null says that it may: same key, same bytes. */
export function holdOf(task: Task, row: Delivery, look: Look | null, lookedAt: Date): Sent | null {
  const { connection } = task.means;
  const hold = { row, step: { go: 'next plan' } } as const;
  const keys = connection.protocol === 'relay' && connection.checksKeys;
  const sentAt = Date.parse(row.sentAt ?? '');
  const age = lookedAt.getTime() - sentAt;
  const changed = look?.finding.kind === 'different' && (isNew(task.request) || !isForced(task, row));
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
