import type { StorageProblems } from '../../domain/problem';
import type { Sentences } from './sentences';

export const STORAGE: Sentences<StorageProblems> = {
  'database is newer': () => ({
    title: 'A newer Tallyline wrote this data',
    detail: 'This tab runs an older version, which must not touch it. Nothing was changed.',
    action: 'Reload to get the newer version.',
  }),
  'database was replaced': () => ({
    title: 'Your data is no longer here',
    detail:
      'This browser held Tallyline data before, and it was removed: by clearing site data, by the browser to free space, or in another tab.',
    action: 'If another tab removed it, reload. Otherwise start empty and import your files again.',
  }),
  'storage is full': () => ({
    title: 'The browser’s storage is full',
    detail: 'The last step was not saved.',
    action: 'Free space on this device, or delete old data under Settings.',
  }),
  'record is damaged': ({ what }) => ({
    title: 'Stored data is damaged',
    detail: `${what} does not match its checksum, so it is not used.`,
    action: 'Import the file again.',
  }),
};
