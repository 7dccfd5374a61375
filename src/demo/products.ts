import type { Day } from '../domain/calendar';
import { decimalOf, type Decimal } from '../domain/decimal';
import { slugOf, type Product, type SubProduct } from '../domain/marketplace';
import { productId, subProductId } from './ids';

/** A sub-product with what the customer pays and what the partner pays for one of it a month, in USD. */
export interface DemoSubProduct extends SubProduct {
  readonly price: Decimal;
  readonly cost: Decimal;
}

/** A product; `id` is the marketplace's, `started` the start of its subscriptions. */
export interface DemoProduct {
  readonly id: string;
  readonly product: Product;
  readonly started: Day;
  readonly subProducts: readonly DemoSubProduct[];
}

export const proofpoint = productOf(1, 'Proofpoint', 'Proofpoint', '2020-07-01', 'User', [
  ['Proofpoint Business', '3.00', '2.44'],
  ['Proofpoint Business+', '3.75', '2.98'],
  ['Proofpoint Advanced', '4.50', '3.61'],
  ['Proofpoint Advanced+', '5.33', '3.46'],
  ['Proofpoint Pro', '6.25', '5.02'],
]);
export const backup = productOf(2, 'Northvault Backup', 'Northvault', '2020-06-15', 'Device', [
  ['Northvault Workstation', '5.50', '3.20'],
  ['Northvault Server', '29.00', '18.75'],
]);
export const passwords = productOf(3, 'Latchkey Password Manager', 'Latchkey', '2020-07-15', 'User', [
  ['Latchkey Business', '4.00', '2.90'],
  ['Latchkey Enterprise', '6.00', '4.40'],
]);
export const products: readonly DemoProduct[] = [proofpoint, backup, passwords];

export function subProductOf(key: string): DemoSubProduct {
  const found = products.flatMap(({ subProducts }) => subProducts).find((subProduct) => subProduct.key === key);
  if (found === undefined) throw new RangeError(`the demo has no sub-product ${key}`);
  return found;
}

function productOf(
  n: number,
  name: string,
  vendor: string,
  started: Day,
  unit: string,
  subProducts: readonly (readonly [name: string, price: string, cost: string])[],
): DemoProduct {
  const key = slugOf(name);
  return {
    id: productId(n),
    product: { key, name, vendor, ids: [`pax8:${productId(n)}`] },
    started,
    subProducts: subProducts.map(([own, price, cost], index) => ({
      key: slugOf(own),
      product: key,
      name: own,
      unit,
      ids: [`pax8:${subProductId(n * 10 + index)}`],
      price: decimalOf(price),
      cost: decimalOf(cost),
    })),
  };
}
