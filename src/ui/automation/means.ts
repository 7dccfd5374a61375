import type { ReadMeans } from '../../machines/read-psa-actors';
import { waitInPage } from '../../machines/read-psa-actors';
import type { App } from '../context';

/** What reading a PSA needs, from an open workspace. */
export function readMeans(page: App): ReadMeans {
  return { db: page.db, now: () => new Date(page.clock.now()), newId: page.newId, wait: waitInPage };
}
