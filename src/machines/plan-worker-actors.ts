import { problem, ProblemError, type Problem } from '../domain/problem';
import type { BulkItem } from '../domain/sync-bulk';
import type { Queue } from '../domain/automation';
import type { PlanAnswer, PlanCall, QueueAnswer, QueueCall, ShareCall } from '../workers/plan.worker';

/** Fewer customers than these are planned sooner by one worker: another has to be started, and handed what they need. */
const LEAST_SHARE = 500;
const MOST_WORKERS = 4;

/**
 * The plans of many customers, in their order, shared among as many workers as the machine has cores for. Each customer's plans rest on
 * its own rows alone, so it does not matter which worker makes them; the first reads for all, because the database answers one after the
 * other. Rejects, and ends every worker, when one fails or `signal` aborts.
 */
export async function planInWorkers(call: PlanCall, signal: AbortSignal): Promise<readonly BulkItem[]> {
  const { customers } = call;
  const cores = Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS);
  const share = Math.max(LEAST_SHARE, Math.ceil(customers.length / cores));
  const [first = [], ...rest] = Array.from({ length: Math.ceil(customers.length / share) }, (_, at) =>
    customers.slice(at * share, (at + 1) * share),
  );
  const others = rest.map((own) => ({ customers: own, channel: new MessageChannel() }));
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  try {
    const reader = answerOf<PlanAnswer>(
      { ...call, customers: first, others: others.map(({ customers: own, channel }) => ({ customers: own, port: channel.port1 })) },
      either,
    );
    const shares = others.map(({ customers: own, channel }) =>
      answerOf<PlanAnswer>({ ...call, customers: own, ground: channel.port2 }, either),
    );
    return (await Promise.all([reader, ...shares])).flatMap(({ items }) => items);
  } finally {
    failed.abort();
  }
}

/** What auto-sync would do on a day, planned in a worker. */
export async function queueInWorker(call: QueueCall, signal: AbortSignal): Promise<Queue> {
  return (await answerOf<QueueAnswer>(call, signal)).queue;
}

type Answer = PlanAnswer | QueueAnswer;

function answerOf<T extends Answer>(call: ShareCall | QueueCall, signal: AbortSignal): Promise<Extract<T, { readonly ok: true }>> {
  const worker = new Worker(new URL('../workers/plan.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<Extract<T, { readonly ok: true }>>((resolve, reject) => {
    const withdraw = () => reject(new ProblemError(problem('request was withdrawn', { line: 'plan' })));
    if (signal.aborted) withdraw();
    signal.addEventListener('abort', withdraw);
    worker.onmessage = ({ data }: MessageEvent<Extract<T, { readonly ok: true }> | { readonly ok: false; readonly problem: Problem }>) =>
      data.ok ? resolve(data) : reject(new ProblemError(data.problem));
    worker.onerror = ({ message }) => reject(new ProblemError(problem('unexpected', { message })));
    worker.postMessage(call, portsOf(call));
  }).finally(() => worker.terminate());
}

function portsOf(call: ShareCall | QueueCall): MessagePort[] {
  if ('ground' in call) return [call.ground];
  return 'others' in call ? call.others.map(({ port }) => port) : [];
}
