import { isUnsynced, type ProductStanding } from '../../domain/standing';

/** How many customers a sync would change. */
export function unsyncedOf(products: readonly ProductStanding[]): number {
  return products.reduce((sum, { standings }) => sum + standings.filter(isUnsynced).length, 0);
}
