import { isRecurring } from './change';
import { type Decimal, equals, ONE } from './decimal';
import type { GridInput, LineEdit } from './grid';
import { type KeptName, keptNameOf } from './kept-name';
import { beliefOfSynced, findLine, type Found, keyFor, type KnownLine, type Wanted } from './known-line';
import { type Rounded, roundedFor } from './rounding';

/** One line as it is to be, beside what the PSA holds of it. */
export interface Compared {
  readonly lineKey: string;
  readonly named: KeptName;
  readonly currency: string | null;
  readonly found: Found;
  /** What the PSA holds, or else what we remember; null for a line that is new. */
  readonly known: KnownLine | null;
  /** The vendor's count and the marketplace's price and cost, or what the partner wrote in their place, in the PSA's digits. */
  readonly marketplace: Rounded;
  readonly syncedQuantity: Decimal | null;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  /** Price and cost go along with the update. */
  readonly pushPrice: boolean;
  readonly rename: boolean;
  /** The PSA's line is to be updated. */
  readonly differs: boolean;
}

export function comparedOf(input: GridInput, wanted: Wanted, edit: LineEdit): Compared {
  const currency = wanted.currency ?? input.agreement.currency;
  const lineKey = keyFor(input, wanted.slot, input.option, input.agreement.id);
  const found = findLine(input, lineKey, wanted, edit);
  const named = keptNameOf(input, wanted, edit);
  const marketplace = roundedFor(
    input.limits,
    named.name,
    { quantity: edit.syncedQuantity ?? wanted.quantity, price: edit.price ?? wanted.price, cost: edit.cost ?? wanted.cost },
    currency,
  );
  const syncedQuantity = marketplace.quantity;
  const known = found.line ?? (found.synced === null ? null : beliefOfSynced(found.synced));
  const exists = known !== null;
  const pushPrice =
    exists &&
    isRecurring(input.option) &&
    (wanted.alwaysPrice || edit.pushPrice === true || edit.price !== undefined || edit.cost !== undefined);
  const price = exists && !pushPrice ? (known.price ?? marketplace.price) : marketplace.price;
  const cost = exists && !pushPrice ? (known.cost ?? marketplace.cost) : marketplace.cost;
  const counts = wanted.namesCounts || (exists && wanted.alwaysPrice && known.quantity === ONE && wanted.quantity !== ONE);
  const rename =
    exists && named.keepsName && isRecurring(input.option) && (edit.name !== undefined || counts) && named.name !== known.description;
  const keepsCost = input.limits.keepsCost !== false;
  const differs =
    exists &&
    (!equals(known.quantity, syncedQuantity) ||
      found.adopted ||
      rename ||
      (pushPrice && (!equals(known.price, price) || (keepsCost && cost !== null && !equals(known.cost, cost)))));
  return { lineKey, named, currency, found, known, marketplace, syncedQuantity, price, cost, pushPrice, rename, differs };
}
