import type { Delivery, DeliveryNews } from '../domain/delivery';
import { isHandWork } from '../domain/hand-work';
import { problem } from '../domain/problem';
import type { Database } from './db';
import type { PlanRecord } from './rows';
import { rememberedLines } from './synced';

/** The partner's word on one request of a plan that left as a file, or on one whose outcome is unknown. */
export interface Mark {
  readonly n: number;
  readonly applied: boolean;
  readonly lineId?: string | null;
}

/** A tick keeps what was remembered before it. */
export async function wordOf(db: Database, record: PlanRecord, row: Delivery, word: Mark): Promise<DeliveryNews> {
  const news = newsOf(record, word);
  const request = record.plan.requests[row.n];
  if (!word.applied || request === undefined || !isHandWork(request)) return news;
  return { ...news, replaced: await rememberedLines(db, record, request.line.lineKey) };
}

/** What a word makes of its request; a request that is not applied counts as withdrawn. */
export function newsOf({ plan }: PlanRecord, { n, applied, lineId }: Mark): DeliveryNews {
  if (applied) return { state: 'sent', proof: 'marked', problem: null, ...(lineId === undefined || lineId === null ? {} : { lineId }) };
  return { state: 'refused', proof: 'marked', problem: problem('request was withdrawn', { line: plan.requests[n]?.line.name ?? '' }) };
}

/** Whether a row is hand-work that nobody has settled yet. */
export function isLeftByHand({ plan }: PlanRecord, { n, state }: Delivery): boolean {
  return state === 'pending' && plan.requests[n]?.method === 'HAND';
}
