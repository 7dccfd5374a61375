import { createActor, fromCallback, fromPromise, type Actor } from 'xstate';
import type { ImporterReply } from '../domain/importing';
import { problem } from '../domain/problem';
import type { Database } from '../storage/db';
import { sweepStaged } from '../storage/imports';
import type { ImporterOrder as WorkerOrder } from '../workers/messages';
import { importChart, type ImporterOrder, type ImportEvent, type PickedFile } from './import';

/**
 * An actor of the import chart, started, with its worker bound to one database and clock. The worker is loaded while the partner
 * still looks for the files. Stopping the actor ends it.
 */
export function startImport(db: Database, now: () => string): Actor<typeof importChart> {
  let spare: Worker | null = loadWorker();
  const chart = importChart.provide({
    actors: {
      importer: fromCallback<ImporterOrder, { files: readonly PickedFile[] }>(({ input, receive, sendBack }) => {
        const worker = spare ?? loadWorker();
        spare = null;
        const reply = (message: ImporterReply) => sendBack({ type: 'importer.replied', reply: message } satisfies ImportEvent);
        const order = (message: WorkerOrder) => worker.postMessage(message);
        worker.onmessage = ({ data }: MessageEvent<ImporterReply>) => reply(data);
        worker.onerror = ({ message }) => reply({ type: 'failed', problem: problem('unexpected', { message }) });
        order({ type: 'inspect', database: db.name, uuid: db.uuid, now: now(), files: [...input.files] });
        receive((event) => {
          if (event.type === 'look again') order(event);
          else order({ ...event, now: now() });
        });
        return () => worker.terminate();
      }),
      'sweep what was staged': fromPromise(async () => {
        await sweepStaged(db, now(), { wait: true });
        return undefined;
      }),
    },
  });
  const actor = createActor(chart).start();
  actor.subscribe({ complete: () => spare?.terminate() });
  return actor;
}

function loadWorker(): Worker {
  return new Worker(new URL('../workers/import.worker.ts', import.meta.url), { type: 'module', name: 'import' });
}
