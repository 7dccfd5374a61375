import { CsvProfile, profileIdOf, sameHeader } from '../domain/csv-profile';
import type { Inspection } from '../domain/importing';
import { LIMITS } from '../domain/limits';
import { problem, ProblemError, type FileGroup } from '../domain/problem';
import { csv } from '../sources/csv';
import { guessCsv, headerIn } from '../sources/csv-guess';
import type { SourceFile } from '../sources/source';
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
    const together = { header: guess.header, files: picked.files.filter((file) => !strangers.includes(file)) };
    throw new ProblemError(problem('files do not belong together', { groups: [together, ...groupsOf(strangers)].map(groupOf) }));
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

interface Tables {
  readonly header: readonly string[];
  readonly files: readonly SourceFile[];
}

function groupsOf(files: readonly SourceFile[]): Tables[] {
  const groups: { header: readonly string[]; files: SourceFile[] }[] = [];
  for (const file of files) {
    const header = guessCsv(file, { styles: false })?.header ?? [];
    const group = groups.find((other) => sameHeader(other.header, header));
    if (group === undefined) groups.push({ header, files: [file] });
    else group.files.push(file);
  }
  return groups;
}

function groupOf({ header, files }: Tables): FileGroup {
  return { source: csv.label, header, files: files.map(({ name }) => name) };
}
