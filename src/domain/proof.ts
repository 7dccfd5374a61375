import { isOpen, type PsaLine, type PsaProduct } from './agreement';
import type { Day } from './calendar';
import { ZERO } from './decimal';
import type { PlanRequest } from './plan';

/**
 * What a fresh read of the PSA says about one request. `absent`: no line of ours (for an update or end: the line is gone).
 * `as wanted`: it holds what the request writes, `copies` being further lines with our key. `as believed`: it still holds what the
 * plan believed. `different`: it is there and holds something else, in `field`.
 */
export type Finding =
  | { readonly kind: 'absent' }
  | { readonly kind: 'as wanted'; readonly id: string; readonly copies: readonly string[]; readonly line: PsaLine | null }
  | { readonly kind: 'as believed'; readonly id: string; readonly copies: readonly string[]; readonly line: PsaLine }
  | ({ readonly kind: 'different'; readonly id: string; readonly copies: readonly string[] } & Difference);

interface Difference {
  readonly field: string;
  readonly believed: string | null;
  readonly found: string | null;
}

export interface Sought {
  /** Today: lines that ended before it are ignored. */
  readonly day: Day;
  /** The PSA's id of the line, where an answer or an earlier request told it. */
  readonly lineId: string | null;
  /** Lines that looked like ours before the first send, or that the new line follows; null while nothing was sent, and then only the key counts. */
  readonly besides: readonly string[] | null;
  /** An answer already proved the write, so a PSA that does not keep our key is believed. */
  readonly proven: boolean;
  /** The PSA has no field for our key: a line of the same product and name is ours, also before the first send, unless it is one kept at 0. */
  readonly keyless: boolean;
}

/** What the agreement's lines say about a create, charge, update or end. */
export function findLine(request: PlanRequest, lines: readonly PsaLine[], sought: Sought): Finding {
  return request.operation === 'create' || request.operation === 'charge'
    ? findNew(request, lines, sought)
    : findKnown(request, lines, sought);
}

/**
 * What the PSA's products say about an export. A product with our identifier and without our key is somebody else's; one with our key
 * and another identifier is an earlier export, and stays one.
 */
export function findProduct(request: PlanRequest, products: readonly PsaProduct[]): Finding {
  const isCalledSo = ({ identifier }: PsaProduct) => identifier.toLowerCase() === request.line.product.toLowerCase();
  const [ours, ...copies] = products.filter((product) => product.reference === request.line.lineKey && isCalledSo(product));
  if (ours !== undefined) return { kind: 'as wanted', id: ours.id, copies: copies.map(({ id }) => id), line: null };
  const taken = products.find(isCalledSo);
  if (taken === undefined) return { kind: 'absent' };
  return { kind: 'different', id: taken.id, copies: [], field: 'reference', believed: request.line.lineKey, found: taken.reference };
}

/** Open lines that a create could be taken for: of the same product and name without our key, or of our key and about to end. */
export function lookAlikes(request: PlanRequest, lines: readonly PsaLine[], day: Day): readonly string[] {
  return lines
    .filter((line) => isOpen(line, day))
    .filter((line) => (line.key === null ? looksLike(request, line) : line.key === request.line.lineKey && isLeaving(request, line)))
    .map(({ id }) => id);
}

/** It ends on a day that the request does not write, so it is the line that the new one follows, or somebody ended the new one. */
function isLeaving({ line: { after } }: PlanRequest, line: PsaLine): boolean {
  return line.endDate !== null && line.endDate !== (after?.endDate ?? null);
}

function findNew(request: PlanRequest, lines: readonly PsaLine[], { day, lineId, besides, keyless }: Sought): Finding {
  const { after, lineKey } = request.line;
  const start = after?.effectiveDate ?? day;
  const counted = start > day ? start : day;
  const open = lines.filter(
    (line) => isOpen(line, counted) || (after !== null && after.endDate !== null && line.endDate === after.endDate),
  );
  const isFollowed = (line: PsaLine) => isLeaving(request, line) && (besides === null || besides.includes(line.id));
  const keyed = open.filter(
    (line) => (line.key === lineKey && !isOfOtherProduct(request, line) && !isFollowed(line)) || line.id === lineId,
  );
  const passed = besides ?? (keyless ? open.flatMap(({ id, quantity }) => (quantity === ZERO ? [id] : [])) : null);
  const similar = passed === null ? [] : open.filter((line) => line.key === null && !passed.includes(line.id) && looksLike(request, line));
  const ours = keyed.length === 0 ? similar : keyless ? [...keyed, ...similar.filter((line) => !keyed.includes(line))] : keyed;
  const [first] = ours;
  if (first === undefined) return { kind: 'absent' };
  const wanted = ours.filter((line) => newDifference(request, line) === null);
  const chosen = wanted.find(({ id }) => id === lineId) ?? wanted[0] ?? first;
  const copies = ours.filter((line) => line !== chosen).map(({ id }) => id);
  const difference = newDifference(request, chosen);
  if (difference === null) return { kind: 'as wanted', id: chosen.id, copies, line: chosen };
  return { kind: 'different', id: chosen.id, copies, ...difference };
}

function findKnown(request: PlanRequest, lines: readonly PsaLine[], { day, lineId, proven, keyless }: Sought): Finding {
  const { lineKey, after } = request.line;
  const keyed = lines.filter((line) => line.key === lineKey && isOpen(line, day));
  const target = lineId === null ? keyed[0] : lines.find(({ id }) => id === lineId);
  if (target === undefined) return lineId === null && keyless ? nearest(request, lines, day) : { kind: 'absent' };
  const copies = keyed.filter((line) => line !== target && line.productId === target.productId).map(({ id }) => id);
  const found = { id: target.id, copies };
  if ((after?.endDate ?? null) === null && !isOpen(target, day))
    return { kind: 'different', ...found, field: 'endDate', believed: null, found: target.endDate };
  const fromWanted = wantedDifference(request, target);
  const fromBelief = beliefDifference(request, target);
  if (fromWanted === null && (proven || target.key === lineKey || fromBelief !== null))
    return { kind: 'as wanted', ...found, line: target };
  if (fromBelief !== null) return { kind: 'different', ...found, ...fromBelief };
  return { kind: 'as believed', ...found, line: target };
}

/** Without a key and an id nothing says that a line is gone while an open one of its product stands: it may have been renamed. */
function nearest({ line: { name, productId } }: PlanRequest, lines: readonly PsaLine[], day: Day): Finding {
  const near = lines.find((line) => line.key === null && isOpen(line, day) && (productId === null || line.productId === productId));
  if (near === undefined) return { kind: 'absent' };
  return { kind: 'different', id: near.id, copies: [], field: 'name', believed: name, found: near.description };
}

/** A new line is compared in what costs money; its first day and name may be normalised by the PSA. */
function newDifference(request: PlanRequest, line: PsaLine): Difference | null {
  const { after, productId } = request.line;
  if (isLeaving(request, line)) return { field: 'endDate', believed: after?.endDate ?? null, found: line.endDate };
  return firstDifference([
    ['quantity', after?.quantity ?? null, line.quantity],
    ['price', after?.price ?? null, line.price],
    ['cost', line.cost === null ? null : (after?.cost ?? null), line.cost],
    ['productId', line.productId === null ? null : productId, line.productId],
  ]);
}

function wantedDifference({ line: { after } }: PlanRequest, line: PsaLine): Difference | null {
  if (after === null) return null;
  return firstDifference([
    ['quantity', after.quantity, line.quantity],
    ['price', after.price, line.price],
    ['cost', after.cost, line.cost],
    ['name', trimmed(after.name), trimmed(line.description)],
    ['effectiveDate', after.effectiveDate, line.effectiveDate],
    ['endDate', after.endDate, line.endDate],
  ]);
}

/** Only the fields that we write, the product and the end date; null in the belief is not compared. */
function beliefDifference({ before, line: { after } }: PlanRequest, line: PsaLine): Difference | null {
  if (before === null) return null;
  const written = <T>(value: T | null | undefined, believed: T | null): T | null =>
    value === undefined || value === null ? null : believed;
  const difference = firstDifference([
    ['quantity', written(after?.quantity, before.quantity), line.quantity],
    ['price', written(after?.price, before.price), line.price],
    ['cost', written(after?.cost, before.cost), line.cost],
    ['name', trimmed(written(after?.name, before.name)), trimmed(line.description)],
    ['productId', before.productId, line.productId],
    ['endDate', before.endDate, line.endDate],
  ]);
  return difference ?? endedOtherwise(after, line);
}

/** A line that we are about to end has been ended by somebody, on another day. */
function endedOtherwise(after: PlanRequest['line']['after'], line: PsaLine): Difference | null {
  const wanted = after?.endDate ?? null;
  if (wanted === null || line.endDate === null || line.endDate === wanted) return null;
  return { field: 'endDate', believed: null, found: line.endDate };
}

function firstDifference(fields: readonly (readonly [field: string, wanted: string | null, found: string | null])[]): Difference | null {
  const found = fields.find(([, wanted, value]) => wanted !== null && wanted !== value);
  return found === undefined ? null : { field: found[0], believed: found[1], found: found[2] };
}

/** A line of the same key on another product is the one that a new line replaces after another binding; its end is a request of its own. */
function isOfOtherProduct({ line: { product, productId } }: PlanRequest, line: PsaLine): boolean {
  if (productId !== null && line.productId !== null) return line.productId !== productId;
  return line.productIdentifier !== null && product !== '' && line.productIdentifier !== product;
}

/**
 * A request that does not write the name leaves the product alone to tell the line. A line that names its product by an id alone cannot be
 * told from that of a product which was exported just now: then the name tells it.
 */
function looksLike({ line: { product, productId, name, after } }: PlanRequest, line: PsaLine): boolean {
  const bothIds = productId !== null && line.productId !== null;
  const onlyName =
    productId === null && line.productId !== null && line.productIdentifier === null && after !== null && after.name !== null;
  const same = bothIds ? line.productId === productId : onlyName || line.productIdentifier === product;
  return same && (after?.name === null || trimmed(line.description) === trimmed(name));
}

function trimmed(text: string | null): string | null {
  return text === null ? null : text.trim();
}
