import type { Day } from './calendar';
import type { Belief, Change, Outcome } from './change';
import { isZero, ZERO, type Decimal } from './decimal';
import type { Plan, PlanRequest } from './plan';

/**
 * What of a plan no request takes back: an invoice may have it, the product stays, what was there before was never compared, or the rest of
 * a split was never made.
 */
export interface NotInverted {
  readonly lineKey: string;
  readonly name: string;
  readonly why: 'charge' | 'export' | 'not compared' | 'never made';
}
/** The code of it among what the plan of the undo leaves. */
export function codeOfLeft(why: NotInverted['why']): string {
  return `not taken back: ${why}`;
}
export interface Inverse {
  readonly changes: readonly Change[];
  readonly left: readonly NotInverted[];
}

/** What an inverse needs beside the plan. */
export interface Delivered {
  /** The id of the line that a request made or changed, as its receipt holds it; null when none does. */
  readonly idOf: (request: PlanRequest) => string | null;
  /** Of the cycle that is not invoiced yet. */
  readonly dates: { readonly firstDay: Day; readonly lastDay: Day };
  /** False where an agreement takes a product once, so that an ended line is raised again instead of made anew. */
  readonly productRepeats: boolean;
  /** What a product is called, where the plan did not know it: a PSA may ask for its name. Null where nobody knows. */
  readonly identifierOf?: (productId: string) => string | null;
}

/**
 * The changes that take a delivered plan back, the last one first: a line that was made, or raised again from nothing, ends, a changed one
 * gets back what it held, an ended one bills again what it billed. Their `before` is what the plan wrote, so a line that somebody changed since is a conflict.
 */
export function inverseOf(plan: Plan, delivered: Delivered): Inverse {
  const changes: Change[] = [];
  const left: NotInverted[] = [];
  for (const requests of groups(plan).reverse()) {
    const made = inverted(plan, requests, delivered);
    if (typeof made === 'string') left.push({ lineKey: requests[0].line.lineKey, name: requests[0].line.name, why: made });
    else changes.push(made);
  }
  return { changes, left };
}

type Requests = readonly [PlanRequest, ...PlanRequest[]];

/** The requests of each change, in order. A line that takes several to be made is made by all of them. */
function groups(plan: Plan): Requests[] {
  const all = new Map<string, [PlanRequest, ...PlanRequest[]]>();
  for (const request of plan.requests) {
    const { operation, line } = request;
    if (operation === 'read') continue;
    const known = (operation === 'update' ? all.get(`create ${line.lineKey}`) : undefined) ?? all.get(`${operation} ${line.lineKey}`);
    if (known === undefined) all.set(`${operation} ${line.lineKey}`, [request]);
    else known.push(request);
  }
  return [...all.values()];
}

function inverted(plan: Plan, requests: Requests, delivered: Delivered): Change | NotInverted['why'] {
  const [{ operation }] = requests;
  switch (operation) {
    case 'charge':
    case 'export':
      return operation;
    case 'create':
      return endOf(requests, delivered);
    case 'update':
      return changeBack(requests, delivered);
    default:
      return billAgain(plan, requests, delivered);
  }
}

function endOf(requests: Requests, delivered: Delivered): Change {
  const { effectiveDate } = merged(requests.map(({ line }) => line.after));
  const isOver = effectiveDate !== null && effectiveDate <= delivered.dates.lastDay;
  return endBy(isOver ? 'date' : 'zero', requests, delivered);
}

function endBy(how: 'date' | 'zero', requests: Requests, delivered: Delivered): Change {
  const { quantity } = merged(requests.map(({ line }) => line.after));
  const { lastDay } = delivered.dates;
  return {
    ...{ kind: 'end', ...placeOf(requests, delivered), how },
    before: { ...NOTHING, quantity, productId: requests[0].before?.productId ?? requests[0].line.productId },
    after: { ...UNWRITTEN, quantity: how === 'zero' ? ZERO : null, endDate: how === 'date' ? lastDay : null },
  };
}

function changeBack(requests: Requests, delivered: Delivered): Change | 'not compared' {
  const after = merged(requests.map(({ line }) => line.after));
  const before = merged(requests.map((request) => request.before));
  const written = FIELDS.filter((field) => after[field] !== null);
  if (written.some((field) => before[field] === null)) return 'not compared';
  if (before.quantity === ZERO && written.join() === 'quantity') return endBy('zero', requests, delivered);
  const pick = (from: Values) => Object.fromEntries(written.map((field) => [field, from[field]]));
  return {
    ...{ kind: 'update', ...placeOf(requests, delivered), adopt: false },
    before: { ...NOTHING, ...pick(after), productId: requests[0].before?.productId ?? null },
    after: { ...UNWRITTEN, ...pick(before) },
  };
}

function billAgain(plan: Plan, requests: Requests, delivered: Delivered): Change | 'not compared' {
  const [{ line, before: believed }] = requests;
  const after = merged(requests.map((request) => request.line.after));
  const quantity = merged(requests.map((request) => request.before)).quantity;
  const place = placeOf(requests, delivered);
  const productId = believed?.productId ?? line.productId;
  if (quantity === null) return 'not compared';
  if ((after.quantity !== null && isZero(after.quantity)) || !delivered.productRepeats) {
    return { kind: 'update', ...place, adopt: false, before: { ...NOTHING, quantity: ZERO, productId }, after: { ...UNWRITTEN, quantity } };
  }
  const shown = plan.lines.find(({ lineKey, status }) => lineKey === line.lineKey && status === 'Ending');
  if (shown === undefined || shown.price === null) return 'not compared';
  const { lineId, ...there } = place;
  const known = productId === null ? null : delivered.identifierOf?.(productId);
  const identifier = line.product === '' ? (known ?? '') : line.product;
  return {
    ...{ kind: 'create', ...there, product: { id: productId, identifier, use: null }, follows: lineId },
    after: {
      ...{ quantity, price: shown.price as Decimal, cost: shown.cost as Decimal | null, name: shown.name },
      ...{ effectiveDate: delivered.dates.firstDay, endDate: null },
    },
  };
}

function placeOf(requests: Requests, { idOf, dates }: Delivered) {
  const [{ line }] = requests;
  return {
    ...{ lineKey: line.lineKey, agreementId: line.agreementId ?? '', name: line.name, subProducts: line.subProducts, on: dates.firstDay },
    product: { id: line.productId, identifier: line.product, use: null },
    lineId: requests.map(idOf).find((id) => id !== null) ?? line.lineId,
  };
}

const FIELDS = ['quantity', 'price', 'cost', 'name'] as const;
type Values = Pick<Outcome, (typeof FIELDS)[number] | 'effectiveDate'>;
const NOTHING: Belief = { quantity: null, price: null, cost: null, name: null, productId: null, endDate: null };
const UNWRITTEN: Outcome = { quantity: null, price: null, cost: null, name: null, effectiveDate: null, endDate: null };

/** A change may take several requests, each with a part of it. */
function merged(parts: readonly (Partial<Record<keyof Values, string | null>> | null)[]): Values {
  const first = (field: keyof Values) => parts.find((part) => (part?.[field] ?? null) !== null)?.[field] ?? null;
  return {
    ...{ quantity: first('quantity') as Decimal | null, price: first('price') as Decimal | null, cost: first('cost') as Decimal | null },
    ...{ name: first('name'), effectiveDate: first('effectiveDate') },
  };
}
