import type { Connection } from '../domain/agreement';
import { changesBasis } from '../domain/basis';
import type { Day, Period } from '../domain/calendar';
import { endKeyOf, endLineDraft } from '../domain/end-line';
import { freezePlan } from '../domain/plan';
import { problem, type Problem } from '../domain/problem';
import type { ReconciledLine } from '../domain/reconcile';
import { err, ok, type Result } from '../domain/result';
import type { PlannedOne } from '../domain/sync';
import type { PsaRules } from '../domain/sync-rules';
import type { Database } from './db';
import { settledOfLine } from './deliveries';
import { plansWithoutCustomer } from './plans';
import { placeKey, storedForAll } from './stored';

/** A plan of one line, not confirmed yet, and where it would go. */
export interface LinePlan extends PlannedOne {
  readonly connection: Connection;
}

/**
 * What ending a duplicate or an orphan would send, as a dry run: writes nothing. It rests on the lines as they were last read; a line that is
 * not what it was then is a conflict when it is sent.
 */
export async function endOfLine(
  db: Database,
  { connection: id, agreementId, lineId, name }: ReconciledLine,
  { reason, period, today }: { readonly reason: string; readonly period: Period; readonly today: Day },
  rulesOf: (psa: string) => PsaRules | undefined,
): Promise<Result<LinePlan, readonly Problem[]>> {
  const stored = await storedForAll(db);
  const connection = stored.connections.get(id);
  const rules = rulesOf(connection?.psa ?? '');
  const agreement = stored.agreementById.get(placeKey(id, agreementId));
  const lines = stored.lines.get(placeKey(id, agreementId))?.rows ?? [];
  const line = lines.find((one) => one.id === lineId);
  if (connection === undefined || rules === undefined || agreement === undefined)
    return err([problem('lines of the agreement were never read', { agreement: agreement?.name ?? agreementId })]);
  if (line === undefined) return err([problem('line is gone', { line: name })]);
  const lookups = stored.lookups.get(id) ?? {};
  const limits = rules.limitsIn?.(lookups) ?? rules.limits;
  const settled = await settledOfLine(db, await plansWithoutCustomer(db), endKeyOf(connection, agreementId, line.id));
  const dates = rules.dates(agreement, period);
  const draft = endLineDraft({ line, lines, agreement, connection, limits, dates, period, today, reason, settled });
  if (!draft.ok) return draft;
  const { settings, protocol } = connection;
  const linesOf = (agreed: string) => stored.lines.get(placeKey(id, agreed))?.rows ?? null;
  const around = { linesOf, lookups, settings, readable: protocol !== 'file' };
  const plan = freezePlan(draft.value, rules.requests, around);
  return plan.ok ? ok({ plan: plan.value, basis: changesBasis(draft.value, around), withheld: [], connection }) : plan;
}
