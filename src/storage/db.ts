import Dexie, { type Table, type Transaction } from 'dexie';
import { sealed, type AuditRecord } from '../domain/audit';
import { withoutQuery } from '../domain/basis';
import type { Json } from '../domain/canonical';
import type { Connection } from '../domain/agreement';
import type { Automation } from '../domain/automation';
import type { Decision } from '../domain/decision';
import type { Delivery, Receipt } from '../domain/delivery';
import type { Ignore } from '../domain/ignore';
import type { Assignment, Company, Product, SubProduct, Subscription, UsageSummary } from '../domain/marketplace';
import type { Pause } from '../domain/pause';
import { problem, ProblemError } from '../domain/problem';
import type { RuleVersion } from '../domain/rule';
import type { Synced } from '../domain/synced';
import type { ImportRecord, UsageChunk } from '../domain/usage';
import { journalOfDecisions, toldBy, type JournalRecord, type ToldRow, type TouchedRow } from './journal';
import type {
  BasisRecord,
  BindingRecord,
  Choice,
  CompanyLink,
  ImportProfile,
  MetaRecord,
  Mirror,
  PlanRecord,
  PriceVersion,
  SandboxRecord,
  SecretRecord,
  SettingRecord,
  WizardRecord,
} from './rows';
import { VERSIONS } from './versions';

/** Rises with every change of meaning that old code must not write into. */
export const SCHEMA_EPOCH = 4;

/** Rows that an import could not take, as the partner may download them. */
export interface RejectRecord {
  readonly importId: string;
  readonly slice: number;
  readonly rows: readonly Json[];
}
/** One applied effect of a sandbox PSA. */
export interface LedgerRecord {
  readonly connection: string;
  readonly n: number;
  readonly entry: Json;
}

export class Database extends Dexie {
  declare meta: Table<MetaRecord, string>;
  declare settings: Table<SettingRecord, string>;
  declare audit: Table<AuditRecord, number>;
  declare imports: Table<ImportRecord, string>;
  declare usage: Table<UsageChunk, [string, number]>;
  declare rejects: Table<RejectRecord, [string, number]>;
  declare profiles: Table<ImportProfile, string>;
  declare companies: Table<Company, string>;
  declare products: Table<Product, string>;
  declare subProducts: Table<SubProduct, string>;
  declare subscriptions: Table<Subscription, string>;
  declare summaries: Table<UsageSummary, string>;
  declare assignments: Table<Assignment, [string, string, number]>;
  declare prices: Table<PriceVersion, [string, number]>;
  declare connections: Table<Connection, string>;
  declare secrets: Table<SecretRecord, string>;
  declare links: Table<CompanyLink, [string, string]>;
  declare mirrors: Table<Mirror, [string, string, string]>;
  declare bindings: Table<BindingRecord, [string, string, number]>;
  declare choices: Table<Choice, [string, string]>;
  declare wizards: Table<WizardRecord, string>;
  declare synced: Table<Synced, string>;
  declare plans: Table<PlanRecord, string>;
  declare deliveries: Table<Delivery, string>;
  declare receipts: Table<Receipt, string>;
  declare sandboxes: Table<SandboxRecord, string>;
  declare ledger: Table<LedgerRecord, [string, number]>;
  declare ignores: Table<Ignore, [string, string, number]>;
  declare rules: Table<RuleVersion, number>;
  declare undos: Table<Decision, number>;
  declare automations: Table<Automation, [string, string]>;
  declare pauses: Table<Pause, number>;
  declare journal: Table<JournalRecord, number>;
  declare bases: Table<BasisRecord, string>;

  readonly #watched = new WeakMap<Transaction, Map<string, TouchedRow>>();

  /** Which database this connection opened; every write checks that it still is the one. */
  uuid = '';

  constructor(name: string) {
    super(name, { autoOpen: false, chromeTransactionDurability: 'strict' });
    for (const [version, tables] of Object.entries(VERSIONS)) this.version(Number(version)).stores(tables);
    for (const name of REMEMBERED) {
      const touched = (key: unknown, before: unknown, transaction: Transaction) =>
        this.#touched(transaction, { table: name, key: key as Json, before: keptOf(name, before as Json) });
      const { hook } = this.table<unknown, unknown>(name);
      hook('creating', (key, _row, transaction) => touched(key, null, transaction));
      hook('updating', (_change, key, row, transaction) => touched(key, row, transaction));
      hook('deleting', (key, row, transaction) => touched(key, row, transaction));
    }
    this.version(2).upgrade((upgrading) => upgrading.table<MetaRecord>('meta').toCollection().modify({ schemaEpoch: 2 }));
    this.version(3).upgrade(beginJournal);
    this.version(4).upgrade((upgrading) => upgrading.table<MetaRecord>('meta').toCollection().modify({ schemaEpoch: 4 }));
  }

  /** Watches the remembered rows that the present transaction touches from now on, each as it was before the first touch. */
  watchRows(): ReadonlyMap<string, TouchedRow> {
    const rows = new Map<string, TouchedRow>();
    const transaction = presentTransaction();
    if (transaction !== null) this.#watched.set(transaction, rows);
    return rows;
  }

  #touched(transaction: Transaction, row: TouchedRow): void {
    const rows = this.#watched.get(transaction);
    const name = JSON.stringify([row.table, row.key]);
    if (rows !== undefined && !rows.has(name)) rows.set(name, row);
  }
}

function keptOf(table: string, before: Json): Json {
  return table === 'connections' && before !== null ? (withoutQuery(before as never) as never) : before;
}

/** The tables whose rows are the partner's decisions. */
export const DECIDED = [
  'assignments',
  'bindings',
  'links',
  'prices',
  'ignores',
  'rules',
  'automations',
  'pauses',
  'settings',
  'companies',
  'synced',
] as const;

/** The tables that the journal can show as they were at any record: what a month and its plans rest on, beside the imports themselves. */
export const REMEMBERED = [...DECIDED, 'products', 'subProducts', 'subscriptions', 'summaries', 'connections'] as const;

/** Takes over what decisions kept of their rows; of what else was changed before, nobody knows what it was. */
async function beginJournal(upgrading: Transaction): Promise<void> {
  const meta = await upgrading.table<MetaRecord>('meta').get('database');
  if (meta === undefined) return;
  const decisions = await upgrading.table<Decision>('undos').toArray();
  const turns = await upgrading.table<AuditRecord>('audit').where('kind').startsWith('decision ').toArray();
  await upgrading.table<JournalRecord>('journal').bulkAdd(journalOfDecisions(decisions, turns));
  await upgrading.table<MetaRecord>('meta').put({ ...meta, schemaEpoch: 3, journalSince: meta.lastSeq });
}

/** Its declaration does not say that there may be none. */
export function presentTransaction(): Transaction | null {
  return Dexie.currentTransaction;
}

/** The tables that every command writes: whoever holds several commands in one transaction names them, too. */
export const ALWAYS = ['meta', 'audit', 'journal'] as const;

/** What a command may use inside its transaction. */
export interface Writing {
  /** The next sequence number of the database: orders versions, plans and audit records. */
  readonly next: () => number;
  /** Appends a hash-chained audit record and answers its number. `data` holds no secret. */
  readonly audit: (kind: string, subject: string, data: Json) => Promise<number>;
  /** The remembered rows that the command touched so far, each as it was before. */
  readonly touched: ReadonlyMap<string, TouchedRow>;
}

/**
 * One command, one transaction over the named tables (`ALWAYS` among them); the journal keeps what its rows were. Refuses with `database is newer` or
 * `database was replaced` before anything is written. No foreign `await` inside `work`: compute first, then write. A command inside `work` is
 * an error: it is a function that takes the `Writing` of the one that runs.
 */
export async function write<T>(db: Database, now: string, tables: readonly string[], work: (writing: Writing) => Promise<T>): Promise<T> {
  if (isWithinWork(presentTransaction()))
    throw new Error('A command runs inside the work of another: both would give out the same numbers.');
  return db.transaction('rw', [...ALWAYS, ...tables], async () => {
    const transaction = presentTransaction();
    if (transaction !== null) WORKING.add(transaction);
    const meta = await db.meta.get('database');
    if (meta?.dbUuid !== db.uuid) throw new ProblemError(problem('database was replaced', {}));
    if (meta.schemaEpoch > SCHEMA_EPOCH) throw new ProblemError(problem('database is newer', {}));
    let seq = meta.lastSeq;
    const touched = db.watchRows();
    const result = await work({
      touched,
      next: () => ++seq,
      audit: async (kind, subject, data) => {
        const last = await db.audit.orderBy('seq').last();
        await db.audit.add(sealed({ seq: ++seq, at: now, kind, subject, data, prevHash: last?.hash ?? '' }));
        return seq;
      },
    });
    if (touched.size > 0) {
      if (seq === meta.lastSeq) seq += 1;
      await db.journal.add({ seq, at: now, rows: await Promise.all([...touched.values()].map((row) => rowKept(db, row))) });
    }
    if (seq !== meta.lastSeq) await db.meta.put({ ...meta, lastSeq: seq });
    if (transaction !== null) WORKING.delete(transaction);
    return result;
  });
}

/** A customer's record has all its lines inside, and a request changes one of them. */
async function rowKept(db: Database, row: TouchedRow): Promise<TouchedRow | ToldRow> {
  return row.table === 'synced' ? toldBy(row, (await db.table<Json, Json>(row.table).get(row.key)) ?? undefined) : row;
}

/** Transactions of commands that are not done. One that fails is over for good. */
const WORKING = new WeakSet<Transaction>();

/** Dexie gives a transaction inside another one its parent, and does not declare it. */
function isWithinWork(transaction: (Transaction & { readonly parent?: Transaction }) | null): boolean {
  return transaction !== null && (WORKING.has(transaction) || isWithinWork(transaction.parent ?? null));
}
