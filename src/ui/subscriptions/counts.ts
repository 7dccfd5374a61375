import { isUnsynced, type ProductStanding } from '../../domain/standing';

/** How many customers a sync would change that are not left alone. */
export function unsyncedOf(products: readonly ProductStanding[], ignored: { has(customer: string): boolean }): number {
  return products.reduce((sum, { standings }) => sum + standings.filter((own) => isUnsynced(own) && !ignored.has(own.key)).length, 0);
}
