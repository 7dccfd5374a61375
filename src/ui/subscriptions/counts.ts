import type { ProductStanding, Standing } from '../../domain/standing';

/** Whether a sync of this customer has something to do. */
export function isUnsynced({ flag }: Standing): boolean {
  return flag === 'changed' || flag === 'never synced';
}

/** Whether a person has to look before anything can be synced. */
export function needsLook({ flag }: Standing): boolean {
  return flag === 'needs company' || flag === 'blocked';
}

/** How many customers a sync would change. */
export function unsyncedOf(products: readonly ProductStanding[]): number {
  return products.reduce((sum, { standings }) => sum + standings.filter(isUnsynced).length, 0);
}
