import type { Connection } from '../domain/agreement';
import type { Plan } from '../domain/plan';
import type { PsaAdapter } from '../psa/psa';

/** The hand-work of a plan set for a spreadsheet. */
export async function handWorkFileOf(plans: readonly Plan[], adapter: PsaAdapter): Promise<string> {
  const { handWorkCsv } = await import('../files/hand-work');
  return handWorkCsv(plans, adapter.words);
}

/** The sync file of a plan set; what makes it is loaded when the first one is asked for. */
export async function syncFileOf(
  plans: readonly Plan[],
  adapter: PsaAdapter,
  connection: Connection | null,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const { syncFile } = await import('../files/sync-file');
  return syncFile(plans, adapter, { baseUrl: connection?.protocol === 'psa' ? connection.url : null });
}
