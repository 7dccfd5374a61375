import { isOpen } from '../domain/agreement';
import { standingOn } from '../domain/dated-quantity';
import type { Day, Period } from '../domain/calendar';
import { equals } from '../domain/decimal';
import { customerKey } from '../domain/marketplace';
import { problem, ProblemError } from '../domain/problem';
import type { ReconciledLine } from '../domain/reconcile';
import { rememberedLine, syncedKey, type SyncedLine } from '../domain/synced';
import type { Database } from './db';
import { decide } from './decide';

/**
 * What the PSA holds of a line becomes what was last synced, with the partner's reason; nothing is sent. The word holds for the month while
 * count and PSA stay what they are now. Throws `line was changed meanwhile` where the PSA was read again since, `record is damaged` for a line
 * that nobody remembers. It is a decision: History takes it back, until a plan rests on it.
 */
export async function acceptLine(
  db: Database,
  now: string,
  line: ReconciledLine,
  { reason, period, today }: { readonly reason: string; readonly period: Period; readonly today: Day },
): Promise<void> {
  const { connection, agreementId, lineKey, usage, psa, name } = line;
  const key = syncedKey(line.customer === null ? '' : customerKey(line.customer), connection);
  await decide(db, now, ['synced', 'mirrors'], async ({ audit }) => {
    const [synced, mirror] = await Promise.all([db.synced.get(key), db.mirrors.get([connection, 'lines', agreementId])]);
    const memory = synced === undefined || lineKey === null ? null : rememberedLine(synced, lineKey);
    if (synced === undefined || memory?.endedOn !== null) throw new ProblemError(problem('record is damaged', { what: `line ${name}` }));
    const rows = mirror?.kind === 'lines' ? standingOn(mirror.rows, today) : [];
    const held = psa === null ? null : (rows.find(({ id }) => id === line.lineId) ?? null);
    const back = psa === null ? rows.find((row) => (row.id === memory.lineId || row.key === lineKey) && isOpen(row, today)) : undefined;
    if (back !== undefined || !equals(held?.quantity ?? null, psa))
      throw new ProblemError(
        problem('line was changed meanwhile', { line: name, field: 'quantity', believed: psa, found: (held ?? back)?.quantity ?? null }),
      );
    const accepted = { period, usage, quantity: psa, reason, at: now };
    const next: SyncedLine =
      held === null
        ? { ...memory, endedOn: today, accepted }
        : {
            ...memory,
            ...{ lineId: held.id, name: held.description, quantity: held.quantity, accepted },
            ...{ price: held.price ?? memory.price, cost: held.cost ?? memory.cost },
          };
    await db.synced.put({ ...synced, lines: synced.lines.map((one) => (one === memory ? next : one)) });
    const told = ({ quantity, price, endedOn }: SyncedLine) => ({ quantity, price, endedOn });
    await audit('line accepted', synced.customer, { connection, lineKey, usage, reason, before: told(memory), after: told(next) });
  });
}
