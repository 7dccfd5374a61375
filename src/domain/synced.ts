import type { Day, Period } from './calendar';
import type { SyncOption } from './change';
import { ZERO, type Decimal } from './decimal';
import { isSplitOff } from './line-key';
import type { Plan, PlanRequest } from './plan';
import { rejoinsSplit } from './split-plan';

/** One line of ours as the PSA held it when we last proved or marked it. */
export interface SyncedLine {
  readonly lineKey: string;
  readonly option: SyncOption;
  readonly agreementId: string;
  /** The sub-products it bills; several for a single line. */
  readonly subProducts: readonly string[];
  readonly lineId: string | null;
  readonly productId: string | null;
  readonly name: string;
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  readonly effectiveDate: Day | null;
  /** The period whose count it holds. */
  readonly period: Period;
  /** How many requests of this line are settled: part of the next requestKey. */
  readonly settled: number;
  readonly endedOn: Day | null;
  /** What the PSA holds was taken for right beside another count. Absent where nobody said so since the last sync. */
  readonly accepted?: Accepted;
}

/** The partner's word that the PSA shall bill `quantity` (null: no line) while `usage` is counted for the period. */
export interface Accepted {
  readonly period: Period;
  readonly usage: Decimal | null;
  readonly quantity: Decimal | null;
  readonly reason: string;
  readonly at: string;
}

/** The last synced state of one customer at one connection: one record with its lines inside, read for every customer at once. */
export interface Synced {
  /** customerKey and connection, joined by the unit separator. */
  readonly key: string;
  readonly customer: string;
  readonly connection: string;
  readonly company: string | null;
  readonly agreementId: string;
  readonly option: SyncOption;
  readonly lines: readonly SyncedLine[];
  /** Sub-products that the partner left out or that the PSA could not take, by period: they withhold the flag. */
  readonly withheld: { readonly period: Period; readonly subProducts: readonly string[] } | null;
  /** When the PSA last proved a change of a line, or a person marked it: lines that were read before do not know of it. */
  readonly provenAt?: string;
}

export function syncedKey(customer: string, connection: string): string {
  return `${customer}\u001f${connection}`;
}

/** What a confirmed plan says about whose record its lines belong to. */
export interface SyncedFrame {
  readonly customer: string;
  readonly connection: string;
  readonly plan: Plan;
  readonly withheld: readonly string[];
  /** When the change was proven or marked; null where nothing was sent. */
  readonly at: string | null;
}

/**
 * The record after one write request of a plan was proven or marked. `lineId` and `productId` are what the PSA told, null where it did
 * not. Reads and exports change nothing, and what was split off is not ours to remember: where
 * it is put back onto our line, what we counted of it stays what was synced, so that no sync takes the rest away unasked. The count of settled requests rises, so the line's next change has another key.
 */
export function syncedAfter(
  synced: Synced | null,
  frame: SyncedFrame,
  request: PlanRequest,
  told: { readonly lineId: string | null; readonly productId: string | null },
): Synced {
  const record = framed(synced, frame);
  const { line, operation, before } = request;
  if (line.after === null || operation === 'read' || operation === 'export' || isSplitOff(line.lineKey)) return record;
  const { after } = line;
  const lineId = line.lineId ?? told.lineId;
  const isNew = operation === 'create' || operation === 'charge';
  const own = record.lines.filter(({ lineKey }) => lineKey === line.lineKey);
  const likely = operation === 'end' ? own.filter(({ productId }) => !isOnAnother(productId, line.productId)) : own;
  const found =
    own.find((one) => one.lineId !== null && one.lineId === lineId) ?? likely.find((one) => one.lineId === null || lineId === null);
  const known = (isNew ? own[0] : found) ?? null;
  if (operation === 'end' && known === null && own.length > 0) return record;
  const base = isNew ? null : known;
  const kept = operation === 'update' && rejoinsSplit(frame.plan) ? known?.quantity : null;
  const next: SyncedLine = {
    lineKey: line.lineKey,
    option: known?.option ?? frame.plan.option ?? record.option,
    agreementId: line.agreementId ?? record.agreementId,
    subProducts: line.subProducts,
    lineId: lineId ?? base?.lineId ?? null,
    productId: line.productId ?? told.productId ?? base?.productId ?? null,
    name: after.name ?? base?.name ?? line.name,
    quantity: (kept ?? after.quantity ?? base?.quantity ?? before?.quantity ?? null) as Decimal | null,
    price: (after.price ?? base?.price ?? before?.price ?? null) as Decimal | null,
    cost: (after.cost ?? base?.cost ?? before?.cost ?? null) as Decimal | null,
    effectiveDate: after.effectiveDate ?? base?.effectiveDate ?? null,
    period: frame.plan.period,
    settled: (known?.settled ?? 0) + 1,
    endedOn: after.endDate,
  };
  if (!isNew) return withLine(record, next, known);
  const others = record.lines.filter((one) => one.lineKey !== next.lineKey || isLeaving(one, next));
  return { ...record, lines: [next, ...others] };
}

/** Another product's line of the same key, whose own end is not proven yet. One of the same product was deleted in the PSA. */
function isLeaving(one: SyncedLine, next: SyncedLine): boolean {
  return one.endedOn === null && isOnAnother(one.productId, next.productId) && (one.lineId === null || one.lineId !== next.lineId);
}

/**
 * The record once every request of a plan is settled as sent: lines that did not change now hold this period's count, too. One that the
 * PSA held already and nobody here remembers, as after a restored backup, is remembered from now on; its id is found by its key. Lines
 * that end without a request had ended in the PSA.
 */
export function syncedWhenDone(synced: Synced | null, frame: SyncedFrame): Synced {
  const record = framed(synced, frame);
  const { period } = frame.plan;
  const { lines, requests } = frame.plan;
  const unchanged = lines.filter(({ status }) => status === 'Unchanged');
  const held = new Map(unchanged.map((line) => [line.lineKey, line]));
  const ended = new Map(
    lines
      .filter(({ status, lineKey }) => status === 'Ending' && !requests.some(({ line }) => line.lineKey === lineKey))
      .map(({ lineKey, sentDate }) => [lineKey, sentDate]),
  );
  const live = liveLines(record.lines);
  const found = unchanged.filter(({ lineKey }) => !live.has(lineKey)).map((line) => foundLine(line, record, period));
  const kept = record.lines.map((line): SyncedLine => {
    const seen = live.get(line.lineKey) === line ? held.get(line.lineKey) : undefined;
    if (seen !== undefined) return { ...line, ...moneyOf(line, seen), period };
    return line.endedOn === null && ended.has(line.lineKey) ? { ...line, endedOn: ended.get(line.lineKey) ?? null } : line;
  });
  return { ...record, lines: [...kept, ...found] };
}

/** The open line of each key. Beside it may lie one of another product that could not end before it starts, kept at 0. */
export function liveLines(lines: readonly SyncedLine[]): ReadonlyMap<string, SyncedLine> {
  const open = lines.filter(({ endedOn }) => endedOn === null).reverse();
  const [kept, billing] = [open.filter(({ quantity }) => quantity === ZERO), open.filter(({ quantity }) => quantity !== ZERO)];
  return new Map([...kept, ...billing].map((line) => [line.lineKey, line]));
}

/** What is remembered of a key: its open line, else one that ended. */
export function rememberedLine(synced: Synced | null, lineKey: string): SyncedLine | null {
  const lines = synced?.lines.filter((line) => line.lineKey === lineKey) ?? [];
  return liveLines(lines).get(lineKey) ?? lines[0] ?? null;
}

/** How many requests of a line of ours are settled. */
export function settledIn(synced: Synced | null, lineKey: string): number {
  return rememberedLine(synced, lineKey)?.settled ?? 0;
}

/** What an unchanged line was seen to hold: somebody may have brought the PSA to it by hand. */
function moneyOf(
  line: SyncedLine,
  { syncedQuantity, price, cost }: Plan['lines'][number],
): Pick<SyncedLine, 'quantity' | 'price' | 'cost'> {
  return {
    quantity: (syncedQuantity ?? line.quantity) as Decimal | null,
    price: (price ?? line.price) as Decimal | null,
    cost: (cost ?? line.cost) as Decimal | null,
  };
}

function isOnAnother(product: string | null, other: string | null): boolean {
  return product !== null && other !== null && product !== other;
}

function foundLine(line: Plan['lines'][number], { option, agreementId }: Synced, period: Period): SyncedLine {
  const { lineKey, subProducts, name, effectiveDate, syncedQuantity, price, cost } = line;
  return {
    ...{ lineKey, option, agreementId, subProducts, lineId: null, productId: null, name, effectiveDate, period, settled: 0, endedOn: null },
    quantity: syncedQuantity as Decimal | null,
    price: price as Decimal | null,
    cost: cost as Decimal | null,
  };
}

function framed(synced: Synced | null, { customer, connection, plan, withheld, at }: SyncedFrame): Synced {
  const provenAt = [synced?.provenAt, at]
    .filter((instant) => typeof instant === 'string')
    .sort()
    .at(-1);
  return {
    ...(provenAt === undefined ? {} : { provenAt }),
    key: syncedKey(customer, connection),
    customer,
    connection,
    company: plan.company?.id ?? synced?.company ?? null,
    agreementId: plan.agreement?.id ?? synced?.agreementId ?? '',
    option: plan.option ?? synced?.option ?? 'multi-product',
    lines: synced?.lines ?? [],
    withheld: withheld.length === 0 ? null : { period: plan.period, subProducts: withheld },
  };
}

function withLine(record: Synced, next: SyncedLine, known: SyncedLine | null): Synced {
  if (known === null) return { ...record, lines: [...record.lines, next] };
  return { ...record, lines: record.lines.map((line) => (line === known ? next : line)) };
}
