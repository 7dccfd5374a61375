import { changesBasis } from '../domain/basis';
import type { BillingCalendar, Day, Period } from '../domain/calendar';
import { standingOn } from '../domain/dated-quantity';
import { customerKey } from '../domain/marketplace';
import { freezePlan } from '../domain/plan';
import { problem, type Problem } from '../domain/problem';
import type { ReconciledLine } from '../domain/reconcile';
import { err, ok, type Result } from '../domain/result';
import { splitDraft, splitOf } from '../domain/split-line';
import { aroundOf } from '../domain/sync';
import { agreementFor, linkFor } from '../domain/sync-choices';
import { limitsFor } from '../domain/sync-grid';
import type { PsaRules } from '../domain/sync-rules';
import { syncedKey } from '../domain/synced';
import type { Database } from './db';
import type { LinePlan } from './end-line';
import { monthFacts } from './grid';
import { rememberedGrid } from './reconciliation';
import { storedForAll } from './stored';

interface Asked {
  /** What the partner calls the line of the remainder; unread where a line of the PSA has no name of its own. */
  readonly name: string;
  readonly reason: string;
  readonly period: Period;
  readonly today: Day;
  readonly calendar: BillingCalendar;
}

/**
 * What splitting a line would send, as a dry run: writes nothing. It rests on count and lines as they are now: `line was changed meanwhile`
 * where they are not what the partner looked at.
 */
export async function splitOfLine(
  db: Database,
  line: ReconciledLine,
  { name, reason, period, today, calendar }: Asked,
  rulesOf: (psa: string) => PsaRules | undefined,
): Promise<Result<LinePlan, readonly Problem[]>> {
  const [month, stored, choices] = await Promise.all([monthFacts(db, period, today, calendar), storedForAll(db), db.choices.toArray()]);
  const { customer, connection: id, agreementId, lineKey } = line;
  const synced = customer === null ? undefined : stored.synced.get(syncedKey(customerKey(customer), id));
  const rules = rulesOf(stored.connections.get(id)?.psa ?? '');
  if (synced === undefined || rules === undefined) return err([problem('record is damaged', { what: `line ${line.name}` })]);
  const choice = choices.find((one) => one.customer === synced.customer && one.connection === id);
  const { facts, grid, chosen } = rememberedGrid(month, stored, { synced, choice }, rules);
  const made = grid.lines.find((one) => one.lineKey === lineKey);
  const agreement = agreementFor(facts, chosen);
  const link = linkFor(facts, chosen);
  if (facts.company === null) return err([problem('no company assigned', { site: facts.customer.site })]);
  if (agreement === null || link === null) return err([problem('agreement is not chosen', {})]);
  const dates = rules.dates(agreement, period);
  const lines = standingOn(facts.linesByAgreement.get(agreementId) ?? [], dates.firstDay);
  const own = lines.find((one) => one.id === line.lineId);
  if (made === undefined || own === undefined) return err([problem('line is gone', { line: line.name })]);
  const limits = limitsFor(facts, rules);
  const split = splitOf({ usage: made.syncedQuantity, psa: line.psa }, own, made, facts, limits);
  if (split === null || made.inPsa !== line.psa || made.syncedQuantity !== line.usage) return err([changed(line, made.inPsa)]);
  if (split.refusal !== null) return err([problem('split is not possible', { line: line.name, reason: split.refusal })]);
  const draft = splitDraft({
    ...{ own, line: made, remainder: split.remainder, lines, grid, limits, dates, name, reason },
    context: {
      ...{ psa: facts.connection.psa, connection: facts.connection, company: { company: facts.company, psaId: link.id } },
      ...{ vendor: facts.vendor, customer: facts.customer, agreement, period, option: chosen.option, imports: facts.imports },
    },
  });
  if (!draft.ok) return draft;
  const around = aroundOf(facts);
  const plan = freezePlan(draft.value, rules.requests, around);
  const withheld = synced.withheld?.period === period ? synced.withheld.subProducts : [];
  return plan.ok ? ok({ plan: plan.value, basis: changesBasis(draft.value, around), withheld, connection: facts.connection }) : plan;
}

function changed({ name, psa }: ReconciledLine, found: string | null): Problem {
  return problem('line was changed meanwhile', { line: name, field: 'quantity', believed: psa, found });
}
