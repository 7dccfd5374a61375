import type { Binding } from '../domain/agreement';
import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../domain/agreement';
import type { Json } from '../domain/canonical';
import type { Day, Period } from '../domain/calendar';
import type { Lookup, LookupKind, SyncOption } from '../domain/change';
import type { PlanState } from '../domain/delivery';
import type { Plan } from '../domain/plan';

/** One record, checked inside every write: which database this is, which schema it has, and the last sequence number. */
export interface MetaRecord {
  readonly key: 'database';
  readonly dbUuid: string;
  readonly schemaEpoch: number;
  readonly lastSeq: number;
  /** The last number before the journal began, in a database that is older than it: what was before is not known in full. */
  readonly journalSince?: number;
}

/** A marketplace company is this company in the PSA of a connection. */
export interface CompanyLink {
  readonly connection: string;
  readonly company: string;
  readonly psaCompany: string;
  readonly psaName: string;
  readonly seq: number;
}

/** What was last read from the PSA, one record per connection, kind and scope ('' or an agreement id). */
export type Mirror = { readonly connection: string; readonly scope: string; readonly readAt: string } & (
  | { readonly kind: 'companies'; readonly rows: readonly PsaCompany[] }
  | { readonly kind: 'agreements'; readonly rows: readonly Agreement[] }
  | { readonly kind: 'products'; readonly rows: readonly PsaProduct[] }
  /** `parts` is there where the two kinds of lines were read apart: when each was, and neither while it never was. */
  | { readonly kind: 'lines'; readonly rows: readonly PsaLine[]; readonly parts?: Readonly<Partial<Record<PsaLine['kind'], string>>> }
  | { readonly kind: LookupKind; readonly rows: readonly Lookup[] }
);
export type MirrorKind = Mirror['kind'];

/** What the partner chose for a customer last time, offered again. */
export interface Choice {
  readonly customer: string;
  readonly connection: string;
  readonly option: SyncOption;
  readonly agreementId: string;
  readonly zero: 'date' | 'zero';
  readonly at: string;
}

/** A confirmed plan, frozen. `set` orders the plans that one confirmation made: exports first. */
export interface PlanRecord {
  readonly id: string;
  readonly plan: Plan;
  readonly connection: string;
  readonly customer: string | null;
  readonly period: Period;
  readonly state: PlanState;
  readonly set: string;
  readonly position: number;
  readonly option: SyncOption | null;
  readonly withheld: readonly string[];
  readonly seq: number;
  readonly confirmedAt: string;
  readonly confirmedOn: Day;
  /** When its sync file was last handed out for somebody to carry; absent while it never was. */
  readonly downloadedAt?: string;
  /** What the planner was given, by its hash, and the last record that it knew; absent in plans of older versions. */
  readonly basis?: { readonly hash: string; readonly known: number };
}

/** One text of a basis under its hash. That of one plan names the text that it has in common with others; a common one names none. */
export interface BasisRecord {
  readonly hash: string;
  readonly text: string;
  readonly common: string | null;
}

/** How one kind of CSV is read; offered again for files with the same header. */
export interface ImportProfile {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  /** The header row's cells, as fingerprint. */
  readonly header: readonly string[];
  readonly settings: Json;
}

/** A wizard that rests, by customer: the persisted snapshot that `machines/resume.ts` checks before use. */
export interface WizardRecord {
  readonly customer: string;
  readonly saved: unknown;
}

export interface SettingRecord {
  readonly key: string;
  readonly value: Json;
}

/** Encrypted credentials: AES-GCM under PBKDF2-SHA-256 of a passphrase. */
export interface SecretRecord {
  readonly connection: string;
  readonly salt: Uint8Array;
  readonly iv: Uint8Array;
  readonly iterations: number;
  readonly cipher: Uint8Array;
}

/** The demo PSA's whole state as plain data, and what it applied. */
export interface SandboxRecord {
  readonly connection: string;
  readonly state: Json;
}

export type BindingRecord = Binding;
export type { PriceVersion } from '../domain/price';
