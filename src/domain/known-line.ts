import { ZERO, type Decimal } from './decimal';
import type { Problem } from './problem';
import { type Binding, isOpen, type PsaLine } from './agreement';
import { isRecurring, type SyncOption } from './change';
import type { GridInput, LineEdit } from './grid';
import { isSingle } from './items';
import { isOurs, isSplitOff } from './line-key';
import { lineKeyOf } from './plan';
import type { AppliedRule } from './rule';
import { bills } from './snapshot';
import { rememberedLine, type SyncedLine } from './synced';

/** What one line is to hold, before it is compared with what the PSA holds. */
export interface Wanted {
  readonly slot: string;
  readonly subProducts: readonly string[];
  readonly binding: Binding | null;
  readonly name: string;
  readonly quantity: Decimal | null;
  /** What the vendor counted, where rules bill another quantity, and those rules. */
  readonly counted: Decimal | null;
  readonly rules: readonly AppliedRule[];
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  readonly currency: string | null;
  readonly blocks: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Price and cost go along with every update: single lines. */
  readonly alwaysPrice: boolean;
  /** The name tells the counts, because the quantity does not. */
  readonly namesCounts: boolean;
}

export type KnownLine =
  | Pick<PsaLine, 'id' | 'description' | 'quantity' | 'price' | 'cost' | 'effectiveDate' | 'productId'>
  | (Omit<PsaLine, 'id'> & { id: string | null });

export interface Found {
  /** The PSA's line that is ours or adopted. */
  readonly line: PsaLine | null;
  /** Our own memory of it, where it is still live on this agreement under this option. */
  readonly synced: SyncedLine | null;
  readonly adopted: boolean;
  readonly candidates: readonly PsaLine[];
  readonly several: boolean;
  /** The line of the same key that a new one follows: ended, or gone. */
  readonly follows: string | null;
  /** We remember it, and the PSA no longer holds it. */
  readonly gone: boolean;
}

/** By its stored id, else by our key, else among open lines with the bound product. */
export function findLine(input: GridInput, lineKey: string, wanted: Wanted, edit: LineEdit): Found {
  const memory = rememberedLine(input.synced, lineKey);
  const moved = isRecurring(input.option) && memory !== null && memory.endedOn === null && isMoved(memory, wanted.binding);
  const synced = memory === null || memory.endedOn !== null || moved ? null : memory;
  const kept = moved ? keptOn(input, lineKey, wanted.binding) : null;
  const kind = isRecurring(input.option) ? 'recurring' : 'one-time';
  const older = input.olderKinds.includes(kind);
  const lines = (input.psaLines ?? []).filter((line) => line.kind === kind);
  const open = lines.filter(
    (line) =>
      isOpen(line, input.dates.lastDay) &&
      !(moved && line.id === memory.lineId) &&
      !(older && memory !== null && synced === null && (isSame(line, memory) || line.key === lineKey)),
  );
  const ours =
    open.find((line) => synced?.lineId === line.id) ??
    open.find((line) => line.key === lineKey && !productDiffers(line, wanted.binding)) ??
    namedAs(input, open, synced) ??
    open.find(({ id }) => id === kept?.lineId);
  const ended = lines.find((line) => line.key === lineKey && !isOpen(line, input.dates.lastDay));
  const unread = input.psaLines === null || older;
  const gone = synced !== null && !unread && ours === undefined;
  const before = memory !== null && (moved || gone || memory.endedOn !== null) ? (memory.lineId ?? UNKNOWN_ID) : null;
  const follows = moved ? before : (ended?.id ?? before);
  const none = { line: null, adopted: false, candidates: [], several: false, follows, gone };
  if (older && synced !== null) return { ...none, synced };
  if (ours) return { ...none, line: ours, synced: synced ?? (ours.id === kept?.lineId ? kept : memory) };
  if (kind === 'one-time') return { ...none, synced: gone && edit.again === true ? null : synced };
  if (synced !== null && unread) return { ...none, synced };
  const candidates = open.filter(
    (line) =>
      line.productId !== null &&
      line.productId === wanted.binding?.psaProductId &&
      !isOurs(line.key) &&
      !isSplitOff(line.key) &&
      !isRemembered(input, line.id) &&
      (input.limits.writesCounted || line.counted !== true) &&
      !isTakenByAnother(input, wanted.slot, line.id),
  );
  const adopted = candidates.find((line) => line.id === edit.adopt);
  if (adopted) return { ...none, line: adopted, synced: null, adopted: true, candidates };
  return { ...none, synced: null, candidates, several: candidates.length > 1 && edit.adopt !== 'new' };
}

/** Where the PSA keeps no key, a line that was marked without its id is the one open line of its product and name. */
function namedAs(input: GridInput, open: readonly PsaLine[], synced: SyncedLine | null): PsaLine | undefined {
  if (input.limits.lineKey !== null || synced === null || synced.lineId !== null) return undefined;
  const isNamed = ({ key, productId, description }: PsaLine) =>
    key === null && productId === synced.productId && description === synced.name;
  const same = open.filter((line) => isNamed(line) && !isRemembered(input, line.id));
  return same.length === 1 ? same[0] : undefined;
}

/** A line of the key that is kept at 0 on the product that it is wanted on again: it is raised, also where the PSA keeps no key to tell it by. */
function keptOn({ synced }: GridInput, lineKey: string, binding: Binding | null): SyncedLine | null {
  const isKept = (line: SyncedLine) => line.lineKey === lineKey && line.endedOn === null && line.quantity === ZERO && line.lineId !== null;
  return synced?.lines.find((line) => isKept(line) && line.productId !== null && line.productId === binding?.psaProductId) ?? null;
}

/** Stands for the id of a line that was marked without one. */
const UNKNOWN_ID = 'unknown';

function isSame(line: PsaLine, { lineId, lineKey }: SyncedLine): boolean {
  return lineId === null ? line.key === lineKey : line.id === lineId;
}

/** A line that we remember is ours also where the PSA keeps no key: it bills another count, or is about to end. */
function isRemembered({ synced }: GridInput, id: string): boolean {
  return synced?.lines.some(({ lineId, endedOn }) => lineId === id && endedOn === null) === true;
}

/** Two sub-products that share a product cannot both take over the same line: one count would overwrite the other. */
function isTakenByAnother({ option, edits, count, deselected }: GridInput, slot: string, id: string): boolean {
  if (isSingle(option)) return false;
  const taker = count.counts.find(
    (own) => bills(own) && !deselected.includes(own.subProduct) && edits[own.subProduct]?.adopt === id,
  )?.subProduct;
  return taker !== undefined && taker !== slot;
}

export function isMoved(memory: SyncedLine, binding: Binding | null): boolean {
  return memory.productId !== null && (binding?.psaProductId ?? null) !== null && memory.productId !== binding?.psaProductId;
}

function productDiffers(line: PsaLine, binding: Binding | null): boolean {
  return line.productId !== null && (binding?.psaProductId ?? null) !== null && line.productId !== binding?.psaProductId;
}

export function beliefOfSynced(line: SyncedLine): Omit<PsaLine, 'id'> & { id: string | null } {
  return {
    id: line.lineId,
    agreementId: line.agreementId,
    kind: isRecurring(line.option) ? 'recurring' : 'one-time',
    productId: line.productId,
    productIdentifier: null,
    description: line.name,
    quantity: line.quantity,
    price: line.price,
    cost: line.cost,
    effectiveDate: line.effectiveDate,
    endDate: line.endedOn,
    lessIncluded: null,
    invoiced: null,
    key: line.lineKey,
  };
}

/** One-time lines that bill the period already, under another option or on another agreement. */
export function chargedAlready({ synced, period }: GridInput, lineKey: string, { subProducts }: Pick<Wanted, 'subProducts'>): SyncedLine[] {
  return (synced?.lines ?? []).filter(
    (line) =>
      !isRecurring(line.option) &&
      line.period === period &&
      line.lineKey !== lineKey &&
      line.endedOn === null &&
      line.subProducts.some((key) => subProducts.includes(key)),
  );
}

/** Whether the lines that were read show a charge that we remember. */
export function isShown({ psaLines }: GridInput, charge: SyncedLine): boolean {
  return (psaLines ?? []).some((line) => line.kind === 'one-time' && line.endDate === null && isSame(line, charge));
}

export function bindingFor(input: GridInput, line: SyncedLine): Binding | null {
  const own = line.subProducts.length === 1 ? input.bindings.find((binding) => binding.subProduct === line.subProducts[0]) : undefined;
  return own ?? input.bindings.find((binding) => binding.subProduct === null) ?? null;
}

/** A line of several sub-products is named by its product, so two products of one vendor keep two lines. */
export function keyFor(input: GridInput, slot: string, option: SyncOption, agreementId: string): string {
  const { psa, vendor, count, period } = input;
  const subProduct = slot === '*' ? `${count.product}/*` : slot;
  return lineKeyOf({ psa: psa.id, tenant: psa.tenant, agreementId, vendor, site: count.site, subProduct, option, period });
}
