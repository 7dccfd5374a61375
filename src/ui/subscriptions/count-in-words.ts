import { finalDayOf, type BillingCalendar } from '../../domain/calendar';
import type { Standing } from '../../domain/standing';
import { formatDayInWords, formatPeriod } from '../format';

/** How a customer's count came about and where its month stands; `tone` says whether it needs a look. */
export function countInWords(standing: Standing, calendar: BillingCalendar): { text: string; tone: 'plain' | 'warn' | 'bad' } {
  const { count, period, periodState } = standing;
  const on = formatDayInWords(count.date);
  switch (count.how) {
    case 'unknown':
      return { text: `Not reported for ${formatPeriod(period)}: unknown`, tone: 'bad' };
    case 'late':
      return { text: `Late: first counted on ${on}`, tone: 'bad' };
    case 'stale':
      return { text: `Stale: last counted on ${on}`, tone: 'warn' };
    case 'final':
      return { text: `Final for ${formatPeriod(period)}`, tone: 'plain' };
    case 'snapshot':
      if (periodState === 'final') return { text: `Final since ${formatDayInWords(finalDayOf(period, calendar))}`, tone: 'plain' };
      return { text: periodState === 'counted' ? `Counted on ${on}` : `Open: counted so far on ${on}`, tone: 'plain' };
  }
}

/** Where a month stands, for the head of a panel. */
export function monthInWords({ period, periodState }: Standing, calendar: BillingCalendar): string {
  const final = formatDayInWords(finalDayOf(period, calendar));
  if (periodState === 'final') return `${formatPeriod(period)} is final since ${final}`;
  return `${formatPeriod(period)} is ${periodState}, final on ${final}`;
}

/** Another site of the same company that is new this month while this one is missing: perhaps the vendor renamed it. */
export function renamedTo(standing: Standing, standings: readonly Standing[]): Standing | null {
  if (standing.count.how !== 'unknown' || standing.company === null) return null;
  const isNew = ({ count, movements }: Standing) =>
    count.how !== 'unknown' && movements.every(({ previous, synced }) => previous === null && synced === null);
  return standings.find((other) => other.key !== standing.key && other.company?.id === standing.company?.id && isNew(other)) ?? null;
}
