import { ONE } from '../../domain/decimal';
import type { Limits } from '../psa';
import { PAGE_SIZE } from './http';

/**
 * The contract (2024-09) states no length, no page size and no required field, and doubles for quantities and money: lengths are kept
 * to 255, which every text column of an older database takes. A third party states 450 requests in 5 minutes; the vendor none.
 */
export const limits: Limits = {
  lineName: 255,
  productIdentifier: 255,
  productDescription: 255,
  productReference: 50,
  lineKey: 50,
  quantityDecimals: null,
  priceDecimals: null,
  pageSize: PAGE_SIZE,
  requestsPerMinute: 90,
  productRepeats: true,
  negativePrices: true,
  mostRounding: ONE,
  datesChanges: false,
  keepsCost: true,
  writesCounted: true,
};
