import type { Connection } from '../../src/domain/agreement';
import type { Delivery, DeliveryReport } from '../../src/domain/delivery';
import { canonicalJson } from '../../src/domain/canonical';
import type { Plan } from '../../src/domain/plan';
import { vault } from '../../src/machines/credentials-actors';
import { recover, send, type DeliverMeans } from '../../src/machines/deliver-actors';
import { startImport } from '../../src/machines/import-actors';
import { write, type Database } from '../../src/storage/db';
import { openDatabase } from '../../src/storage/open';
import { sweepStaged } from '../../src/storage/imports';
import { committedUsage } from '../../src/storage/month';
import { confirmPlans } from '../../src/storage/plans';

/** What the driver of the kill suite asks of the page. Everything behind it is the real import and the real outbox. */
export interface Kill {
  readonly confirm: (database: string, connection: Connection, plans: readonly Plan[]) => Promise<void>;
  /** Recovers and sends until nothing more can happen without a person. `stopAt` names where the page waits for its death. */
  readonly deliver: (
    database: string,
    connection: Connection,
    credentials: Readonly<Record<string, string>>,
    stopAt: Point | null,
  ) => Promise<DeliveryReport>;
  readonly rows: (database: string) => Promise<readonly Delivery[]>;
  /** Whether the note of `leaveNote` is still there. Nothing of ours removes it, so without it the browser threw its whole store away. */
  readonly hasNote: () => Promise<boolean>;
  readonly leaveNote: () => Promise<void>;
  /** Imports as the screen does. `stopAt` names the point that is told to the driver, which kills there. */
  readonly import: (
    database: string,
    files: readonly { readonly name: string; readonly text: string }[],
    stopAt: ImportPoint | null,
  ) => Promise<string>;
  /** What a start of the page finds: committed imports and their lines, and anything left of a half one after the sweep. */
  readonly imported: (
    database: string,
    period: string,
  ) => Promise<{ readonly imports: number; readonly lines: number; readonly left: number }>;
}

/** Around one call: the intent is on disk and nothing has left, or the answer is here and nothing is recorded. */
export type Point = 'claimed' | 'answered';
/** Of an import: the first rows are read, everything is staged and nothing committed, the commit is ordered, the page was told of it. */
export type ImportPoint = 'read' | 'staged' | 'committing' | 'committed';

declare global {
  interface Window {
    kill: Kill;
    /** Given by the driver; it answers when the driver does not want to kill here. */
    reached: (point: Point | ImportPoint) => Promise<void>;
  }
}

const NOW = () => new Date();
const NOTE = 'note';
const databases = new Map<string, Promise<Database>>();

window.kill = {
  confirm: async (name, connection, plans) => {
    const db = await opened(name);
    const now = NOW().toISOString();
    await write(db, now, ['connections'], async () => {
      await db.connections.put(connection);
    });
    await confirmPlans(db, now, { plans: plans.map((plan) => ({ plan, withheld: [] })), connection, today: now.slice(0, 10) });
  },
  deliver: async (name, connection, credentials, stopAt) => {
    const db = await opened(name);
    vault.keep(connection.id, credentials);
    const means = meansOf(db, stopAt);
    await recover(means);
    for (;;) {
      const report = await send(means, { connection: connection.id, plans: [] }, { signal: new AbortController().signal });
      const again =
        report.lookAgainAt ?? report.countAgainAt ?? (report.stopped !== null && report.counts.pending > 0 ? NOW().toISOString() : null);
      if (again === null) return report;
      await pause(Math.max(50, Date.parse(again) - Date.now()));
    }
  },
  rows: async (name) => (await opened(name)).deliveries.toArray(),
  hasNote: async () => (await (await opened(NOTE)).settings.get(NOTE)) !== undefined,
  leaveNote: async () => {
    const db = await opened(NOTE);
    await write(db, NOW().toISOString(), ['settings'], async () => {
      await db.settings.put({ key: NOTE, value: true });
    });
  },
  import: async (name, files, stopAt) => {
    const db = await opened(name);
    await sweepStaged(db, NOW().toISOString(), { wait: true });
    const actor = startImport(db, () => NOW().toISOString());
    const done = new Promise<string>((resolve) => {
      actor.subscribe((snapshot) => {
        const { value } = snapshot;
        const point = pointOf(value, snapshot.context.progress !== null);
        if (stopAt !== null && point === stopAt) {
          void window.reached(stopAt);
          if (stopAt === 'staged' || stopAt === 'committed') return;
        }
        if (value === 'done' || value === 'known') resolve(value);
        else if (value === 'failed' || (typeof value === 'object' && value.working === 'asking'))
          resolve(canonicalJson(JSON.parse(JSON.stringify(snapshot.context)) as never));
        else if (typeof value === 'object' && value.working === 'reviewing') actor.send({ type: 'import' });
      });
    });
    actor.send({ type: 'files.picked', files: files.map(({ name: file, text }) => ({ name: file, blob: new Blob([text]) })) });
    if (stopAt !== 'staged') actor.send({ type: 'import' });
    const how = await done;
    actor.stop();
    return how;
  },
  imported: async (name, period) => {
    const db = await opened(name);
    await sweepStaged(db, NOW().toISOString(), { wait: true });
    const imports = await committedUsage(db, [period]);
    const chunks = imports.flatMap((one) => one.chunks);
    const committed = new Set(imports.map(({ record }) => record.id));
    const left = await db.usage.filter(({ importId }) => !committed.has(importId)).count();
    const staged = await db.imports.where('state').equals('staged').count();
    return { imports: imports.length, lines: chunks.reduce((sum, { rows }) => sum + rows, 0), left: left + staged };
  },
};

function pointOf(value: unknown, rowsAreRead: boolean): ImportPoint | null {
  const working = typeof value === 'object' && value !== null && 'working' in value ? value.working : null;
  if (value === 'done') return 'committed';
  if (working === 'reviewing') return 'staged';
  if (working === 'committing') return 'committing';
  return working === 'staging' && rowsAreRead ? 'read' : null;
}

function meansOf(db: Database, stopAt: Point | null): DeliverMeans {
  return {
    ...{ db, now: NOW, today: () => NOW().toISOString().slice(0, 10), newId: () => crypto.randomUUID(), locks: navigator.locks },
    fetch: async (url, init) => {
      const isWrite = isWriting(init);
      if (isWrite && stopAt === 'claimed') await window.reached('claimed');
      const headers = { ...(init?.headers as Record<string, string>), 'x-attempt': crypto.randomUUID() };
      const response = await fetch(url, { ...init, headers });
      if (!isWrite || stopAt !== 'answered') return response;
      const text = await response.text();
      await window.reached('answered');
      return new Response(text === '' ? null : text, { status: response.status, headers: response.headers });
    },
    wait: (milliseconds) => pause(milliseconds / 20),
  };
}

function isWriting(init: RequestInit | undefined): boolean {
  const body = typeof init?.body === 'string' ? init.body : '';
  return body !== '' && init?.method !== 'GET' && !body.includes('"method":"GET"');
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The canary is off: the driver begins with databases that were never seen. */
function opened(name: string): Promise<Database> {
  const known = databases.get(name);
  if (known !== undefined) return known;
  const opening = openDatabase(name, { newId: () => crypto.randomUUID() });
  databases.set(name, opening);
  return opening;
}
