import type { FileGroup, ImportProblems } from '../../domain/problem';
import { formatBytes, formatCount, formatList } from '../format';
import type { Sentences } from './sentences';

export const IMPORT: Sentences<ImportProblems> = {
  'file is not recognised': ({ file }) => ({
    title: 'File not recognised',
    detail: `${file} is neither a known export nor a table with usage.`,
    action: 'Choose a Pax8 or Proofpoint export, or a CSV with a header row.',
  }),
  'saved list is empty': ({ file }) => ({
    title: 'An empty list does not say what it is of',
    detail: `${file} holds no rows.`,
    action: 'Say which request it answers.',
  }),
  'page is missing': ({ file }) => ({
    title: 'Another page follows',
    detail: `The list is not whole without the answer to its next request, saved as ${file}.`,
    action: 'Pick it, too.',
  }),
  'file is too large': ({ file, bytes, limit }) => ({
    title: 'File is too large',
    detail: `${file} has ${formatBytes(bytes)}; ${formatBytes(limit)} are possible.`,
    action: 'Split it and import the parts.',
  }),
  'file is empty': ({ file }) => ({ title: 'File is empty', detail: `${file} holds no rows.` }),
  'header is repeated': ({ file, names }) => ({
    title: 'Two columns have the same name',
    detail: `In ${file}: ${formatList(names)}. Nothing was read, because it is not clear which column counts.`,
    action: 'Rename the columns in the file and pick it again.',
  }),
  'files do not belong together': ({ groups }) => ({
    title: 'These files do not belong together',
    detail: `One import takes the files of one source and, if they are tables, with the same columns. Nothing was read. ${groups.map((group) => `${named(group)}: ${some(group.files, 10)}.`).join(' ')}`,
    action: `Pick only ${first(groups)}, import that, then pick ${groups.length > 2 ? 'each other group' : 'the rest'}.`,
  }),
  'another import is running': () => ({
    title: 'Another import is running',
    detail: 'A second tab of this page is importing, so nothing was read here.',
    action: 'Finish or cancel it there, then pick the files again.',
  }),
  'import was not started': () => ({
    title: 'The import is gone',
    detail: 'What was read is no longer there. Nothing was imported.',
    action: 'Pick the files again.',
  }),
  'encoding is not readable': ({ file }) => ({
    title: 'File cannot be read as text',
    detail: `${file} is in an unknown encoding.`,
    action: 'Save it as UTF-8 and import it again.',
  }),
};

function named({ source, header }: FileGroup): string {
  return header === null
    ? source
    : `${source} with the columns ${some(
        header.map((name) => name.slice(0, 40)).filter((name) => name !== ''),
        4,
      )}`;
}

function some(names: readonly string[], most: number): string {
  const more = names.length - most;
  return formatList(more > 0 ? [...names.slice(0, most), `${formatCount(more)} more`] : names);
}

function first([group]: readonly FileGroup[]): string {
  if (group === undefined) return 'one file';
  return group.files.length > 3 ? `the files of ${named(group)}` : formatList(group.files);
}
