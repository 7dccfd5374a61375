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
 * the customer's sub-products that bill today and were not left out.
 */
export type MovedReason = (record: Synced, line: SyncedLine, now: Assigned) => ChangeReason | null;

interface Assigned {
  readonly company: string | null;
  readonly billing: readonly string[];
}

export function movedReasons({ bindings, agreements, period, today }: Ground): MovedReason {
  const places = new Map<string, Map<string, Place>>();
  for (const binding of bindings) {
    const name = placeOf(binding.connection, binding.product);
    const place = places.get(name) ?? new Map<string, Place>();
    places.set(name, place);
    const { versions } = place.get(binding.subProduct ?? '') ?? { versions: [] };
    place.set(binding.subProduct ?? '', { versions: [...versions, binding], now: null });
  }
  for (const place of places.values()) for (const own of place.values()) own.now = versionFor(own.versions, period)?.psaProductId ?? null;
  const ended = new Map(
    [...agreements].map(([connection, rows]) => [
      connection,
      new Set(rows.filter((agreement) => isOver(agreement, today)).map(({ id }) => id)),
    ]),
  );
  return (record, line, { company, billing }) => {
    if (!isRecurring(line.option)) return null;
    const [subProduct, ...others] = line.option === 'single line' && billing.length > 0 ? billing : line.subProducts;
    if (company !== null && record.company !== null && record.company !== company) return 'company changed';
    if (ended.get(record.connection)?.has(line.agreementId) === true) return 'agreement ended';
    if (line.productId === null || subProduct === undefined) return null;
    const place = places.get(placeOf(record.connection, customerOf(record.customer).product));
    const [own, top] = [place?.get(subProduct), place?.get('')];
    const wasTop = own === undefined && top?.versions.some(({ psaProductId }) => psaProductId === line.productId) === true;
    const now = (others.length > 0 || wasTop ? top : own)?.now ?? null;
    return now === null || now === line.productId ? null : 'product changed';
  };
}

/** What a sub-product of a product is and was bound to at a connection, and what in the period; '' is the product as a whole. */
interface Place {
  readonly versions: readonly Binding[];
  now: string | null;
}

function isOver({ status, endDate }: Agreement, today: Day): boolean {
  return status === 'ended' || status === 'cancelled' || status === 'inactive' || (endDate !== null && endDate < today);
}

function placeOf(connection: string, product: string): string {
  return `${connection}\u001f${product}`;
}
