import type { Connection } from '../domain/agreement';
import type { BillingCalendar, Day, Period } from '../domain/calendar';
import type { Grid } from '../domain/grid';
import { customerOf } from '../domain/marketplace';
import { reconcileCustomer, strangersOf, type ReconciledLine } from '../domain/reconcile';
import { choicesFrom, type Memory } from '../domain/sync-bulk';
import type { SyncChoices } from '../domain/sync-choices';
import type { SyncFacts } from '../domain/sync-facts';
import { gridFor } from '../domain/sync-grid';
import type { PsaRules } from '../domain/sync-rules';
import type { Synced } from '../domain/synced';
import type { Database } from './db';
import { factsOf, monthFacts } from './grid';
import type { MonthFacts } from './grid-question';
import type { Choice } from './rows';
import { storedForAll, type Stored } from './stored';

/** The lines of one connection three ways, and how much of it was compared. */
export interface Reconciliation {
  readonly connection: Connection;
  readonly lines: readonly ReconciledLine[];
  /** When the oldest of the agreements' lines was read; null while one never was. */
  readonly readAt: string | null;
  /** Agreements that lines of ours are on. */
  readonly agreements: readonly string[];
  /** When the lines of each agreement were read. */
  readonly readAts: ReadonlyMap<string, string>;
}

interface Asked {
  readonly period: Period;
  readonly today: Day;
  readonly calendar: BillingCalendar;
}

/** Every connection's lines three ways: *usage now*, *last synced*, *PSA now*, as the PSA's lines were last read. Writes nothing. */
export async function reconciliations(
  db: Database,
  { period, today, calendar }: Asked,
  rulesOf: (psa: string) => PsaRules | undefined,
): Promise<Reconciliation[]> {
  const [month, stored, choices] = await Promise.all([monthFacts(db, period, today, calendar), storedForAll(db), db.choices.toArray()]);
  const chosen = new Map(choices.map((choice) => [`${choice.customer}\u001f${choice.connection}`, choice]));
  return [...stored.connections.values()].flatMap((connection) => {
    const rules = rulesOf(connection.psa);
    if (rules === undefined) return [];
    const synced = [...stored.synced.values()].filter((record) => record.connection === connection.id && record.lines.length > 0);
    const known = synced.flatMap((record) => {
      const { facts, grid } = rememberedGrid(month, stored, { synced: record, choice: chosen.get(record.key) }, rules);
      return reconcileCustomer(facts, grid, rules, today);
    });
    const mirrors = [...stored.lines.values()].filter((mirror) => mirror.connection === connection.id);
    const agreements = [
      ...new Set(synced.flatMap(({ lines }) => lines.flatMap((line) => (line.endedOn === null ? [line.agreementId] : [])))),
    ];
    const reads = agreements.map((agreement) => mirrors.find(({ scope }) => scope === agreement)?.readAt ?? null);
    const strangers = strangersOf(
      connection,
      mirrors.flatMap(({ rows }) => rows),
      known,
      today,
    );
    return {
      ...{ connection, agreements, lines: [...known, ...strangers] },
      readAts: new Map(mirrors.map(({ scope, readAt }) => [scope, readAt])),
      readAt: reads.includes(null) ? null : (reads.sort()[0] ?? null),
    };
  });
}

/** What a sync of a customer would make with what is remembered of the last one. */
export function rememberedGrid(
  month: MonthFacts,
  stored: Stored,
  { synced, choice }: { readonly synced: Synced; readonly choice: Choice | undefined },
  rules: PsaRules,
): { readonly facts: SyncFacts; readonly grid: Grid; readonly chosen: SyncChoices } {
  const memory = memoryOf(synced, choice);
  const facts = factsOf(month, stored, {
    ...{ customer: customerOf(synced.customer), connection: synced.connection, agreementId: memory.agreementId, psaCompany: null },
  });
  const chosen = choicesFrom(facts, memory);
  return { facts, chosen, grid: gridFor(facts, chosen, rules) };
}

/** What the lines were made by; what the partner chose since then counts for the next sync, not for what is there. */
function memoryOf({ option, agreementId }: Synced, choice: Choice | undefined): Memory {
  return { option, agreementId, zero: choice?.zero ?? 'date' };
}
