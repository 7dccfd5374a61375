import type { Delivery } from '../domain/delivery';
import { problem } from '../domain/problem';
import { judged } from './after-sending';
import { holdOf, settledBy, unlessRejoined } from './before-sending';
import { MOST_WAITS, type Step } from './means';
import { readLine } from './read-line';
import { resolve } from './resolve';
import { blind, record, see, tell, untilExported, type Sent, type Task } from './task';

/** Takes a row as far as it can be taken now. Every change of it is on disk before the next thing happens. */
export async function deliverRequest(task: Task, found: Delivery): Promise<Step> {
  let row = found;
  for (let waits = 0; waits < MOST_WAITS;) {
    if (row.state === 'sent') return { go: 'on' };
    if (task.request.method === 'HAND') return { go: 'on' };
    if (row.state === 'refused') return { go: 'next plan' };
    if (task.means.signal.aborted) return { go: 'stop', problem: null };
    if (task.request.operation === 'read') return readLine(task, row);
    const { row: next, step } = await attempt(task, row);
    if (step !== null) return step;
    if (next.problem?.code === 'rate limit') waits += 1;
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
  if (settled !== null) return { row: await record(task, row, settled), step: settled.state === 'sent' ? null : { go: 'next plan' } };
  if (unresolved) return untilExported(task, row);
  if (row.state === 'unknown') {
    const held = holdOf(task, row, look, lookedAt);
    if (held !== null) return held;
  }
  if (look?.changed) return { row: await record(task, row, { state: 'refused', problem: look.changed }), step: { go: 'next plan' } };
  const rejoined = look === null ? null : await unlessRejoined(task, row);
  if (rejoined !== null) return rejoined;
  await task.pace.turn();
  if (means.signal.aborted) return { row, step: { go: 'stop', problem: null } };
  const besides = row.attempts === 0 ? (look?.alike ?? []) : row.besides;
  const claimed = await means.books.claim(row, { resolved: ready.resolved, besides });
  if (claimed === null) return { row, step: { go: 'next plan' } };
  tell(task, claimed);
  task.eyes.forget();
  const { key, line, headers } = request;
  const exchange = await means.channel.send({ key, ...ready.resolved, headers, line: line.name });
  return judged(task, row.state === 'unknown' ? 'unknown' : 'pending', claimed, exchange);
}
