import type { Connection } from '../../domain/agreement';
import type { Delivery } from '../../domain/delivery';
import { handWorkOf, type HandWork } from '../../domain/hand-work';
import type { PlanRequest } from '../../domain/plan';
import { connectionOf } from '../../storage/connections';
import type { Database } from '../../storage/db';
import { deliveriesOfPlan } from '../../storage/deliveries';
import { plansOfSet } from '../../storage/plans';
import type { PlanRecord } from '../../storage/rows';

/** One request of a set with what came of it. */
export interface ReceiptRow {
  readonly record: PlanRecord;
  readonly delivery: Delivery;
  readonly request: PlanRequest;
}

export interface ReceiptFacts {
  readonly records: readonly PlanRecord[];
  readonly rows: readonly ReceiptRow[];
  readonly connection: Connection | null;
}

/** A confirmed plan set with every request and its outcome, exports first. */
export async function receiptOf(db: Database, set: string): Promise<ReceiptFacts> {
  const records = await plansOfSet(db, set);
  const rows = await Promise.all(
    records.map(async (record) =>
      (await deliveriesOfPlan(db, record.id)).flatMap((delivery): ReceiptRow[] => {
        const request = record.plan.requests[delivery.n];
        return request === undefined ? [] : [{ record, delivery, request }];
      }),
    ),
  );
  const [first] = records;
  return { records, rows: rows.flat(), connection: first === undefined ? null : ((await connectionOf(db, first.connection)) ?? null) };
}

/** One thing of the hand-work list with what came of it. */
export interface HandWorkRow {
  readonly work: HandWork;
  readonly delivery: Delivery;
  /** Nothing else of its plan is open: with its tick the plan is settled for good. */
  readonly closes: boolean;
  /** The tick can be taken back. */
  readonly revocable: boolean;
}

/** Everything that a set leaves to a person, plan by plan. */
export function handWorkRows({ records, rows }: ReceiptFacts): readonly HandWorkRow[] {
  return records.flatMap((record) => {
    const own = rows.filter(({ delivery }) => delivery.plan === record.id).map(({ delivery }) => delivery);
    const open = own.filter(({ state }) => state !== 'sent' && state !== 'refused').length;
    const isOpen = record.state === 'confirmed' || record.state === 'delivering' || record.state === 'downloaded';
    return handWorkOf(record.plan).flatMap((work) => {
      const delivery = own.find(({ n }) => n === work.n);
      if (delivery === undefined) return [];
      return [{ work, delivery, closes: open === 1, revocable: isOpen && delivery.replaced !== undefined }];
    });
  });
}

/** Plan sets that wait for the partner: unknown outcomes, files that nobody marked, hand-work, deliveries that were cut short. */
export interface OpenDelivery {
  readonly set: string;
  readonly site: string;
  readonly unknown: number;
  readonly unmarked: boolean;
  /** Things left to do by hand. */
  readonly byHand: number;
  readonly duplicates: number;
}

export async function openDeliveries(db: Database): Promise<OpenDelivery[]> {
  const records = await db.plans.where('state').anyOf('confirmed', 'delivering', 'downloaded').toArray();
  const doubled = await db.deliveries
    .where('state')
    .equals('sent')
    .filter(({ duplicates }) => duplicates.length > 0)
    .toArray();
  const others = await db.plans.bulkGet([...new Set(doubled.map(({ plan }) => plan))]);
  const all = new Map([...records, ...others.filter((record) => record !== undefined)].map((record) => [record.id, record]));
  const sets = new Map<string, OpenDelivery>();
  for (const record of all.values()) {
    const rows = await deliveriesOfPlan(db, record.id);
    const before = sets.get(record.set);
    sets.set(record.set, {
      set: record.set,
      site: record.plan.customer?.site ?? before?.site ?? record.plan.connection.name,
      unknown: (before?.unknown ?? 0) + rows.filter(({ state }) => state === 'unknown').length,
      byHand:
        (before?.byHand ?? 0) + rows.filter(({ n, state }) => state === 'pending' && record.plan.requests[n]?.method === 'HAND').length,
      unmarked: (before?.unmarked ?? false) || record.state === 'downloaded',
      duplicates: (before?.duplicates ?? 0) + rows.reduce((sum, { duplicates }) => sum + duplicates.length, 0),
    });
  }
  return [...sets.values()];
}
