import { ONE } from '../../domain/decimal';
import { INT32 } from '../checks';
import type { Limits } from '../limits';

/**
 * `Units` is int32, money a double without a stated limit, days are date-times (contract of API v2). The contract states no length of
 * a text; 255 is kept so that nothing can be cut where nobody can read it back. 1,500 requests an hour (vendor's notes) are 25 a minute.
 * Whether a service may stand twice on one contract is not stated: where it may not, BMS answers so and nothing is applied.
 * No page size is stated: a page that comes back shorter than asked for while more is told sets the size of the next ones.
 */
export const limits = {
  lineName: 255,
  productIdentifier: 255,
  productDescription: 255,
  productReference: null,
  productText: 255,
  lineKey: null,
  oneTimeKey: null,
  oneTimeTitle: null,
  id: INT32,
  days: 'instant',
  quantityDecimals: 0,
  priceDecimals: null,
  pageSize: 100,
  requestsPerMinute: 25,
  productRepeats: true,
  negativePrices: true,
  mostRounding: ONE,
  datesChanges: true,
  keepsCost: true,
  writesCounted: true,
} satisfies Limits;
