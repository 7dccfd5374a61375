import { firstDayOf, lastDayOf, numberOfDay, snapshotDayOf, type BillingCalendar, type Period } from './calendar';

/** How a customer's date was chosen; the numbers order the choices. */
export const HOW = { unknown: 0, late: 1, stale: 2, snapshot: 3, final: 4 } as const;

/** The days of a period that count, and the one that bills. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly snapshot: number;
}

export function rangeOf(period: Period, calendar: BillingCalendar): Range {
  return {
    from: numberOfDay(firstDayOf(period)),
    to: numberOfDay(lastDayOf(period)),
    snapshot: numberOfDay(snapshotDayOf(period, calendar)),
  };
}

/** Rises with preference: late dates towards the snapshot day, then earlier dates towards it, then a final file. 0 is another period. */
export function scoreOf(day: number, final: boolean, range: Range): number {
  if (final) return FINAL + day;
  if (day < range.from || day > range.to) return 0;
  return day <= range.snapshot ? ON_TIME + day : LATE - day + 500_000;
}

export function dayOfScore(score: number): number {
  if (score >= FINAL) return score - FINAL;
  if (score >= ON_TIME) return score - ON_TIME;
  return score === 0 ? 0 : LATE + 500_000 - score;
}

export function howOf(score: number, { snapshot }: Range): number {
  if (score >= FINAL) return HOW.final;
  if (score >= ON_TIME) return dayOfScore(score) === snapshot ? HOW.snapshot : HOW.stale;
  return score === 0 ? HOW.unknown : HOW.late;
}

const FINAL = 3_000_000;
const ON_TIME = 2_000_000;
const LATE = 1_000_000;
