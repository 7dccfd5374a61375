import type { PsaLine } from '../../domain/agreement';
import type { Day } from '../../domain/calendar';
import { laterThan, standingOn } from '../../domain/dated-quantity';
import type { PlanRequest } from '../../domain/plan';
import { problem, type Problem } from '../../domain/problem';
import { bodyOf } from './evidence';
import { isTaken } from './requests';

/** The effective date of an adjustment; text and money carry none. */
export function writesFrom(request: PlanRequest): Day | null {
  const day = request.operation === 'read' ? undefined : bodyOf(request)['effectiveDate'];
  return typeof day === 'string' ? day.slice(0, 10) : null;
}

/** Units are not added to another's service, not to a time that was posted, and not below a change that somebody planned for later. */
export function guard(request: PlanRequest, held: readonly PsaLine[]): Problem | null {
  const { operation, line } = request;
  if (operation === 'create' && held.some((one) => isTaken(one, line.productId, line.lineKey)))
    return problem('product cannot repeat on the agreement', { product: line.product, money: null, currency: null });
  const day = writesFrom(request);
  if (day === null) return null;
  const own = held.filter(({ id, key }) => (line.lineId === null ? key === line.lineKey : id === line.lineId));
  const through = (operation === 'create' ? held : own)
    .flatMap(({ postedThrough }) => postedThrough ?? [])
    .sort()
    .at(-1);
  if (through !== undefined && through >= day) return problem('period was posted already', { line: line.name, through });
  const [later] = standingOn(own, day).flatMap((one) => laterThan(one, day, one.quantity) ?? []);
  return later === undefined ? null : problem('later quantity would move', { line: line.name, quantity: later.quantity, from: later.from });
}
