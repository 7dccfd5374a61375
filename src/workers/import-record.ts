import { isDay, isPeriod } from '../domain/calendar';
import { canonicalJson, hashOf, type Json } from '../domain/canonical';
import { profileIdOf, type CsvProfile } from '../domain/csv-profile';
import type { Answers } from '../domain/importing';
import { problem, ProblemError } from '../domain/problem';
import type { ImportRecord } from '../domain/usage';
import type { Database } from '../storage/db';
import { profileOf } from '../storage/profiles';
import type { PickedFiles } from './picked-files';

/** The import that the files and the answers make. Its id is a hash of both, so that the same import comes again as itself. */
export async function recordOf(db: Database, now: string, picked: PickedFiles, answers: Answers): Promise<ImportRecord> {
  const dated = picked.source === 'csv' ? answers.profile?.columns.date !== undefined : !picked.undated;
  const asked = dated ? { date: null, final: null } : { date: answers.date, final: answers.final };
  if (!dated && (asked.final === null || !isPeriod(asked.final)) && (asked.date === null || !isDay(asked.date))) {
    throw new ProblemError(problem('text is missing', { field: 'date' }));
  }
  if (picked.source === 'csv' && answers.profile === null) throw new ProblemError(problem('text is missing', { field: 'profile' }));
  const profile = answers.profile === null ? null : await profileVersion(db, answers.profile);
  const identity = { files: picked.files.map(({ hash }) => hash).sort(), source: picked.source, profile, ...asked, copies: answers.copies };
  return {
    id: hashOf(identity),
    seq: 0,
    source: picked.source,
    profile,
    state: 'staged',
    files: picked.findings
      .filter(({ sameAs }) => sameAs === null)
      .map(({ name, bytes, kind }) => ({ name, bytes, kind: kind ?? 'not recognised' })),
    counts: { read: 0, accepted: 0, rejected: 0, blank: 0, warned: 0 },
    slices: 0,
    periods: [],
    final: asked.final,
    complete: false,
    at: now,
  };
}

async function profileVersion(db: Database, profile: CsvProfile): Promise<string> {
  const id = profileIdOf(profile.header);
  const saved = await profileOf(db, id);
  const same = saved !== undefined && canonicalJson(saved.settings) === canonicalJson(profile as unknown as Json);
  return `${id}@${saved === undefined ? 1 : same ? saved.version : saved.version + 1}`;
}
