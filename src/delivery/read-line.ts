import type { Json } from '../domain/canonical';
import type { Delivery, DeliveryNews } from '../domain/delivery';
import { problem } from '../domain/problem';
import type { Finding } from '../domain/proof';
import type { PsaRequest } from '../psa/psa';
import type { Exchange } from './channel';
import type { Unreadable } from './look';
import type { Step } from './means';
import { messageOf, statusOf } from './receipt';
import { resolve } from './resolve';
import { blind, record, see, untilExported, type Task } from './task';

/** A plan's own read: it finds the line whose id the next request uses. Nothing was changed, so it may be asked as often as needed. */
export async function readLine(task: Task, row: Delivery): Promise<Step> {
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
