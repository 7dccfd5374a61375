import { isOpen, type Binding, type Connection } from '../domain/agreement';
import { changesBasis } from '../domain/basis';
import { firstDayOf, invoiceDayOf, shiftPeriod, type BillingCalendar, type Day } from '../domain/calendar';
import { correctionOf, type Correction } from '../domain/correction';
import type { NotInverted } from '../domain/inverse';
import { isSplitOff } from '../domain/line-key';
import { freezePlan, type Plan } from '../domain/plan';
import { problem, type Problem } from '../domain/problem';
import { err, ok, type Result } from '../domain/result';
import { aroundOf, type PlannedOne } from '../domain/sync';
import type { SyncFacts } from '../domain/sync-facts';
import type { PsaRules } from '../domain/sync-rules';
import { settledIn } from '../domain/synced';
import { undoDraftOf } from '../domain/undo';
import type { Database } from './db';
import { deliveriesOfPlan, settledOfLine } from './deliveries';
import { gridFacts } from './grid';
import { firstDayThen, sinceInvoiced } from './invoiced';

/** A plan that takes another back, not confirmed yet; null where all that is left to do is a correction. */
export interface Undo {
  readonly planned: PlannedOne | null;
  readonly connection: Connection;
  readonly left: readonly NotInverted[];
  /** The first day that the undo bills, where an invoice went out since. Null where none did. */
  readonly from: Day | null;
  /** The PSA does not say when it invoiced, and the partner's invoice day of the plan's month has come. */
  readonly mayBeOut: boolean;
  /** What the invoices that are out billed of it. */
  readonly correction: Correction | null;
}

/**
 * What undoing a plan would send, as a dry run: writes nothing. Its requests rest on what the plan wrote, so a line that somebody changed
 * since is a conflict when they are sent. Only the newest plan of a customer can be taken back, and only once nothing of it is open.
 */
export async function undoOf(
  db: Database,
  id: string,
  { today, calendar }: { readonly today: Day; readonly calendar: BillingCalendar },
  rulesOf: (psa: string) => PsaRules | undefined,
): Promise<Result<Undo, readonly Problem[]>> {
  const record = await db.plans.get(id);
  const { customer = null, agreement = null } = record?.plan ?? {};
  const rules = rulesOf(record?.plan.psa ?? '');
  if (record === undefined || customer === null || agreement === null || rules === undefined)
    return err([problem('undo is not possible', { reason: 'no lines' })]);
  const own = await db.plans
    .where('customer')
    .equals(record.customer ?? '')
    .toArray();
  if (record.state !== 'settled' && record.state !== 'applied') return err([problem('delivery is not settled', { plan: record.set })]);
  if (own.some(({ seq, connection, plan }) => seq > record.seq && connection === record.connection && plan.requests.length > 0))
    return err([problem('undo is not possible', { reason: 'newer plan' })]);
  const facts = await gridFacts(db, {
    ...{ customer: { product: customer.product, site: customer.site }, connection: record.connection, agreementId: agreement.id },
    ...{ psaCompany: record.plan.company?.psaId ?? null, period: record.period, today, calendar },
  });
  const place = [...(facts.agreements ?? []), ...facts.oldAgreements].find((one) => one.id === agreement.id);
  if (place === undefined) return err([problem('lines of the agreement were never read', { agreement: agreement.name })]);
  const unsure = await sinceInvoiced(db, record.connection, place, today);
  if (unsure !== null) return err([unsure]);
  const rows = await deliveriesOfPlan(db, id);
  const rests = restsThere(record.plan, facts, today);
  const sent = new Set([...rows.filter(({ state }) => state === 'sent').map(({ n }) => n), ...rests.keys()]);
  const splitOff = new Set(record.plan.requests.flatMap(({ line }) => (isSplitOff(line.lineKey) ? [line.lineKey] : [])));
  const settledOff = new Map(await Promise.all([...splitOff].map(async (key) => [key, await settledOfLine(db, own, key)] as const)));
  const dates = rules.dates(place, record.period);
  const named = new Map((await bindingsAt(db, record.connection)).map(({ psaProductId, identifier }) => [psaProductId, identifier]));
  const { draft, left } = undoDraftOf(
    record.plan,
    sent,
    {
      idOf: (request) =>
        rows.find(({ n }) => record.plan.requests[n] === request)?.lineId ?? rests.get(record.plan.requests.indexOf(request)) ?? null,
      ...{ dates, productRepeats: rules.limits.productRepeats, identifierOf: (product) => named.get(product) ?? null },
    },
    (lineKey) => settledOff.get(lineKey) ?? settledIn(facts.synced, lineKey),
  );
  const since = await firstDayThen(db, record, rules);
  const isOut = dates.firstDay > since;
  const invoicedLines = new Map((facts.psaLines ?? []).map((line) => [line.id, line.invoiced]));
  const isInvoiced = ({ lineKey, why }: NotInverted) => {
    const id = rows.find(({ n, lineId }) => lineId !== null && record.plan.requests[n]?.line.lineKey === lineKey)?.lineId;
    return why === 'charge' && (invoicedLines.get(id ?? '') ?? isOut);
  };
  const correction = correctionOf(record.plan, { undone: draft.lines, since, from: dates.firstDay, invoiced: left.filter(isInvoiced) });
  const undo = {
    connection: facts.connection,
    left: left.filter((one) => !isInvoiced(one)),
    from: isOut ? dates.firstDay : null,
    mayBeOut:
      place.nextInvoiceDate === null && today >= (invoiceDayOf(record.period, calendar) ?? firstDayOf(shiftPeriod(record.period, 1))),
    correction,
  };
  if (draft.changes.length === 0)
    return correction === null ? err([problem('undo is not possible', { reason: whyNothing(left) })]) : ok({ ...undo, planned: null });
  const around = aroundOf(facts);
  const plan = freezePlan(draft, rules.requests, around);
  return plan.ok ? ok({ ...undo, planned: { plan: plan.value, basis: changesBasis(draft, around), withheld: [] } }) : plan;
}

/** Every binding that ever was: a line that moved may have stood on a product of then. */
function bindingsAt(db: Database, connection: string): Promise<Binding[]> {
  return db.bindings.filter((binding) => binding.connection === connection).toArray();
}

/** The open lines with the mark of a rest, by the request that makes it: also one that somebody said was never made would be billed twice. */
function restsThere({ requests }: Plan, { psaLines }: SyncFacts, today: Day): ReadonlyMap<number, string> {
  const there = requests.flatMap(({ operation, line: { lineKey } }, n) => {
    if (operation !== 'create' || !isSplitOff(lineKey)) return [];
    const found = psaLines?.find((line) => line.key === lineKey && isOpen(line, today));
    return found === undefined ? [] : [[n, found.id] as const];
  });
  return new Map(there);
}

function whyNothing(left: readonly NotInverted[]): 'nothing sent' | 'charges' | 'not compared' {
  if (left.length === 0) return 'nothing sent';
  return left.some(({ why }) => why === 'charge') ? 'charges' : 'not compared';
}
