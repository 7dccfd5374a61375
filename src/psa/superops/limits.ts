import { ONE } from '../../domain/decimal';
import type { Limits } from '../limits';

/**
 * SuperOps states no length and no number of digits: 255 is the usual room of such fields and ours to keep, and a name shares it with the
 * key in brackets. Quantities and money go as text and are read back. 800 requests a minute and 100 rows a page are
 * said by public clients; `hasMore` says whether another page follows.
 */
export const limits = {
  lineName: 200,
  productIdentifier: 200,
  productDescription: 200,
  productReference: 50,
  productText: 200,
  lineKey: 50,
  oneTimeKey: 50,
  oneTimeTitle: null,
  id: 40,
  days: 'day',
  quantityDecimals: null,
  priceDecimals: null,
  pageSize: 100,
  requestsPerMinute: 800,
  productRepeats: true,
  negativePrices: true,
  mostRounding: ONE,
  datesChanges: true,
  keepsCost: false,
  keepsName: false,
  writesCounted: true,
} satisfies Limits;
