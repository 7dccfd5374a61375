import { CsvProfile, profileIdOf, sameHeader } from '../domain/csv-profile';
import type { Inspection } from '../domain/importing';
import { LIMITS } from '../domain/limits';
import { problem, ProblemError } from '../domain/problem';
import { guessCsv, headerIn } from '../sources/csv-guess';
import type { Database } from '../storage/db';
import { profileOf } from '../storage/profiles';
import type { PickedFiles } from './picked-files';

/** What lies in the files, and for a CSV how it is read: by the saved profile that fits, else as it seems. */
export async function inspectionOf(db: Database, picked: PickedFiles, headerRow?: number): Promise<Inspection> {
  const shared = { files: picked.findings, source: picked.source, undated: picked.undated };
  const [first] = picked.files;
  if (picked.source !== 'csv' || first === undefined) return { ...shared, csv: null };
  const chosen = headerRow === undefined ? {} : { headerRow };
  const guess = guessCsv(first, { ...chosen, styles: false });
  if (guess === null || guess.header.length > LIMITS.columns)
    throw new ProblemError(problem('file is not recognised', { file: first.name }));
  if (guess.repeated.length > 0) throw new ProblemError(problem('header is repeated', { file: first.name, names: guess.repeated }));
  const strangers = picked.files.filter((file) => headerIn(file, guess.delimiter, guess.header) === null);
  if (strangers.length > 0) {
    throw new ProblemError(problem('files do not belong together', { files: [first, ...strangers].map(({ name }) => name) }));
  }
  const saved = await profileOf(db, profileIdOf(guess.header));
  const settings = CsvProfile.safeParse(saved?.settings);
  const fits =
    saved !== undefined &&
    settings.success &&
    sameHeader(settings.data.header, guess.header) &&
    settings.data.delimiter === guess.delimiter;
  if (fits) return { ...shared, csv: { guess, saved: { name: saved.name, profile: settings.data } } };
  return { ...shared, csv: { guess: guessCsv(first, chosen) ?? guess, saved: null } };
}
