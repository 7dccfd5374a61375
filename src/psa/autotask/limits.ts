import type { Around } from '../../domain/change';
import { ONE } from '../../domain/decimal';
import { INT32 } from '../checks';
import type { Limits } from '../limits';
import { lengthOf } from './field-rules';

/**
 * Lengths from the contract (2026-08): `name` of a service 150, `invoiceDescription` 1000 and `internalDescription` 100 of a contract
 * service, `name` 100, `description` 2000 and `purchaseOrderNumber` 50 of a charge, where a line key has 36. None is stated
 * for `externalID`; our reference has 36. Units are int32, money is a double. 10,000 requests an hour and database; the help counts every
 * integration together.
 */
export const limits = {
  lineName: 1000,
  productIdentifier: 150,
  productDescription: 150,
  productReference: 50,
  productText: 1000,
  lineKey: 100,
  oneTimeKey: 50,
  oneTimeTitle: 100,
  id: INT32,
  days: 'instant',
  quantityDecimals: 0,
  priceDecimals: null,
  pageSize: 500,
  requestsPerMinute: 160,
  productRepeats: false,
  negativePrices: true,
  mostRounding: ONE,
  movesLater: true,
  datesChanges: true,
  keepsCost: true,
  writesCounted: true,
} satisfies Limits;

/** The same with the lengths that the tenant's fields have; a name must fit a contract service as well as the text of a charge. */
export function limitsIn(lookups: Around['lookups']): Limits {
  const service = lengthOf(lookups, 'Services', 'name', limits.productDescription);
  const texts = [
    lengthOf(lookups, 'ContractServices', 'invoiceDescription', limits.lineName),
    lengthOf(lookups, 'ContractCharges', 'description', limits.lineName),
  ];
  return { ...limits, lineName: Math.min(...texts), productIdentifier: service, productDescription: service };
}
