import type { Agreement } from '../domain/agreement';
import { firstDayOf, shiftPeriod, type Day } from '../domain/calendar';
import { problem, type Problem } from '../domain/problem';
import type { PsaRules } from '../domain/sync-rules';
import { basisOf } from './bases';
import type { Database } from './db';
import { agreementReadAt } from './mirrors';
import type { PlanRecord } from './rows';

/** An invoice decides what an undo does, and one may have gone out after the agreement was last read. */
export async function sinceInvoiced(
  db: Database,
  connection: string,
  { id, name, nextInvoiceDate: next }: Agreement,
  today: Day,
): Promise<Problem | null> {
  if (next === null || next > today) return null;
  const readAt = await agreementReadAt(db, connection, id);
  if (readAt === null) return null;
  const readOn = readAt.slice(0, 10);
  return readOn > next || readOn === today ? null : problem('agreement may be invoiced since', { agreement: name, readAt, next });
}

/** The first day that a plan bills: by its agreement as it was read when it was planned, or else the usual one. A lost basis stops no undo. */
export async function firstDayThen(db: Database, { basis, period, plan }: PlanRecord, rules: PsaRules): Promise<Day> {
  const kept = basis === undefined ? null : await basisOf(db, basis.hash).catch(() => null);
  const usual = firstDayOf(shiftPeriod(period, 1));
  if (kept === null) return usual;
  if (kept.kind === 'changes') return kept.draft.changes.flatMap(({ change }) => (change.kind === 'export' ? [] : [change.on]))[0] ?? usual;
  const { agreements, oldAgreements } = kept.facts;
  const agreement = [...(agreements ?? []), ...oldAgreements].find(({ id }) => id === plan.agreement?.id);
  return agreement === undefined ? usual : rules.dates(agreement, period).firstDay;
}
