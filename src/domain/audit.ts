import { hashOf, type Json } from './canonical';

/** One thing that happened or was decided. Append-only, each record sealed with the hash of the one before; `at` is an ISO instant. */
export interface AuditRecord {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly subject: string;
  readonly data: Json;
  readonly prevHash: string;
  readonly hash: string;
}

/** The record that follows on one whose hash is `prevHash` ('' for the first). */
export function sealed(record: Omit<AuditRecord, 'hash'>): AuditRecord {
  return { ...record, hash: hashOf(record) };
}

/** The number of the first record that is not what was sealed, or does not follow from the one before it; null while the chain holds. */
export function breakIn(chain: readonly AuditRecord[]): number | null {
  let before = '';
  for (const { seq, at, kind, subject, data, prevHash, hash } of chain) {
    if (prevHash !== before || sealed({ seq, at, kind, subject, data, prevHash }).hash !== hash) return seq;
    before = hash;
  }
  return null;
}
