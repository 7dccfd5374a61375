import { ONE } from '../../domain/decimal';
import { INT32 } from '../checks';
import type { Limits } from '../limits';

/**
 * Money on a schedule's line is integer cents, so a price has two decimals (contract). Quantities come back as text with two decimals in the
 * contract's example. No length is stated anywhere: 255 characters are what a short text of such a system holds, and a longer one would be
 * found by the read-back. 180 requests a minute and IP address (contract). A line has no field for a key of ours.
 * The page size counts where `meta` does not tell how many pages there are.
 */
export const limits = {
  ...{ lineName: 255, productIdentifier: 255, productDescription: 255, productReference: 255, productText: null },
  ...{ lineKey: null, oneTimeKey: null, oneTimeTitle: null, id: INT32, days: null },
  ...{ quantityDecimals: 2, priceDecimals: 2, pageSize: 25, requestsPerMinute: 180, productRepeats: true, negativePrices: true },
  ...{ mostRounding: ONE, datesChanges: false, keepsCost: true, writesCounted: false },
} satisfies Limits;
