import { syncFileOfSet } from '../../machines/sync-file-actors';
import { markDownloaded } from '../../storage/marks';
import { plansOfSet } from '../../storage/plans';
import type { App } from '../context';
import { offer } from '../offer';

/** Hands out the sync file of a plan set. One that nothing else delivers waits from now on for its mark. */
export async function downloadSyncFile(page: App, set: string, byHand: boolean): Promise<string> {
  const { name, bytes } = await syncFileOfSet(page.db, set);
  if (byHand) for (const { id } of await plansOfSet(page.db, set)) await markDownloaded(page.db, page.clock.now(), id);
  offer(name, new Blob([new Uint8Array(bytes)], { type: 'application/zip' }));
  return name;
}
