import type { Deliver } from '../../machines/deliver';
import { startDelivering, type DeliverMeans } from '../../machines/deliver-actors';
import type { Database } from '../../storage/db';
import { waitInPage } from '../../machines/read-psa-actors';
import type { App } from '../context';

const running = new WeakMap<Database, Map<string, Deliver>>();

/** The outbox of a connection. It goes on while the partner looks at other screens. */
export function outboxOf(page: App, connection: string): Deliver {
  const all = running.get(page.db) ?? new Map<string, Deliver>();
  running.set(page.db, all);
  const outbox = all.get(connection) ?? startDelivering(deliverMeans(page), { connection, plans: [] });
  all.set(connection, outbox);
  return outbox;
}

export function deliverMeans(page: App): DeliverMeans {
  const { db, clock, newId } = page;
  return {
    ...{ db, newId, now: () => new Date(clock.now()), today: () => clock.today(), wait: waitInPage },
    locks: 'locks' in navigator ? navigator.locks : undefined,
  };
}
