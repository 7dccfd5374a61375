import type { PsaLine } from '../domain/agreement';
import type { Day } from '../domain/calendar';
import type { Delivery } from '../domain/delivery';
import { standingOn } from '../domain/dated-quantity';
import { isHandWork } from '../domain/hand-work';
import type { PlanRequest } from '../domain/plan';
import { findLine } from '../domain/proof';
import { write, type Database } from './db';
import { OUTCOME_TABLES, settleRow } from './deliveries';
import { linesReadAt } from './mirrors';
import type { PlanRecord } from './rows';
import { isLeftByHand, wordOf, type Mark } from './word';

/** The sync file of a plan that nothing else delivers was handed out: the customer's next plan waits for its mark. Hand-work needs none. */
export async function markDownloaded(db: Database, now: string, plan: string): Promise<void> {
  await write(db, now, ['plans'], async ({ audit }) => {
    const record = await db.plans.get(plan);
    if ((record?.state !== 'confirmed' && record?.state !== 'downloaded') || record.plan.requests.every(isHandWork)) return;
    await db.plans.put({ ...record, state: 'downloaded', downloadedAt: now });
    await audit('sync file downloaded', plan, null);
  });
}

/**
 * Everything, or the named lines, were carried into the PSA; lines that are not named stay as they are named by nobody: applied.
 * Hand-work is no part of the file's requests: it is done only where it is named as applied, and stays to be done otherwise.
 */
export async function markApplied(db: Database, now: string, plan: string, marks: readonly Mark[] = []): Promise<void> {
  await mark(db, now, plan, 'applied', ({ n }, byHand) => {
    const named = marks.find((one) => one.n === n);
    return byHand ? (named?.applied === true ? named : null) : (named ?? { n, applied: true });
  });
}

/** Nothing of the file's requests was carried into the PSA; hand-work stays to be done or given up. */
export async function markNotApplied(db: Database, now: string, plan: string): Promise<void> {
  await mark(db, now, plan, 'not applied', ({ n }, byHand) => (byHand ? null : { n, applied: false }));
}

/** What the agreement of a plan held when its lines were read after the sync file was handed out; null while they were not read since. */
export async function linesReadAfter(db: Database, plan: string): Promise<{ readAt: string; rows: readonly PsaLine[] } | null> {
  const record = await db.plans.get(plan);
  const mirror = await db.mirrors.get([record?.connection ?? '', 'lines', record?.plan.agreement?.id ?? '']);
  if (record?.downloadedAt === undefined || mirror?.kind !== 'lines') return null;
  const kinds = record.plan.requests.map(({ operation }) => (operation === 'charge' ? 'one-time' : 'recurring'));
  const readAt = kinds.map((kind) => linesReadAt(mirror, kind) ?? '').sort()[0] ?? mirror.readAt;
  return readAt <= record.downloadedAt ? null : { readAt, rows: mirror.rows };
}

type WritesFrom = (request: PlanRequest) => Day | null;

/**
 * The PSA's lines of the agreement were read again after the file was handed out: what they hold marks the plan, line by line. `keyless`
 * says that the PSA has no field for our key; `writesFrom` is the adapter's, where it has one. What stands on another agreement was not read, so it is not marked as applied. Answers whether every line was found as the plan wanted it.
 */
export async function markByReading(
  db: Database,
  now: string,
  plan: string,
  lines: readonly PsaLine[],
  { today, keyless, writesFrom }: { readonly today: Day; readonly keyless: boolean; readonly writesFrom?: WritesFrom | undefined },
): Promise<boolean> {
  const record = await db.plans.get(plan);
  if (record?.state !== 'downloaded') return false;
  const findings = record.plan.requests.map((request) => {
    if (request.line.agreementId !== record.plan.agreement?.id) return null;
    const own = lines.filter(({ kind }) => kind === (request.operation === 'charge' ? 'one-time' : 'recurring'));
    const from = writesFrom?.(request) ?? null;
    return findLine(request, from === null ? own : standingOn(own, from), {
      day: today,
      lineId: request.line.lineId,
      besides: null,
      proven: true,
      keyless,
    });
  });
  const marks = record.plan.requests.map(({ operation }, n): Mark => {
    const changed = operation === 'read' ? n + 1 : n;
    const finding = findings[changed];
    if (finding?.kind === 'as wanted') return { n, applied: true, lineId: finding.id };
    return { n, applied: finding?.kind === 'absent' && record.plan.requests[changed]?.operation === 'end' };
  });
  await markApplied(db, now, plan, marks);
  return marks.every(({ applied }) => applied);
}

/** A person looked, or did it by hand: the request whose outcome was unknown, or that is hand-work, has been applied, or has not. */
export async function markDelivery(db: Database, now: string, id: string, word: Omit<Mark, 'n'>): Promise<void> {
  await write(db, now, OUTCOME_TABLES, async (writing) => {
    const row = await db.deliveries.get(id);
    const record = row === undefined ? undefined : await db.plans.get(row.plan);
    if (row === undefined || record === undefined) return;
    const byHand = isLeftByHand(record, row);
    if (row.state !== 'unknown' && !byHand) return;
    await settleRow(db, writing, now, { row, record, news: await wordOf(db, record, row, { n: row.n, ...word }) });
  });
}

async function mark(
  db: Database,
  now: string,
  plan: string,
  state: 'applied' | 'not applied',
  wordOn: (row: Delivery, byHand: boolean) => Mark | null,
): Promise<void> {
  await write(db, now, OUTCOME_TABLES, async (writing) => {
    const record = await db.plans.get(plan);
    if (record?.state !== 'downloaded' && record?.state !== 'confirmed') return;
    const pending = (await db.deliveries.where('plan').equals(plan).sortBy('n')).filter((row) => row.state === 'pending');
    const words = pending.map((row) => ({ row, word: wordOn(row, isLeftByHand(record, row)) }));
    const marked: PlanRecord = { ...record, state: words.some(({ word }) => word === null) ? 'delivering' : state };
    await db.plans.put(marked);
    for (const { row, word } of words) {
      if (word !== null) await settleRow(db, writing, now, { row, record: marked, news: await wordOf(db, marked, row, word) });
    }
    await writing.audit(`plan ${state}`, plan, null);
  });
}
