import type { Connection, PsaLine } from '../domain/agreement';
import type { Day } from '../domain/calendar';
import type { Delivery, DeliveryNews } from '../domain/delivery';
import { customerKey } from '../domain/marketplace';
import { isHandWork } from '../domain/hand-work';
import { isIntact, type Plan } from '../domain/plan';
import { problem, ProblemError } from '../domain/problem';
import { findLine } from '../domain/proof';
import { write, type Database, type Writing } from './db';
import { OUTCOME_TABLES, settleRow } from './deliveries';
import { linesReadAt } from './mirrors';
import type { PlanRecord } from './rows';
import { forgetSent, rememberDone, rememberedLines } from './synced';

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

/**
 * The PSA's lines of the agreement were read again after the file was handed out: what they hold marks the plan, line by line. `keyless`
 * says that the PSA has no field for our key. What stands on another agreement was not read, so it is not marked as applied. Answers whether every line was found as the plan wanted it.
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
  const findings = record.plan.requests.map((request) => {
    if (request.line.agreementId !== record.plan.agreement?.id) return null;
    const own = lines.filter(({ kind }) => kind === (request.operation === 'charge' ? 'one-time' : 'recurring'));
    return findLine(request, own, { day: today, lineId: request.line.lineId, besides: null, proven: true, keyless });
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

/**
 * A tick was a mistake: the hand-work is to be done again, and its line is remembered as before. Only while the plan is open: when it
 * is settled, later plans may rest on it. Answers whether it was taken back.
 */
export async function takeBackTick(db: Database, now: string, id: string): Promise<boolean> {
  return write(db, now, OUTCOME_TABLES, async ({ audit }) => {
    const row = await db.deliveries.get(id);
    const record = row === undefined ? undefined : await db.plans.get(row.plan);
    const request = row === undefined ? undefined : record?.plan.requests[row.n];
    if (row?.state !== 'sent' || record === undefined || request === undefined || !isHandWork(request)) return false;
    if (!isOpenPlan(record) || row.replaced === undefined || (await isFollowed(db, record, row))) return false;
    const { replaced, ...rest } = row;
    await db.deliveries.put({ ...rest, state: 'pending', settledAt: null, lineId: null, proof: null });
    await forgetSent(db, record, request.line.lineKey, replaced);
    await audit('tick taken back', id, null);
    return true;
  });
}

/** Another request of the plan settled the same line later: what was remembered before the tick no longer holds. */
async function isFollowed(db: Database, { plan }: PlanRecord, row: Delivery): Promise<boolean> {
  const keyOf = ({ n }: Delivery) => plan.requests[n]?.line.lineKey;
  const others = await db.deliveries.where('plan').equals(row.plan).toArray();
  return others.some(
    (other) =>
      other.n !== row.n && other.state === 'sent' && keyOf(other) === keyOf(row) && (other.settledAt ?? '') >= (row.settledAt ?? ''),
  );
}

/** What is left to a person of a plan will not be done: it is settled as not applied, and what is ticked off stays so. */
export async function giveUpHandWork(db: Database, now: string, plan: string): Promise<void> {
  await write(db, now, OUTCOME_TABLES, async (writing) => {
    const record = await db.plans.get(plan);
    if (record === undefined || !isOpenPlan(record)) return;
    for (const row of await db.deliveries.where('plan').equals(plan).sortBy('n')) {
      if (isLeftByHand(record, row)) await settleRow(db, writing, now, { row, record, news: newsOf(record, { n: row.n, applied: false }) });
    }
  });
}

/**
 * A refused request goes again; `forced` sends it although the line no longer holds what the plan believed. Throws `newer plan has the
 * line` when the customer's sub-products were planned anew since, and that plan is not refused as a whole.
 */
export async function sendAgain(db: Database, now: string, id: string, forced: boolean): Promise<void> {
  await write(db, now, ['deliveries', 'plans'], async ({ audit }) => {
    const row = await db.deliveries.get(id);
    const record = row === undefined ? undefined : await db.plans.get(row.plan);
    if (row?.state !== 'refused' || record?.state === 'downloaded' || record === undefined) return;
    await refuseWhenPlannedAnew(db, record, row.n);
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

/** The very same plan, which is the newest now: what was refused or never applied is pending again, what is open or sent stays. */
async function confirmAgain(db: Database, { audit, next }: Writing, record: PlanRecord): Promise<PlanRecord> {
  if (record.state !== 'settled' && record.state !== 'applied' && record.state !== 'not applied') return record;
  const refused = (await db.deliveries.where('plan').equals(record.id).toArray()).filter(({ state }) => state === 'refused');
  if (refused.length === 0) return record;
  const { downloadedAt: _, ...rest } = record;
  const again: PlanRecord = { ...rest, state: 'confirmed', seq: next() };
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
    const waits = (row: Delivery) => row.state === 'unknown' || row.state === 'sending' || isLeftByHand(record, row);
    const stopped = rows.some(({ state }) => state === 'refused') && !rows.some(waits);
    if (!stopped) throw new ProblemError(problem('delivery is not settled', { plan: record.id }));
    await withdraw(db, writing, now, record);
  }
}

async function withdraw(db: Database, writing: Writing, now: string, record: PlanRecord): Promise<void> {
  for (const row of await db.deliveries.where('plan').equals(record.id).sortBy('n')) {
    if (row.state === 'pending') await settleRow(db, writing, now, { row, record, news: newsOf(record, { n: row.n, applied: false }) });
  }
}

async function refuseWhenPlannedAnew(db: Database, { customer, seq, plan }: PlanRecord, n: number): Promise<void> {
  const line = plan.requests[n]?.line;
  if (customer === null || line === undefined) return;
  const isAbout = (other: { readonly lineKey: string; readonly subProducts: readonly string[] }) =>
    other.lineKey === line.lineKey || other.subProducts.some((key) => line.subProducts.includes(key));
  const newer = (await db.plans.where('customer').equals(customer).toArray()).filter((record) => record.seq > seq);
  for (const { id, plan: other } of newer) {
    if (![...other.lines, ...other.requests.map((request) => request.line)].some(isAbout)) continue;
    const rows = await db.deliveries.where('plan').equals(id).toArray();
    const own = rows.filter((row) => other.requests.some((request, at) => at === row.n && isAbout(request.line)));
    if (own.length === 0 || own.some(({ state }) => state !== 'refused'))
      throw new ProblemError(problem('newer plan has the line', { line: line.name, plan: id }));
  }
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

function isLeftByHand({ plan }: PlanRecord, { n, state }: Delivery): boolean {
  return state === 'pending' && plan.requests[n]?.method === 'HAND';
}

function isOpenPlan({ state }: PlanRecord): boolean {
  return state === 'confirmed' || state === 'delivering' || state === 'downloaded';
}

/** A tick keeps what was remembered before it. */
async function wordOf(db: Database, record: PlanRecord, row: Delivery, word: Mark): Promise<DeliveryNews> {
  const news = newsOf(record, word);
  const request = record.plan.requests[row.n];
  if (!word.applied || request === undefined || !isHandWork(request)) return news;
  return { ...news, replaced: await rememberedLines(db, record, request.line.lineKey) };
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
