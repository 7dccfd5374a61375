import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import type { ReconciledLine } from '../../src/domain/reconcile';
import type { SyncedLine } from '../../src/domain/synced';
import { send, type DeliverMeans } from '../../src/machines/deliver-actors';
import { readIntoMirror } from '../../src/machines/read-psa-actors';
import { adapterOf } from '../../src/psa';
import type { SandboxState } from '../../src/sandbox/sandbox';
import type { Database } from '../../src/storage/db';
import { reconciliations } from '../../src/storage/reconciliation';
import { CONNECTION, december, mail } from '../demo/demo';
import * as scene from '../delivery/scene';

/** Fox Hollow: 20 were synced, 21 are counted, and somebody wrote 24 in the PSA. */
export const FOX = mail('foxhollowrealty.com');
export const NOW = '2021-01-03T09:00:00.000Z';

export type Row = Readonly<Record<string, unknown>>;

export function three({ verdict, usage, synced, psa, money }: ReconciledLine) {
  return [verdict, usage, synced, psa, money];
}

export async function linesNow(db: Database): Promise<readonly ReconciledLine[]> {
  const all = await reconciliations(db, { ...december, calendar: DEFAULT_CALENDAR }, adapterOf);
  return all.find(({ connection }) => connection.id === CONNECTION)?.lines ?? [];
}

export async function foxLine(db: Database): Promise<ReconciledLine> {
  const found = (await linesNow(db)).find(({ customer }) => customer?.site === FOX.site && customer.product === FOX.product);
  if (found === undefined) throw new Error('Fox Hollow has no line.');
  return found;
}

export async function strangers(db: Database): Promise<readonly ReconciledLine[]> {
  return (await linesNow(db)).filter(({ customer }) => customer === null);
}

export async function foxMemory(db: Database): Promise<SyncedLine | undefined> {
  return (await db.synced.get(`proofpoint\u001f${FOX.site}\u001f${CONNECTION}`))?.lines[0];
}

export function isFox(row: Row): boolean {
  return typeof row['invoiceDescription'] === 'string' && row['invoiceDescription'].startsWith('foxhollowrealty.com');
}

/** The additions of the PSA. */
export async function additionsOf(db: Database): Promise<readonly Row[]> {
  const record = await db.sandboxes.get(CONNECTION);
  return (record?.state as unknown as SandboxState).tables['additions'] ?? [];
}

/** Somebody changes additions in the PSA. */
export async function inPsa(db: Database, change: (rows: readonly Row[]) => readonly Row[]): Promise<void> {
  const record = await db.sandboxes.get(CONNECTION);
  const state = record?.state as unknown as SandboxState;
  const additions = change(state.tables['additions'] ?? []);
  await db.sandboxes.put({ connection: CONNECTION, state: { ...state, tables: { ...state.tables, additions } } as never });
}

export async function readFox(db: Database): Promise<void> {
  const agreementId = (await foxMemory(db))?.agreementId ?? '';
  await readIntoMirror(meansOf(db), CONNECTION, [{ kind: 'lines', agreementId }], { signal: new AbortController().signal });
}

export async function deliver(db: Database): Promise<void> {
  await send(meansOf(db), { connection: CONNECTION, plans: [] }, { signal: new AbortController().signal });
}

function meansOf(db: Database): DeliverMeans {
  const lock = scene.createLocks();
  const request = (name: string, _: LockOptions, work: LockGrantedCallback<unknown>) =>
    lock(name, async () => await work({ name, mode: 'exclusive' }));
  let ids = 0;
  return {
    ...{ db, now: () => new Date(NOW), today: () => december.today, newId: () => `id-${(ids += 1)}`, wait: () => Promise.resolve() },
    locks: { request, query: () => Promise.resolve({ held: [], pending: [] }) } as unknown as LockManager,
  };
}
