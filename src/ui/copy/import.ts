import type { ImportProblems } from '../../domain/problem';
import { formatBytes, formatList } from '../format';
import type { Sentences } from './sentences';

export const IMPORT: Sentences<ImportProblems> = {
  'file is not recognised': ({ file }) => ({
    title: 'File not recognised',
    detail: `${file} is neither a known export nor a table with usage.`,
    action: 'Choose a Pax8 or Proofpoint export, or a CSV with a header row.',
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
  'files do not belong together': ({ files }) => ({
    title: 'These files come from different sources',
    detail: `One import takes the files of one source: ${formatList(files)}.`,
    action: 'Import them one after the other.',
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
