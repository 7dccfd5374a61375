import type { DeliveryReport, DeliveryState } from '../domain/delivery';
import type { Plan } from '../domain/plan';
import { problem } from '../domain/problem';
import { createEyes } from './look';
import type { Means, Step } from './means';
import { createPace, type Pace } from './pace';
import { countAgain } from './recount';
import { deliverRequest } from './request';

/**
 * Sends everything of a connection that is open, in order, under the connection's lock: product exports first, the requests of a plan
 * one after the other; what stops a plan does not stop the next. Throws only when the database does: then nothing is concluded from
 * memory, and the next run starts from what is on disk.
 */
export async function deliver(means: Means): Promise<DeliveryReport> {
  return means.lock(means.lockName, async () => {
    await means.books.recover();
    const pace = createPace(means);
    const plans = (await means.books.openPlans()).filter(({ id }) => means.only?.includes(id) ?? true);
    const looks: string[] = [];
    let end: Extract<Step, { go: 'stop' }> | null = null;
    for (const plan of plans) {
      const step = await deliverPlan(means, pace, plan);
      if (step.go === 'next plan' && step.lookAgainAt !== undefined) looks.push(step.lookAgainAt);
      if (step.go === 'stop') {
        end = step;
        break;
      }
    }
    const { countAgainAt, found } = end === null ? await countAgain(means, pace) : { countAgainAt: null, found: 0 };
    const report = await reportOf(means, plans, end, { lookAgainAt: looks.sort()[0] ?? null, countAgainAt });
    return { ...report, duplicates: report.duplicates + found };
  });
}

async function deliverPlan(means: Means, pace: Pace, plan: Plan): Promise<Step> {
  const eyes = createEyes(means, pace);
  for (const row of await means.books.deliveries(plan.id)) {
    const request = plan.requests[row.n];
    if (request === undefined) return { go: 'stop', problem: problem('record is damaged', { what: `plan ${plan.id}` }) };
    const ids = request.uses.length === 0 ? {} : await means.books.yielded();
    const step = await deliverRequest({ means, pace, eyes, plan, request, ids }, row);
    if (step.go !== 'on') return step;
  }
  return { go: 'on' };
}

/** Hand-work that is left is nothing that the sender could still do. */
async function reportOf(
  means: Means,
  plans: readonly Plan[],
  end: Extract<Step, { go: 'stop' }> | null,
  again: Pick<DeliveryReport, 'lookAgainAt' | 'countAgainAt'>,
): Promise<DeliveryReport> {
  const counts: Record<DeliveryState, number> = { pending: 0, sending: 0, sent: 0, refused: 0, unknown: 0 };
  let duplicates = 0;
  for (const plan of plans) {
    for (const row of await means.books.deliveries(plan.id)) {
      if (row.state === 'pending' && plan.requests[row.n]?.method === 'HAND') continue;
      counts[row.state] += 1;
      duplicates += row.duplicates.length;
    }
  }
  const stopped = end?.problem ?? null;
  return { stopped, cancelled: end !== null && stopped === null, counts, duplicates, ...again };
}
