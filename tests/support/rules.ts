import { decimalOf } from '../../src/domain/decimal';
import type { RuleEffect, RulePlace, RuleVersion } from '../../src/domain/rule';
import type { SubProductCount } from '../../src/domain/snapshot';

type Place = Partial<RulePlace> & { readonly seq?: number };
let rules = 0;

/** A rule for every customer and sub-product of Proofpoint, newer than all before it; give only what the test is about. */
export function rule(effect: RuleEffect, place: Place = {}): RuleVersion {
  return { product: 'proofpoint', subProduct: null, site: null, from: null, until: null, reason: '', seq: ++rules, ...place, ...effect };
}

export const minimum = (quantity: number | string, place?: Place) => rule({ kind: 'minimum', quantity: decimalOf(quantity) }, place);
export const included = (quantity: number | string, place?: Place) => rule({ kind: 'included', quantity: decimalOf(quantity) }, place);
export const free = (quantity: number | null, place?: Place) =>
  rule({ kind: 'free', quantity: quantity === null ? null : decimalOf(quantity) }, place);
export const override = (quantity: number | string, place?: Place) => rule({ kind: 'override', quantity: decimalOf(quantity) }, place);
export const exclusion = (place?: Place) => rule({ kind: 'exclusion' }, place);

/** A count of Proofpoint Business with the seed's price and cost. */
export function counted(quantity: number | string | null, given: Partial<SubProductCount> = {}): SubProductCount {
  return {
    subProduct: 'proofpoint-business',
    name: 'Proofpoint Business',
    quantity: quantity === null ? null : decimalOf(quantity),
    trialQuantity: decimalOf(0),
    unit: 'User',
    currency: 'USD',
    price: decimalOf(3),
    cost: decimalOf('2.44'),
    vendorTotal: null,
    licences: null,
    evidence: [],
    ...given,
  };
}
