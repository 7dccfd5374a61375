import type { Json } from '../domain/canonical';
import { write, type Database } from './db';

/** A setting of this workspace, or undefined where nobody chose one. */
export async function settingOf(db: Database, key: string): Promise<Json | undefined> {
  return (await db.settings.get(key))?.value;
}

/** Changes a setting; null removes it. */
export async function changeSetting(db: Database, now: string, key: string, value: Json): Promise<void> {
  await write(db, now, ['settings'], async ({ audit }) => {
    if (value === null) await db.settings.delete(key);
    else await db.settings.put({ key, value });
    await audit('setting changed', key, value);
  });
}
