import type { Day } from './calendar';
import type { Customer } from './marketplace';

/** What a pause holds: a customer (product and site), a product, or a connection with everything that goes through it. */
export interface PausePlace {
  readonly connection: string | null;
  readonly product: string | null;
  readonly site: string | null;
}

/**
 * Auto-sync leaves something alone: from `at`, until the end of a day (`until`), or until the partner takes it back. Versions are
 * appended; the newest of a place by `seq` holds, and one with `lifted` takes the one before it back.
 */
export interface Pause extends PausePlace {
  readonly seq: number;
  readonly reason: string;
  readonly until: Day | null;
  readonly at: string;
  readonly lifted: boolean;
}

/** The pauses that hold on a day, the newest first. */
export function pausesOn(versions: readonly Pause[], today: Day): readonly Pause[] {
  const newest = new Map<string, Pause>();
  for (const version of versions) {
    const place = placeOf(version);
    if ((newest.get(place)?.seq ?? -1) < version.seq) newest.set(place, version);
  }
  return [...newest.values()]
    .filter(({ lifted, until }) => !lifted && (until === null || until >= today))
    .sort((left, right) => right.seq - left.seq);
}

/** The pause among those that hold which covers a customer at a connection: its own first, then the product's, then the connection's. */
export function pauseFor(holding: readonly Pause[], { product, site }: Customer, connection: string | null): Pause | null {
  const covering = holding.filter(
    (pause) =>
      (pause.connection === null || pause.connection === connection) &&
      (pause.product === null || pause.product === product) &&
      (pause.site === null || pause.site === site),
  );
  return covering.find((pause) => pause.site !== null) ?? covering.find((pause) => pause.product !== null) ?? covering[0] ?? null;
}

function placeOf({ connection, product, site }: PausePlace): string {
  return JSON.stringify([connection, product, site]);
}
