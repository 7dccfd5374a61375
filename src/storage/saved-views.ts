import * as z from 'zod/mini';
import type { Database } from './db';
import { settingOf } from './settings';

/** A list as the partner looks at it: a name, and the query of its address. */
export interface SavedView {
  readonly name: string;
  readonly query: string;
}

/** The setting that keeps the views of Arrears Subscriptions. */
export const SAVED_VIEWS = 'arrears views';

const stored = z.array(z.object({ name: z.string(), query: z.string() }));

/** In the order in which they were saved. */
export async function savedViews(db: Database): Promise<readonly SavedView[]> {
  const read = stored.safeParse(await settingOf(db, SAVED_VIEWS));
  return read.success ? read.data : [];
}
