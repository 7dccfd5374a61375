import type { DeliveryNews } from '../domain/delivery';
import { problem } from '../domain/problem';
import type { PsaAnswer } from '../psa/psa';
import type { Exchange } from './channel';
import { placeOf } from './look';
import type { Means } from './means';

/** What is kept of an exchange: without secrets, and not longer than `KEPT`. */
export function receiptOf(means: Means, exchange: Exchange): NonNullable<DeliveryNews['answer']> {
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

export function statusOf(exchange: Exchange): number {
  return exchange.kind === 'answered' ? exchange.answer.status : 0;
}

export function messageOf(means: Means, exchange: Exchange): string {
  const answer: PsaAnswer | null = exchange.kind === 'answered' ? exchange.answer : null;
  return means.redact(answer === null ? '' : (means.adapter.message(answer) ?? ''));
}
