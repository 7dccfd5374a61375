import type { PsaProduct } from '../../domain/agreement';
import { isZero } from '../../domain/decimal';
import { productKeyOf } from '../../domain/plan';
import { bindingsWith, type ChosenBinding, type SyncChoices } from '../../domain/sync-choices';
import type { SyncFacts } from '../../domain/sync-facts';
import { standsAlone, suggestPsaProducts } from '../automation/suggest';

/** Sure suggestions for what has no product yet: the top-level product and every sub-product that this customer uses. */
export function suggestedBindings(facts: SyncFacts, choices: SyncChoices, products: readonly PsaProduct[]): ChosenBinding[] {
  const { connection, vendor, customer, productName, count } = facts;
  const bound = new Set(bindingsWith(facts, choices).map(({ subProduct }) => subProduct));
  const used = count.counts.filter(({ quantity }) => quantity !== null && !isZero(quantity));
  const places = [{ subProduct: null, name: productName }, ...used];
  return places.flatMap(({ subProduct, name }) => {
    if (bound.has(subProduct)) return [];
    const reference = productKeyOf({ psa: connection.psa, tenant: connection.tenant, vendor, product: customer.product, subProduct });
    const best = standsAlone(suggestPsaProducts(name, reference, products))?.item;
    return best === undefined ? [] : [{ subProduct, psaProduct: picked(best) }];
  });
}

/** What a plan keeps of a product of the PSA. */
export function picked({ id, identifier, description, taxable }: ChosenBinding['psaProduct']): ChosenBinding['psaProduct'] {
  return { id, identifier, description, taxable };
}
