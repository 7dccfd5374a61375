import type { Json } from '../domain/canonical';
import { write, type Database } from './db';
import type { ImportProfile } from './rows';

export function profileOf(db: Database, id: string): Promise<ImportProfile | undefined> {
  return db.profiles.get(id);
}

/** Saves how one kind of CSV is read; other settings under the same id make a new version of it. */
export function saveProfile(
  db: Database,
  now: string,
  draft: { id: string; name: string; header: readonly string[]; settings: Json },
): Promise<ImportProfile> {
  return write(db, now, ['profiles'], async ({ audit }) => {
    const known = await db.profiles.get(draft.id);
    if (known !== undefined && JSON.stringify(known.settings) === JSON.stringify(draft.settings)) return known;
    const profile = { ...draft, version: (known?.version ?? 0) + 1 };
    await db.profiles.put(profile);
    await audit('import profile saved', profile.id, { name: profile.name, version: profile.version });
    return profile;
  });
}
