import type { Agreement } from './agreement';
import { firstDayOf, lastDayOf, periodOf, shiftDay, shiftPeriod, type Day, type Period } from './calendar';
import { isRecurring, type SyncOption } from './change';
import { problem, type Problem } from './problem';

/**
 * The cycle that bills a period is the month after it, or the first one that is not invoiced yet; cycles are calendar months. The first
 * day is never before the agreement's start.
 */
export function cycleDates(agreement: Agreement, period: Period): { readonly firstDay: Day; readonly lastDay: Day } {
  const cycle = cycleOf(agreement, period);
  return { firstDay: latest(firstDayOf(cycle), agreement.startDate), lastDay: shiftDay(firstDayOf(cycle), -1) };
}

/** What an agreement is judged for. `settings` are those of the connection. */
export interface AgreementUse {
  readonly period: Period;
  readonly today: Day;
  readonly currency: string | null;
  readonly option: SyncOption;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Every reason why an agreement with monthly cycles cannot take the lines, and what it warns of. A cycle that is not known is refused. */
export function judgeCycle(
  agreement: Agreement,
  use: AgreementUse,
): { readonly refusals: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const { name, status, startDate, endDate, currency } = agreement;
  const cycle = cycleOf(agreement, use.period);
  const refusals: Problem[] = [];
  const ended = endDate !== null && endDate < latest(use.today, firstDayOf(cycle));
  if (status === 'cancelled') refusals.push(problem('agreement is cancelled', { agreement: name }));
  if (status === 'inactive') refusals.push(problem('agreement is inactive', { agreement: name }));
  if (status === 'ended' || ended) refusals.push(problem('agreement is ended', { agreement: name, on: endDate }));
  if (agreement.monthly !== true) refusals.push(problem('agreement is not monthly', { agreement: name, cycle: agreement.cycle }));
  if (use.currency !== null && currency !== null && currency !== use.currency)
    refusals.push(problem('agreement is in another currency', { agreement: name, expected: use.currency, found: currency }));
  if (startDate !== null && startDate > lastDayOf(cycle))
    refusals.push(problem('agreement has not started', { agreement: name, startDate }));
  if (!isRecurring(use.option) && agreement.billsProducts === false)
    refusals.push(problem('agreement does not bill products', { agreement: name }));
  const warnings = agreement.prorates === true ? [problem('agreement prorates', { agreement: name })] : [];
  return { refusals, warnings };
}

function cycleOf(agreement: Agreement, period: Period): Period {
  return latest(shiftPeriod(period, 1), agreement.nextInvoiceDate === null ? null : periodOf(agreement.nextInvoiceDate));
}

function latest(day: string, other: string | null): string {
  return other !== null && other > day ? other : day;
}
