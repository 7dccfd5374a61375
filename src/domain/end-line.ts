import type { Agreement, Connection, PsaLine } from './agreement';
import type { Day, Period } from './calendar';
import { standingOn } from './dated-quantity';
import { lineTotal, ZERO } from './decimal';
import { planLineOf } from './draft';
import { endingOf } from './endings';
import type { GridInput } from './grid';
import { shortKey, type PlanDraft } from './plan';
import type { Problem } from './problem';
import { err, ok, type Result } from './result';

/** One open line of the PSA that is to end, and where it stands. */
export interface EndedLine {
  readonly line: PsaLine;
  /** Every line of its agreement, as it was read. */
  readonly lines: readonly PsaLine[];
  readonly agreement: Agreement;
  readonly connection: Pick<Connection, 'id' | 'psa' | 'name' | 'tenant' | 'currency'>;
  readonly limits: GridInput['limits'];
  readonly dates: GridInput['dates'];
  readonly period: Period;
  readonly today: Day;
  readonly reason: string;
  /** How many requests that ended it are settled: somebody may have opened it again. */
  readonly settled: number;
}

/** The key of its own that the end of one line has. */
export function endKeyOf({ psa, tenant }: Pick<Connection, 'psa' | 'tenant'>, agreementId: string, lineId: string): string {
  return shortKey([psa, tenant, agreementId, lineId, 'end']);
}

/**
 * The draft that ends one line by its id, and no other: a duplicate or an orphan. It has a key of its own, so that a line with the same key
 * that shall stay is never taken for it, and no customer, so that nothing remembered of one changes.
 */
export function endLineDraft(given: EndedLine): Result<PlanDraft, readonly Problem[]> {
  const { agreement, connection, limits, dates, period, today, reason, settled } = given;
  const { psa, tenant, name, currency } = connection;
  const lines = standingOn(given.lines, dates.firstDay);
  const line = lines.find(({ id }) => id === given.line.id) ?? given.line;
  const lineKey = endKeyOf(connection, agreement.id, line.id);
  const ending = endingOf(
    {
      ...{ edits: { [line.id]: { reason } }, zero: 'date', agreement, dates, datesOfOthers: {}, limits, today },
      ...{ psaLines: lines, linesByAgreement: new Map([[agreement.id, lines]]) },
    },
    { slot: line.id, name: line.description, lineKey, subProducts: [] },
    line,
    null,
  );
  if (ending.blocks.length > 0) return err(ending.blocks);
  const before = line.quantity === null || line.price === null ? null : lineTotal(line.quantity, line.price, currency);
  return ok({
    ...{ kind: 'lines', psa, connection: { name, tenant }, company: null, customer: null, period, option: null, currency },
    agreement: { id: agreement.id, name: agreement.name },
    inputs: { imports: [], bindings: [], prices: [] },
    lines: [planLineOf(ending)],
    left: [],
    totals: { cost: ZERO, price: ZERO, margin: ZERO, before },
    changes: ending.changes.map((change) => ({ change, settled })),
  });
}
