import type { Binding } from './agreement';
import { sha256Hex } from './canonical';
import { type Change, isRecurring, type ProductReference } from './change';
import type { GridInput, GridLine } from './grid';
import type { Found, KnownLine } from './known-line';

/** What is sent for a line: what the PSA does not hold yet is made, what it holds is updated. */
export function changesOf(
  input: GridInput,
  line: Omit<GridLine, 'changes'>,
  found: Found,
  known: KnownLine | null,
  pushed: { pushPrice: boolean; rename: boolean },
): Change[] {
  const { agreement, company, option } = input;
  const base = {
    ...{ lineKey: line.lineKey, agreementId: agreement.id, name: line.name, subProducts: line.subProducts, product: line.product },
    on: input.dates.firstDay,
  };
  const after = {
    quantity: line.syncedQuantity,
    price: line.price,
    cost: line.cost,
    name: line.name,
    effectiveDate: known === null ? line.sentDate : null,
    endDate: null,
  };
  if (known === null) {
    if (isRecurring(option)) return [{ kind: 'create', ...base, after, follows: found.follows }];
    return [{ kind: 'charge', ...base, companyId: company?.psaId ?? '', after: { ...after, effectiveDate: null }, follows: found.follows }];
  }
  const { pushPrice, rename } = pushed;
  const pushCost = pushPrice && input.limits.keepsCost !== false;
  return [
    {
      kind: 'update',
      ...base,
      lineId: known.id,
      adopt: found.adopted,
      before: {
        quantity: known.quantity,
        price: pushPrice ? known.price : null,
        cost: pushCost ? known.cost : null,
        name: rename ? known.description : null,
        productId: known.productId,
        endDate: null,
      },
      after: {
        quantity: line.syncedQuantity,
        price: pushPrice ? line.price : null,
        cost: pushCost ? line.cost : null,
        name: rename ? line.name : null,
        effectiveDate: null,
        endDate: null,
      },
    },
  ];
}

export function referenceOf(binding: Binding | null): ProductReference {
  if (binding === null) return { id: null, identifier: '', use: null };
  return { id: binding.psaProductId, identifier: binding.identifier, use: binding.psaProductId === null ? productUse(binding) : null };
}

/** The name under which an exported product's id is yielded to later requests: another identifier is another product. */
export function productUse({
  product,
  subProduct,
  identifier,
}: {
  readonly product: string;
  readonly subProduct: string | null;
  readonly identifier: string;
}): string {
  return `product:${subProduct ?? product}:${sha256Hex(identifier).slice(0, 8)}`;
}
