import type { Agreement, Binding } from './agreement';
import type { Day, Period } from './calendar';
import { isRecurring } from './change';
import { customerOf, versionFor } from './marketplace';
import type { ChangeReason } from './movement';
import type { Synced, SyncedLine } from './synced';

/** What lines rest on today, over every connection. */
export interface Ground {
  readonly bindings: readonly Binding[];
  readonly agreements: ReadonlyMap<string, readonly Agreement[]>;
  readonly period: Period;
  readonly today: Day;
}

/**
 * Why a live line of ours lies no longer where a sync of today would put it; null while it does, and where that cannot be told. `billing` are
 * the customer's sub-products that bill today.
 */
export type MovedReason = (record: Synced, line: SyncedLine, now: Assigned) => ChangeReason | null;

interface Assigned {
  readonly company: string | null;
  readonly billing: readonly string[];
}

export function movedReasons({ bindings, agreements, period, today }: Ground): MovedReason {
  const versions = new Map<string, Binding[]>();
  for (const binding of bindings) {
    const place = placeOf(binding.connection, binding.product, binding.subProduct);
    versions.set(place, [...(versions.get(place) ?? []), binding]);
  }
  const through = new Map([...versions].map(([place, own]) => [place, new Set(own.map(({ psaProductId }) => psaProductId))]));
  const bound = new Map([...versions].map(([place, own]) => [place, versionFor(own, period)?.psaProductId ?? null]));
  const ended = new Set(
    [...agreements].flatMap(([connection, rows]) =>
      rows.filter((agreement) => isOver(agreement, today)).map(({ id }) => placeOf(connection, id, null)),
    ),
  );
  return (record, line, { company, billing }) => {
    if (!isRecurring(line.option)) return null;
    const [subProduct, ...others] = line.option === 'single line' && billing.length > 0 ? billing : line.subProducts;
    if (company !== null && record.company !== null && record.company !== company) return 'company changed';
    if (ended.has(placeOf(record.connection, line.agreementId, null))) return 'agreement ended';
    if (line.productId === null || subProduct === undefined) return null;
    const { product } = customerOf(record.customer);
    const [own, top] = [placeOf(record.connection, product, subProduct), placeOf(record.connection, product, null)];
    const usesTop = others.length > 0 || (through.get(own) === undefined && through.get(top)?.has(line.productId) === true);
    const now = bound.get(usesTop ? top : own) ?? null;
    return now === null || now === line.productId ? null : 'product changed';
  };
}

function isOver({ status, endDate }: Agreement, today: Day): boolean {
  return status === 'ended' || status === 'cancelled' || status === 'inactive' || (endDate !== null && endDate < today);
}

function placeOf(connection: string, one: string, other: string | null): string {
  return `${connection}\u001f${one}\u001f${other ?? ''}`;
}
