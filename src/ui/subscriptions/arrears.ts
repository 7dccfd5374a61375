import type { Movement, ProductStanding, Standing } from '../../domain/standing';
import { isUnsynced, needsLook } from './counts';

/** One line of Arrears Subscriptions: a sub-product of a customer whose count the PSA does not hold. */
export interface ArrearsLine {
  readonly key: string;
  readonly product: ProductStanding;
  readonly standing: Standing;
  readonly movement: Movement;
  /** The first line of its customer carries the company; the others repeat the site quietly. */
  readonly first: boolean;
}

export interface Arrears {
  readonly lines: readonly ArrearsLine[];
  /** Customers that cannot be compared or have no company. */
  readonly looks: readonly { readonly product: ProductStanding; readonly standing: Standing }[];
  readonly compared: number;
  readonly customers: number;
  readonly changed: number;
}

/** What changed since the last sync, in every product; a customer whose lines were all left out is listed by what it counts. */
export function arrearsOf(products: readonly ProductStanding[]): Arrears {
  const all = products.flatMap((product) => product.standings.map((standing) => ({ product, standing })));
  const unsynced = all.filter(({ standing }) => isUnsynced(standing));
  return {
    lines: unsynced.flatMap(({ product, standing }) =>
      changedIn(standing).map((movement, at) => ({
        key: `${standing.key}\u001f${movement.subProduct}`,
        product,
        standing,
        movement,
        first: at === 0,
      })),
    ),
    looks: all.filter(({ standing }) => needsLook(standing)),
    compared: products.reduce((sum, product) => sum + product.compared, 0),
    customers: all.length,
    changed: unsynced.length,
  };
}

function changedIn({ movements }: Standing): readonly Movement[] {
  const changed = movements.filter(({ reason }) => reason !== null);
  return changed.length > 0 ? changed : movements;
}
