import type { PsaLine } from '../domain/agreement';
import type { Delivery } from '../domain/delivery';
import type { Plan } from '../domain/plan';
import { syncedAfter, syncedKey, syncedWhenDone, type Synced, type SyncedFrame, type SyncedLine } from '../domain/synced';
import type { Database } from './db';
import type { PlanRecord } from './rows';

/** What a customer's lines at a connection were when we last proved them, or null when nothing of it was ever synced. */
export async function syncedOf(db: Database, customer: string, connection: string): Promise<Synced | null> {
  return (await db.synced.get(syncedKey(customer, connection))) ?? null;
}

/** Inside the transaction that makes a row `sent`: the customer's record, or the bindings that waited for an exported product. */
export async function rememberSent(db: Database, record: PlanRecord, row: Delivery, line: PsaLine | null): Promise<void> {
  const request = record.plan.requests[row.n];
  if (request === undefined || request.operation === 'read') return;
  if (request.operation === 'export') {
    await rememberProduct(db, record.plan, row.lineId, request.line.product);
    return;
  }
  await change(db, record, row.countedAt ?? row.settledAt, (synced, frame) =>
    syncedAfter(synced, frame, request, { lineId: row.lineId, productId: line?.productId ?? null }),
  );
}

/** Inside the transaction that settles a plan whose every request is sent. */
export async function rememberDone(db: Database, record: PlanRecord): Promise<void> {
  await change(db, record, null, syncedWhenDone);
}

/** What is remembered of the line that a request writes. */
export async function rememberedLines(db: Database, { customer, connection }: PlanRecord, lineKey: string): Promise<readonly SyncedLine[]> {
  const synced = customer === null ? null : await syncedOf(db, customer, connection);
  return synced?.lines.filter((line) => line.lineKey === lineKey) ?? [];
}

/** Inside the transaction that takes a tick back: the line is again what was remembered of it before. */
export async function forgetSent(
  db: Database,
  { customer, connection }: PlanRecord,
  lineKey: string,
  before: readonly SyncedLine[],
): Promise<void> {
  const synced = customer === null ? null : await syncedOf(db, customer, connection);
  if (synced === null) return;
  await db.synced.put({ ...synced, lines: [...synced.lines.filter((line) => line.lineKey !== lineKey), ...before] });
}

async function change(
  db: Database,
  record: PlanRecord,
  at: string | null,
  work: (synced: Synced | null, frame: SyncedFrame) => Synced,
): Promise<void> {
  const { customer, connection, plan, withheld } = record;
  if (customer === null) return;
  const synced = (await db.synced.get(syncedKey(customer, connection))) ?? null;
  await db.synced.put(work(synced, { customer, connection, plan, withheld, at }));
}

async function rememberProduct(db: Database, plan: Plan, productId: string | null, identifier: string): Promise<void> {
  if (productId === null) return;
  await db.bindings
    .filter((binding) => binding.exportPlan === plan.id && binding.identifier === identifier)
    .modify((binding, reference) => {
      reference.value = { ...binding, psaProductId: productId, exportPlan: null };
    });
}
