import { add, compare, decimalOf, isNegative, multiply, ONE, ZERO, type Decimal } from './decimal';

/** One count that the projected month is expected to bill: of one sub-product of one customer. */
export interface ProjectedLine {
  readonly product: string;
  readonly productName: string;
  readonly subProduct: string;
  readonly name: string;
  readonly quantity: Decimal;
  readonly unitPrice: Decimal | null;
  readonly unitCost: Decimal | null;
  readonly currency: string | null;
}

/**
 * What would be different. A price or cost changes per unit, by percent or by an amount in the line's own currency, and is never below 0.
 * `minimum` is what every customer pays for at least; the cost stays that of the count. `product` and `subProduct` null mean all of them.
 */
export type WhatIf = { readonly product: string | null; readonly subProduct: string | null } & (
  | { readonly kind: 'price' | 'cost'; readonly unit: 'percent' | 'amount'; readonly by: Decimal }
  | { readonly kind: 'minimum'; readonly by: Decimal }
);

/** A line with what is billed of it: its count, or the minimum where that is more. */
interface Applied {
  readonly quantity: Decimal;
  readonly billed: Decimal;
  readonly unitPrice: Decimal | null;
  readonly unitCost: Decimal | null;
}

export function applied(line: ProjectedLine, whatIfs: readonly WhatIf[]): Applied {
  const start: Applied = { quantity: line.quantity, billed: line.quantity, unitPrice: line.unitPrice, unitCost: line.unitCost };
  return whatIfs.filter((whatIf) => means(whatIf, line)).reduce(change, start);
}

function means({ product, subProduct }: WhatIf, line: ProjectedLine): boolean {
  return (product === null || product === line.product) && (subProduct === null || subProduct === line.subProduct);
}

function change(so: Applied, whatIf: WhatIf): Applied {
  if (whatIf.kind === 'minimum') return { ...so, billed: compare(so.billed, whatIf.by) < 0 ? whatIf.by : so.billed };
  const changed = (unit: Decimal | null) =>
    unit === null ? null : atLeastZero(whatIf.unit === 'percent' ? percent(unit, whatIf.by) : add(unit, whatIf.by));
  return whatIf.kind === 'price' ? { ...so, unitPrice: changed(so.unitPrice) } : { ...so, unitCost: changed(so.unitCost) };
}

function percent(value: Decimal, by: Decimal): Decimal {
  return multiply(value, add(ONE, multiply(by, HUNDREDTH)));
}

function atLeastZero(value: Decimal): Decimal {
  return isNegative(value) ? ZERO : value;
}

const HUNDREDTH = decimalOf('0.01');
