import { ONE } from '../../domain/decimal';
import { INT32 } from '../checks';
import type { Limits } from '../limits';

/**
 * Lengths from the contract (2026.4): `identifier` 75, `description` 60, `customerDescription` 6000, `integrationXRef` 50 of a catalog
 * item; `serialNumber` 50 of an addition. A name must fit an addition's `invoiceDescription` (6000) and a one-time product's `description`
 * (2000). Numbers are doubles without a stated limit, ids int32, days date-times: a bare date is refused. Above about 1,000 requests a minute
 * the Developer Guide expects 429. A page would hold 25 rows if no size was asked for.
 */
export const limits = {
  lineName: 2000,
  productIdentifier: 75,
  productDescription: 60,
  productReference: 50,
  productText: 6000,
  lineKey: 50,
  oneTimeKey: 50,
  oneTimeTitle: null,
  id: INT32,
  days: 'instant',
  quantityDecimals: null,
  priceDecimals: null,
  pageSize: 1000,
  requestsPerMinute: 1000,
  productRepeats: true,
  negativePrices: true,
  mostRounding: ONE,
  datesChanges: false,
  keepsCost: true,
  writesCounted: true,
} satisfies Limits;
