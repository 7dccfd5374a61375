import type { Connection, PsaLine } from '../domain/agreement';
import type { Day } from '../domain/calendar';
import type { Delivery, DeliveryNews } from '../domain/delivery';
import { customerKey } from '../domain/marketplace';
import { isIntact, type Plan } from '../domain/plan';
import { problem, ProblemError } from '../domain/problem';
import { findLine } from '../domain/proof';
import { write, type Database, type Writing } from './db';
import { OUTCOME_TABLES, settleRow } from './deliveries';
import type { PlanRecord } from './rows';
import { rememberDone } from './synced';

/** What one Confirm Sync makes: the plans of a set, product exports first, for one connection. */
export interface Confirmation {
  readonly plans: readonly { readonly plan: Plan; readonly withheld: readonly string[] }[];
  readonly connection: Connection;
  readonly today: Day;
}

/** The partner's word on one request of a plan that left as a file, or on one whose outcome is unknown. */
export interface Mark {
  readonly n: number;
  readonly applied: boolean;
  readonly lineId?: string | null;
}

/**
 * Freezes the plans and queues their requests in one transaction; confirmed again, the same plan stays one. Throws `sync file is not
 * marked` or `delivery is not settled` while the customer has one, `record is damaged` for a plan that is not what its id says.
 */
export async function confirmPlans(db: Database, now: string, { plans, connection, today }: Confirmation): Promise<readonly PlanRecord[]> {
  const broken = plans.find(({ plan }) => !isIntact(plan));
  if (broken !== undefined) throw new ProblemError(problem('record is damaged', { what: `plan ${broken.plan.id}` }));
  const set = plans.at(-1)?.plan.id ?? '';
  return write(db, now, OUTCOME_TABLES, async (writing) => {
    const records: PlanRecord[] = [];
    for (const [position, { plan, withheld }] of plans.entries()) {
      const customer = plan.customer === null ? null : customerKey(plan.customer);
      const found = await db.plans.get(plan.id);
      if (customer !== null) await refuseWhileOpen(db, writing, now, { customer, except: plan.id });
      const record: PlanRecord = found ?? {
        ...{ id: plan.id, plan, connection: connection.id, customer, period: plan.period, state: 'confirmed', set, position },
        ...{ option: plan.option, withheld, seq: writing.next(), confirmedAt: now, confirmedOn: today },
      };
      records.push(found === undefined ? await addPlan(db, writing, record) : await confirmAgain(db, writing, found));
    }
    return records;
  });
}

/** Plans of one confirmation, in order. */
export async function plansOfSet(db: Database, set: string): Promise<readonly PlanRecord[]> {
  return (await db.plans.where('set').equals(set).toArray()).sort((left, right) => left.position - right.position);
}

/** The sync file of a plan that nothing else delivers was handed out: the customer's next plan waits for its mark. */
export async function markDownloaded(db: Database, now: string, plan: string): Promise<void> {
  await write(db, now, ['plans'], async ({ audit }) => {
    const record = await db.plans.get(plan);
    if (record?.state !== 'confirmed') return;
    await db.plans.put({ ...record, state: 'downloaded' });
    await audit('sync file downloaded', plan, null);
  });
}

/** Everything, or the named lines, were carried into the PSA; lines that are not named stay as they are named by nobody: applied. */
export async function markApplied(db: Database, now: string, plan: string, marks: readonly Mark[] = []): Promise<void> {
  await mark(db, now, plan, 'applied', (row) => marks.find(({ n }) => n === row.n) ?? { n: row.n, applied: true });
}

/** Nothing of the file was carried into the PSA. */
export async function markNotApplied(db: Database, now: string, plan: string): Promise<void> {
  await mark(db, now, plan, 'not applied', ({ n }) => ({ n, applied: false }));
}

/** What the agreement of a plan held when it was read after the plan was confirmed; null while it was not read since. */
export async function linesReadAfter(db: Database, plan: string): Promise<{ readAt: string; rows: readonly PsaLine[] } | null> {
  const record = await db.plans.get(plan);
  const mirror = await db.mirrors.get([record?.connection ?? '', 'lines', record?.plan.agreement?.id ?? '']);
  if (record === undefined || mirror?.kind !== 'lines' || mirror.readAt <= record.confirmedAt) return null;
  return { readAt: mirror.readAt, rows: mirror.rows };
}

/**
 * The PSA's lines of the agreement were read again after the file was handed out: what they hold marks the plan, line by line. `keyless`
 * says that the PSA has no field for our key. Answers whether every line was found as the plan wanted it.
 */
export async function markByReading(
  db: Database,
  now: string,
  plan: string,
  lines: readonly PsaLine[],
  { today, keyless }: { readonly today: Day; readonly keyless: boolean },
): Promise<boolean> {
  const record = await db.plans.get(plan);
  if (record?.state !== 'downloaded') return false;
  const findings = record.plan.requests.map((request) =>
    findLine(request, lines, { day: today, lineId: request.line.lineId, besides: null, proven: true, keyless }),
  );
  const marks = record.plan.requests.map(({ operation }, n): Mark => {
    const finding = operation === 'read' ? findings[n + 1] : findings[n];
    return finding?.kind === 'as wanted' ? { n, applied: true, lineId: finding.id } : { n, applied: false };
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
    const byHand = record.plan.requests[row.n]?.method === 'HAND' && row.state === 'pending';
    if (row.state !== 'unknown' && !byHand) return;
    await settleRow(db, writing, now, { row, record, news: newsOf(record, { n: row.n, ...word }) });
  });
}

/** A refused request goes again; `forced` sends it although the line no longer holds what the plan believed. */
export async function sendAgain(db: Database, now: string, id: string, forced: boolean): Promise<void> {
  await write(db, now, ['deliveries', 'plans'], async ({ audit }) => {
    const row = await db.deliveries.get(id);
    const record = row === undefined ? undefined : await db.plans.get(row.plan);
    if (row?.state !== 'refused' || record?.state === 'downloaded' || record === undefined) return;
    await db.deliveries.put({ ...row, state: 'pending', attempts: 0, resolved: null, settledAt: null, problem: null, proof: null, forced });
    await db.plans.put({ ...record, state: 'delivering' });
    await audit(forced ? 'sent anyway' : 'sent again', id, null);
  });
}

/** Gives up what was never sent of a plan, so that the customer can be planned anew. */
export async function withdrawPlan(db: Database, now: string, plan: string): Promise<void> {
  await write(db, now, OUTCOME_TABLES, async (writing) => {
    const record = await db.plans.get(plan);
    if (record !== undefined && record.state !== 'downloaded') await withdraw(db, writing, now, record);
  });
}

async function addPlan(db: Database, { audit }: Writing, record: PlanRecord): Promise<PlanRecord> {
  const { plan, connection, customer, period, set } = record;
  const empty = plan.requests.length === 0;
  const kept: PlanRecord = empty ? { ...record, state: 'settled' } : record;
  await db.plans.add(kept);
  await db.deliveries.bulkAdd(plan.requests.map((_, n) => rowOf(record, n)));
  if (empty) await rememberDone(db, record);
  await audit('plan confirmed', record.id, { connection, customer, period, set, requests: plan.requests.length, price: plan.totals.price });
  return kept;
}

/** The very same plan: what was refused or never applied is pending again, what is open or sent stays. */
async function confirmAgain(db: Database, { audit }: Writing, record: PlanRecord): Promise<PlanRecord> {
  if (record.state !== 'settled' && record.state !== 'applied' && record.state !== 'not applied') return record;
  const refused = (await db.deliveries.where('plan').equals(record.id).toArray()).filter(({ state }) => state === 'refused');
  if (refused.length === 0) return record;
  const again: PlanRecord = { ...record, state: 'confirmed' };
  await db.deliveries.bulkPut(refused.map(({ n }) => rowOf(record, n)));
  await db.plans.put(again);
  await audit('plan confirmed again', record.id, { requests: refused.length });
  return again;
}

async function refuseWhileOpen(
  db: Database,
  writing: Writing,
  now: string,
  { customer, except }: { readonly customer: string; readonly except: string },
): Promise<void> {
  const others = await db.plans.where('customer').equals(customer).toArray();
  for (const record of others.filter(({ id }) => id !== except)) {
    if (record.state === 'downloaded') throw new ProblemError(problem('sync file is not marked', { plan: record.id }));
    if (record.state !== 'confirmed' && record.state !== 'delivering') continue;
    const rows = await db.deliveries.where('plan').equals(record.id).toArray();
    const stopped = rows.some(({ state }) => state === 'refused') && rows.every(({ state }) => state !== 'unknown' && state !== 'sending');
    if (!stopped) throw new ProblemError(problem('delivery is not settled', { plan: record.id }));
    await withdraw(db, writing, now, record);
  }
}

async function withdraw(db: Database, writing: Writing, now: string, record: PlanRecord): Promise<void> {
  for (const row of await db.deliveries.where('plan').equals(record.id).sortBy('n')) {
    if (row.state === 'pending') await settleRow(db, writing, now, { row, record, news: newsOf(record, { n: row.n, applied: false }) });
  }
}

async function mark(
  db: Database,
  now: string,
  plan: string,
  state: 'applied' | 'not applied',
  wordOn: (row: Delivery) => Mark,
): Promise<void> {
  await write(db, now, [...OUTCOME_TABLES, 'mirrors'], async (writing) => {
    const record = await db.plans.get(plan);
    if (record?.state !== 'downloaded' && record?.state !== 'confirmed') return;
    const marked: PlanRecord = { ...record, state };
    await db.plans.put(marked);
    for (const row of await db.deliveries.where('plan').equals(plan).sortBy('n')) {
      if (row.state !== 'pending') continue;
      const word = wordOn(row);
      await settleRow(db, writing, now, { row, record: marked, news: newsOf(marked, word) });
      if (word.applied) await forgetOlderLines(db, record, record.plan.requests[row.n]?.line.agreementId ?? '');
    }
    await writing.audit(`plan ${state}`, plan, null);
  });
}

/** Lines read before the plan was carried out lack what it made: by them, next month would make it a second time. */
async function forgetOlderLines(db: Database, { connection, confirmedAt }: PlanRecord, agreementId: string): Promise<void> {
  const place: [string, string, string] = [connection, 'lines', agreementId];
  const mirror = await db.mirrors.get(place);
  if (mirror !== undefined && mirror.readAt <= confirmedAt) await db.mirrors.delete(place);
}

function newsOf({ plan }: PlanRecord, { n, applied, lineId }: Mark): DeliveryNews {
  if (applied) return { state: 'sent', proof: 'marked', problem: null, ...(lineId === undefined || lineId === null ? {} : { lineId }) };
  return { state: 'refused', proof: 'marked', problem: problem('request was withdrawn', { line: plan.requests[n]?.line.name ?? '' }) };
}

function rowOf({ id, plan, connection }: PlanRecord, n: number): Delivery {
  return {
    ...{ id: `${id}/${n}`, plan: id, n, key: plan.requests[n]?.key ?? '', connection, state: 'pending', attempts: 0, resolved: null },
    ...{
      sentAt: null,
      settledAt: null,
      lineId: null,
      duplicates: [],
      countedAt: null,
      besides: [],
      forced: false,
      yielded: {},
      problem: null,
      proof: null,
    },
  };
}
