import type { Delivery, DeliveryNews } from '../domain/delivery';
import type { Plan, PlanRequest } from '../domain/plan';
import { problem } from '../domain/problem';
import { soughtFor, type Eyes, type Look, type Unreadable } from './look';
import type { Means, Step } from './means';
import type { Pace } from './pace';
import { idsTold } from './resolve';

/** One request of a plan, and what the sender knows around it. */
export interface Task {
  readonly means: Means;
  readonly pace: Pace;
  readonly eyes: Eyes;
  readonly plan: Plan;
  readonly request: PlanRequest;
  readonly ids: Readonly<Record<string, string | number>>;
}

/** Where a row stands, and whether its plan is left for now; null goes on with the row. */
export type Sent = { readonly row: Delivery; readonly step: Step | null };

/** What the PSA holds for this request. */
export async function see(task: Task, row: Delivery, proven: boolean, fresh: boolean): Promise<Look | Unreadable> {
  const { means, plan, request, ids } = task;
  const told = idsTold(plan, request, ids);
  const line = { ...request.line, productId: request.line.productId ?? told.productId };
  return task.eyes.look({ ...request, line }, soughtFor(means, row, line.lineId ?? told.lineId, proven), fresh);
}

/** The read failed: nothing is sent, and the row says why it rests. */
export async function blind(task: Task, row: Delivery, { problem: why, stops }: Unreadable): Promise<Sent> {
  if (stops === 'cancelled') return { row, step: { go: 'stop', problem: null } };
  const resting = row.state === 'unknown' ? row : await record(task, row, { problem: why });
  return { row: resting, step: stops === 'run' ? { go: 'stop', problem: why } : { go: 'next plan' } };
}

/** The request waits for the product that an earlier one is to make. */
export async function untilExported(task: Task, row: Delivery): Promise<Sent> {
  const { name, product } = task.request.line;
  const waiting = problem('product is not exported yet', { line: name, product });
  return { row: await record(task, row, { problem: waiting }), step: { go: 'next plan' } };
}

/** On disk first, then on the page. */
export async function record(task: Task, row: Delivery, news: DeliveryNews): Promise<Delivery> {
  const next = await task.means.books.record(row, news);
  tell(task, next);
  return next;
}

export function tell({ means, plan, request }: Task, { n, state }: Delivery): void {
  means.progress({ kind: 'request', plan: plan.id, n, state, line: request.line.name });
}

/** A look that found the line as wanted is its proof, unless what was `written` spoiled something beside it: that is for a person to see. */
export function provenBy(
  { finding, readAt, spoiled }: Look,
  yielded: Delivery['yielded'],
  proof: 'probed' | 'read back',
  written = true,
): DeliveryNews {
  if (written && spoiled !== null) return { state: 'unknown', problem: spoiled };
  const line = finding.kind === 'as wanted' ? finding.line : null;
  const found = finding.kind === 'absent' ? {} : { lineId: finding.id, duplicates: finding.copies };
  return { state: 'sent', proof, problem: null, countedAt: readAt, yielded, line, ...found };
}
