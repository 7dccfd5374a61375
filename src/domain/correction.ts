import { periodOf, shiftPeriod, type Day, type Period } from './calendar';
import { add, decimalOf, equals, multiply, subtract, ZERO, type Decimal } from './decimal';
import type { NotInverted } from './inverse';
import type { Plan, PlanDraft, PlanLine } from './plan';
import { shownOf, totalOf } from './undo';

/** One line of an invoice that is out: what it billed, and what it would have without the plan. Null is a price that nobody knows. */
export interface CorrectionLine {
  readonly lineKey: string;
  readonly name: string;
  readonly billed: Decimal | null;
  readonly instead: Decimal | null;
  readonly invoices: number;
  /** What all of these invoices billed too much; below zero what they billed too little. */
  readonly excess: Decimal | null;
}

/** What a plan made invoices bill that are out already. No request takes that back: it is a credit, or one more charge, of the partner's. */
export interface Correction {
  /** The months that the invoices are of, the earliest first. */
  readonly invoices: readonly Period[];
  readonly currency: string | null;
  readonly lines: readonly CorrectionLine[];
  /** Null where the money of a line is unknown. */
  readonly excess: Decimal | null;
}

/**
 * The correction that an undo proposes, or null where no invoice billed what the plan did. `undone` are the lines of the undo, `since` and
 * `from` are the first days that the plan and the undo bill, and `invoiced` are the charges that are on an invoice.
 */
export function correctionOf(
  plan: Plan,
  {
    undone,
    since,
    from,
    invoiced,
  }: { readonly undone: PlanDraft['lines']; readonly since: Day; readonly from: Day; readonly invoiced: readonly NotInverted[] },
): Correction | null {
  const invoices = monthsBetween(periodOf(since), periodOf(from));
  const recurring = invoices.length === 0 ? [] : undone.map((line) => recurringOf(plan, line, invoices.length));
  const charges = invoiced.map(({ lineKey, name }) =>
    correctionLine({ lineKey, name, invoices: 1 }, (shownOf(plan, lineKey, 'end')?.total ?? null) as Decimal | null, ZERO),
  );
  const lines = [...recurring, ...charges].filter(({ billed, instead }) => billed === null || !equals(billed, instead));
  if (lines.length === 0) return null;
  const known = lines.flatMap(({ excess }) => excess ?? []);
  return {
    invoices: lines.some((line) => recurring.includes(line)) ? invoices : [periodOf(since)],
    ...{ currency: plan.currency, lines, excess: known.length === lines.length ? add(...known) : null },
  };
}

function recurringOf(plan: Plan, line: PlanLine, invoices: number): CorrectionLine {
  const { lineKey, name, status } = line;
  const { currency } = plan;
  const shown = shownOf(plan, lineKey, status === 'Ending' ? 'end' : 'update');
  const billed = status === 'Creating' ? ZERO : totalOf(line.before, shown?.price ?? line.price, currency);
  const instead = status === 'Ending' ? ZERO : totalOf(line.syncedQuantity, line.price, currency);
  return correctionLine({ lineKey, name, invoices }, billed, instead);
}

function correctionLine(
  place: Pick<CorrectionLine, 'lineKey' | 'name' | 'invoices'>,
  billed: Decimal | null,
  instead: Decimal | null,
): CorrectionLine {
  const each = billed === null || instead === null ? null : subtract(billed, instead);
  return { ...place, billed, instead, excess: each === null ? null : multiply(each, decimalOf(place.invoices)) };
}

/** From the one month up to, and without, the other. */
function monthsBetween(first: Period, end: Period): Period[] {
  return first < end ? [first, ...monthsBetween(shiftPeriod(first, 1), end)] : [];
}
