import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { AutoSync } from '../../machines/auto-sync';
import { startAutoSync } from '../../machines/auto-sync-actors';
import { automationStamp, isAutomated } from '../../storage/automations';
import type { Database } from '../../storage/db';
import type { App } from '../context';
import { follow } from '../live';
import { deliverMeans } from '../wizard/outbox';
import { tell } from './notice';

const running = new SvelteMap<Database, AutoSync>();

/** Auto-sync of an open workspace in this tab; null while nothing goes by itself. */
export function autoSyncOf(db: Database): AutoSync | null {
  return running.get(db) ?? null;
}

/**
 * Runs auto-sync until the returned function is called. Its ticks are everything that can make a run due: the page was opened, seen again or
 * online again, the day turned, or something changed that a run decides by.
 */
export function runAutoSync(app: App): () => void {
  const actor = startAutoSync({ ...deliverMeans(app), calendar: app.calendar, ran: (counts) => tell(app, counts) });
  running.set(app.db, actor);
  let on = false;
  let known = '';
  const tick = () => actor.send({ type: 'tick', today: app.clock.today(), on });
  const seen = () => {
    if (document.visibilityState === 'visible') tick();
  };
  const unfollow = follow(
    async () => ({ on: await isAutomated(app.db), stamp: await automationStamp(app.db) }),
    (next) => {
      if (next.stamp === known) return;
      ({ on, stamp: known } = next);
      tick();
    },
  );
  const unwatch = $effect.root(() => {
    $effect(() => {
      app.clock.today();
      untrack(tick);
    });
  });
  document.addEventListener('visibilitychange', seen);
  window.addEventListener('focus', seen);
  window.addEventListener('online', tick);
  return () => {
    document.removeEventListener('visibilitychange', seen);
    window.removeEventListener('focus', seen);
    window.removeEventListener('online', tick);
    unwatch();
    unfollow();
    running.delete(app.db);
    actor.stop();
  };
}
