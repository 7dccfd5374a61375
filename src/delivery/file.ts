import type { ChannelKind } from './channel';

/** The partner carries the sync file; nothing tells the page what came of it, so the partner marks the plan. */
export const file: ChannelKind = {
  id: 'file',
  sends: false,
  needsUrl: false,
  needsCredentials: false,
  fields: [],
  open: () => ({ send: () => Promise.resolve({ kind: 'no answer', reason: 'a sync file is downloaded, not sent' }) }),
};
