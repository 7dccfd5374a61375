import type { Delivery } from '../domain/delivery';
import { problem } from '../domain/problem';
import type { Exchange } from './channel';
import { conflictOf } from './conflict';
import { lockedOutBy, pause, placeOf } from './look';
import { messageOf, receiptOf, statusOf } from './receipt';
import { blind, provenBy, record, see, type Sent, type Task } from './task';
import { classify } from './verdict';

/** What the answer to a sent request is worth; `before` is where the row stood. */
export async function judged(task: Task, before: 'pending' | 'unknown', row: Delivery, exchange: Exchange): Promise<Sent> {
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
  if (finding.kind === 'as wanted') {
    const news = provenBy(look, { ...row.yielded, ...look.yielded }, 'read back');
    return { row: await record(task, row, news), step: news.state === 'sent' ? null : { go: 'next plan' } };
  }
  const doubt = finding.kind === 'different' ? { ...unknown, problem: conflictOf(request, finding) } : unknown;
  return { row: await record(task, row, doubt), step: { go: 'next plan' } };
}
