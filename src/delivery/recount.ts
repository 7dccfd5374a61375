import { removalsAmong } from '../domain/delivery';
import type { PlanRequest } from '../domain/plan';
import { conflictOf } from './conflict';
import { createEyes, soughtFor } from './look';
import type { Means } from './means';
import type { Pace } from './pace';

/**
 * Counts the copies of new lines once more when their quarantine is over: what a browser repeated by itself may land after the first
 * count. A delta that landed twice shows as another quantity, unless a later plan wrote one, which was counted then. A receiver that checks keys needs none. Answers when the next count is
 * due, and how many copies it found that nobody knew of.
 */
export async function countAgain(means: Means, pace: Pace): Promise<{ readonly countAgainAt: string | null; readonly found: number }> {
  const { connection, adapter, books } = means;
  if (!adapter.can.readBack || (connection.protocol === 'relay' && connection.checksKeys)) return NOTHING;
  const quarantine = connection.quarantineMinutes * 60_000;
  const eyes = createEyes(means, pace);
  let next: number | null = null;
  let found = 0;
  for (const { plan, row, others, followed } of await books.uncounted(quarantine)) {
    const request = plan.requests[row.n];
    if (request === undefined || !(isNew(request) || isDelta(request, adapter))) continue;
    const due = Date.parse(row.sentAt ?? '') + quarantine;
    if (due > means.now().getTime()) {
      next = Math.min(next ?? due, due);
      continue;
    }
    if (means.signal.aborted) return { countAgainAt: null, found };
    const look = await eyes.look(request, soughtFor(means, row, request.line.lineId, true), false);
    if ('problem' in look) return { countAgainAt: null, found };
    const there = look.finding.kind === 'absent' ? [] : [look.finding.id, ...look.finding.copies];
    const besides = isNew(request) ? there.filter((id) => id !== row.lineId) : [];
    const made = besides.length === 0 ? [] : await others();
    const duplicates = besides.filter((id) => !made.includes(id));
    const moved = isDelta(request, adapter) && look.finding.kind === 'different' && look.finding.field === 'quantity' ? look.finding : null;
    const again = moved === null || (await followed()) ? null : conflictOf(request, moved);
    found += duplicates.filter((id) => !row.duplicates.includes(id)).length + (again === null ? 0 : 1);
    const news = { duplicates, ...removalsAmong(row, there), countedAt: look.readAt };
    await books.record(row, again === null ? news : { ...news, problem: again });
  }
  return { countAgainAt: next === null ? null : new Date(next).toISOString(), found };
}

const NOTHING = { countAgainAt: null, found: 0 };

function isDelta({ line }: PlanRequest, { deltas }: Means['adapter']): boolean {
  return deltas === true && (line.after?.quantity ?? null) !== null;
}

/** Only a new record can be there twice; a change is a state, and the same state twice is one. */
export function isNew({ operation }: PlanRequest): boolean {
  return operation === 'create' || operation === 'charge' || operation === 'export';
}
