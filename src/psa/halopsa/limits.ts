import { ONE } from '../../domain/decimal';
import { INT32 } from '../checks';
import type { Limits } from '../limits';

/**
 * The contract (2024-09) states no length, no page size and no required field, and doubles for quantities and money: lengths are kept
 * to 255, which every text column of an older database takes. A third party states 450 requests in 5 minutes; the vendor none.
 */
export const limits = {
  lineName: 255,
  productIdentifier: 255,
  productDescription: 255,
  productReference: 50,
  productText: null,
  lineKey: 50,
  oneTimeKey: 50,
  oneTimeTitle: null,
  id: INT32,
  days: 'instant',
  quantityDecimals: null,
  priceDecimals: null,
  pageSize: 50,
  requestsPerMinute: 90,
  productRepeats: true,
  negativePrices: true,
  mostRounding: ONE,
  datesChanges: false,
  keepsCost: true,
  writesCounted: true,
} satisfies Limits;
